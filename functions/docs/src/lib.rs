//! `GET /api/openapi.json` and `GET /docs`: the API's documentation, as an OpenAPI document and as a page.

pub mod document;
mod operation;
mod operations;
mod parameters;
mod problems;
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
    http::{Error, response},
    pages::{DocsPage, View},
    routes::paths,
};
use std::sync::Arc;

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::OPENAPI, get(openapi))
        .route(paths::DOCS, get(docs))
}

/// Returns the document in the client's language.
async fn openapi(State(settings): State<Arc<Settings>>, view: View) -> Response {
    let document = document::build(&view, settings.default_timezone);
    let language = HeaderValue::from_static(view.lang.tag());
    (
        [(header::CONTENT_LANGUAGE, language)],
        response::json(&document),
    )
        .into_response()
}

/// Renders the document as a page.
async fn docs(State(settings): State<Arc<Settings>>, view: View) -> Result<Response, Error> {
    let document = document::build(&view, settings.default_timezone);
    Ok(view.show(&DocsPage::new(&document, &view))?)
}
