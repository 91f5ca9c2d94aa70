//! `GET /events/{id}/delete`: the page that asks for confirmation before an event is deleted.

use serde::Serialize;

use super::{i18n::Lang, page::Page, summary::EventSummary, view::View};
use crate::domain::Event;

/// The page that asks for confirmation before an event is deleted.
#[derive(Debug, Serialize)]
pub struct DeletePage {
    event: EventSummary,
}

impl DeletePage {
    /// Creates the page that asks whether to delete `event`.
    #[must_use]
    pub fn new(event: &Event, view: &View) -> Self {
        Self {
            event: EventSummary::new(event, view),
        }
    }
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "delete";
    const PRIVATE: bool = true;

    fn title(&self, lang: Lang) -> Option<String> {
        Some(lang.text("delete-title"))
    }
}
