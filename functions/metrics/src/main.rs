//! The binary that runs the `metrics` function on AWS Lambda.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::lambda::run("metrics", metrics_function::router())
}
