//! The binary that runs the `list` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("list", list::router())
}
