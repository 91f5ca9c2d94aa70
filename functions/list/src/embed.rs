//! `GET /embed`: a short list for a frame on another site, or one event of it.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use http::HeaderValue;
use shared::{
    config::Settings,
    http::Error,
    http::Query,
    pages::{EmbedPage, View},
    store::{self, Db},
};

use crate::{
    SECOND, beginning,
    feeds::{self, FeedRequest},
    fresh_for,
    wishes::When,
};

/// How many events a frame has room for; with titles as long as they may be, it weighs 20 KiB at most.
const EVENTS_MAX: usize = 8;

/// Shows the next events of these wishes, or the event of an `id`; a wish that cannot be finds nothing.
pub(crate) async fn embed(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    mut view: View,
    query: Query,
) -> Result<Response, Error> {
    view.now = beginning(view.now, SECOND);
    let page = match query.get(&["id"]) {
        Some(id) => {
            let id = id.trim().parse().map_err(|_| Error::NotFound)?;
            let event = store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
            EmbedPage::new(view.app_title.clone(), &[event], "/".to_owned(), &view)
        }
        None => {
            let asked = FeedRequest::read(&query, &settings, &view)?;
            let events = match &asked.wishes {
                Some(wishes) => {
                    let when = match wishes.when {
                        When::All if query.get(&["when"]).is_none() => When::Upcoming,
                        when => when,
                    };
                    let filter = wishes.filter(&db).await?;
                    feeds::agenda(&db, &filter, when, EVENTS_MAX, None, view.now).await?
                }
                None => Vec::new(),
            };
            EmbedPage::new(asked.heading, &events, asked.page, &view)
        }
    };
    let mut response = view.show(&page)?;
    let robots = HeaderValue::from_static("noindex");
    response.headers_mut().insert("x-robots-tag", robots);
    Ok(fresh_for(response, view.now, SECOND))
}
