//! The combined server as a process: besieged by slow clients, and killed while many write.
//! `cargo test -p tests --test process -- 120` kills for two minutes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod board;
mod crash;
mod siege;

use std::{process::ExitCode, time::Duration};

/// How long there is killing, where nobody says, in seconds.
const SECONDS: u64 = 15;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == board::SERVE {
        return board::run();
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
