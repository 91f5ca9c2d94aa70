//! The binary that runs the `feeds` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("feeds", feeds::router())
}
