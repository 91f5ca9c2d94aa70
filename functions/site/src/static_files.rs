//! `GET /static/{file}`: styles, scripts and images, cacheable for a year.

use axum::response::Response;
use shared::{
    http::{Error, Path, response},
    pages::assets,
};

/// Responds with the static file `name`. The name contains a hash of the content, so the content of a name never
/// changes.
pub(crate) async fn file(Path(name): Path<String>) -> Result<Response, Error> {
    let (bytes, media_type) = assets::file(&name).ok_or(Error::NotFound)?;
    Ok(response::with_type(bytes.into_owned(), media_type))
}
