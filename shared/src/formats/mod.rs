//! Serialization of events as text for other programs: iCalendar, Atom, JSON Feed, JSON-LD, oEmbed, JSON, NDJSON. The
//! HTTP responses with these texts are built elsewhere.

mod atom;
mod feed;
mod icalendar;
mod json;
mod json_feed;
pub(crate) mod json_ld;
mod ndjson;
mod oembed;
pub(crate) mod plain_text;
mod size_limit;
mod vtimezone;

pub use self::{
    atom::atom_feed,
    feed::Feed,
    icalendar::{calendar_file_name, event_calendar, events_calendar},
    json::{EventJson, event_json},
    json_feed::json_feed,
    ndjson::{export_line, parse_export_line},
    oembed::{event_id_of_url, oembed},
};
