//! `GET` and `POST /events/{id}/edit`: the form that changes an event.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use shared::{
    clock::Clock,
    config::Settings,
    domain::{Event, EventForm, ValidationErrors},
    http::{EditSession, Error, Form, Suggestions, response},
    pages::{EditPage, View},
    routes::links,
    store::{self, Db},
};

/// The form with the event's values.
pub(crate) async fn form(
    view: View,
    EditSession { event, .. }: EditSession,
    Suggestions(technologies): Suggestions,
) -> Result<Response, Error> {
    let page = EditPage::new(&event, &EventForm::from_event(&event), None, &view);
    Ok(view.show(&page.with_suggestions(technologies))?)
}

/// Updates the event, or shows the form again: 422 with validation errors, 409 with the event's current values when it was
/// changed after the form was opened.
pub(crate) async fn edit(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    view: View,
    EditSession { event, token }: EditSession,
    Suggestions(technologies): Suggestions,
    form: Form,
) -> Result<Response, Error> {
    let changed = form.event.into_change_of(&event);
    let rejection = Rejection {
        form: &changed,
        technologies,
        view: &view,
    };
    if form.version.is_some_and(|version| version != event.version) {
        return rejection.conflict(&event);
    }
    let draft = changed.validate_change(&event, settings.default_timezone);
    let draft = match draft.and_then(|draft| settings.denylist.check(draft)) {
        Ok(draft) => draft,
        Err(errors) => return rejection.invalid(&event, &errors),
    };
    let updated = store::update_event(&db, &token, &draft, form.version, clock.now()).await?;
    if updated.is_none() {
        // A concurrent request has changed or deleted it.
        let current = store::event_by_token(&db, &token).await?;
        return rejection.conflict(&current.ok_or(Error::NotFound)?);
    }
    crate::record_update(event.id);
    Ok(response::see_other(&page_after_edit(&event)))
}

/// The public page of the event or, if it is hidden and has none, its form.
fn page_after_edit(event: &Event) -> String {
    if event.hidden {
        links::event_edit(event.id)
    } else {
        links::event(event.id)
    }
}

/// Renders the form again with the submitted values and the reason why the event was not updated.
struct Rejection<'a> {
    form: &'a EventForm,
    technologies: Vec<String>,
    view: &'a View,
}

impl Rejection<'_> {
    /// 409 with the current values of the event.
    fn conflict(self, current: &Event) -> Result<Response, Error> {
        let page = EditPage::conflict(current, self.form, self.view);
        let page = page.with_suggestions(self.technologies);
        Ok(self.view.show_conflict(&page)?)
    }

    /// 422 with the validation errors.
    fn invalid(self, event: &Event, errors: &ValidationErrors) -> Result<Response, Error> {
        let page = EditPage::new(event, self.form, Some(errors), self.view);
        let page = page.with_suggestions(self.technologies);
        Ok(self.view.show_invalid(&page)?)
    }
}
