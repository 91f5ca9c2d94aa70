//! Responses that are not pages: JSON, other bodies with a media type, and redirects.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{pages::Lang, routes::paths};

/// Builds a 200 response with `value` as JSON.
#[must_use]
pub fn json<T: Serialize>(value: &T) -> Response {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    with_type(bytes, "application/json")
}

/// Builds a 200 response with the given body and media type. `Cache-Control` follows from the route.
#[must_use]
pub fn with_type(body: impl Into<Body>, media_type: &'static str) -> Response {
    let media_type = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type))];
    (media_type, body.into()).into_response()
}

/// Builds a 200 response with the given body, media type and language, so that caches store it per language.
#[must_use]
pub fn in_language(body: impl Into<Body>, media_type: &'static str, lang: Lang) -> Response {
    let lang = HeaderValue::from_static(lang.tag());
    let lang = [(header::CONTENT_LANGUAGE, lang)];
    (lang, with_type(body, media_type)).into_response()
}

/// Builds a redirect to the result of a posted form (303, RFC 9110 §15.4.4).
#[must_use]
pub fn see_other(location: &str) -> Response {
    redirect(StatusCode::SEE_OTHER, location)
}

/// Builds a permanent redirect to `location` (308, RFC 9110 §15.4.9).
#[must_use]
pub fn permanent_redirect(location: &str) -> Response {
    redirect(StatusCode::PERMANENT_REDIRECT, location)
}

fn redirect(status: StatusCode, location: &str) -> Response {
    // Locations are paths of this site, which are valid header values.
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static(paths::HOME));
    (status, [(header::LOCATION, location)]).into_response()
}
