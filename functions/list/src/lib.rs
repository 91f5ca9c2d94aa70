//! The lists of events: the front page, landing pages, `GET /api/events/`, and the export.

mod export;
mod json;
mod landing_page;
mod landing_path;
mod list_page;
mod page;

use axum::{Router, response::Response, routing::get};
use shared::{app::App, http::response, routes::links};

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(list_page::list_page))
        .route("/events", get(redirect_to_front_page))
        .route("/events/", get(redirect_to_front_page))
        .route(links::TODAY, get(landing_page::landing_page))
        .route(links::WEEKEND, get(landing_page::landing_page))
        .route(links::ONLINE, get(landing_page::landing_page))
        .route("/state/{uf}", get(landing_page::landing_page))
        .route("/city/{uf}/{city}", get(landing_page::landing_page))
        .route("/technology/{name}", get(landing_page::landing_page))
        .route("/api/events", get(json::list))
        .route("/api/events/", get(json::list))
        .route("/api/events/export", get(export::export))
}

/// Redirects the list's previous address.
async fn redirect_to_front_page() -> Response {
    response::permanent_redirect("/")
}
