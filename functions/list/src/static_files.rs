//! `GET /static/{file}`: styles, scripts and images, to be kept for a year.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use shared::{http::Error, http::Path, pages::assets};

/// Serves the file; its name carries a hash of its content, so it never changes.
pub(crate) async fn file(Path(name): Path<String>) -> Result<Response, Error> {
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
