//! The command line of local-server, which runs all functions of the site in one process.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use local_server::{database, healthcheck, import, purge, seed, serve};
use shared::{
    clock::Clock,
    config::Settings,
    store::{Db, migrations},
    telemetry::{self, FlushOnDrop, Output},
};

/// The allocator of the program. Rendering a page allocates thousands of small strings, which takes half the time of
/// the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Encontros Tech: a site for tech meetups, in one process.
///
/// Without a command it serves the site. Settings are environment variables, or lines of a .env file.
#[derive(Parser)]
#[command(name = "local-server")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Apply missing migrations and exit
    Migrate,
    /// Run the private database alone, print its URL, and stop it on Ctrl-C
    Database,
    /// Delete expired data and exit; the server does it every hour
    Purge,
    /// Import an export (NDJSON from GET /api/events/export) with ids, without edit links
    Import {
        /// The file, or - for the standard input
        file: PathBuf,
    },
    /// Request /healthz from the server on this machine; exit status 0 if it answers 200
    Healthcheck {
        /// Request /readyz instead: the database answers and is migrated
        #[arg(long)]
        ready: bool,
    },
    /// Insert generated events, for trying and for benchmarks
    Seed {
        /// How many
        #[arg(value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
        count: u64,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let _flush = FlushOnDrop;
    match run(arguments.command.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("local-server: {}", telemetry::one_line(&error));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(command: Option<&Command>) -> anyhow::Result<()> {
    let settings = Settings::from_environment_and_dotenv()?;
    let output = if command.is_none() {
        Output::BufferedStdout
    } else {
        Output::Stderr
    };
    telemetry::start_logging(&settings, output);
    match command {
        None => serve::serve(settings).await,
        Some(Command::Migrate) => migrate(&settings).await,
        Some(Command::Database) => run_private_database(&settings).await,
        Some(Command::Purge) => purge(&settings).await,
        Some(Command::Import { file }) => import(&settings, file).await,
        Some(Command::Healthcheck { ready }) => healthcheck::check(&settings, *ready).await,
        Some(Command::Seed { count }) => seed(&settings, *count).await,
    }
}

async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let applied = database::open(settings)
        .await?
        .close_after(async |database| {
            migrations::migrate(database.url(), settings.default_timezone).await
        })
        .await?;
    if applied.is_empty() {
        tracing::info!("The database is up to date");
    } else {
        tracing::info!(applied = applied.join(", "), "The database was migrated");
    }
    Ok(())
}

async fn run_private_database(settings: &Settings) -> anyhow::Result<()> {
    let stop = serve::stop_signal();
    database::open_private(settings)
        .await?
        .close_after(async |database| {
            migrations::migrate(database.url(), settings.default_timezone).await?;
            writeln!(std::io::stdout(), "{}", database.url_text())?;
            Ok(stop.await?)
        })
        .await
}

async fn purge(settings: &Settings) -> anyhow::Result<()> {
    database::open(settings)
        .await?
        .close_after(async |database| {
            let db = Db::new(database.url(), settings)?;
            Ok(purge::purge(&db, Clock::System.now()).await?)
        })
        .await
}

async fn import(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    let lines = import::open(file)?;
    database::open(settings)
        .await?
        .close_after(async |database| {
            migrations::migrate(database.url(), settings.default_timezone).await?;
            import::import(database.url(), lines).await.map(drop)
        })
        .await
}

async fn seed(settings: &Settings, count: u64) -> anyhow::Result<()> {
    database::open(settings)
        .await?
        .close_after(async |database| {
            migrations::migrate(database.url(), settings.default_timezone).await?;
            seed::seed(database.url(), count, Clock::System.now()).await
        })
        .await
}
