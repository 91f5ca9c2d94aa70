//! The size limit of calendars and feeds, which bounds how many events they contain.

use crate::domain::Event;

/// Maximum size of a calendar or feed, in bytes: less than every transport's limit, including the 6 MB of an AWS Lambda
/// response.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Serializes all of `events`, or if the text is longer than 4 MiB, the first half of them, then the first quarter, and
/// so on. Only many events with long texts that grow by escaping exceed the limit.
pub(crate) fn serialize_within_limit<E>(
    events: &[Event],
    serialize: impl Fn(&[Event]) -> Result<String, E>,
) -> Result<String, E> {
    let mut count = events.len();
    loop {
        let text = serialize(&events[..count])?;
        if text.len() <= BYTES_MAX || count <= 1 {
            return Ok(text);
        }
        count /= 2;
    }
}
