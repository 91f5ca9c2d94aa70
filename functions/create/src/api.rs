//! `POST /api/events/`: publishes an event from JSON.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use shared::{
    domain::EventForm,
    formats::event_json,
    http::{Error, Idempotency, JsonObject, response},
    routes::links,
};

use crate::publisher::{Publication, Publisher};

/// Publishes the event; responds with 201, the event and its edit token.
pub(crate) async fn create(
    publisher: Publisher,
    Idempotency(key): Idempotency,
    JsonObject(members): JsonObject,
) -> Result<Response, Error> {
    let form = EventForm::from_json(&members);
    let draft = publisher.validate(&form).map_err(Error::Invalid)?;
    let publication = publisher.publish(&form, &draft, key.as_ref()).await?;
    let Publication::Published { event, token } = publication else {
        return Err(Error::IdempotencyKeyReused);
    };
    let headers = [
        (header::LOCATION, links::api_event(event.id)),
        (header::ETAG, event.etag()),
    ];
    let json = response::json(&event_json(&event, Some(&token)));
    Ok((StatusCode::CREATED, headers, json).into_response())
}
