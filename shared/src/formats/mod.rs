//! Formats that other programs read: iCalendar, Atom, JSON Feed, oEmbed.

pub(crate) mod feed;
mod icalendar;
pub(crate) mod plain_text;
mod vtimezone;

pub use self::feed::Feed;
