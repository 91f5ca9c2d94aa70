//! The binary that runs the `site` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("site", site::router())
}
