//! The binary that runs the `card` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("card", card::router())
}
