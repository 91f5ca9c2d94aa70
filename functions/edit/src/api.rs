//! `/api/events/by-token/{token}`: reads, changes and deletes the event with an edit token, as JSON. An unknown or
//! replaced token is 404.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use shared::{
    clock::Clock,
    config::Settings,
    domain::{EditToken, Event, EventForm},
    formats::event_json,
    http::{Error, IfMatch, JsonObject, Token, response},
    store::{self, Db},
};

/// Maximum number of attempts to update an event while concurrent requests change it.
const ATTEMPTS_MAX: usize = 5;

/// Returns the event with the edit token `token`, if its version matches `if_match`.
async fn current(db: &Db, token: &EditToken, if_match: &IfMatch) -> Result<Event, Error> {
    let event = store::event_by_token(db, token).await?;
    let event = event.ok_or(Error::NotFound)?;
    if_match.check(&event)?;
    Ok(event)
}

/// Responds with the event whose edit token is `token`, including the token.
pub(crate) async fn show(State(db): State<Db>, Token(token): Token) -> Result<Response, Error> {
    let event = store::event_by_token(&db, &token)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(with_token(&event, &token))
}

/// Replaces all values of the event by the JSON body; absent members get their default.
pub(crate) async fn replace(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    Token(token): Token,
    if_match: IfMatch,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    let form = |_: &Event| EventForm::from_json(&members);
    change(&db, &clock, &settings, &token, &if_match, form).await
}

/// Changes the event by the merge patch (RFC 7396) in the body.
pub(crate) async fn patch(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    Token(token): Token,
    if_match: IfMatch,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    let form = |current: &Event| EventForm::from_merge_patch(current, &members);
    change(&db, &clock, &settings, &token, &if_match, form).await
}

/// Updates the event to the values that `form` builds from its current version.
async fn change(
    db: &Db,
    clock: &Clock,
    settings: &Settings,
    token: &EditToken,
    if_match: &IfMatch,
    form: impl Fn(&Event) -> EventForm,
) -> Result<Response, Error> {
    for _ in 0..ATTEMPTS_MAX {
        let current = current(db, token, if_match).await?;
        let draft = form(&current)
            .validate_change(&current, settings.default_timezone)
            .and_then(|draft| settings.denylist.check(draft))
            .map_err(Error::Invalid)?;
        let version = Some(current.version);
        if let Some(event) = store::update_event(db, token, &draft, version, clock.now()).await? {
            crate::record_update(event.id);
            return Ok(with_token(&event, token));
        }
    }
    Err(Error::Timeout)
}

/// Deletes the event whose edit token is `token`.
pub(crate) async fn delete(
    State(db): State<Db>,
    State(clock): State<Clock>,
    Token(token): Token,
    if_match: IfMatch,
) -> Result<StatusCode, Error> {
    for _ in 0..ATTEMPTS_MAX {
        let version = current(&db, &token, &if_match).await?.version;
        if let Some(id) = store::delete_event(&db, &token, Some(version), clock.now()).await? {
            crate::record_deletion(id);
            return Ok(StatusCode::NO_CONTENT);
        }
    }
    Err(Error::Timeout)
}

/// Replaces the event's edit token and responds with the event and the new token. The old token is then invalid.
pub(crate) async fn rotate(
    State(db): State<Db>,
    State(clock): State<Clock>,
    Token(token): Token,
    if_match: IfMatch,
) -> Result<Response, Error> {
    let new = EditToken::random();
    for _ in 0..ATTEMPTS_MAX {
        let version = current(&db, &token, &if_match).await?.version;
        let now = clock.now();
        if let Some(event) =
            store::replace_edit_token(&db, &token, &new, Some(version), now).await?
        {
            return Ok(with_token(&event, &new));
        }
    }
    Err(Error::Timeout)
}

fn with_token(event: &Event, token: &EditToken) -> Response {
    let etag = [(header::ETAG, event.etag())];
    (etag, response::json(&event_json(event, Some(token)))).into_response()
}
