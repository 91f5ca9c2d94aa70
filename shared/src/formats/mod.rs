//! Formats that other programs read: iCalendar, Atom, JSON Feed, oEmbed, JSON, NDJSON.

pub(crate) mod feed;
mod icalendar;
mod json;
mod ndjson;
pub(crate) mod plain_text;
mod vtimezone;

pub use self::{
    feed::Feed,
    json::{EventJson, event_json},
    ndjson::{export_line, parse_export_line},
};
