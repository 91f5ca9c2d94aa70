//! `GET /site.webmanifest`: the site's name and icons for a phone's home screen (<https://www.w3.org/TR/appmanifest/>).

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::json;
use shared::{config::Settings, http::response, pages::assets, routes::paths};

/// The background colour of pages in the light theme (the CSS variable `--et-page`).
const PAGE_COLOUR: &str = "#faf9fd";

/// Responds with the web application manifest.
pub(crate) async fn web_manifest(State(settings): State<Arc<Settings>>) -> Response {
    let icon = |name: &str, sizes: &str, media_type: &str, purpose: &str| {
        let source = assets::path(name).unwrap_or_default();
        json!({"src": source, "sizes": sizes, "type": media_type, "purpose": purpose})
    };
    let manifest = json!({
        "name": settings.app_title,
        "start_url": paths::HOME,
        "display": "browser",
        "background_color": PAGE_COLOUR,
        "theme_color": PAGE_COLOUR,
        "icons": [
            icon("favicon.svg", "any", "image/svg+xml", "any"),
            icon("icon-512.png", "512x512", "image/png", "any maskable"),
        ],
    });
    response::with_type(manifest.to_string(), "application/manifest+json")
}
