//! `GET /favicon.ico`, `/apple-touch-icon.png` and `/apple-touch-icon-precomposed.png`: the icon at the paths that browsers
//! request without a link.

use axum::response::Response;
use shared::{
    http::{Error, response},
    pages::assets,
};

/// A PNG of 180 × 180 pixels, which every browser accepts at these paths.
const ICON: &str = "apple-touch-icon.png";

/// The icon.
pub(crate) async fn icon() -> Result<Response, Error> {
    let bytes = assets::source_file(ICON).ok_or(Error::NotFound)?;
    Ok(response::with_type(bytes.into_owned(), "image/png"))
}
