//! Publishing an event, with the HTML form and by API.

mod api;
mod create;
mod created;
mod form;
mod publisher;
mod spam;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{app::App, routes::paths};

/// Returns the routes of the pages and the API that publish events.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::NEW_EVENT, get(form::form))
        .route(paths::EVENTS_WITHOUT_SLASH, post(create::create))
        .route(paths::EVENTS, post(create::create))
        .route(paths::EVENT_CREATED, get(created::created))
        .route(paths::API_EVENTS_WITHOUT_SLASH, post(api::create))
        .route(paths::API_EVENTS, post(api::create))
}
