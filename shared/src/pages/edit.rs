//! `GET /events/{id}/edit`: the form that edits an event. `POST` shows the form again if the event was not saved.

use chrono_tz::Tz;
use serde::Serialize;

use super::{
    date_text::{date_time_text, zone_text},
    event_form::EventFormView,
    i18n::Lang,
    page::Page,
    view::View,
    zone_options::zone_name,
};
use crate::domain::{Event, EventForm, ValidationErrors, parse_instant};

/// The page with the form that edits an event.
#[derive(Debug, Serialize)]
pub struct EditPage {
    id: i64,
    event_title: String,
    hidden: bool,
    /// Version of the event that the form replaces.
    version: i64,
    /// Fields whose stored and typed values differ, if the event was changed since the form was opened.
    conflicts: Vec<Conflict>,
    form: EventFormView,
}

#[derive(Debug, Serialize)]
struct Conflict {
    field: &'static str,
    label: String,
    stored: String,
    typed: String,
}

impl EditPage {
    /// Creates the page that edits `event`, with the values of `form` and their `errors`.
    #[must_use]
    pub fn new(
        event: &Event,
        form: &EventForm,
        errors: Option<&ValidationErrors>,
        view: &View,
    ) -> Self {
        Self {
            id: event.id,
            event_title: event.title.clone(),
            hidden: event.hidden,
            version: event.version,
            conflicts: Vec::new(),
            form: EventFormView::new(form, errors, event.timezone, view),
        }
    }

    /// Adds `technologies` as suggestions for the field of technologies.
    #[must_use]
    pub fn with_suggestions(mut self, technologies: Vec<String>) -> Self {
        self.form.suggest(technologies);
        self
    }

    /// Creates the page after `event` was changed since the form was opened: with the typed values of `form`, and their
    /// differences from the stored event. Submitting the form again overwrites the other change.
    #[must_use]
    pub fn conflict(event: &Event, form: &EventForm, view: &View) -> Self {
        let lang = view.lang;
        let typed_zone = form.timezone.trim().parse().unwrap_or(event.timezone);
        let differences = form.differences(&EventForm::from_event(event)).into_iter();
        let conflicts = differences.map(|(field, typed, stored)| Conflict {
            field,
            label: lang.text(&format!("field-{field}")),
            stored: display_value(lang, field, stored, event.timezone),
            typed: display_value(lang, field, typed, typed_zone),
        });
        let mut page = Self {
            conflicts: conflicts.collect(),
            ..Self::new(event, form, None, view)
        };
        page.form.open_details();
        page
    }
}

/// Returns `value`, the value of the form field `field`, as text for visitors.
fn display_value(lang: Lang, field: &str, value: String, zone: Tz) -> String {
    let text = match field {
        "status" => lang.try_text(&format!("status-{value}")),
        "attendance" => lang.try_text(&format!("attendance-{}", value.replace('_', "-"))),
        "timezone" => value.parse().ok().map(|zone| zone_name(lang, zone)),
        "date" | "end_date" => display_date_time(lang, &value, zone),
        _ => None,
    };
    text.unwrap_or(value)
}

fn display_date_time(lang: Lang, value: &str, zone: Tz) -> Option<String> {
    let at = parse_instant(value, zone)?;
    let local = at.with_timezone(&zone).naive_local();
    Some(date_time_text(lang, local, &zone_text(lang, zone, at)))
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "edit";
    const PRIVATE: bool = true;
    const SCRIPT: Option<&'static str> = Some("form.js");

    fn title(&self, lang: Lang) -> Option<String> {
        Some(self.form.page_title(lang.text("edit-title"), lang))
    }
}
