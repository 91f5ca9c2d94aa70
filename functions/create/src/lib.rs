//! `GET /events/new`, `POST /events/` and `POST /api/events/`: publishes an event; `GET /events/{id}/created` shows the
//! secret link to whoever has just published it.

mod publish;

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{StatusCode, header};
use shared::{
    app::App,
    domain::{EventForm, ValidationErrors},
    formats::event_json,
    http::Error,
    http::response,
    http::{EditSession, Form, Idempotency, JsonObject, Path, Suggestions, edit_cookie},
    pages::{CreatePage, CreatedPage, SpamSuspicion, View},
    query::QueryParams,
    routes::{links, paths},
};

use self::publish::{Outcome, Publisher};

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::NEW_EVENT, get(form))
        .route(paths::EVENTS_WITHOUT_SLASH, post(create))
        .route(paths::EVENTS, post(create))
        .route(paths::EVENT_CREATED, get(created))
        .route(paths::API_EVENTS_WITHOUT_SLASH, post(create_json))
        .route(paths::API_EVENTS, post(create_json))
}

/// Shows the empty form, or the one filled in from the event it shall `copy`, with a stamp that lets it publish once.
async fn form(
    publisher: Publisher,
    Suggestions(technologies): Suggestions,
    view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    let id = query.get(&["copy"]).and_then(|id| id.parse().ok());
    let copied = match id {
        Some(id) => publisher.public_event(id).await?,
        None => None,
    };
    let stamp = publisher.stamp().await?;
    let zone = publisher.settings.default_timezone;
    let page = match copied {
        Some(event) => CreatePage::copy_of(&event, stamp, &view),
        None => CreatePage::new(&EventForm::default(), None, stamp, zone, &view),
    };
    Ok(view.show(&page.with_suggestions(technologies))?)
}

/// Publishes the event and leaves the key to it in a cookie, or shows the form again with what to fix.
async fn create(
    publisher: Publisher,
    Suggestions(technologies): Suggestions,
    view: View,
    form: Form,
) -> Result<Response, Error> {
    let zone = publisher.settings.default_timezone;
    let page = |problems: Option<&ValidationErrors>, stamp| {
        CreatePage::new(&form.event, problems, stamp, zone, &view)
            .with_suggestions(technologies.clone())
    };
    let kept = async || match &form.key {
        Some(key) => Ok(Some(key.expose().to_owned())),
        None => publisher.stamp().await,
    };
    let draft = match publisher.check(&form.event) {
        Ok(draft) => draft,
        Err(problems) => return Ok(view.show_invalid(&page(Some(&problems), kept().await?))?),
    };
    if let Some(doubt) = publisher.doubt(&form).await? {
        let stamp = match doubt {
            SpamSuspicion::NoFormToken => publisher.stamp().await?,
            SpamSuspicion::TooSoon | SpamSuspicion::HoneypotFilled => kept().await?,
        };
        return Ok(view.show_invalid(&page(None, stamp).doubted(doubt, &view))?);
    }
    let outcome = publisher
        .publish(&form.event, &draft, form.key.as_ref())
        .await;
    let id = match outcome {
        Ok(Outcome::Published { event, token }) => {
            let cookie = edit_cookie(event.id, &token, &view);
            let created = response::see_other(&links::event_created(event.id));
            return Ok(([(header::SET_COOKIE, cookie)], created).into_response());
        }
        Ok(Outcome::PublishedElse { event_id }) => event_id,
        Err(Error::RateLimited(wait)) => {
            let page = page(None, kept().await?).told_to_wait(wait.seconds(), &view);
            return Ok(view.show_wait(&page, wait.seconds())?);
        }
        Err(error) => return Err(error),
    };
    // Sent, taken back, changed and sent again: as another event only if that is what is meant.
    let another = page(None, publisher.stamp().await?).after_publishing(id);
    Ok(view.show_conflict(&another)?)
}

/// Publishes the event and answers it with its token, this once.
async fn create_json(
    publisher: Publisher,
    Idempotency(key): Idempotency,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    let form = EventForm::from_json(&members);
    let draft = publisher.check(&form).map_err(Error::Invalid)?;
    match publisher.publish(&form, &draft, key.as_ref()).await? {
        Outcome::PublishedElse { .. } => Err(Error::IdempotencyKeyReused),
        Outcome::Published { event, token } => {
            let headers = [
                (header::LOCATION, links::api_event(event.id)),
                (header::ETAG, event.etag()),
            ];
            let json = response::json(&event_json(&event, Some(&token)));
            Ok((StatusCode::CREATED, headers, json).into_response())
        }
    }
}

/// Shows the secret link to whoever holds the key; sends everyone else to the public page.
async fn created(
    view: View,
    Path(id): Path<i64>,
    unlocked: Result<EditSession, Error>,
) -> Result<Response, Error> {
    match unlocked {
        Ok(EditSession { event, token }) => {
            Ok(view.show(&CreatedPage::new(&event, &token, &view))?)
        }
        Err(Error::NoEditSession) => Ok(response::see_other(&links::event(id))),
        Err(error) => Err(error),
    }
}
