//! `GET /api/openapi.json` and `GET /docs`: what the board offers programs, as OpenAPI for them and as a page for the people
//! who write them.

pub mod document;
mod operations;
mod schemas;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};
use shared::{
    app::App,
    config::Settings,
    http::Error,
    http::response,
    pages::{DocsPage, View},
};
use std::sync::Arc;

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/api/openapi.json", get(openapi))
        .route("/docs", get(docs))
}

/// Answers the document, in the reader's language.
async fn openapi(State(settings): State<Arc<Settings>>, view: View) -> Response {
    let document = document::of(&view, settings.default_timezone);
    let language = HeaderValue::from_static(view.lang.tag());
    (
        [(header::CONTENT_LANGUAGE, language)],
        response::json(&document),
    )
        .into_response()
}

/// Shows the same document to people.
async fn docs(State(settings): State<Arc<Settings>>, view: View) -> Result<Response, Error> {
    let document = document::of(&view, settings.default_timezone);
    Ok(view.show(&DocsPage::new(&document, &view))?)
}
