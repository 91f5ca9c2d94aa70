//! The time limit of all database statements of a request together.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use tokio::time::timeout;

/// Time limit of all database statements of a request together, including the wait for a connection, so that a response
/// is sent within 3 s. Outside of a request, it applies to each statement alone.
pub const DEADLINE: Duration = Duration::from_millis(2_500);

tokio::task_local! {
    /// Remaining time for the database statements of the current request.
    static TIME_LEFT: Cell<Duration>;
}

/// Runs `request` with the time limit [`DEADLINE`] for all its database statements together.
pub async fn within_deadline<F: Future>(request: F) -> F::Output {
    TIME_LEFT.scope(Cell::new(DEADLINE), request).await
}

/// The error of a database statement that exceeded the time limit of its request.
pub(super) struct DeadlineExceeded {
    /// Duration of the statement: all the time that earlier statements of the request had left.
    pub(super) waited: Duration,
}

/// Runs `work` for the time that its request has left at most, and subtracts the time used.
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
