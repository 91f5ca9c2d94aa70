//! The maximum size of a calendar or a feed.

use crate::domain::Event;

/// In bytes: less than every transport allows, including the 6 MB of an AWS Lambda response.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Serializes as many of the first events as fit into 4 MiB. These are all, unless many events have long texts that
/// grow when they are escaped.
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
