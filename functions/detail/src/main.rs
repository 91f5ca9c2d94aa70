//! The binary that runs the `detail` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("detail", detail::router())
}
