//! `GET /api/openapi.json` and `GET /docs`: the API's documentation, as an OpenAPI document and as a page.

pub mod document;
mod operation;
mod operations;
mod parameters;
mod problems;
mod schemas;

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use shared::{
    app::App,
    config::Settings,
    http::{Error, response},
    pages::{DocsPage, View},
    routes::paths,
};

/// Returns the routes of the API's documentation.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::OPENAPI, get(openapi))
        .route(paths::DOCS, get(docs))
}

/// Responds with the OpenAPI document in the client's language.
async fn openapi(State(settings): State<Arc<Settings>>, view: View) -> Response {
    let document = document::build(&view, settings.default_timezone);
    response::in_language(document.to_string(), "application/json", view.lang)
}

/// Renders the OpenAPI document as an HTML page.
async fn docs(State(settings): State<Arc<Settings>>, view: View) -> Result<Response, Error> {
    let document = document::build(&view, settings.default_timezone);
    Ok(view.show(&DocsPage::new(&document, &view))?)
}
