//! The binary that runs the `admin` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("admin", admin::router())
}
