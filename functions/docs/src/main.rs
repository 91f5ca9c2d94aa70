//! The binary that runs the `docs` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("docs", docs::router())
}
