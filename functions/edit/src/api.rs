//! The routes by token of the JSON API. A token that is not current opens nothing, whatever it looks like.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use shared::{
    answer,
    clock::Clock,
    config::Settings,
    error::Error,
    event::{Event, EventForm},
    extract::{JsonObject, Token},
    store::{self, Db},
    token::EditToken,
};

/// How often a patch starts anew when somebody else's change came in between.
const PATCH_TRIES: usize = 5;

/// Answers the event with its token.
pub(crate) async fn show(State(db): State<Db>, Token(token): Token) -> Result<Response, Error> {
    let event = store::event_by_token(&db, &token)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(answer(&event, &token))
}

/// Replaces the whole event; what is absent takes its default.
pub(crate) async fn replace(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    Token(token): Token,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    let current = store::event_by_token(&db, &token)
        .await?
        .ok_or(Error::NotFound)?;
    let draft = EventForm::from_json(&members)
        .check_change(&current, settings.default_timezone)
        .map_err(Error::Invalid)?;
    let event = store::update_event(&db, &token, &draft, None, clock.now())
        .await?
        .ok_or(Error::NotFound)?;
    crate::told_update(event.id);
    Ok(answer(&event, &token))
}

/// Changes the members of the merge patch (RFC 7396) and leaves the others.
pub(crate) async fn patch(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    Token(token): Token,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    for _ in 0..PATCH_TRIES {
        let current = store::event_by_token(&db, &token)
            .await?
            .ok_or(Error::NotFound)?;
        let draft = EventForm::patched(&current, &members)
            .check_change(&current, settings.default_timezone)
            .map_err(Error::Invalid)?;
        if let Some(event) =
            store::update_event(&db, &token, &draft, Some(current.version), clock.now()).await?
        {
            crate::told_update(event.id);
            return Ok(answer(&event, &token));
        }
    }
    Err(Error::TooSlow)
}

/// Deletes the event.
pub(crate) async fn delete(
    State(db): State<Db>,
    State(clock): State<Clock>,
    Token(token): Token,
) -> Result<StatusCode, Error> {
    let id = store::delete_event(&db, &token, clock.now())
        .await?
        .ok_or(Error::NotFound)?;
    crate::told_deletion(id);
    Ok(StatusCode::NO_CONTENT)
}

/// Answers the event with a new token; the old one is void.
pub(crate) async fn rotate(
    State(db): State<Db>,
    State(clock): State<Clock>,
    Token(token): Token,
) -> Result<Response, Error> {
    let new = EditToken::random();
    let event = store::replace_edit_token(&db, &token, &new, clock.now()).await?;
    Ok(answer(&event.ok_or(Error::NotFound)?, &new))
}

fn answer(event: &Event, token: &EditToken) -> Response {
    let headers = [
        (header::ETAG, event.etag()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, answer::json(&event.to_json(Some(token)))).into_response()
}
