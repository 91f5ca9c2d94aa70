//! Tests of the site in Chromium: user journeys by mouse and by keyboard, with and without JavaScript, and
//! accessibility and HTML checks of every page in every state.
//!
//! `cargo test -p tests --test browser -- keyboard` runs the tests whose name contains `keyboard`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod environment;
mod inspection;
mod journeys;
mod keyboard;
mod npm;
#[path = "../programs.rs"]
mod programs;
#[path = "../process/server.rs"]
mod server;
mod states;
mod visitor;

use std::{panic::AssertUnwindSafe, process::ExitCode, time::Instant};

use futures_util::{FutureExt, future::LocalBoxFuture};

use crate::{environment::Environment, visitor::Scripts};

type Test = for<'a> fn(&'a Environment) -> LocalBoxFuture<'a, ()>;

/// The browser tests, run one after another in the listed order: the first needs an empty database.
const TESTS: [(&str, Test); 9] = [
    ("every page in every state", |environment| {
        states::inspect(environment).boxed_local()
    }),
    (
        "from publishing to deleting, with JavaScript",
        |environment| journeys::publish_to_delete(environment, Scripts::Run).boxed_local(),
    ),
    (
        "from publishing to deleting, without JavaScript",
        |environment| journeys::publish_to_delete(environment, Scripts::Blocked).boxed_local(),
    ),
    ("wrong input, with JavaScript", |environment| {
        journeys::wrong_input(environment, Scripts::Run).boxed_local()
    }),
    ("wrong input, without JavaScript", |environment| {
        journeys::wrong_input(environment, Scripts::Blocked).boxed_local()
    }),
    ("publishing by keyboard, with JavaScript", |environment| {
        keyboard::publish_and_edit(environment, Scripts::Run).boxed_local()
    }),
    (
        "publishing by keyboard, without JavaScript",
        |environment| keyboard::publish_and_edit(environment, Scripts::Blocked).boxed_local(),
    ),
    ("searching by keyboard, with JavaScript", |environment| {
        keyboard::search(environment, Scripts::Run).boxed_local()
    }),
    ("searching by keyboard, without JavaScript", |environment| {
        keyboard::search(environment, Scripts::Blocked).boxed_local()
    }),
];

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == server::SERVE {
        return server::run();
    }
    let selected = TESTS
        .iter()
        .filter(|(name, _)| argument.starts_with('-') || name.contains(&argument))
        .collect::<Vec<_>>();
    if selected.is_empty() {
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(&selected))
}

async fn run(tests: &[&(&str, Test)]) -> ExitCode {
    let environment = match Environment::start() {
        Ok(environment) => environment,
        Err(missing) => {
            let subject = format!("{} tests in a browser", tests.len());
            programs::report_skipped(&subject, &missing);
            return if environment::is_required() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let mut failed = 0;
    for (name, test) in tests {
        let begin = Instant::now();
        let passed = AssertUnwindSafe(test(&environment))
            .catch_unwind()
            .await
            .is_ok();
        if !passed {
            failed += 1;
            environment.report_failure(name).await;
        }
        environment.close_browser().await;
        let verdict = if passed { "ok" } else { "FAILED" };
        let seconds = begin.elapsed().as_secs_f32();
        eprintln!("browser: {name} ... {verdict} ({seconds:.1} s)");
    }
    if failed > 0 {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
