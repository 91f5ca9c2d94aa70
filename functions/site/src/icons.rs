//! `GET /favicon.ico`, `/apple-touch-icon.png` and `/apple-touch-icon-precomposed.png`: the icon at the paths that browsers
//! request without a link.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use shared::{http::Error, pages::assets};

/// A PNG of 180 × 180 pixels, which every browser accepts at these paths.
const ICON: &str = "apple-touch-icon.png";

/// The icon.
pub(crate) async fn icon() -> Result<Response, Error> {
    let bytes = assets::source_file(ICON).ok_or(Error::NotFound)?;
    let media_type = [(header::CONTENT_TYPE, HeaderValue::from_static("image/png"))];
    Ok((media_type, bytes.into_owned()).into_response())
}
