//! How long a response that depends on the current time stays correct.

use axum::response::Response;
use chrono::{DateTime, Duration, DurationRound, Utc};

/// The instant from which on a response is incorrect, among its extensions: the page cache discards it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiresAt(pub DateTime<Utc>);

/// Pages are correct for a minute: events start and end on the minute.
pub const MINUTE: Duration = Duration::minutes(1);
/// JSON, calendars and feeds are correct for a second.
pub const SECOND: Duration = Duration::seconds(1);

/// Rounds `now` down to one microsecond after a full minute (or second, as `span` says), so that all responses within the span
/// are identical. The microsecond makes an event that ends on the full minute a past one.
#[must_use]
pub fn truncate_time(now: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
    let microsecond = Duration::microseconds(1);
    let start = (now - microsecond).duration_trunc(span);
    start.map_or(now, |start| start + microsecond)
}

/// Sets the instant from which on the page cache may no longer use the response.
#[must_use]
pub fn with_expiry(mut response: Response, instant: DateTime<Utc>) -> Response {
    response.extensions_mut().insert(ExpiresAt(instant));
    response
}
