//! One event: its page, its JSON, and its iCalendar file.

mod calendar;
mod json;
mod page;

use axum::{Router, routing::get};
use shared::{
    app::App,
    domain::Event,
    http::Error,
    routes::paths,
    store::{self, Db},
};

/// Returns the routes of an event's page, JSON and iCalendar file.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::EVENT, get(page::page))
        .route(paths::EVENT_CALENDAR, get(calendar::calendar))
        .route(paths::API_EVENT, get(json::json))
}

/// Returns the public event with this `id`, else [`Error::NotFound`].
async fn public_event(db: &Db, id: i64) -> Result<Event, Error> {
    store::event_by_id(db, id).await?.ok_or(Error::NotFound)
}
