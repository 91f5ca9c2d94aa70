//! `GET /embed`: a short list of events, or one event, for a frame on another site.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use http::HeaderValue;
use shared::{
    config::Settings,
    http::{
        Error, TimeFilter,
        expiry::{SECOND, truncate_time, with_expiry},
    },
    pages::{EmbedPage, View},
    query::QueryParams,
    routes::paths,
    store::{self, Db},
};

use crate::feed_request::{FeedRequest, Selection};

/// Maximum number of events in an embedded list. With titles of maximum length the page has 20 KiB.
const EVENTS_MAX: usize = 8;

/// Renders the event with the id in the query, or the next events that match its filters; an invalid filter matches no
/// event.
pub(crate) async fn embed(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    mut view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    view.now = truncate_time(view.now, SECOND);
    let page = match query.get(&["id"]) {
        Some(id) => event_page(id, &db, &view).await?,
        None => list_page(&query, &db, &settings, &view).await?,
    };
    let mut response = view.show(&page)?;
    let robots = HeaderValue::from_static("noindex");
    response.headers_mut().insert("x-robots-tag", robots);
    Ok(with_expiry(response, view.now + SECOND))
}

async fn event_page(id: &str, db: &Db, view: &View) -> Result<EmbedPage, Error> {
    let id = id.trim().parse().map_err(|_| Error::NotFound)?;
    let event = store::event_by_id(db, id).await?.ok_or(Error::NotFound)?;
    let heading = view.app_title.clone();
    Ok(EmbedPage::new(
        heading,
        &[event],
        paths::HOME.to_owned(),
        view,
    ))
}

async fn list_page(
    query: &QueryParams,
    db: &Db,
    settings: &Settings,
    view: &View,
) -> Result<EmbedPage, Error> {
    let request = FeedRequest::parse(query, settings, view)?;
    let selection = Selection {
        when: request.when.unwrap_or(TimeFilter::Upcoming),
        past_since: None,
        events_max: EVENTS_MAX,
    };
    let events = request.events(db, selection, view.now).await?;
    Ok(EmbedPage::new(request.heading, &events, request.page, view))
}
