//! What browsers and crawlers request in addition to pages: static files, web manifest, robots.txt, sitemap,
//! security.txt.

mod icons;
mod robots;
mod security_txt;
mod sitemap;
mod static_files;
mod web_manifest;

use axum::{Router, routing::get};
use shared::{app::App, routes::paths};

/// Returns the routes of static files and of the files that browsers and crawlers request.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::STATIC_FILE, get(static_files::file))
        .route(paths::WEB_MANIFEST, get(web_manifest::web_manifest))
        .route(paths::ROBOTS_TXT, get(robots::robots_txt))
        .route(paths::SITEMAP, get(sitemap::sitemap))
        .route(paths::SITEMAP_PART, get(sitemap::part))
        .route(paths::FAVICON, get(icons::icon))
        .route(paths::APPLE_TOUCH_ICON, get(icons::icon))
        .route(paths::APPLE_TOUCH_ICON_PRECOMPOSED, get(icons::icon))
        .route(paths::SECURITY_TXT, get(security_txt::security_txt))
}
