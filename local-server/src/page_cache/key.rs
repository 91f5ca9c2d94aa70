//! The keys of cached responses, made of everything in a request that its response depends on.

use std::sync::Arc;

use axum::extract::Request;
use http::{HeaderName, Method, header};
use quick_cache::{Weighter, sync::Cache};
use shared::{
    app::App,
    http::{encoding, view_of},
    query::QueryParams,
    routes::{self, Route},
};

/// Memory that a cache entry uses in addition to its key and its value, in bytes.
pub(super) const OVERHEAD_BYTES: usize = 300;
/// The request headers that responses depend on, in addition to the URI: those that `view_of` and `preferred_encoding`
/// read.
const HEADERS: [HeaderName; 4] = [
    header::HOST,
    header::ACCEPT_LANGUAGE,
    header::ACCEPT_ENCODING,
    HeaderName::from_static("x-forwarded-proto"),
];

/// The key of a cached response: all requests with the same key get the same response.
#[derive(Clone)]
pub(super) struct ResponseKey {
    /// The site, path, query parameters, language and encoding of the request, in one text.
    pub(super) text: Arc<str>,
    /// The content encoding that the client prefers; empty for none.
    pub(super) encoding: &'static str,
    /// Whether a change of any event invalidates the response.
    pub(super) depends_on_events: bool,
}

/// A cache of the keys of recent requests, by the bytes that determine them: parsing languages and query strings costs
/// more than the rest of a cache hit.
pub(super) struct Keys {
    app: App,
    by_request: Cache<Box<[u8]>, ResponseKey, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Box<[u8]>, ResponseKey> for Weight {
    fn weight(&self, request: &Box<[u8]>, key: &ResponseKey) -> u64 {
        (OVERHEAD_BYTES + request.len() + key.text.len()) as u64
    }
}

impl Keys {
    pub(super) fn new(app: &App, items: usize, bytes: u64) -> Self {
        Self {
            app: app.clone(),
            by_request: Cache::with_weighter(items, bytes, Weight),
        }
    }

    /// Returns the key of a request whose response is the same for every client; `None` for all other requests.
    pub(super) fn of(&self, request: &Request) -> Option<ResponseKey> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let bytes = significant_bytes(request);
        if let Some(key) = self.by_request.get(&bytes[..]) {
            return Some(key);
        }
        let route = routes::find(request.uri().path()).filter(|route| route.is_cacheable())?;
        let encoding = encoding::preferred_encoding(request.headers());
        let key = ResponseKey {
            text: self.text(request, route, encoding),
            encoding,
            depends_on_events: route.depends_on_events(),
        };
        self.by_request.insert(bytes.into(), key.clone());
        Some(key)
    }

    fn text(&self, request: &Request, route: &Route, encoding: &str) -> Arc<str> {
        let uri = request.uri();
        let query = QueryParams::parse(uri.query().unwrap_or_default()).only(route.params);
        let view = view_of(&self.app.settings, &self.app.clock, request.headers(), uri);
        let chosen = if view.lang_chosen { "!" } else { "" };
        let parts = [
            uri.path(),
            "?",
            &query.to_string(),
            "\n",
            view.lang.tag(),
            chosen,
            "\n",
            encoding,
            "\n",
            &view.base_url,
        ];
        parts.concat().into()
    }
}

/// Returns the parts of `request` that its key depends on, as received.
fn significant_bytes(request: &Request) -> Vec<u8> {
    let uri = request.uri();
    let authority = uri.authority().map_or("", http::uri::Authority::as_str);
    let mut bytes = Vec::with_capacity(256);
    for part in [authority, uri.path(), "?", uri.query().unwrap_or_default()] {
        bytes.extend_from_slice(part.as_bytes());
    }
    for name in &HEADERS {
        // No header value contains a line break.
        bytes.push(b'\n');
        for value in request.headers().get_all(name) {
            bytes.extend_from_slice(value.as_bytes());
            bytes.push(b'\r');
        }
    }
    bytes
}
