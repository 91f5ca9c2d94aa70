//! `GET /static/{file}`: styles, scripts and images, cacheable for a year.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use shared::{
    http::{Error, Path},
    pages::assets,
};

/// The file. Its name contains a hash of its content, so the content of a name never changes.
pub(crate) async fn file(Path(name): Path<String>) -> Result<Response, Error> {
    let (bytes, media_type) = assets::file(&name).ok_or(Error::NotFound)?;
    let media_type = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type))];
    Ok((media_type, bytes.into_owned()).into_response())
}
