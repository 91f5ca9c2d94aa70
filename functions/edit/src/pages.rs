//! The pages of the editing side. The key travels in a cookie, so that it does not stay in the address bar.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use shared::{
    clock::Clock,
    config::Settings,
    domain::EditToken,
    domain::EventForm,
    http::Error,
    http::response,
    http::{
        EditSession, Form, SameOriginForm, Suggestions, Token, edit_cookie, expired_edit_cookie,
    },
    pages::{DeletePage, EditPage, View},
    routes::links,
    store::{self, Db},
};

/// Takes the token from the secret link into a cookie for its event, and goes on to the form.
pub(crate) async fn enter(
    State(db): State<Db>,
    view: View,
    Token(token): Token,
) -> Result<Response, Error> {
    let event = store::event_by_token(&db, &token)
        .await?
        .ok_or(Error::NotFound)?;
    let headers = [(header::SET_COOKIE, edit_cookie(event.id, &token, &view))];
    let form = response::see_other(&links::event_edit(event.id));
    Ok((headers, form).into_response())
}

/// Shows the form, filled in.
pub(crate) async fn form(
    view: View,
    EditSession { event, .. }: EditSession,
    Suggestions(technologies): Suggestions,
) -> Result<Response, Error> {
    let page = EditPage::new(&event, &EventForm::from_event(&event), None, &view);
    Ok(view.show(&page.with_suggestions(technologies))?)
}

/// Saves the change, or shows the form again with what to fix, or with what somebody else has saved meanwhile.
pub(crate) async fn edit(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    view: View,
    EditSession { event, token }: EditSession,
    Suggestions(technologies): Suggestions,
    Form {
        event: form,
        version,
        ..
    }: Form,
) -> Result<Response, Error> {
    let form = form.into_change_of(&event);
    if version.is_some_and(|version| version != event.version) {
        let page = EditPage::conflict(&event, &form, &view);
        return Ok(view.show_conflict(&page.with_suggestions(technologies))?);
    }
    let draft = form.validate_change(&event, settings.default_timezone);
    let draft = match draft.and_then(|draft| settings.denylist.check(draft)) {
        Ok(draft) => draft,
        Err(problems) => {
            let page = EditPage::new(&event, &form, Some(&problems), &view);
            return Ok(view.show_invalid(&page.with_suggestions(technologies))?);
        }
    };
    if store::update_event(&db, &token, &draft, version, clock.now())
        .await?
        .is_none()
    {
        // Somebody was faster by a moment, or has deleted it.
        let event = store::event_by_token(&db, &token)
            .await?
            .ok_or(Error::NotFound)?;
        let page = EditPage::conflict(&event, &form, &view);
        return Ok(view.show_conflict(&page.with_suggestions(technologies))?);
    }
    crate::record_update(event.id);
    // What is hidden has no public page to go on to.
    let page = if event.hidden {
        links::event_edit(event.id)
    } else {
        links::event(event.id)
    };
    Ok(response::see_other(&page))
}

/// Asks once more before the event is deleted.
pub(crate) async fn ask(
    view: View,
    EditSession { event, .. }: EditSession,
) -> Result<Response, Error> {
    Ok(view.show(&DeletePage::new(&event, &view))?)
}

/// Deletes the event and takes the key back.
pub(crate) async fn delete(
    State(db): State<Db>,
    State(clock): State<Clock>,
    view: View,
    _: SameOriginForm,
    EditSession { event, token }: EditSession,
) -> Result<Response, Error> {
    store::delete_event(&db, &token, None, clock.now())
        .await?
        .ok_or(Error::NotFound)?;
    crate::record_deletion(event.id);
    let no_key = [(header::SET_COOKIE, expired_edit_cookie(event.id, &view))];
    Ok((no_key, response::see_other(&links::home_after_deletion())).into_response())
}

/// Puts a new key in the place of the old one, and shows the new link.
pub(crate) async fn rotate(
    State(db): State<Db>,
    State(clock): State<Clock>,
    view: View,
    _: SameOriginForm,
    EditSession { event, token }: EditSession,
) -> Result<Response, Error> {
    let new = EditToken::random();
    store::replace_edit_token(&db, &token, &new, None, clock.now())
        .await?
        .ok_or(Error::NotFound)?;
    let key = [(header::SET_COOKIE, edit_cookie(event.id, &new, &view))];
    let shown = response::see_other(&links::event_created(event.id));
    Ok((key, shown).into_response())
}
