//! Until when a response that depends on the current time stays correct.

use axum::response::Response;
use chrono::{DateTime, Duration, DurationRound, Utc};

use crate::pages::ExpiresAt;

/// Pages are correct for a minute: events start and end on the minute.
pub const MINUTE: Duration = Duration::minutes(1);
/// JSON, calendars and feeds are correct for a second.
pub const SECOND: Duration = Duration::seconds(1);

/// One instant for all of the minute (or second) that `now` is in, so that responses within it are identical: the first
/// microsecond after its start. Events that end on the minute have ended at this instant.
#[must_use]
pub fn truncate_time(now: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
    let microsecond = Duration::microseconds(1);
    let start = (now - microsecond).duration_trunc(span);
    start.map_or(now, |start| start + microsecond)
}

/// Marks the response as incorrect from this instant on, for the page cache.
#[must_use]
pub fn with_expiry(mut response: Response, instant: DateTime<Utc>) -> Response {
    response.extensions_mut().insert(ExpiresAt(instant));
    response
}
