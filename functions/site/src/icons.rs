//! `GET /favicon.ico`, `/apple-touch-icon.png` and `/apple-touch-icon-precomposed.png`: the site's icon at the paths
//! that browsers request without a link.

use axum::response::Response;
use shared::{
    http::{Error, response},
    pages::assets,
};

/// The file name of the site's icon: a PNG of 180 × 180 pixels, which every browser accepts, also as `favicon.ico`.
const ICON: &str = "apple-touch-icon.png";

/// Responds with the site's icon.
pub(crate) async fn icon() -> Result<Response, Error> {
    let bytes = assets::source_file(ICON).ok_or(Error::NotFound)?;
    Ok(response::with_type(bytes.into_owned(), "image/png"))
}
