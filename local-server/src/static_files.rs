//! `GET /static/{file}`: styles, scripts and images, to be kept for a year.

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};
use shared::{app::App, assets, error::Error, extract::Path};

/// The routes of the static files.
pub(crate) fn router() -> Router<App> {
    Router::new().route("/static/{file}", get(file))
}

/// Serves the file; its name carries a hash of its content, so it never changes.
async fn file(Path(name): Path<String>) -> Result<Response, Error> {
    let (bytes, media_type) = assets::file(&name).ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    Ok((headers, bytes.into_owned()).into_response())
}
