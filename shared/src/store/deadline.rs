//! The time limit of a request's statements.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use tokio::time::timeout;

/// Time limit of all statements of a request together, including the wait for a connection, so that a response is sent within
/// 3 s. Outside of a request, the limit applies to each statement alone.
pub const DEADLINE: Duration = Duration::from_millis(2_500);

tokio::task_local! {
    /// The time that the statements of this request have left.
    static TIME_LEFT: Cell<Duration>;
}

/// Runs `request`, whose statements together have the time limit [`DEADLINE`].
pub async fn within_deadline<F: Future>(request: F) -> F::Output {
    TIME_LEFT.scope(Cell::new(DEADLINE), request).await
}

/// The error of a statement that exceeded the deadline.
pub(super) struct DeadlineExceeded {
    /// How long the statement ran: all the time that earlier statements of the request had left.
    pub(super) waited: Duration,
}

/// Runs `work` for the time that the request has left, and subtracts what it used.
pub(super) async fn until_deadline<T>(
    work: impl Future<Output = T>,
) -> Result<T, DeadlineExceeded> {
    let started = Instant::now();
    let left = TIME_LEFT.try_with(Cell::get).unwrap_or(DEADLINE);
    let result = timeout(left, work).await;
    // Fails outside of a request, where nothing is subtracted.
    let _ = TIME_LEFT.try_with(|cell| cell.set(left.saturating_sub(started.elapsed())));
    result.map_err(|_| DeadlineExceeded { waited: left })
}
