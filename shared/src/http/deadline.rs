//! The time limit of requests, and the response when a handler panics.

use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::error::Error;
use crate::store::within_deadline;

/// Maximum duration of a request. Database calls have a shorter deadline of their own; the request's deadline bounds
/// slow bodies.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Awaits the response of `handler`; a timeout becomes a 503, a panic a 500.
pub(super) async fn catch_timeouts_and_panics(handler: impl Future<Output = Response>) -> Response {
    let handler = AssertUnwindSafe(within_deadline(handler)).catch_unwind();
    match tokio::time::timeout(REQUEST_TIMEOUT, handler).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => panic_response(panic.as_ref()),
        Err(_) => Error::Timeout.into_response(),
    }
}

fn panic_response(panic: &(dyn Any + Send)) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    Error::Internal(format!("panicked: {}", message.unwrap_or_default()).into()).into_response()
}
