//! Tests of `local-server` as a process: slow clients, and kills during writes.
//! `cargo test -p tests --test process -- 120` kills processes for two minutes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod crash;
mod server;
mod slow_clients;

use std::{process::ExitCode, time::Duration};

/// The default time during which the crash test kills processes, in seconds.
const CRASH_SECONDS: u64 = 15;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == server::SERVE {
        return server::run();
    }
    let seconds = match argument.parse() {
        Ok(seconds) => seconds,
        // A test filter, given to every test binary of the workspace.
        Err(_) if !argument.starts_with('-') && !argument.is_empty() => return ExitCode::SUCCESS,
        Err(_) => CRASH_SECONDS,
    };
    slow_clients::slow_clients_do_not_delay_others();
    crash::acknowledged_writes_survive_kills(Duration::from_secs(seconds));
    ExitCode::SUCCESS
}
