//! The binary that runs the `edit` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("edit", edit::router())
}
