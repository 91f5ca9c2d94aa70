//! `GET /embed`: shows a short list of events for an `iframe` on another site.

use serde::Serialize;

use super::{i18n::Lang, page::Page, summary::EventSummary, view::View};
use crate::domain::Event;

/// A page with a short list of events for an `iframe` on another site.
#[derive(Debug, Serialize)]
pub struct EmbedPage {
    heading: String,
    events: Vec<EventSummary>,
    /// Path and query of the list with all events.
    full_list: String,
}

impl EmbedPage {
    /// Creates the page with `heading` and `events`. `full_list` is the path and query of the list with all events.
    #[must_use]
    pub fn new(heading: String, events: &[Event], full_list: String, view: &View) -> Self {
        let events = events.iter().map(|event| EventSummary::new(event, view));
        Self {
            heading,
            events: events.collect(),
            full_list,
        }
    }
}

impl Page for EmbedPage {
    const TEMPLATE: &'static str = "embed";

    fn title(&self, _: Lang) -> Option<String> {
        Some(self.heading.clone())
    }
}
