//! The words of the picture that chats show beside a link.

use chrono::Datelike;

use super::{dates, event::title_of, external_links, view::View};
use crate::domain::{Event, Status};

/// What stands on a picture, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardText {
    /// The board's name.
    pub board: String,
    /// The title of the event, or what the board is.
    pub title: String,
    /// The day as a leaf of a calendar: month, day, weekday.
    pub leaf: Option<[String; 3]>,
    /// What to know, a line each: the day, the hour, the place.
    pub facts: Vec<String>,
    /// That an event is not as announced: which status, and its words.
    pub status: Option<(Status, String)>,
}

impl CardText {
    /// The words for an event.
    #[must_use]
    pub fn of_event(event: &Event, view: &View) -> Self {
        let (lang, wall) = (view.lang, event.date());
        let zone = dates::zone_words(lang, event.timezone, event.starts_at);
        let hour = format!("{} ({zone})", dates::time_words(lang, wall));
        let status = match event.status {
            Status::Scheduled => None,
            Status::Postponed | Status::Cancelled => {
                let words = lang.text(&format!("status-{}", event.status.as_str()));
                Some((event.status, words))
            }
        };
        Self {
            board: view.app_title.clone(),
            title: title_of(event, view),
            leaf: Some([
                dates::short_month(lang, wall),
                wall.day().to_string(),
                dates::short_weekday(lang, wall),
            ]),
            facts: vec![
                capitalised(&dates::day_words(lang, wall)),
                hour,
                external_links::place(event),
            ],
            status,
        }
    }

    /// The words for the board itself.
    #[must_use]
    pub fn of_board(view: &View) -> Self {
        Self {
            board: view.app_title.clone(),
            title: view.lang.text("list-title"),
            leaf: None,
            facts: vec![view.lang.text("tagline")],
            status: None,
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
