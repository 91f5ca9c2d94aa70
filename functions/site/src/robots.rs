//! `GET /robots.txt` (RFC 9309).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use shared::pages::View;

/// Allows every crawler and links to the sitemap. No path is disallowed: private pages send `X-Robots-Tag` or `noindex`
/// themselves, and a list of them here would publish their addresses.
pub(crate) async fn robots_txt(view: View) -> Response {
    let text = format!(
        "User-agent: *\nAllow: /\n\nSitemap: {}/sitemap.xml\n",
        view.base_url
    );
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}
