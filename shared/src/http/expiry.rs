//! How long a response that depends on the current time stays correct.

use axum::response::Response;
use chrono::{DateTime, Duration, DurationRound, Utc};

/// The instant from which on a response is incorrect, stored as a response extension: the page cache then discards the
/// response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiresAt(pub DateTime<Utc>);

/// Time for which a page is correct, one minute: events start and end on the minute.
pub const MINUTE: Duration = Duration::minutes(1);
/// Time for which JSON, calendars and feeds are correct, one second.
pub const SECOND: Duration = Duration::seconds(1);

/// Rounds `now` down to one microsecond after a full minute or second, as `span` says, so that all responses within
/// `span` are identical. Because of the microsecond, an event that ends on the full minute is past.
#[must_use]
pub fn truncate_time(now: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
    let microsecond = Duration::microseconds(1);
    let start = (now - microsecond).duration_trunc(span);
    start.map_or(now, |start| start + microsecond)
}

/// Sets the instant from which on the page cache may no longer use `response`.
#[must_use]
pub fn with_expiry(mut response: Response, instant: DateTime<Utc>) -> Response {
    response.extensions_mut().insert(ExpiresAt(instant));
    response
}
