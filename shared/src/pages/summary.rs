//! Extracts the fields of an event that every page shows.

use serde::Serialize;

use super::{
    date_text::{end_text, short_month, short_weekday, start_text, time_text},
    view::View,
};
use crate::{
    domain::{Attendance, Event, Status},
    query::QueryParams,
    routes::{links, paths},
};

/// The fields of an event that every page shows.
#[derive(Debug, Serialize)]
pub(crate) struct EventSummary {
    id: i64,
    pub(crate) title: String,
    pub(crate) start: Start,
    /// End of the event as text: `até 22h`.
    end: Option<String>,
    location: String,
    attendance: LocalizedValue,
    /// Status of the event, unless it is scheduled.
    status: Option<LocalizedValue>,
    technologies: Vec<TechnologyLink>,
}

/// The start of an event as text, and its parts.
#[derive(Debug, Serialize)]
pub(crate) struct Start {
    /// The whole start: `quinta-feira, 18 de março de 2027, 19h (horário de Brasília)`.
    pub(crate) text: String,
    /// Local time of the start with its offset from UTC (RFC 3339), for `datetime` attributes.
    iso: String,
    day: String,
    month: String,
    weekday: String,
    time: String,
}

/// A value of an enumeration, with its name in the page's language.
#[derive(Debug, Serialize)]
struct LocalizedValue {
    value: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct TechnologyLink {
    name: String,
    href: String,
}

impl EventSummary {
    pub(crate) fn new(event: &Event, view: &View) -> Self {
        let technology = |name: &String| TechnologyLink {
            name: name.clone(),
            href: technology_path(name),
        };
        Self {
            id: event.id,
            title: title(event, view),
            start: Start::new(event, view),
            end: end_text(view.lang, event),
            location: event.location.clone(),
            attendance: LocalizedValue {
                value: event.attendance.as_str(),
                text: view.lang.text(attendance_key(event.attendance)),
            },
            status: status_text(event, view).map(|text| LocalizedValue {
                value: event.status.as_str(),
                text,
            }),
            technologies: event.technologies.iter().map(technology).collect(),
        }
    }
}

impl Start {
    fn new(event: &Event, view: &View) -> Self {
        let (lang, local) = (view.lang, event.date());
        Self {
            text: start_text(lang, event),
            iso: event.starts_at.with_timezone(&event.timezone).to_rfc3339(),
            day: local.format("%-d").to_string(),
            month: short_month(lang, local),
            weekday: short_weekday(lang, local),
            time: time_text(lang, local),
        }
    }
}

/// Returns the title of `event`, or a placeholder if it is empty: events imported from the old system can have no
/// title, and a link needs a text.
pub(crate) fn title(event: &Event, view: &View) -> String {
    if event.title.trim().is_empty() {
        view.lang.text("untitled")
    } else {
        event.title.clone()
    }
}

/// Returns the title of `event`, preceded by the status if it is postponed or cancelled.
pub(crate) fn title_with_status(event: &Event, view: &View) -> String {
    let title = title(event, view);
    match status_text(event, view) {
        None => title,
        Some(status) => view.lang.text_with(
            "title-with-status",
            [("status", status.into()), ("title", title.into())],
        ),
    }
}

/// Returns the status of `event` as text, if it is postponed or cancelled.
pub(crate) fn status_text(event: &Event, view: &View) -> Option<String> {
    match event.status {
        Status::Scheduled => None,
        Status::Postponed | Status::Cancelled => {
            Some(view.lang.text(&format!("status-{}", event.status.as_str())))
        }
    }
}

/// Returns the translation key of a form of attendance.
pub(crate) fn attendance_key(attendance: Attendance) -> &'static str {
    match attendance {
        Attendance::InPerson => "attendance-in-person",
        Attendance::Online => "attendance-online",
        Attendance::Hybrid => "attendance-hybrid",
    }
}

/// Returns the path of the list of events about the technology `name`.
pub(crate) fn technology_path(name: &str) -> String {
    links::technology(name).unwrap_or_else(|| filtered_list("technology", name))
}

/// Returns the path of the list of events in the city `name` of `state`.
pub(crate) fn city_path(state: &str, name: &str) -> String {
    links::city(state, name).unwrap_or_else(|| filtered_list("city", name))
}

/// Returns the path and query of the list with one filter, whose value has no landing page.
fn filtered_list(name: &str, value: &str) -> String {
    QueryParams::default()
        .with(name, Some(value))
        .append_to(paths::HOME)
}
