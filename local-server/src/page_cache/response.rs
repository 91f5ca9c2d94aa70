//! Cached responses: how long they are valid, and what each client gets of them.

use std::time::Instant;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    response::Response,
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, response::Parts};
use shared::http::conditional::{self, CONTENT_HEADERS};

/// Memory that a cached response uses in addition to its key, header values and body, in bytes: structures of the cache
/// and overhead of the allocator, measured with a full cache.
const OVERHEAD_BYTES: usize = 1_800;

/// A rendered and compressed response that is the same for every client.
pub(super) struct CachedResponse {
    headers: Box<[(HeaderName, HeaderValue)]>,
    etag: Option<HeaderValue>,
    body: Bytes,
    pub(super) validity: Validity,
}

/// Until when a cached response is valid.
#[derive(Clone, Copy)]
pub(super) struct Validity {
    /// The time at which the handler was called to render the response.
    pub(super) requested: Instant,
    /// The generation of the data at the time `requested`; `None` for a response that does not depend on events.
    pub(super) generation: Option<u64>,
    /// The end of the response's TTL.
    pub(super) expires: Instant,
    /// The time at which a relative date in the response becomes wrong.
    pub(super) dates_expire_at: Option<DateTime<Utc>>,
}

impl CachedResponse {
    pub(super) fn new(parts: &Parts, body: Bytes, validity: Validity) -> Self {
        let headers = parts.headers.iter();
        Self {
            headers: headers
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            etag: parts.headers.get(header::ETAG).cloned(),
            body,
            validity,
        }
    }

    /// Returns the memory that the response uses in the cache under `key`, in bytes.
    pub(super) fn weight(&self, key: &str) -> u64 {
        let entry_bytes = size_of::<(HeaderName, HeaderValue)>();
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(_, value)| entry_bytes + value.len()).sum();
        (OVERHEAD_BYTES + key.len() + headers + self.body.len()) as u64
    }

    /// Builds the response for a client: without a body for HEAD, 304 if the client has the current version.
    pub(super) fn for_client(&self, client: &ClientConditions) -> Response {
        let matched = client
            .if_none_match
            .as_ref()
            .zip(self.etag.as_ref())
            .and_then(|(tags, etag)| conditional::matching(tags, etag.to_str().ok()?))
            .and_then(|etag| HeaderValue::from_str(&etag).ok());
        let body = if client.wants_body && matched.is_none() {
            Body::from(self.body.clone())
        } else {
            Body::empty()
        };
        let mut response = Response::new(body);
        // One more for the request id.
        let mut headers = HeaderMap::with_capacity(self.headers.len() + 1);
        for (name, value) in &self.headers {
            if matched.is_none() || !CONTENT_HEADERS.contains(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        if let Some(etag) = matched {
            headers.insert(header::ETAG, etag);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        *response.headers_mut() = headers;
        response
    }
}

/// The parts of a request that may differ between clients that get the same cached response.
pub(super) struct ClientConditions {
    if_none_match: Option<String>,
    pub(super) wants_body: bool,
}

impl ClientConditions {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            if_none_match: conditional::if_none_match(request.headers()),
            wants_body: request.method() == Method::GET,
        }
    }

    /// Returns the conditions of a GET without `If-None-Match`.
    pub(super) fn none() -> Self {
        Self {
            if_none_match: None,
            wants_body: true,
        }
    }
}
