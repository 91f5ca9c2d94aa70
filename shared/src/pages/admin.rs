//! The operator's page: what was published last, and the buttons that take it from sight.

use chrono_tz::Tz;
use serde::Serialize;

use super::{
    event::Summary,
    i18n::Lang,
    view::{Page, View},
};
use crate::store::{AdminEvent, AdminEventsQuery};

/// How much of a description is shown, in characters: enough to know spam by.
const DESCRIPTION_CHARS: usize = 200;

/// `GET /admin`.
#[derive(Debug, Serialize)]
pub struct AdminPage {
    rows: Vec<Row>,
    /// The only source that is shown.
    source: Option<String>,
    /// Whether hidden ones only are shown.
    only_hidden: bool,
    /// What came of the last button, in words.
    done: Option<String>,
    next: Option<String>,
    zone: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    event: Summary,
    hidden: bool,
    published: String,
    organizer: Option<String>,
    url: Option<String>,
    description: String,
    source: Option<String>,
}

impl AdminPage {
    /// These events, in the order they come, with times in this zone.
    #[must_use]
    pub fn new(
        events: &[AdminEvent],
        wanted: &AdminEventsQuery,
        next: Option<String>,
        done: Option<i64>,
        zone: Tz,
        view: &View,
    ) -> Self {
        let row = |AdminEvent { event, source }: &AdminEvent| Row {
            event: Summary::of(event, view),
            hidden: event.hidden,
            published: event
                .created_at
                .with_timezone(&zone)
                .format("%Y-%m-%d %H:%M")
                .to_string(),
            organizer: event.organizer.clone(),
            url: event.url.clone(),
            description: event
                .description
                .iter()
                .flat_map(|text| text.chars())
                .take(DESCRIPTION_CHARS)
                .collect(),
            source: source.clone(),
        };
        Self {
            rows: events.iter().map(row).collect(),
            source: wanted.source.clone(),
            only_hidden: wanted.hidden,
            done: done.map(|count| {
                view.lang
                    .text_with("operator-done", [("count", count.into())])
            }),
            next,
            zone: zone.name(),
        }
    }
}

impl Page for AdminPage {
    const TEMPLATE: &'static str = "operator";
    const PRIVATE: bool = true;

    fn title(&self, lang: Lang) -> Option<String> {
        Some(lang.text("operator-title"))
    }
}
