//! Responses that are not pages: JSON, redirects.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// A 200 with this value as JSON.
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

/// A redirect to the result of a form (303, RFC 9110 §15.4.4).
#[must_use]
pub fn see_other(location: &str) -> Response {
    redirect(StatusCode::SEE_OTHER, location)
}

/// A permanent redirect (308, RFC 9110 §15.4.9).
#[must_use]
pub fn permanent_redirect(location: &str) -> Response {
    redirect(StatusCode::PERMANENT_REDIRECT, location)
}

fn redirect(status: StatusCode, location: &str) -> Response {
    // Locations are paths of this site, which are valid header values.
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (status, [(header::LOCATION, location)]).into_response()
}
