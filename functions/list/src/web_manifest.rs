//! `GET /site.webmanifest`: what a phone needs to put the board on its home screen
//! (<https://www.w3.org/TR/appmanifest/>).

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::json;
use shared::{config::Settings, pages::assets};

/// The colour of the board's pages by day (`--et-page`).
const PAGE_COLOUR: &str = "#faf9fd";

/// Tells the board's name and its icons.
pub(crate) async fn web_manifest(State(settings): State<Arc<Settings>>) -> Response {
    let icon = |name: &str, sizes: &str, media_type: &str, purpose: &str| {
        let source = assets::path(name).unwrap_or_default();
        json!({"src": source, "sizes": sizes, "type": media_type, "purpose": purpose})
    };
    let manifest = json!({
        "name": settings.app_title,
        "start_url": "/",
        "display": "browser",
        "background_color": PAGE_COLOUR,
        "theme_color": PAGE_COLOUR,
        "icons": [
            icon("favicon.svg", "any", "image/svg+xml", "any"),
            icon("icon-512.png", "512x512", "image/png", "any maskable"),
        ],
    });
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/manifest+json"),
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=86400"),
        ),
    ];
    (headers, manifest.to_string()).into_response()
}
