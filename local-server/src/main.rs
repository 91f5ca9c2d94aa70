//! The command line of the combined server.

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use local_server::{database, healthcheck, import, purge, seed, serve};
use shared::{
    clock::Clock,
    config::Settings,
    store::{Db, migrations},
    telemetry::{self, FlushOnDrop, Output},
};

/// Rendering a page allocates thousands of small strings, in half the time of the system's allocator.
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
        Some(Command::Migrate) => {
            let database = database::open(&settings).await?;
            let zone = settings.default_timezone;
            let applied = database
                .close_after(async |database| migrations::migrate(database.url(), zone).await)
                .await?;
            if applied.is_empty() {
                tracing::info!("The database is up to date");
            } else {
                tracing::info!(applied = applied.join(", "), "The database was migrated");
            }
            Ok(())
        }
        Some(Command::Database) => {
            let stop = serve::stop_signal();
            let work = async |database: &database::Database| {
                migrations::migrate(database.url(), settings.default_timezone).await?;
                writeln!(std::io::stdout(), "{}", database.url_text())?;
                Ok(stop.await?)
            };
            database::open_private(&settings)
                .await?
                .close_after(work)
                .await
        }
        Some(Command::Purge) => {
            let work = async |database: &database::Database| {
                let db = Db::new(database.url(), &settings)?;
                Ok(purge::purge(&db, Clock::System.now()).await?)
            };
            database::open(&settings).await?.close_after(work).await
        }
        Some(Command::Import { file }) => {
            let lines = import::open(file)?;
            let work = async |database: &database::Database| {
                migrations::migrate(database.url(), settings.default_timezone).await?;
                import::import(database.url(), lines).await.map(drop)
            };
            database::open(&settings).await?.close_after(work).await
        }
        Some(Command::Healthcheck { ready }) => healthcheck::check(&settings, *ready).await,
        Some(Command::Seed { count }) => {
            let work = async |database: &database::Database| {
                migrations::migrate(database.url(), settings.default_timezone).await?;
                seed::seed(database.url(), *count, Clock::System.now()).await
            };
            database::open(&settings).await?.close_after(work).await
        }
    }
}
