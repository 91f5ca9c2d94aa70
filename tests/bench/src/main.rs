//! `cargo run --release -p bench`: what the board costs beside a bare server in the same process set-up and beside PostgreSQL
//! alone (pgbench), from a hundred events to a million. It writes `docs/benchmarks.md` and `docs/benchmarks.svg`.
//!
//! Everything that is compared is measured in the same run, in turns, three times; a ratio is the median of the three. The
//! load comes from wrk, and CPU seconds from /proc, so that it runs on Linux only.

mod boards;
mod load;
mod report;
mod rows;
mod server;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use shared::config::Settings;

/// As the combined server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the board. wrk and pgbench must be there (Debian: wrk, postgresql-contrib).
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    role: Option<Role>,
    /// Where the boards of a hundred, ten thousand and a million events are kept from one run to the next
    #[arg(long, default_value = "target/bench")]
    data: PathBuf,
    /// Seconds of load for each figure of each round
    #[arg(long, default_value_t = 3)]
    seconds: u32,
}

#[derive(Subcommand)]
enum Role {
    /// Be the board that is measured
    Serve,
    /// Be the bare server beside it
    Hello,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match arguments.role {
        Some(Role::Serve) => server::serve(),
        Some(Role::Hello) => server::hello(),
        None => rows::measure(&arguments.data, arguments.seconds),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Settings out of nothing but these.
fn settings(pairs: &[(&str, &str)]) -> anyhow::Result<Settings> {
    Ok(Settings::from_pairs(pairs)?)
}
