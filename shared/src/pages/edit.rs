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

/// The form that edits an event.
#[derive(Debug, Serialize)]
pub struct EditPage {
    id: i64,
    event_title: String,
    hidden: bool,
    /// The version of the event that the form replaces.
    version: i64,
    /// The fields whose stored and typed values differ, after a concurrent change.
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
    /// The form for this event with these values and errors.
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

    /// Adds these technologies as suggestions for the field of technologies.
    #[must_use]
    pub fn with_suggestions(mut self, technologies: Vec<String>) -> Self {
        self.form.suggest(technologies);
        self
    }

    /// The form with the typed values, after another change to the event since the form was opened, with the differences
    /// from the stored event. Submitting the form again overwrites that change.
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

/// The field's value as text for visitors.
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
