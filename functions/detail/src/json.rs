//! `GET /api/events/{id}`: an event as JSON.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use shared::{
    formats::event_json,
    http::{Error, Path, response},
    store::Db,
};

/// Responds with an event without its edit token; the ETag changes with the event's version.
pub(crate) async fn json(State(db): State<Db>, Path(id): Path<i64>) -> Result<Response, Error> {
    let event = crate::public_event(&db, id).await?;
    let json = response::json(&event_json(&event, None));
    Ok(([(header::ETAG, event.etag())], json).into_response())
}
