//! `/api/events/by-token/{token}`: the event of an edit token as JSON. An unknown or replaced token is 404.

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

/// Maximum number of attempts to write while concurrent requests change the event.
const ATTEMPTS_MAX: usize = 5;

/// The event of this token, if its version matches `If-Match`.
async fn current(db: &Db, token: &EditToken, if_match: &IfMatch) -> Result<Event, Error> {
    let event = store::event_by_token(db, token).await?;
    let event = event.ok_or(Error::NotFound)?;
    if_match.check(&event)?;
    Ok(event)
}

/// Returns the event with its token.
pub(crate) async fn show(State(db): State<Db>, Token(token): Token) -> Result<Response, Error> {
    let event = store::event_by_token(&db, &token)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(with_token(&event, &token))
}

/// Replaces the whole event; absent members get their default.
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

/// Applies a merge patch (RFC 7396).
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

/// Updates the event with the form that `form` builds from its current version.
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

/// Deletes the event.
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

/// Replaces the token by a new one and returns the event with it. The old token is invalid from then on.
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
