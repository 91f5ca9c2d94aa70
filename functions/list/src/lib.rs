//! The lists of events: the front page, landing pages, `GET /api/events/`, and the export.

mod export;
mod json;
mod landing_page;
mod landing_path;
mod list_events;
mod list_page;
mod list_request;
mod page;

use axum::{Router, response::Response, routing::get};
use shared::{app::App, http::response, routes::paths};

/// Returns the routes of the lists of events.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::HOME, get(list_page::list_page))
        .route(paths::EVENTS_WITHOUT_SLASH, get(redirect_to_front_page))
        .route(paths::EVENTS, get(redirect_to_front_page))
        .route(paths::TODAY, get(landing_page::landing_page))
        .route(paths::WEEKEND, get(landing_page::landing_page))
        .route(paths::ONLINE, get(landing_page::landing_page))
        .route(paths::STATE, get(landing_page::landing_page))
        .route(paths::CITY, get(landing_page::landing_page))
        .route(paths::TECHNOLOGY, get(landing_page::landing_page))
        .route(paths::API_EVENTS_WITHOUT_SLASH, get(json::list))
        .route(paths::API_EVENTS, get(json::list))
        .route(paths::API_EXPORT, get(export::export))
}

/// Redirects the previous address of the list, permanently, to the front page.
async fn redirect_to_front_page() -> Response {
    response::permanent_redirect(paths::HOME)
}
