//! `GET /admin`: the operator's page with the most recently published events, including hidden ones.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use shared::{
    config::Settings,
    http::{Error, Operator},
    pages::{AdminPage, View},
    query::QueryParams,
    routes::paths,
    store::{self, AdminEventsQuery, Db},
};

/// Maximum number of events on the operator's page.
const EVENTS_PER_PAGE: usize = 50;

/// Renders the operator's page with the latest events, optionally only those of one source or only hidden ones.
pub(crate) async fn latest(
    _: Operator,
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    let filter = AdminEventsQuery {
        before: crate::integer(&query, "before")?.unwrap_or(i64::MAX),
        source: query.get(&["source"]).map(str::to_owned),
        hidden: query.get(&["hidden"]).is_some(),
        limit: EVENTS_PER_PAGE + 1,
    };
    let done = crate::integer(&query, "done")?;
    let mut events = store::latest_events(&db, &filter).await?;
    let has_more = events.len() > EVENTS_PER_PAGE;
    events.truncate(EVENTS_PER_PAGE);
    let last = events.last().filter(|_| has_more);
    let next = last.map(|last| next_page(&query, last.event.id));
    let zone = settings.default_timezone;
    let page = AdminPage::new(&events, &filter, next, done, zone, &view);
    Ok(view.show(&page)?)
}

fn next_page(query: &QueryParams, last_id: i64) -> String {
    let query = query.without(&["before", "done"]);
    let query = query.with("before", Some(&last_id.to_string()));
    query.append_to(paths::ADMIN)
}
