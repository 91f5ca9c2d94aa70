//! Texts of the preview image that chat applications show beside a link.

use chrono::Datelike;

use super::{
    date_text::{day_text, short_month, short_weekday, time_text, zone_text},
    external_links,
    summary::{status_text, title},
    view::View,
};
use crate::domain::{Event, Status};

/// The texts to draw in the preview image of an event or of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardText {
    /// Name of the site.
    pub app_title: String,
    /// Title of the event, or heading of the front page.
    pub title: String,
    /// Month, day and weekday of the event's start, drawn as a calendar sheet; `None` in the image of the site.
    pub calendar_sheet: Option<[String; 3]>,
    /// Lines below the title: the event's day, time and place, or the site's tagline.
    pub facts: Vec<String>,
    /// Status and its name, if the event is postponed or cancelled.
    pub status: Option<(Status, String)>,
}

impl CardText {
    /// Creates the texts for the preview image of `event`.
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

    /// Creates the texts for the preview image of the site.
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
