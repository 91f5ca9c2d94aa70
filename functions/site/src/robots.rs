//! `GET /robots.txt` (RFC 9309): the rules for crawlers.

use axum::response::Response;
use shared::{http::response, pages::View, routes::paths};

/// Allows every crawler and links to the sitemap. No path is disallowed: private pages send `X-Robots-Tag` or
/// `noindex`, and listing their paths in robots.txt would publish them.
pub(crate) async fn robots_txt(view: View) -> Response {
    let text = format!(
        "User-agent: *\nAllow: /\n\nSitemap: {}{}\n",
        view.base_url,
        paths::SITEMAP
    );
    response::with_type(text, "text/plain; charset=utf-8")
}
