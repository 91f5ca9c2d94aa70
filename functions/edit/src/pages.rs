//! The pages of the editing side. The key travels in a cookie, so that it does not stay in the address bar.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use shared::{
    answer,
    clock::Clock,
    config::Settings,
    error::Error,
    event::{Event, EventForm},
    extract::{Form, Key, OwnForm, Path, key_cookie, no_key_cookie},
    page::{DeletePage, EditPage, View},
    store::{self, Db},
    token::EditToken,
};

/// Takes the token from the secret link into a cookie for its event, and goes on to the form.
pub(crate) async fn enter(
    State(db): State<Db>,
    view: View,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let token = EditToken::presented(&token);
    let event = store::event_by_token(&db, &token)
        .await?
        .ok_or(Error::NotFound)?;
    let headers = [
        (header::SET_COOKIE, key_cookie(event.id, &token, &view)),
        (
            header::REFERRER_POLICY,
            http::HeaderValue::from_static("no-referrer"),
        ),
        (
            header::CACHE_CONTROL,
            http::HeaderValue::from_static("no-store"),
        ),
    ];
    Ok((
        headers,
        answer::see_other(&format!("/events/{}/edit", event.id)),
    )
        .into_response())
}

/// Shows the form, filled in.
pub(crate) async fn form(
    State(db): State<Db>,
    view: View,
    Path(id): Path<i64>,
    Key(key): Key,
) -> Result<Response, Error> {
    let (event, _) = unlocked(&db, id, key).await?;
    Ok(view.show(&EditPage::new(&event, &EventForm::of(&event), None, &view))?)
}

/// Saves the change, or shows the form again with what to fix.
pub(crate) async fn edit(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    view: View,
    Path(id): Path<i64>,
    Key(key): Key,
    Form(form): Form,
) -> Result<Response, Error> {
    let (event, token) = unlocked(&db, id, key).await?;
    let form = form.as_change_of(&event);
    let draft = match form.check(settings.default_timezone) {
        Ok(draft) => draft.as_change_of(&event),
        Err(problems) => {
            return Ok(view.show_invalid(&EditPage::new(&event, &form, Some(&problems), &view))?);
        }
    };
    store::update_event(&db, &token, &draft, None, clock.now())
        .await?
        .ok_or(Error::NotFound)?;
    crate::told_update(id);
    Ok(answer::see_other(&format!("/events/{id}")))
}

/// Asks once more before the event is deleted.
pub(crate) async fn ask(
    State(db): State<Db>,
    view: View,
    Path(id): Path<i64>,
    Key(key): Key,
) -> Result<Response, Error> {
    let (event, _) = unlocked(&db, id, key).await?;
    Ok(view.show(&DeletePage::new(&event, &view))?)
}

/// Deletes the event and takes the key back.
pub(crate) async fn delete(
    State(db): State<Db>,
    State(clock): State<Clock>,
    view: View,
    Path(id): Path<i64>,
    Key(key): Key,
    _: OwnForm,
) -> Result<Response, Error> {
    let (_, token) = unlocked(&db, id, key).await?;
    store::delete_event(&db, &token, clock.now())
        .await?
        .ok_or(Error::NotFound)?;
    crate::told_deletion(id);
    Ok((
        [(header::SET_COOKIE, no_key_cookie(id, &view))],
        answer::see_other("/?deleted=1"),
    )
        .into_response())
}

/// Puts a new key in the place of the old one, and shows the new link.
pub(crate) async fn rotate(
    State(db): State<Db>,
    State(clock): State<Clock>,
    view: View,
    Path(id): Path<i64>,
    Key(key): Key,
    _: OwnForm,
) -> Result<Response, Error> {
    let (_, token) = unlocked(&db, id, key).await?;
    let new = EditToken::random();
    store::replace_edit_token(&db, &token, &new, clock.now())
        .await?
        .ok_or(Error::NotFound)?;
    let headers = [(header::SET_COOKIE, key_cookie(id, &new, &view))];
    Ok((headers, answer::see_other(&format!("/events/{id}/created"))).into_response())
}

/// The event of this id and the key to it, for whoever holds that key.
async fn unlocked(db: &Db, id: i64, key: Option<EditToken>) -> Result<(Event, EditToken), Error> {
    if let Some(token) = key
        && let Some(event) = store::event_by_token(db, &token)
            .await?
            .filter(|event| event.id == id)
    {
        return Ok((event, token));
    }
    // A deleted event is gone for everyone; one that lives says how to get in.
    store::event_by_id(db, id).await?.ok_or(Error::NotFound)?;
    Err(Error::NoKey)
}
