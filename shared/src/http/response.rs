//! Answers that are no page: JSON, redirects.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// A `200` with this value as JSON, to be asked for again each time (its ETag makes that cheap).
pub fn json<T: Serialize>(value: &T) -> Response {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let cache = [(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
    (cache, with_type(bytes, "application/json")).into_response()
}

/// A body of bytes with its media type.
pub(crate) fn with_type(bytes: Vec<u8>, media_type: &'static str) -> Response {
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static(media_type))],
        Body::from(bytes),
    )
        .into_response()
}

/// A redirect to read what a form has done (RFC 9110 §15.4.4).
#[must_use]
pub fn see_other(location: &str) -> Response {
    redirect(StatusCode::SEE_OTHER, location)
}

/// A redirect for good (RFC 9110 §15.4.9).
#[must_use]
pub fn permanent_redirect(location: &str) -> Response {
    redirect(StatusCode::PERMANENT_REDIRECT, location)
}

fn redirect(status: StatusCode, location: &str) -> Response {
    // Locations are paths of the board with ids in them.
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (status, [(header::LOCATION, location)]).into_response()
}
