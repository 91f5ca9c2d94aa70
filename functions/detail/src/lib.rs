//! `GET /events/{id}` and `GET /api/events/{id}`: one event, as a page and as JSON; `GET /events/{id}/event.ics`: the same
//! for calendars; `GET /oembed`: the same for other sites.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::header;
use shared::{
    app::App,
    formats::event_json,
    http::Error,
    http::response,
    http::{Path, Query},
    pages::{DetailPage, View},
    store::{self, Db},
};

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/events/{id}", get(detail))
        .route("/events/{id}/event.ics", get(calendar))
        .route("/oembed", get(oembed))
        .route("/api/events/{id}", get(detail_json))
}

/// Shows the event to everyone.
async fn detail(State(db): State<Db>, view: View, Path(id): Path<i64>) -> Result<Response, Error> {
    let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
    Ok(view.show(&DetailPage::new(&event, &view))?)
}

/// Answers the event for calendars.
async fn calendar(
    State(db): State<Db>,
    view: View,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
    Ok(view.event_calendar(&event))
}

/// Answers what another site needs to show the event at the address that it asks for (<https://oembed.com>).
async fn oembed(State(db): State<Db>, view: View, query: Query) -> Result<Response, Error> {
    let size = |name| match query.get(&[name]) {
        None => Ok(u32::MAX),
        Some(text) => text.trim().parse().map_err(|_| Error::BadParameter {
            name,
            allowed: "number",
        }),
    };
    let (width, height) = (size("maxwidth")?, size("maxheight")?);
    if query
        .get(&["format"])
        .is_some_and(|format| format != "json")
    {
        return Err(Error::NotOffered);
    }
    let address = query.get(&["url"]).unwrap_or_default();
    let id = view.event_at(address).ok_or(Error::NotFound)?;
    let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
    Ok(view.oembed(&event, width, height)?)
}

/// Answers the event, without its token.
async fn detail_json(State(db): State<Db>, Path(id): Path<i64>) -> Result<Response, Error> {
    let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
    Ok((
        [(header::ETAG, event.etag())],
        response::json(&event_json(&event, None)),
    )
        .into_response())
}
