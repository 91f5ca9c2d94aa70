//! `GET /events/new`, `POST /events/` and `POST /api/events/`: publishes an event; `GET /events/{id}/created` shows the
//! secret link to whoever has just published it.

mod publish;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{StatusCode, header};
use shared::{
    answer,
    app::App,
    config::Settings,
    error::Error,
    event::EventForm,
    extract::{Form, Idempotency, IdempotencyKey, JsonObject, Path, Unlocked, key_cookie},
    page::{CreatePage, CreatedPage, View},
};

use self::publish::{Outcome, Publisher};

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/events/new", get(form))
        .route("/events", post(create))
        .route("/events/", post(create))
        .route("/events/{id}/created", get(created))
        .route("/api/events", post(create_json))
        .route("/api/events/", post(create_json))
}

/// Shows the empty form, with a key that lets it publish once.
async fn form(State(settings): State<Arc<Settings>>, view: View) -> Result<Response, Error> {
    Ok(view.show(&CreatePage::new(
        &EventForm::default(),
        None,
        IdempotencyKey::random().expose(),
        settings.default_timezone,
        &view,
    ))?)
}

/// Publishes the event and leaves the key to it in a cookie, or shows the form again with what to fix.
async fn create(
    publisher: Publisher,
    view: View,
    Form {
        event: form, key, ..
    }: Form,
) -> Result<Response, Error> {
    let zone = publisher.settings.default_timezone;
    let draft = match form.check(zone) {
        Ok(draft) => draft,
        Err(problems) => {
            let key = key.unwrap_or_else(IdempotencyKey::random);
            let page = CreatePage::new(&form, Some(&problems), key.expose(), zone, &view);
            return Ok(view.show_invalid(&page)?);
        }
    };
    let outcome = match publisher.publish(&form, &draft, key.as_ref()).await {
        Err(Error::TooMany(wait)) => {
            let key = key.unwrap_or_else(IdempotencyKey::random);
            let page = CreatePage::new(&form, None, key.expose(), zone, &view);
            return Ok(view.show_wait(&page.told_to_wait(wait.seconds(), &view), wait.seconds())?);
        }
        outcome => outcome?,
    };
    let id = match outcome {
        Outcome::Published { event, token } => {
            let cookie = key_cookie(event.id, &token, &view);
            let created = answer::see_other(&format!("/events/{}/created", event.id));
            return Ok(([(header::SET_COOKIE, cookie)], created).into_response());
        }
        Outcome::PublishedElse { event_id } => event_id,
    };
    // Sent, taken back, changed and sent again: as another event only if that is what is meant.
    let another = IdempotencyKey::random();
    let page = CreatePage::new(&form, None, another.expose(), zone, &view).after_publishing(id);
    Ok(view.show_conflict(&page)?)
}

/// Publishes the event and answers it with its token, this once.
async fn create_json(
    publisher: Publisher,
    Idempotency(key): Idempotency,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    let form = EventForm::from_json(&members);
    let draft = form
        .check(publisher.settings.default_timezone)
        .map_err(Error::Invalid)?;
    match publisher.publish(&form, &draft, key.as_ref()).await? {
        Outcome::PublishedElse { .. } => Err(Error::KeyReused),
        Outcome::Published { event, token } => {
            let headers = [
                (header::LOCATION, format!("/api/events/{}", event.id)),
                (header::ETAG, event.etag()),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            let json = answer::json(&event.to_json(Some(&token)));
            Ok((StatusCode::CREATED, headers, json).into_response())
        }
    }
}

/// Shows the secret link to whoever holds the key; sends everyone else to the public page.
async fn created(
    view: View,
    Path(id): Path<i64>,
    unlocked: Result<Unlocked, Error>,
) -> Result<Response, Error> {
    match unlocked {
        Ok(Unlocked { event, token }) => Ok(view.show(&CreatedPage::new(&event, &token, &view))?),
        Err(Error::NoKey) => Ok(answer::see_other(&format!("/events/{id}"))),
        Err(error) => Err(error),
    }
}
