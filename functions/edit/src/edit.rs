//! `GET` and `POST /events/{id}/edit`: the HTML form that changes an event.

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

/// Renders the edit form with the event's current values.
pub(crate) async fn form(
    view: View,
    EditSession { event, .. }: EditSession,
    Suggestions(technologies): Suggestions,
) -> Result<Response, Error> {
    let page = EditPage::new(&event, &EventForm::from_event(&event), None, &view);
    Ok(view.show(&page.with_suggestions(technologies))?)
}

/// Updates the event, or shows its form again: with 422 and the validation errors, or with 409 and the current values
/// if the event was changed after the form was opened.
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

/// Returns the path of the event's public page or, if the event is hidden and has no public page, of its edit form.
fn page_after_edit(event: &Event) -> String {
    if event.hidden {
        links::event_edit(event.id)
    } else {
        links::event(event.id)
    }
}

/// Renders the submitted form again, with its values and the reason why the event was not updated.
struct Rejection<'a> {
    form: &'a EventForm,
    technologies: Vec<String>,
    view: &'a View,
}

impl Rejection<'_> {
    /// Responds with 409 and the current values of the event beside the submitted ones.
    fn conflict(self, current: &Event) -> Result<Response, Error> {
        let page = EditPage::conflict(current, self.form, self.view);
        let page = page.with_suggestions(self.technologies);
        Ok(self.view.show_conflict(&page)?)
    }

    /// Responds with 422 and the validation errors in the form.
    fn invalid(self, event: &Event, errors: &ValidationErrors) -> Result<Response, Error> {
        let page = EditPage::new(event, self.form, Some(errors), self.view);
        let page = page.with_suggestions(self.technologies);
        Ok(self.view.show_invalid(&page)?)
    }
}
