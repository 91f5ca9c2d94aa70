//! `GET /robots.txt` (RFC 9309).

use axum::response::Response;
use shared::{http::response, pages::View, routes::paths};

/// Allows every crawler and links to the sitemap. No path is disallowed: private pages send `X-Robots-Tag` or `noindex`
/// themselves, and a list of them here would publish their addresses.
pub(crate) async fn robots_txt(view: View) -> Response {
    let text = format!(
        "User-agent: *\nAllow: /\n\nSitemap: {}{}\n",
        view.base_url,
        paths::SITEMAP
    );
    response::with_type(text, "text/plain; charset=utf-8")
}
