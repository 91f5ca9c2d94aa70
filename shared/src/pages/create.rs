//! `GET /events/new`: the form that publishes an event. `POST /events/` shows the form again if the event was not
//! published.

use chrono_tz::Tz;
use serde::Serialize;

use super::{event_form::EventFormView, i18n::Lang, page::Page, summary, view::View};
use crate::domain::{Event, EventForm, ValidationErrors};

/// The reasons why a submitted form is suspected to be spam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpamSuspicion {
    /// A form field that people cannot see has a value.
    HoneypotFilled,
    /// The form was submitted faster than a person can fill it in.
    TooSoon,
    /// The form token is missing, was not issued by this site, or has expired.
    NoFormToken,
}

/// The page with the form that publishes an event.
#[derive(Debug, Serialize)]
pub struct CreatePage {
    /// Token of the form, with which repeated submissions publish only once; `None` while the database is unavailable.
    form_token: Option<String>,
    /// Id of the event that was already published with the token of the form.
    published_id: Option<i64>,
    /// Notice that says why a valid form has to be submitted again.
    resubmit: Option<ResubmitNotice>,
    /// Title of the event that the form is a copy of.
    copied: Option<String>,
    /// What a script does with the draft stored in the browser: `restore` it into the empty form, or only `keep` it.
    draft: &'static str,
    form: EventFormView,
}

#[derive(Debug, Serialize)]
struct ResubmitNotice {
    title: String,
    detail: String,
}

impl CreatePage {
    /// Creates the page with the values of `form` and their `errors`. Submissions with the same `form_token` publish
    /// only once.
    #[must_use]
    pub fn new(
        form: &EventForm,
        errors: Option<&ValidationErrors>,
        form_token: Option<String>,
        default_timezone: Tz,
        view: &View,
    ) -> Self {
        let is_empty = *form == EventForm::default() && errors.is_none();
        Self {
            form_token,
            published_id: None,
            resubmit: None,
            copied: None,
            draft: if is_empty { "restore" } else { "keep" },
            form: EventFormView::new(form, errors, default_timezone, view),
        }
    }

    /// Creates the page with the values of `event` in the form, except for its dates and status.
    #[must_use]
    pub fn copy_of(event: &Event, form_token: Option<String>, view: &View) -> Self {
        let mut form = EventForm::from_event(event);
        for field in [&mut form.date, &mut form.end_date, &mut form.status] {
            field.clear();
        }
        // The server derives them again from the location, which the visitor may change.
        if event.city_is_from_location() {
            form.city.clear();
            form.state.clear();
        }
        let mut page = Self::new(&form, None, form_token, event.timezone, view);
        page.form.focus("date");
        page.copied = Some(summary::title(event, view));
        page
    }

    /// Adds `technologies` as suggestions for the field of technologies.
    #[must_use]
    pub fn with_suggestions(mut self, technologies: Vec<String>) -> Self {
        self.form.suggest(technologies);
        self
    }

    /// Adds the notice that the client exceeded its rate limit, and can submit again after `seconds`.
    #[must_use]
    pub fn rate_limited(self, seconds: u64, view: &View) -> Self {
        let lang = view.lang;
        let detail = lang.text_with("rate-limit-detail", [("seconds", seconds.into())]);
        self.with_resubmit_notice(lang.text("rate-limit-title"), detail)
    }

    /// Adds the notice that the submitted form looks like spam, and must be submitted again to confirm it.
    #[must_use]
    pub fn flagged_as_suspicious(self, suspicion: SpamSuspicion, view: &View) -> Self {
        let detail = match suspicion {
            SpamSuspicion::HoneypotFilled => "spam-check-honeypot",
            SpamSuspicion::TooSoon => "spam-check-too-soon",
            SpamSuspicion::NoFormToken => "spam-check-no-token",
        };
        let title = view.lang.text("spam-check-title");
        self.with_resubmit_notice(title, view.lang.text(detail))
    }

    fn with_resubmit_notice(self, title: String, detail: String) -> Self {
        Self {
            resubmit: Some(ResubmitNotice { title, detail }),
            ..self
        }
    }

    /// Adds the notice that the form's token has already published the event `event_id`, with other values.
    #[must_use]
    pub fn already_published(self, event_id: i64) -> Self {
        Self {
            published_id: Some(event_id),
            ..self
        }
    }
}

impl Page for CreatePage {
    const TEMPLATE: &'static str = "create";
    const PRIVATE: bool = true;
    const SCRIPT: Option<&'static str> = Some("form.js");

    fn title(&self, lang: Lang) -> Option<String> {
        Some(self.form.page_title(lang.text("create-title"), lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample_view;

    #[test]
    fn technologies_in_use_are_suggested() {
        let view = sample_view("2027-01-01T12:00:00Z");
        let html = |technologies: &[&str]| {
            let names = technologies.iter().map(|name| (*name).to_owned());
            let page = CreatePage::new(&EventForm::default(), None, None, Tz::UTC, &view);
            view.html(&page.with_suggestions(names.collect())).unwrap()
        };
        let with_suggestions = html(&["C++", "R&D"]);
        assert!(with_suggestions.contains(r#"list="technology-suggestions""#));
        assert!(with_suggestions.contains(r#"<option value="R&amp;D"></option></datalist>"#));
        assert!(!html(&[]).contains("technology-suggestions"));
    }
}
