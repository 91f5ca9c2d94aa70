//! What browsers and crawlers request beside pages: static files, the web manifest, robots.txt, the sitemap, security.txt.

mod robots;
mod security_txt;
mod sitemap;
mod static_files;
mod web_manifest;

use axum::{Router, routing::get};
use shared::app::App;

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/static/{file}", get(static_files::file))
        .route("/site.webmanifest", get(web_manifest::web_manifest))
        .route("/robots.txt", get(robots::robots_txt))
        .route("/sitemap.xml", get(sitemap::sitemap))
        .route("/sitemap/{file}", get(sitemap::part))
        .route("/.well-known/security.txt", get(security_txt::security_txt))
}
