//! The binary that runs the `create` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("create", create::router())
}
