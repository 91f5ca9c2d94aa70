//! The combined server as a process: besieged by slow clients, and killed while many write.
//! `cargo test -p tests --test process -- 120` kills for two minutes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod board;
mod crash;
mod siege;

use std::{process::ExitCode, time::Duration};

use local_server::serve;
use shared::{
    config::Settings,
    telemetry::{self, Output},
};

/// How long there is killing, where nobody says, in seconds.
const SECONDS: u64 = 15;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "serve" {
        return run_server();
    }
    let seconds = match argument.parse() {
        Ok(seconds) => seconds,
        // The name of another test of the workspace.
        Err(_) if !argument.starts_with('-') && !argument.is_empty() => return ExitCode::SUCCESS,
        Err(_) => SECONDS,
    };
    siege::withstand();
    crash::survive(Duration::from_secs(seconds));
    ExitCode::SUCCESS
}

/// This very program as the server, so that it can be killed.
fn run_server() -> ExitCode {
    let settings = Settings::from_environment().unwrap();
    telemetry::start_logging(&settings, Output::Stdout);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    match runtime.block_on(serve::serve(settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
