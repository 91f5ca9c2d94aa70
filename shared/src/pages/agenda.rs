//! Groups the events of a list by month and day.

use std::sync::Arc;

use chrono::Datelike;
use serde::Serialize;

use super::{
    date_text::{month_text, short_month, short_weekday},
    event_cards::event_card,
    render::{Fragment, RenderError},
    view::View,
};
use crate::domain::Event;

/// The upcoming or the past events of a list, grouped by month and day.
#[derive(Debug, Serialize)]
pub(super) struct Agenda {
    id: &'static str,
    title: String,
    is_past: bool,
    months: Vec<Month>,
}

#[derive(Debug, Serialize)]
struct Month {
    text: String,
    days: Vec<Day>,
}

#[derive(Debug, Serialize)]
struct Day {
    weekday: String,
    day: String,
    month: String,
    cards: Vec<Arc<Fragment>>,
}

impl Agenda {
    /// Groups upcoming events, with the heading for them; `None` if `events` is empty.
    pub(super) fn upcoming(events: &[Event], view: &View) -> Result<Option<Self>, RenderError> {
        Self::new("upcoming", "upcoming-title", events, view)
    }

    /// Groups past events, with the heading for them; `None` if `events` is empty.
    pub(super) fn past(events: &[Event], view: &View) -> Result<Option<Self>, RenderError> {
        Self::new("past", "past-title", events, view)
    }

    fn new(
        id: &'static str,
        title: &str,
        events: &[Event],
        view: &View,
    ) -> Result<Option<Self>, RenderError> {
        if events.is_empty() {
            return Ok(None);
        }
        let month = |event: &Event| (event.date().year(), event.date().month());
        let months = events.chunk_by(|one, next| month(one) == month(next));
        Ok(Some(Self {
            id,
            title: view.lang.text(title),
            is_past: id == "past",
            months: months
                .map(|events| Month::new(events, view))
                .collect::<Result<_, _>>()?,
        }))
    }
}

impl Month {
    fn new(events: &[Event], view: &View) -> Result<Self, RenderError> {
        let days = events.chunk_by(|one, next| one.date().date() == next.date().date());
        Ok(Self {
            text: month_text(view.lang, events[0].date()),
            days: days
                .map(|events| Day::new(events, view))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl Day {
    fn new(events: &[Event], view: &View) -> Result<Self, RenderError> {
        let local = events[0].date();
        let cards = events.iter().map(|event| event_card(event, view));
        Ok(Self {
            weekday: short_weekday(view.lang, local),
            day: local.day().to_string(),
            month: short_month(view.lang, local),
            cards: cards.collect::<Result<_, _>>()?,
        })
    }
}
