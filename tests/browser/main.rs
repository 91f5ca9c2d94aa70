//! The board in a real browser: what visitors do, by mouse and by keyboard, with and without JavaScript, and what checkers
//! find in any state of any page. `cargo test -p tests --test browser -- keyboard` runs the tests of that name.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../process/board.rs"]
mod board;
mod inspection;
mod journeys;
mod keyboard;
mod npm;
mod stage;
mod states;
mod visitor;

use std::{panic::AssertUnwindSafe, process::ExitCode, time::Instant};

use futures_util::{FutureExt, future::LocalBoxFuture};

use crate::{stage::Stage, visitor::Scripts};

type Test = for<'a> fn(&'a Stage) -> LocalBoxFuture<'a, ()>;

/// In this order, one after the other: the first finds the board empty.
const TESTS: [(&str, Test); 9] = [
    ("every page in every state", |stage| {
        states::inspect(stage).boxed_local()
    }),
    ("from publishing to deleting, with JavaScript", |stage| {
        journeys::publish_to_delete(stage, Scripts::Run).boxed_local()
    }),
    ("from publishing to deleting, without JavaScript", |stage| {
        journeys::publish_to_delete(stage, Scripts::Blocked).boxed_local()
    }),
    ("wrong input, with JavaScript", |stage| {
        journeys::wrong_input(stage, Scripts::Run).boxed_local()
    }),
    ("wrong input, without JavaScript", |stage| {
        journeys::wrong_input(stage, Scripts::Blocked).boxed_local()
    }),
    ("publishing by keyboard, with JavaScript", |stage| {
        keyboard::publish_and_edit(stage, Scripts::Run).boxed_local()
    }),
    ("publishing by keyboard, without JavaScript", |stage| {
        keyboard::publish_and_edit(stage, Scripts::Blocked).boxed_local()
    }),
    ("searching by keyboard, with JavaScript", |stage| {
        keyboard::search(stage, Scripts::Run).boxed_local()
    }),
    ("searching by keyboard, without JavaScript", |stage| {
        keyboard::search(stage, Scripts::Blocked).boxed_local()
    }),
];

fn main() -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == board::SERVE {
        return board::run();
    }
    let wanted = TESTS
        .iter()
        .filter(|(name, _)| argument.starts_with('-') || name.contains(&argument))
        .collect::<Vec<_>>();
    if wanted.is_empty() {
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(&wanted))
}

async fn run(tests: &[&(&str, Test)]) -> ExitCode {
    let stage = match Stage::set() {
        Ok(stage) => stage,
        Err(missing) => {
            for (name, _) in tests {
                eprintln!("browser: {name} ... NOT TRIED: {missing}");
            }
            return if stage::is_required() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let mut failed = 0;
    for (name, test) in tests {
        let begin = Instant::now();
        let passed = AssertUnwindSafe(test(&stage)).catch_unwind().await.is_ok();
        if !passed {
            failed += 1;
            stage.describe(name).await;
        }
        stage.clear().await;
        let verdict = if passed { "ok" } else { "FAILED" };
        let seconds = begin.elapsed().as_secs_f32();
        eprintln!("browser: {name} ... {verdict} ({seconds:.1} s)");
    }
    if failed > 0 {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
