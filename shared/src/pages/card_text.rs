//! The text of the preview image that chat applications show beside a link.

use chrono::Datelike;

use super::{
    date_text::{day_text, short_month, short_weekday, time_text, zone_text},
    external_links,
    summary::{status_text, title},
    view::View,
};
use crate::domain::{Event, Status};

/// The text of a preview image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardText {
    /// The site's name.
    pub app_title: String,
    /// The event's title, or the heading of the front page.
    pub title: String,
    /// Month, day and weekday of the start, drawn as a calendar sheet; `None` for the site.
    pub calendar_sheet: Option<[String; 3]>,
    /// The lines below the title: day, time and place, or the site's tagline.
    pub facts: Vec<String>,
    /// The status and its text, if the event is postponed or cancelled.
    pub status: Option<(Status, String)>,
}

impl CardText {
    /// The text for an event.
    #[must_use]
    pub fn of_event(event: &Event, view: &View) -> Self {
        let (lang, local) = (view.lang, event.date());
        let zone = zone_text(lang, event.timezone, event.starts_at);
        Self {
            app_title: view.app_title.clone(),
            title: title(event, view),
            calendar_sheet: Some([
                short_month(lang, local),
                local.day().to_string(),
                short_weekday(lang, local),
            ]),
            facts: vec![
                capitalize(&day_text(lang, local)),
                format!("{} ({zone})", time_text(lang, local)),
                external_links::place(event),
            ],
            status: status_text(event, view).map(|text| (event.status, text)),
        }
    }

    /// The text for the site.
    #[must_use]
    pub fn of_site(view: &View) -> Self {
        Self {
            app_title: view.app_title.clone(),
            title: view.lang.text("list-title"),
            calendar_sheet: None,
            facts: vec![view.lang.text("tagline")],
            status: None,
        }
    }
}

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
