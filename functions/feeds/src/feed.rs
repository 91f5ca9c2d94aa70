//! `GET /feed.atom` and `GET /feed.json`: the events of a filtered list by date of publication, for feed readers.

use std::sync::Arc;

use axum::{Extension, extract::State, response::Response};
use shared::{
    config::Settings,
    formats::{Feed, atom_feed, json_feed},
    http::{
        Error,
        expiry::{SECOND, truncate_time, with_expiry},
        response,
    },
    pages::View,
    query::QueryParams,
    store::Db,
};

use crate::feed_request::FeedRequest;

/// The media type of an Atom feed (RFC 4287 §7); [`JSON_FEED`] is that of a JSON Feed
/// (<https://jsonfeed.org/version/1.1>).
const ATOM: &str = "application/atom+xml; charset=utf-8";
const JSON_FEED: &str = "application/feed+json; charset=utf-8";

/// The formats of a feed.
#[derive(Clone, Copy)]
pub(crate) enum FeedFormat {
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.1 (<https://jsonfeed.org/version/1.1>).
    Json,
}

/// Responds with the feed: the 500 events published last, latest first.
pub(crate) async fn feed(
    Extension(format): Extension<FeedFormat>,
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    mut view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    view.now = truncate_time(view.now, SECOND);
    let request = FeedRequest::parse(&query, &settings, &view)?;
    let events = request.published_events(&db, view.now).await?;
    let feed = Feed {
        name: &request.name,
        page: &request.page,
        query: &request.query.to_string(),
        events: &events,
    };
    let (text, media_type) = match format {
        FeedFormat::Atom => (atom_feed(&feed, &view)?, ATOM),
        FeedFormat::Json => (json_feed(&feed, &view)?, JSON_FEED),
    };
    let response = response::in_language(text, media_type, view.lang);
    Ok(with_expiry(response, view.now + SECOND))
}
