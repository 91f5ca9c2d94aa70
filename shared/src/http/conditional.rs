//! Conditional requests and entity tags (RFC 9110 §8.8.3 and §13).

use axum::{
    body::{Body, Bytes},
    extract::{FromRequestParts, Request},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts, response};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

use super::{encoding, error::Error};
use crate::domain::Event;

/// The suffixes that content encodings add to an entity tag.
const ENCODING_SUFFIXES: [&str; 2] = ["-gzip", "-br"];
/// Length of the SHA-256 prefix that is the entity tag of a page, in bytes.
const HASH_BYTES: usize = 12;

/// Returns the value of `If-None-Match`, the entity tags of the versions that the client has cached; `None` without
/// that header.
#[must_use]
pub fn if_none_match(headers: &HeaderMap) -> Option<String> {
    if !headers.contains_key(header::IF_NONE_MATCH) {
        return None;
    }
    let tags = headers.get_all(header::IF_NONE_MATCH).iter();
    let tags: Vec<_> = tags.filter_map(|tags| tags.to_str().ok()).collect();
    Some(tags.join(","))
}

/// Finds the entity tag in `if_none_match` that matches `etag` in any encoding (weak comparison, RFC 9110 §13.1.2).
#[must_use]
pub fn matching(if_none_match: &str, etag: &str) -> Option<String> {
    tags(if_none_match).find_map(|listed| {
        let opaque = listed.trim_start_matches("W/").trim_matches('"');
        if listed == "*" {
            Some(etag.to_owned())
        } else {
            (without_encoding(opaque) == without_encoding(etag.trim_matches('"')))
                .then(|| format!("\"{opaque}\""))
        }
    })
}

/// Returns whether `if_match` lists `etag` in any encoding (strong comparison, RFC 9110 §13.1.1).
fn if_match_allows(if_match: &str, etag: &str) -> bool {
    tags(if_match).any(|listed| {
        let opaque = listed
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        listed == "*"
            || opaque.is_some_and(|opaque| without_encoding(opaque) == etag.trim_matches('"'))
    })
}

fn tags(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim)
}

fn without_encoding(opaque: &str) -> &str {
    ENCODING_SUFFIXES
        .iter()
        .find_map(|suffix| opaque.strip_suffix(suffix))
        .unwrap_or(opaque)
}

/// An extractor of the `If-Match` header, a list of entity tags; `None` without that header.
#[derive(Debug)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Checks that the client has the current version of `event`; without `If-Match` it always succeeds.
    ///
    /// # Errors
    /// Returns [`Error::PreconditionFailed`] when none of the entity tags in `If-Match` is that of `event`.
    pub fn check(&self, event: &Event) -> Result<(), Error> {
        match &self.0 {
            Some(tags) if !if_match_allows(tags, &event.etag()) => {
                Err(Error::PreconditionFailed { etag: event.etag() })
            }
            _ => Ok(()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let tags = parts.headers.get_all(header::IF_MATCH).iter();
        // A value that is not text matches nothing.
        let tags: Vec<&str> = tags.map(|tags| tags.to_str().unwrap_or_default()).collect();
        Ok(Self((!tags.is_empty()).then(|| tags.join(","))))
    }
}

/// The properties of a request that decide between 200 and 304, and whether the body is compressed.
pub(super) struct Conditions {
    is_get: bool,
    accepts_brotli: bool,
    if_none_match: String,
}

impl Conditions {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            is_get: request.method() == Method::GET,
            accepts_brotli: encoding::preferred_encoding(request.headers()) == "br",
            if_none_match: if_none_match(request.headers()).unwrap_or_default(),
        }
    }

    /// Adds a strong `ETag` to a complete, cacheable response (a hash of its bytes unless the handler set one). Returns
    /// 304 if the client has the version with that tag, else the body, in Brotli if the client prefers it.
    pub(super) async fn apply(&self, response: Response) -> Response {
        let is_complete = http_body::Body::size_hint(response.body())
            .exact()
            .is_some();
        if !self.is_get
            || !is_complete
            || response.status() != StatusCode::OK
            || is_no_store(response.headers())
        {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        // The body is in memory, so collecting it does not wait or fail.
        let bytes = body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        let etag = parts
            .headers
            .get(header::ETAG)
            .cloned()
            .unwrap_or_else(|| etag_of(&bytes));
        let matched = etag
            .to_str()
            .ok()
            .and_then(|etag| matching(&self.if_none_match, etag));
        parts.headers.insert(header::ETAG, etag);
        // Also if this body is too short to be compressed: a longer one of the same URL is.
        parts
            .headers
            .append(header::VARY, HeaderValue::from_static("accept-encoding"));
        match matched.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
            None => {
                let bytes = self.encode(bytes, &mut parts.headers);
                Response::from_parts(parts, Body::from(bytes))
            }
            Some(etag) => not_modified(parts, etag),
        }
    }

    fn encode(&self, bytes: Bytes, headers: &mut HeaderMap) -> Bytes {
        let compressed = self
            .accepts_brotli
            .then(|| encoding::brotli(&bytes, headers))
            .flatten();
        if compressed.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            headers.remove(header::CONTENT_LENGTH);
        }
        compressed.unwrap_or(bytes)
    }
}

/// Builds the 304 response from the headers of the full response, with the entity tag `etag` that the client has.
fn not_modified(mut parts: response::Parts, etag: HeaderValue) -> Response {
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.insert(header::ETAG, etag);
    for name in &CONTENT_HEADERS {
        parts.headers.remove(name);
    }
    Response::from_parts(parts, Body::empty())
}

/// The headers that describe a response body, and which a 304 therefore does not have.
pub static CONTENT_HEADERS: [header::HeaderName; 3] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
];

fn is_no_store(headers: &HeaderMap) -> bool {
    headers
        .get(header::CACHE_CONTROL)
        .is_some_and(|value| value.as_bytes().starts_with(b"no-store"))
}

fn etag_of(bytes: &Bytes) -> HeaderValue {
    let hash: String = Sha256::digest(bytes)
        .iter()
        .take(HASH_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::from_str(&format!("\"{hash}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Outermost middleware: answers HEAD with the headers of the GET (RFC 9110 §9.3.2), adds the encoding to a strong
/// entity tag, since the tags of different bytes must differ, and joins the values of `Vary` in one field, since API
/// Gateway passes on only one.
pub(super) async fn suffix_etag_with_encoding(mut request: Request, next: Next) -> Response {
    let is_head = request.method() == Method::HEAD;
    if is_head {
        *request.method_mut() = Method::GET;
    }
    let mut response = next.run(request).await;
    if is_head {
        *response.body_mut() = Body::empty();
    }
    let headers = response.headers_mut();
    join_vary(headers);
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .and_then(|encoding| encoding.to_str().ok());
    let etag = headers
        .get(header::ETAG)
        .and_then(|etag| etag.to_str().ok());
    if let (Some(encoding), Some(etag)) = (encoding, etag)
        && let Ok(etag) =
            HeaderValue::from_str(&format!("\"{}-{encoding}\"", etag.trim_matches('"')))
    {
        headers.insert(header::ETAG, etag);
    }
    response
}

fn join_vary(headers: &mut HeaderMap) {
    let values = headers.get_all(header::VARY).iter();
    let mut names: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
    names.sort_unstable();
    names.dedup();
    if let Ok(names) = HeaderValue::from_str(&names.join(", "))
        && !names.is_empty()
    {
        headers.insert(header::VARY, names);
    }
}

#[cfg(test)]
mod tests {
    use super::{if_match_allows, matching};

    #[test]
    fn if_none_match_compares_weakly_and_in_any_encoding() {
        for (listed, found) in [
            ("\"42-1\"", Some("\"42-1\"")),
            ("W/\"x\", \"42-1-gzip\"", Some("\"42-1-gzip\"")),
            ("W/\"42-1\"", Some("\"42-1\"")),
            ("*", Some("\"42-1\"")),
            ("\"42-10\", \"42-1-x\"", None),
            ("", None),
        ] {
            assert_eq!(matching(listed, "\"42-1\"").as_deref(), found, "{listed}");
        }
    }

    #[test]
    fn if_match_compares_strongly() {
        for listed in ["\"42-1\"", "\"x\", \"42-1-br\"", "*"] {
            assert!(if_match_allows(listed, "\"42-1\""), "{listed}");
        }
        for listed in ["W/\"42-1\"", "42-1", "\"42-2\"", "\"42-1-x\"", "\"42\"", ""] {
            assert!(!if_match_allows(listed, "\"42-1\""), "{listed}");
        }
    }
}
