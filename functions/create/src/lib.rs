//! `GET /events/new`, `POST /events/` and `POST /api/events/`: publishes an event; `GET /events/{id}/created` shows the
//! secret link to whoever has just published it.

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
    clock::Clock,
    config::Settings,
    error::Error,
    event::{Event, EventDraft, EventForm},
    extract::{Form, JsonObject, Path, Unlocked, key_cookie},
    page::{CreatePage, CreatedPage, View},
    store::{self, Db},
    token::EditToken,
};

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

/// Shows the empty form.
async fn form(State(settings): State<Arc<Settings>>, view: View) -> Result<Response, Error> {
    Ok(view.show(&CreatePage::new(
        &EventForm::default(),
        None,
        settings.default_timezone,
        &view,
    ))?)
}

/// Publishes the event and leaves the key to it in a cookie, or shows the form again with what to fix.
async fn create(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    view: View,
    Form { event: form, .. }: Form,
) -> Result<Response, Error> {
    let draft = match form.check(settings.default_timezone) {
        Ok(draft) => draft,
        Err(problems) => {
            return Ok(view.show_invalid(&CreatePage::new(
                &form,
                Some(&problems),
                settings.default_timezone,
                &view,
            ))?);
        }
    };
    let (event, token) = publish(&db, &clock, &draft).await?;
    let cookie = key_cookie(event.id, &token, &view);
    Ok((
        [(header::SET_COOKIE, cookie)],
        answer::see_other(&format!("/events/{}/created", event.id)),
    )
        .into_response())
}

/// Publishes the event and answers it with its token, this once.
async fn create_json(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    let draft = EventForm::from_json(&members)
        .check(settings.default_timezone)
        .map_err(Error::Invalid)?;
    let (event, token) = publish(&db, &clock, &draft).await?;
    let headers = [
        (header::LOCATION, format!("/api/events/{}", event.id)),
        (header::ETAG, event.etag()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((
        StatusCode::CREATED,
        headers,
        answer::json(&event.to_json(Some(&token))),
    )
        .into_response())
}

async fn publish(db: &Db, clock: &Clock, draft: &EventDraft) -> Result<(Event, EditToken), Error> {
    let token = EditToken::random();
    let event = store::insert_event(db, draft, &token, clock.now()).await?;
    metrics::counter!("events_created_total").increment(1);
    tracing::info!(event.id = event.id, "Event created");
    Ok((event, token))
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
