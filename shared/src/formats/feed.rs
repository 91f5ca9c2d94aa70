//! The parts that Atom and JSON Feed share: the data of a feed, and the id, URL and HTML of an entry.

use serde::Serialize;

use super::plain_text::{plain_text, truncate};
use crate::{
    domain::Event,
    pages::{
        external_links,
        render::RenderError,
        summary::EventSummary,
        view::{View, append_query},
    },
    routes::links,
};

/// Maximum length of a description in a feed, in characters. The entry links to the event's page, which has the full
/// text.
const DESCRIPTION_CHARS_MAX: usize = 1_000;

/// A list of events to publish as a feed.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    /// Title of the feed.
    pub name: &'a str,
    /// Path and query of the HTML page with the events of the feed.
    pub page: &'a str,
    /// Query string with the filters of the feed.
    pub query: &'a str,
    /// Events in the order of the feed.
    pub events: &'a [Event],
}

impl Feed<'_> {
    /// Returns the absolute URL of the feed itself, which is served at `path`.
    pub(super) fn url(&self, path: &str, view: &View) -> String {
        view.localized_url(&append_query(path, self.query))
    }
}

/// Returns the permanent id of `event` in feeds: its `uid` as a URN (RFC 9562 §4).
pub(super) fn entry_id(event: &Event) -> String {
    format!("urn:uuid:{}", event.uid)
}

/// Returns the absolute URL of the public page of `event`.
pub(super) fn entry_url(event: &Event, view: &View) -> String {
    view.localized_url(&links::event(event.id))
}

/// Renders the HTML of `event` for an entry of a feed.
pub(super) fn entry_html(event: &Event, view: &View) -> Result<String, RenderError> {
    let fragment = view.fragment("feed_entry", &FeedEntry::new(event, view))?;
    Ok(fragment.html)
}

#[derive(Serialize)]
struct FeedEntry {
    event: EventSummary,
    place: String,
    organizer: Option<String>,
    paragraphs: Vec<Paragraph>,
    url: Option<String>,
}

#[derive(Serialize)]
struct Paragraph {
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    text: String,
    is_last: bool,
}

impl FeedEntry {
    fn new(event: &Event, view: &View) -> Self {
        let description = plain_text(event.description.as_deref().unwrap_or_default());
        let description = truncate(&description, DESCRIPTION_CHARS_MAX);
        let paragraphs = description
            .split("\n\n")
            .filter(|text| !text.trim().is_empty());
        Self {
            event: EventSummary::new(event, view),
            place: plain_text(&external_links::place(event)),
            organizer: event.organizer.as_deref().map(plain_text),
            paragraphs: paragraphs.map(Paragraph::new).collect(),
            url: event.url.clone(),
        }
    }
}

impl Paragraph {
    fn new(text: &str) -> Self {
        let mut lines = text.lines().peekable();
        let mut paragraph = Self { lines: Vec::new() };
        while let Some(text) = lines.next() {
            paragraph.lines.push(Line {
                text: text.to_owned(),
                is_last: lines.peek().is_none(),
            });
        }
        paragraph
    }
}
