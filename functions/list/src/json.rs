//! `GET /api/events/`: the filtered list of events as JSON.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use shared::{
    clock::Clock,
    config::Settings,
    formats::event_json,
    http::{
        Cursor, Error, ListParams, TimeFilter,
        expiry::{SECOND, truncate_time, with_expiry},
        response,
    },
    query::QueryParams,
    routes::{LIST_PARAMS, paths},
    store::Db,
};

use crate::page::Page;

/// Responds with a JSON array of events, and the address of the next page in the header `Link` (RFC 8288).
pub(crate) async fn list(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    query: QueryParams,
) -> Result<Response, Error> {
    let query = query.only(&LIST_PARAMS);
    let params = ListParams::parse(&query, settings.default_timezone)?;
    let start = params.cursor.unwrap_or(Cursor {
        when: params.when,
        now: truncate_time(clock.now(), SECOND),
        after: None,
    });
    let filter = params.filter(&db).await?;
    let page = Page::fetch(&db, &filter, start, params.offset, params.limit).await?;
    let events: Vec<_> = page
        .events
        .iter()
        .map(|event| event_json(event, None))
        .collect();
    let mut response = response::json(&events);
    if let Some(next) = page.next(start) {
        response = (next_link(&query, next), response).into_response();
    }
    if start.when != TimeFilter::All && params.cursor.is_none() {
        response = with_expiry(response, start.now + SECOND);
    }
    Ok(response)
}

fn next_link(query: &QueryParams, next: Cursor) -> [(header::HeaderName, String); 1] {
    let query = query.without(&["cursor", "offset", "skip"]);
    let query = query.with("cursor", Some(&next.to_text()));
    let address = query.append_to(paths::API_EVENTS);
    [(header::LINK, format!("<{address}>; rel=\"next\""))]
}
