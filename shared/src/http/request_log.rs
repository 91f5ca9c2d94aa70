//! The request id, the log line and the metrics of each request.

use std::{
    cell::RefCell,
    collections::HashMap,
    time::{Duration, Instant},
};

use axum::{extract::Request, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use uuid::Uuid;

use super::client::Client;
use crate::routes::{self, Route};

/// The header with the id of a request, in requests and responses.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id accepted from a client, in characters.
const REQUEST_ID_CHARS_MAX: usize = 64;

/// A received request with its id, its route if any matches, and its client where known.
#[derive(Debug)]
pub struct IncomingRequest {
    pub(super) request: Request,
    pub(super) id: RequestId,
    pub(super) route: Option<&'static Route>,
    pub(super) client: Option<Client>,
}

impl IncomingRequest {
    /// Returns the request as received, without its id and client as extensions.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Returns the request with its id and client as extensions, as the routers expect it.
    #[must_use]
    pub fn into_request(self) -> Request {
        let mut request = self.request;
        request.extensions_mut().insert(self.id);
        if let Some(client) = self.client {
            request.extensions_mut().insert(client);
        }
        request
    }
}

/// The id of a request, stored as a request extension.
#[derive(Clone, Debug)]
pub(super) struct RequestId(HeaderValue);

impl RequestId {
    /// Returns the client's `X-Request-Id` if it has at most 64 letters, digits, `-`, `_` and `.`, else a new UUID.
    fn of(headers: &HeaderMap) -> Self {
        let is_valid = |id: &&HeaderValue| {
            (1..=REQUEST_ID_CHARS_MAX).contains(&id.len())
                && id
                    .as_bytes()
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        Self(match headers.get(REQUEST_ID).filter(is_valid) {
            Some(id) => id.clone(),
            None => {
                let mut buffer = Uuid::encode_buffer();
                let id = Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
                HeaderValue::from_str(id).unwrap_or(HeaderValue::from_static("-"))
            }
        })
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Handles `request` with `respond`: assigns the request id, and records one log line and the metrics of the response,
/// labelled with the path of the route.
pub(super) async fn record_request<F, R>(request: Request, respond: F) -> Response
where
    F: FnOnce(IncomingRequest) -> R,
    R: Future<Output = Response>,
{
    let started = Instant::now();
    let method = method_label(request.method());
    let route = routes::find(request.uri().path());
    let id = RequestId::of(request.headers());

    let mut response = respond(IncomingRequest {
        request,
        id: id.clone(),
        route,
        client: None,
    })
    .await;

    let (elapsed, status) = (started.elapsed(), response.status().as_u16());
    let route = route.map_or("unmatched", |route| route.path);
    record_metrics(method, route, status, elapsed);
    let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        method,
        route,
        status,
        duration_ms,
        request_id = id.as_str(),
        "Request answered"
    );
    response.headers_mut().insert(REQUEST_ID, id.0);
    response
}

/// The counter and the histogram of the requests with one combination of method, route and status.
struct RequestMetrics {
    requests: metrics::Counter,
    durations: metrics::Histogram,
}

thread_local! {
    /// Cached metrics by method, route and status: looking them up in the recorder costs more than incrementing them.
    static METRICS: RefCell<HashMap<(&'static str, &'static str, u16), RequestMetrics>> = RefCell::default();
}

fn record_metrics(method: &'static str, route: &'static str, status: u16, elapsed: Duration) {
    METRICS.with_borrow_mut(|metrics| {
        let metrics = metrics.entry((method, route, status)).or_insert_with(|| RequestMetrics {
            requests: metrics::counter!("http_requests_total", "method" => method, "route" => route, "status" => status.to_string()),
            durations: metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route),
        });
        metrics.requests.increment(1);
        metrics.durations.record(elapsed.as_secs_f64());
    });
}

/// Returns `method` as the label of a metric; `OTHER` for methods that are not standard, so that clients can't create
/// labels.
fn method_label(method: &Method) -> &'static str {
    const STANDARD: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    STANDARD
        .into_iter()
        .find(|standard| *standard == method.as_str())
        .unwrap_or("OTHER")
}
