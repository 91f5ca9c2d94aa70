//! `cargo run --release -p bench`: measures the site against a bare HTTP server and against PostgreSQL alone (pgbench),
//! with a hundred to a million events, and writes `docs/benchmarks.md` and `docs/benchmarks.svg`.
//!
//! A measurement and its baseline are taken alternately in the same run, in three rounds; a ratio is the median of the
//! three. Linux only: CPU times come from /proc.

mod absolute;
mod baselines;
mod databases;
mod load;
mod measure;
mod report;
mod searches;
mod server;
mod sizes;
mod statements;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use shared::config::Settings;

/// The memory allocator, the same as that of `local-server`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the performance of the site. Needs wrk and pgbench (Debian: wrk, postgresql-contrib).
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    /// Folder of the databases, which later runs use again
    #[arg(long, default_value = "target/bench")]
    data: PathBuf,
    /// Seconds of load per measurement and round
    #[arg(long, default_value_t = 3)]
    seconds: u32,
}

#[derive(Subcommand)]
enum Role {
    /// Run the measured site
    Serve,
    /// Run the bare server
    Bare,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.role {
        Some(Role::Serve) => server::serve(),
        Some(Role::Bare) => server::bare(),
        None => measure::run(&arguments.data, arguments.seconds),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Builds settings from name–value pairs alone, without the environment.
fn settings(pairs: &[(&str, &str)]) -> anyhow::Result<Settings> {
    Ok(Settings::from_pairs(pairs)?)
}
