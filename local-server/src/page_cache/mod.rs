//! In-memory cache of rendered, compressed responses that are the same for every client.
//!
//! Cached responses are invalidated by a write of the same process, by a notification from any replica, by their TTL,
//! or at the time when a relative date in them becomes wrong. Of concurrent requests for a missing response, one
//! renders it and the others wait.

mod key;
mod response;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use metrics::Counter;
use quick_cache::{
    DefaultHashBuilder, Weighter,
    sync::{Cache, DefaultLifecycle, EntryAction, EntryResult, PlaceholderGuard},
};
use shared::{
    app::App,
    clock::Clock,
    http::{ExpiresAt, IncomingRequest},
    store::DEADLINE,
};
use tokio::time::timeout;
use tower::ServiceExt;

use self::{
    key::{Keys, ResponseKey},
    response::{CachedResponse, ClientConditions, Validity},
};
use crate::invalidation::Invalidation;

/// TTL of cached responses that depend on events: a change is missed no longer than this if the replica that wrote it
/// ends before it notifies the others.
const TTL: Duration = Duration::from_secs(5);
/// TTL of cached responses that depend only on the release of the server, not on events.
const TTL_BUILD: Duration = Duration::from_secs(60 * 60);
/// TTL of cached responses that depend on events, where notifications from other replicas cannot be received.
const TTL_WITHOUT_LISTENER: Duration = Duration::from_secs(1);
/// The time for which, after an error, requests for the same key run independently instead of waiting for one another.
const ERROR_TTL: Duration = Duration::from_millis(150);
/// Maximum size of a body to cache, in bytes: a larger one would displace many others.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// The share of the cache's memory that the keys of requests may use, as a divisor: one byte in 16.
const KEYS_DIVISOR: u64 = 16;
/// The expected size of a cached response, in bytes, which determines the initial capacity of the hash tables.
const ENTRY_BYTES_EXPECTED: u64 = 8_192;

/// The cache of responses.
pub(crate) struct PageCache {
    clock: Clock,
    invalidation: Invalidation,
    keys: Keys,
    entries: Cache<Arc<str>, Entry, Weight>,
    hits: Counter,
    misses: Counter,
}

#[derive(Clone)]
enum Entry {
    Response(Arc<CachedResponse>),
    /// The last response was not cacheable. Until the given time, requests for the key do not wait for one another.
    Uncacheable(Instant),
}

type Placeholder<'a> = PlaceholderGuard<
    'a,
    Arc<str>,
    Entry,
    Weight,
    DefaultHashBuilder,
    DefaultLifecycle<Arc<str>, Entry>,
>;

#[derive(Clone)]
struct Weight;

impl Weighter<Arc<str>, Entry> for Weight {
    fn weight(&self, key: &Arc<str>, entry: &Entry) -> u64 {
        match entry {
            Entry::Response(response) => response.weight(key),
            Entry::Uncacheable(_) => (key::OVERHEAD_BYTES + key.len()) as u64,
        }
    }
}

impl PageCache {
    /// Creates a cache of the size in `PAGE_CACHE_MB`; `None` when the size is 0.
    pub(crate) fn new(app: &App, invalidation: &Invalidation) -> Option<Self> {
        let bytes = app.settings.page_cache_bytes;
        let items = usize::try_from(bytes / ENTRY_BYTES_EXPECTED).unwrap_or(usize::MAX);
        let keys_bytes = bytes / KEYS_DIVISOR;
        (bytes > 0).then(|| Self {
            clock: app.clock.clone(),
            invalidation: invalidation.clone(),
            keys: Keys::new(app, items, keys_bytes),
            entries: Cache::with_weighter(items, bytes - keys_bytes, Weight),
            hits: metrics::counter!("page_cache_hits_total"),
            misses: metrics::counter!("page_cache_misses_total"),
        })
    }

    /// Returns the cached response, or the response of `routers`, which is cached where possible.
    pub(crate) async fn respond(&self, incoming: IncomingRequest, routers: &Router) -> Response {
        let request = incoming.request();
        let key = self
            .keys
            .of(request)
            .filter(|key| !key.depends_on_events || self.invalidation.is_listening());
        let Some(key) = key else {
            return call(routers, incoming.into_request()).await;
        };
        let arrived = Instant::now();
        let entry = self.entries.get(&key.text);
        if let Some(Entry::Response(response)) =
            entry.filter(|entry| self.is_usable(entry, arrived, arrived))
        {
            self.hits.increment(1);
            return response.for_client(&ClientConditions::of(request));
        }
        // Boxed, so that the future of a hit stays small.
        Box::pin(self.wait_or_fill(incoming, key, arrived, routers)).await
    }

    /// Whether `entry` may be used at `now` for a request that arrived at `arrived`.
    fn is_usable(&self, entry: &Entry, arrived: Instant, now: Instant) -> bool {
        match entry {
            // A response that was requested after this request arrived is as valid as a new one.
            Entry::Response(response) => {
                response.validity.requested >= arrived || self.is_valid(&response.validity, now)
            }
            Entry::Uncacheable(until) => *until > now,
        }
    }

    fn is_valid(&self, validity: &Validity, now: Instant) -> bool {
        validity
            .generation
            .is_none_or(|generation| generation == self.invalidation.generation())
            && validity.expires > now
            && validity
                .dates_expire_at
                .is_none_or(|expires_at| expires_at > self.clock.now())
    }

    /// Waits for a concurrent request that renders the response for `key`, or renders it.
    async fn wait_or_fill(
        &self,
        incoming: IncomingRequest,
        key: ResponseKey,
        arrived: Instant,
        routers: &Router,
    ) -> Response {
        let looked_up = self.entries.entry_async(&key.text, |_, entry| {
            if self.is_usable(entry, arrived, Instant::now()) {
                EntryAction::Retain(entry.clone())
            } else {
                EntryAction::ReplaceWithGuard
            }
        });
        // If the concurrent request is slow, this one stops waiting and calls the routers itself.
        match timeout(DEADLINE, looked_up).await {
            Ok(EntryResult::Retained(Entry::Response(response))) => {
                self.hits.increment(1);
                response.for_client(&ClientConditions::of(incoming.request()))
            }
            Ok(EntryResult::Vacant(placeholder) | EntryResult::Replaced(placeholder, _)) => {
                self.fill(incoming, key, placeholder, routers).await
            }
            Ok(
                EntryResult::Retained(Entry::Uncacheable(_))
                // The closure removes nothing, and no timeout is given.
                | EntryResult::Removed(..)
                | EntryResult::Timeout,
            )
            | Err(_) => call(routers, incoming.into_request()).await,
        }
    }

    /// Calls `routers` and caches the response for `key`, or caches that it is not cacheable.
    async fn fill(
        &self,
        incoming: IncomingRequest,
        key: ResponseKey,
        placeholder: Placeholder<'_>,
        routers: &Router,
    ) -> Response {
        self.misses.increment(1);
        let client = ClientConditions::of(incoming.request());
        let weight_max = self.entries.shard_capacity() / 2;
        let request = unconditional(incoming.into_request(), key.encoding);
        let (entry, response) = match self.render(request, &key, routers).await {
            Ok(cached) if cached.weight(&key.text) > weight_max => {
                let response = cached.for_client(&client);
                (Entry::Uncacheable(Instant::now() + TTL), response)
            }
            Ok(cached) => {
                // If an event changed meanwhile, the entry is invalid from the start.
                let response = cached.for_client(&client);
                (Entry::Response(Arc::new(cached)), response)
            }
            Err(response) => {
                let ttl = if response.status().is_server_error() {
                    ERROR_TTL
                } else {
                    TTL
                };
                let body = |body| {
                    if client.wants_body {
                        body
                    } else {
                        Body::empty()
                    }
                };
                (Entry::Uncacheable(Instant::now() + ttl), response.map(body))
            }
        };
        let _ = placeholder.insert(entry);
        response
    }

    /// Calls `routers` and prepares the response for the cache; if it is not cacheable, returns it as the error.
    async fn render(
        &self,
        request: Request,
        key: &ResponseKey,
        routers: &Router,
    ) -> Result<CachedResponse, Response> {
        let mut validity = self.validity_from_now(key);
        let response = call(routers, request).await;
        if !is_cacheable(&response) {
            return Err(response);
        }
        if let Some(ExpiresAt(time)) = response.extensions().get() {
            validity.dates_expire_at = Some(*time);
        }
        let (mut parts, body) = response.into_parts();
        let Ok(body) = body.collect().await else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let body = body.to_bytes();
        let is_large = body.len() > BODY_BYTES_MAX;
        parts
            .headers
            .insert(header::CONTENT_LENGTH, body.len().into());
        let cached = CachedResponse::new(&parts, body, validity);
        if is_large {
            return Err(cached.for_client(&ClientConditions::none()));
        }
        Ok(cached)
    }

    fn validity_from_now(&self, key: &ResponseKey) -> Validity {
        let ttl = if !key.depends_on_events {
            TTL_BUILD
        } else if self.invalidation.can_listen() {
            TTL
        } else {
            TTL_WITHOUT_LISTENER
        };
        let requested = Instant::now();
        Validity {
            requested,
            generation: key
                .depends_on_events
                .then(|| self.invalidation.generation()),
            expires: requested + ttl,
            dates_expire_at: None,
        }
    }
}

fn is_cacheable(response: &Response) -> bool {
    let headers = response.headers();
    let is_no_store = headers
        .get(header::CACHE_CONTROL)
        .is_none_or(|value| value.as_bytes().starts_with(b"no-store"));
    response.status() == StatusCode::OK && !is_no_store && !headers.contains_key(header::SET_COOKIE)
}

/// Returns the response of `routers` to `request`.
pub(crate) async fn call(routers: &Router, request: Request) -> Response {
    match routers.clone().oneshot(request).await {
        Ok(response) => response,
        Err::<_, Infallible>(never) => match never {},
    }
}

/// Turns `request` into a GET without conditional headers that accepts only `encoding`.
fn unconditional(mut request: Request, encoding: &'static str) -> Request {
    *request.method_mut() = Method::GET;
    let headers = request.headers_mut();
    headers.remove(header::IF_NONE_MATCH);
    headers.remove(header::ACCEPT_ENCODING);
    if !encoding.is_empty() {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
    }
    request
}
