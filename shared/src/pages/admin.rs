//! `GET /admin`: the operator's list of the latest events, with buttons that hide and restore them.

use chrono_tz::Tz;
use serde::Serialize;

use super::{i18n::Lang, page::Page, summary::EventSummary, view::View};
use crate::store::{AdminEvent, AdminEventsQuery};

/// Maximum length of a description in the operator's list, in characters: enough to recognize spam.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// The page with the operator's list of the latest events.
#[derive(Debug, Serialize)]
pub struct AdminPage {
    rows: Vec<Row>,
    /// Source (network hash) of the listed events, if the list is limited to one source.
    source: Option<String>,
    only_hidden: bool,
    /// Message with the number of events that the operator's last action changed.
    result: Option<String>,
    next: Option<String>,
    zone: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    event: EventSummary,
    hidden: bool,
    published: String,
    organizer: Option<String>,
    url: Option<String>,
    description: String,
    source: Option<String>,
}

impl AdminPage {
    /// Creates the page with `events` in the given order, and times in `zone`. `next` is the path and query of the next
    /// page, `changed` the number of events that the last action changed.
    #[must_use]
    pub fn new(
        events: &[AdminEvent],
        query: &AdminEventsQuery,
        next: Option<String>,
        changed: Option<i64>,
        zone: Tz,
        view: &View,
    ) -> Self {
        let rows = events.iter().map(|event| Row::new(event, zone, view));
        let result = changed.map(|count| {
            let count = [("count", count.into())];
            view.lang.text_with("admin-result", count)
        });
        Self {
            rows: rows.collect(),
            source: query.source.clone(),
            only_hidden: query.hidden,
            result,
            next,
            zone: zone.name(),
        }
    }
}

impl Row {
    fn new(AdminEvent { event, source }: &AdminEvent, zone: Tz, view: &View) -> Self {
        let published = event.created_at.with_timezone(&zone);
        let description = event.description.as_deref().unwrap_or_default().chars();
        Self {
            event: EventSummary::new(event, view),
            hidden: event.hidden,
            published: published.format("%Y-%m-%d %H:%M").to_string(),
            organizer: event.organizer.clone(),
            url: event.url.clone(),
            description: description.take(DESCRIPTION_CHARS_MAX).collect(),
            source: source.clone(),
        }
    }
}

impl Page for AdminPage {
    const TEMPLATE: &'static str = "admin";
    const PRIVATE: bool = true;

    fn title(&self, lang: Lang) -> Option<String> {
        Some(lang.text("admin-title"))
    }
}
