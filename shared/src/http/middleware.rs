//! What wraps every request, applied once after merging, alike in both runtimes.

use std::{
    any::Any,
    cell::RefCell,
    collections::HashMap,
    net::IpAddr,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};
use tower_http::{CompressionLevel, compression::CompressionLayer};
use uuid::Uuid;

use super::{
    conditional, encoding,
    error::{Error, render_error},
    extract::{unrouted, view},
    rate_limit::Client,
};
use crate::{
    app::App,
    pages::{View, view::with_lang},
    query::QueryParams,
    routes::{self, Route},
    store::within_deadline,
};

/// How long an answer may take. The database has its own, shorter deadline; this one bounds slow bodies.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// Of what is not whole, and in gzip.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(encoding::QUALITY);
/// Where a request's id travels, in and out.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id taken from outside, in characters.
const REQUEST_ID_CHARS_MAX: usize = 64;

/// The merged routers as a service: every request logged and counted, every error dressed, every read validated by
/// ETag, every text compressed.
pub fn wrap(router: Router<App>, app: &App) -> Router {
    watch(answer(router, app), app)
}

/// The merged routers with all that makes their answers what they are, whoever asks: what is the same for everybody can be
/// kept outside of this.
pub fn answer(router: Router<App>, app: &App) -> Router {
    let routed = router
        .fallback(unrouted)
        .method_not_allowed_fallback(unrouted)
        .with_state(app.clone());
    // As a fallback service the routers lie inside the layers, so that a HEAD is routed, and answered, as a GET. Few layers,
    // since each costs every request a box and a copy of all that lies inside.
    let app = Arc::new(app.clone());
    Router::new()
        .fallback_service(routed)
        .layer(from_fn_with_state(app, skin))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn(tag_coding))
}

/// What happens with every request, however it is answered: it is counted, for its client and for the operator.
fn watch(router: Router, app: &App) -> Router {
    let app = Arc::new(app.clone());
    router.layer(from_fn(move |request: Request, next: Next| {
        let app = app.clone();
        async move {
            let peer = request.extensions().get().copied();
            record_request(&app, peer, request, |asked| next.run(asked.into_request())).await
        }
    }))
}

/// A request that may be answered, with who asks.
#[derive(Debug)]
pub struct IncomingRequest {
    request: Request,
    id: RequestId,
    client: Option<Client>,
}

impl IncomingRequest {
    /// The request as it came.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The request as routers want it, with who asks among its extensions.
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

/// The id of a request, among its extensions.
#[derive(Clone, Debug)]
struct RequestId(HeaderValue);

impl RequestId {
    /// The caller's id where it is harmless, else a new one.
    fn of(headers: &HeaderMap) -> Self {
        let harmless = |id: &&HeaderValue| {
            (1..=REQUEST_ID_CHARS_MAX).contains(&id.len())
                && id
                    .as_bytes()
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        Self(match headers.get(REQUEST_ID).filter(harmless) {
            Some(given) => given.clone(),
            None => {
                let mut text = Uuid::encode_buffer();
                let text = Uuid::new_v4().hyphenated().encode_lower(&mut text);
                HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("-"))
            }
        })
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Gives the request its id, lets it be answered unless its client asks too often, and tells of it in one log line and in
/// the metrics, by the route's template.
pub async fn record_request<F, Answer>(
    app: &App,
    peer: Option<Peer>,
    request: Request,
    answer: F,
) -> Response
where
    F: FnOnce(IncomingRequest) -> Answer,
    Answer: Future<Output = Response>,
{
    let started = Instant::now();
    let method = method_word(request.method());
    let route = routes::find(request.uri().path());
    let id = RequestId::of(request.headers());
    let asked = IncomingRequest {
        request,
        id: id.clone(),
        client: None,
    };

    let mut response = limited(app, peer, route, asked, answer).await;

    let (elapsed, status) = (started.elapsed(), response.status().as_u16());
    let route = route.map_or("unmatched", |route| route.template);
    count(method, route, status, elapsed);
    let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        method,
        route,
        status,
        duration_ms,
        request_id = id.text(),
        "Request answered"
    );
    response.headers_mut().insert(REQUEST_ID, id.0);
    response
}

/// What counts requests of one method, route and status.
struct Counted {
    requests: metrics::Counter,
    durations: metrics::Histogram,
}

thread_local! {
    /// What counts each kind of request: looking it up by its labels would cost more than counting.
    static COUNTED: RefCell<HashMap<(&'static str, &'static str, u16), Counted>> = RefCell::default();
}

fn count(method: &'static str, route: &'static str, status: u16, elapsed: Duration) {
    COUNTED.with_borrow_mut(|counted| {
        let counted = counted.entry((method, route, status)).or_insert_with(|| Counted {
            requests: metrics::counter!("http_requests_total", "method" => method, "route" => route, "status" => status.to_string()),
            durations: metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route),
        });
        counted.requests.increment(1);
        counted.durations.record(elapsed.as_secs_f64());
    });
}

/// The method as a label: those the board knows, and one word for whatever else is sent.
fn method_word(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("OTHER")
}

/// The address that a connection comes from, as whoever accepts connections tells it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Tells who asks, and answers a client that asks too often with when to ask again. What the operator's programs ask is
/// never too much.
async fn limited<F, Answer>(
    app: &App,
    peer: Option<Peer>,
    route: Option<&Route>,
    mut asked: IncomingRequest,
    answer: F,
) -> Response
where
    F: FnOnce(IncomingRequest) -> Answer,
    Answer: Future<Output = Response>,
{
    let Some(Peer(peer)) = peer else {
        return answer(asked).await;
    };
    let request = &asked.request;
    let client = Client::of(peer, request.headers(), &app.settings);
    asked.client = Some(client);
    let limits = app
        .limits
        .as_ref()
        .filter(|_| !route.is_some_and(Route::is_probe));
    let Some(limits) = limits else {
        return answer(asked).await;
    };
    let authorized = request.headers().contains_key(header::AUTHORIZATION);
    let with_token = route.is_some_and(|route| {
        route.template.contains("{token}") || route.is_operators() && authorized
    });
    let query = QueryParams::parse(request.uri().query().unwrap_or_default());
    let allowed = limits.anything(client).and_then(|()| {
        if query.get(&["q", "search"]).is_some() {
            limits.search(client)?;
        }
        if with_token {
            limits.token(client)?;
        }
        Ok(())
    });
    if let Err(wait) = allowed {
        return Skin::of(app, &asked.into_request()).dress(Error::from(wait).into_response());
    }
    let response = answer(asked).await;
    let refused = [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&response.status());
    if with_token && refused {
        limits.wrong_token(client);
    }
    response
}

/// Longest address, in bytes: a search for a whole description, pasted, fits.
const ADDRESS_BYTES_MAX: usize = 32 * 1024;

/// Gives an error the skin of its path and the visitor's language, and every answer what browsers have to know.
async fn skin(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let skin = Skin::of(&app, &request);
    skin.dress(admit(&app, request, next).await)
}

/// Lets a request in if its address is of a sane length and there is room for it. What the operator's programs ask needs
/// none: they must see that there is none.
async fn admit(app: &App, request: Request, next: Next) -> Response {
    let address = request.uri();
    let length = address.path().len() + address.query().map_or(0, str::len);
    if length > ADDRESS_BYTES_MAX {
        return Error::AddressTooLong.into_response();
    }
    if routes::find(address.path()).is_some_and(Route::is_probe) {
        return validate(request, next).await;
    }
    let places = match *request.method() {
        Method::GET | Method::HEAD => &app.room.reads,
        _ => &app.room.writes,
    };
    match places.try_acquire() {
        Ok(_place) => validate(request, next).await,
        Err(_) => Error::Busy.into_response(),
    }
}

/// What an answer takes from its request.
struct Skin {
    path: String,
    read: bool,
    view: View,
    request_id: String,
}

impl Skin {
    fn of(app: &App, request: &Request) -> Self {
        let id = request.extensions().get::<RequestId>();
        Self {
            path: request.uri().path().to_owned(),
            read: matches!(*request.method(), Method::GET | Method::HEAD),
            view: view(&app.settings, &app.clock, request.headers(), request.uri()),
            request_id: id.map(|id| id.text().to_owned()).unwrap_or_default(),
        }
    }

    fn dress(&self, response: Response) -> Response {
        let mut response = render_error(response, &self.path, &self.view, &self.request_id);
        guard(response.headers_mut(), &self.path, self.read, &self.view);
        speak(&mut response, &self.path, &self.view);
        response
    }
}

/// Scripts and styles come from here only and none is written into a page, nobody frames the board, and a form goes nowhere
/// else (CSP Level 3). Bootstrap has its own icons in `data:` addresses.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
/// The list for a frame is framed by anybody, and runs nothing.
const EMBED_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *",
);
/// What no page here ever asks a visitor for.
const PERMISSIONS_POLICY: HeaderValue = HeaderValue::from_static(
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
);

/// Tells browsers what to keep from this answer and from whom.
fn guard(headers: &mut HeaderMap, path: &str, read: bool, view: &View) {
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let framed = path == "/embed";
    let policy = if framed {
        EMBED_SECURITY_POLICY
    } else {
        CONTENT_SECURITY_POLICY
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert("permissions-policy", PERMISSIONS_POLICY);
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    // Anyone's page may read what the API tells everyone; what a token opens is nobody else's.
    let told = path.starts_with("/api/") && !path.starts_with("/api/events/by-token/")
        || path.ends_with(".ics")
        || ["/feed.atom", "/feed.json", "/oembed"].contains(&path);
    let open = read && told;
    // Another site's page shows the frame, and a chat in a browser the picture of a link.
    let readers = if open || framed || path.ends_with("/card.png") {
        "cross-origin"
    } else {
        "same-origin"
    };
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static(readers),
    );
    if open {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("ETag, Link, X-Request-Id"),
        );
    }
    if view.base_url.starts_with("https:") {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    // Nothing that is answered at the address of a secret link, errors included, tells the next site where it was.
    if path.starts_with("/events/edit/") {
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    }
}

/// Tells that pages and problems depend on the language asked for, and lets a redirect to another page keep it.
fn speak(response: &mut Response, path: &str, view: &View) {
    let said = |headers: &HeaderMap, name, start: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value: &str| value.starts_with(start))
    };
    let headers = response.headers_mut();
    let worded = headers.contains_key(header::CONTENT_LANGUAGE)
        || said(headers, header::CONTENT_TYPE, "application/problem+json");
    if worded {
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    }
    if view.lang_chosen
        && !path.starts_with("/api")
        && let Some(location) = headers.get(header::LOCATION)
        && let Ok(location) = location.to_str()
        && let Ok(location) = HeaderValue::from_str(&with_lang(location, view.lang.tag()))
    {
        headers.insert(header::LOCATION, location);
    }
}

/// Gives every whole, cacheable answer a strong ETag, a hash of its bytes unless the handler knew a better one, and
/// answers 304 to whoever has it already (RFC 9110 §13.1.2), or else the bytes, in Brotli for whoever likes that best.
async fn validate(request: Request, next: Next) -> Response {
    let read = request.method() == Method::GET;
    let brotli = encoding::preferred_encoding(request.headers()) == "br";
    let known = conditional::if_none_match(request.headers()).unwrap_or_default();

    let response = in_time(request, next).await;

    let no_store = |headers: &HeaderMap| {
        headers
            .get(header::CACHE_CONTROL)
            .is_some_and(|value| value.as_bytes().starts_with(b"no-store"))
    };
    let whole = http_body::Body::size_hint(response.body())
        .exact()
        .is_some();
    if !read || !whole || response.status() != StatusCode::OK || no_store(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // A body that is whole is in memory: collecting it neither waits nor fails.
    let bytes = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let tag = parts
        .headers
        .get(header::ETAG)
        .cloned()
        .unwrap_or_else(|| hash_tag(&bytes));
    let matched = tag
        .to_str()
        .ok()
        .and_then(|tag| conditional::matching(&known, tag));
    parts.headers.insert(header::ETAG, tag);
    // Short ones are not compressed, and longer ones at the same address are.
    parts
        .headers
        .append(header::VARY, HeaderValue::from_static("accept-encoding"));
    match matched.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
        None => {
            let compressed = brotli
                .then(|| encoding::brotli(&bytes, &parts.headers))
                .flatten();
            if compressed.is_some() {
                let coding = HeaderValue::from_static("br");
                parts.headers.insert(header::CONTENT_ENCODING, coding);
                parts.headers.remove(header::CONTENT_LENGTH);
            }
            Response::from_parts(parts, Body::from(compressed.unwrap_or(bytes)))
        }
        Some(tag) => {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.insert(header::ETAG, tag);
            parts.headers.remove(header::CONTENT_TYPE);
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::empty())
        }
    }
}

fn hash_tag(bytes: &Bytes) -> HeaderValue {
    let hash: String = Sha256::digest(bytes)
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::from_str(&format!("\"{hash}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Answers a HEAD with the headers of the GET (RFC 9110 §9.3.2). Tells the codings of one representation apart in their
/// tags: strong ones must differ where bytes do. And tells in one field what the representation depends on: not every way
/// carries a field twice.
async fn tag_coding(mut request: Request, next: Next) -> Response {
    let whole = request.method() != Method::HEAD;
    if !whole {
        *request.method_mut() = Method::GET;
    }
    let mut response = next.run(request).await;
    if !whole {
        *response.body_mut() = Body::empty();
    }
    let headers = response.headers_mut();
    let vary = headers.get_all(header::VARY).iter();
    let mut vary: Vec<_> = vary.filter_map(|value| value.to_str().ok()).collect();
    vary.sort_unstable();
    vary.dedup();
    if let Ok(vary) = HeaderValue::from_str(&vary.join(", "))
        && !vary.is_empty()
    {
        headers.insert(header::VARY, vary);
    }
    let coding = headers
        .get(header::CONTENT_ENCODING)
        .and_then(|coding| coding.to_str().ok());
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    if let (Some(coding), Some(tag)) = (coding, tag)
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{}-{coding}\"", tag.trim_matches('"')))
    {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Answers in time, and whatever happens.
async fn in_time(request: Request, next: Next) -> Response {
    let answered = AssertUnwindSafe(within_deadline(next.run(request))).catch_unwind();
    match tokio::time::timeout(REQUEST_TIMEOUT, answered).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => panicked(panic.as_ref()),
        Err(_) => Error::TooSlow.into_response(),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    Error::Broken(format!("panicked: {}", message.unwrap_or_default()).into()).into_response()
}
