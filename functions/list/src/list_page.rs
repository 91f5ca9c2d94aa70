//! `GET /`: the list page with upcoming events, then past events.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use shared::{
    config::Settings,
    http::Error,
    pages::{LandingPage, ListPage, View},
    query::QueryParams,
    store::{Db, RecentFacets},
};

use crate::{list_events::ListEvents, list_request::ListRequest};

/// Renders the front page, or the list with the filters in the query.
pub(crate) async fn list_page(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    render(&db, &facets, &settings, view, &query, None).await
}

/// Renders the list with the filters of `landing_page`, if there is one, and of `query`.
pub(crate) async fn render(
    db: &Db,
    facets: &RecentFacets,
    settings: &Settings,
    mut view: View,
    query: &QueryParams,
    landing_page: Option<LandingPage>,
) -> Result<Response, Error> {
    let now = view.now;
    let request = ListRequest::parse(query, landing_page, settings, &view)?;
    // All pages of one listing use the time of the first one, so that no event is repeated or missing.
    view.now = request.start.now;
    let filter = request.params.filter(db).await?;
    let events = ListEvents::fetch(db, &filter, request.start, request.params.when).await?;
    let facets = facets.get(db, now).await;
    let listing = request.listing(events, &facets, &view);
    Ok(view.show(&ListPage::new(listing, &view)?)?)
}
