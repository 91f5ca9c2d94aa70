//! The middleware around every handler, in the same order in local-server, which runs all functions in one process, and
//! in the functions on AWS Lambda.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use tokio::sync::SemaphorePermit;
use tower_http::{CompressionLevel, compression::CompressionLayer};

use super::{
    client::{Client, Peer},
    conditional::{Conditions, suffix_etag_with_encoding},
    deadline::catch_timeouts_and_panics,
    encoding,
    error::Error,
    rate_limit::{RateLimited, RateLimits},
    render_error::Renderer,
    request_log::{IncomingRequest, record_request},
    response::permanent_redirect,
    security_headers::set_preflight_headers,
};
use crate::{
    app::App,
    config::Settings,
    query::QueryParams,
    routes::{self, Audience, Rate, Route},
};

/// Compression level of gzip, and of Brotli for streamed bodies.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(encoding::QUALITY);
/// Maximum length of a path with its query, in bytes: enough for a search for a whole description.
const URI_BYTES_MAX: usize = 32 * 1024;

/// Adds all of the middleware to `router`, the merged routers of one or all functions.
pub fn with_middleware(router: Router<App>, app: &App) -> Router {
    let app = Arc::new(app.clone());
    with_response_layers(router, &app).layer(from_fn(move |request: Request, next: Next| {
        let app = app.clone();
        async move {
            let peer = request.extensions().get().copied();
            serve_request(&app, peer, request, |incoming| {
                next.run(incoming.into_request())
            })
            .await
        }
    }))
}

/// Handles one request with `respond`, inside the request log and the rate limits.
pub async fn serve_request<F, R>(
    app: &App,
    peer: Option<Peer>,
    request: Request,
    respond: F,
) -> Response
where
    F: FnOnce(IncomingRequest) -> R,
    R: Future<Output = Response>,
{
    record_request(request, |incoming| limit_rate(app, peer, incoming, respond)).await
}

/// Handles the request with `respond`, unless its client exceeds a rate limit of the route: then responds 429 with
/// `Retry-After`.
async fn limit_rate<F, R>(
    app: &App,
    peer: Option<Peer>,
    mut incoming: IncomingRequest,
    respond: F,
) -> Response
where
    F: FnOnce(IncomingRequest) -> R,
    R: Future<Output = Response>,
{
    let Some(Peer(address)) = peer else {
        return respond(incoming).await;
    };
    let client = Client::of(address, incoming.request.headers(), &app.settings);
    incoming.client = Some(client);
    let route = incoming.route;
    let rate = route.map_or(Rate::Read, |route| route.rate);
    let Some(limits) = app.rate_limits.as_ref().filter(|_| rate != Rate::Exempt) else {
        return respond(incoming).await;
    };
    let sends_token = rate == Rate::Token && sends_token(route, &incoming.request);
    let searches = rate == Rate::Search && has_search_text(incoming.request.uri().query());
    if let Err(limited) = check_limits(limits, client, searches, sends_token) {
        let renderer = Renderer::new(app, &incoming.into_request(), route);
        return renderer.finish(Error::from(limited).into_response());
    }
    let response = respond(incoming).await;
    let is_rejected =
        [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&response.status());
    if sends_token && is_rejected {
        limits.record_wrong_token(client);
    }
    response
}

fn check_limits(
    limits: &RateLimits,
    client: Client,
    searches: bool,
    sends_token: bool,
) -> Result<(), RateLimited> {
    limits.check_request(client)?;
    if searches {
        limits.check_search(client)?;
    }
    if sends_token {
        limits.check_token(client)?;
    }
    Ok(())
}

/// Returns whether the request has a token, in its path or, for the operator's pages, in `Authorization`. Browsers
/// first request an operator's page without a token.
fn sends_token(route: Option<&Route>, request: &Request) -> bool {
    let is_operators = route.is_some_and(|route| route.audience == Audience::Operator);
    !is_operators || request.headers().contains_key(header::AUTHORIZATION)
}

fn has_search_text(query: Option<&str>) -> bool {
    let query = QueryParams::parse(query.unwrap_or_default());
    query.get(&["q", "search"]).is_some()
}

/// Adds to `router` the layers that the content of a response depends on. A cache of responses that are the same for
/// every client is placed around the returned router.
///
/// A layer costs every request an allocation and a copy of everything inside it, so there are only three.
pub fn with_response_layers(router: Router<App>, app: &App) -> Router {
    let handlers = router
        .fallback(unmatched)
        .method_not_allowed_fallback(unmatched)
        .with_state(app.clone());
    // As a fallback service the handlers are inside the layers, so that a HEAD is routed as a GET.
    Router::new()
        .fallback_service(handlers)
        .layer(from_fn_with_state(Arc::new(app.clone()), handle_request))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn(suffix_etag_with_encoding))
}

/// Handles a request in layers, from the outside in: headers and rendered errors, limits, conditional requests, cache
/// headers, timeout, the handler.
async fn handle_request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = routes::find(request.uri().path());
    let renderer = Renderer::new(&app, &request, route);
    let response = match acquire_permit(&app, route, &request) {
        Err(error) => error.into_response(),
        Ok(_permit) if request.method() == Method::OPTIONS => {
            options_response(route, &app.settings)
        }
        Ok(_permit) => {
            let conditions = Conditions::of(&request);
            let method = request.method().clone();
            let mut response = catch_timeouts_and_panics(next.run(request)).await;
            set_cache_control(&mut response, renderer.route(), &method);
            conditions.apply(response).await
        }
    };
    renderer.finish(response)
}

/// Checks the length of the URI, and acquires a permit to handle the request among the concurrent ones.
fn acquire_permit<'a>(
    app: &'a App,
    route: Option<&Route>,
    request: &Request,
) -> Result<Option<SemaphorePermit<'a>>, Error> {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > URI_BYTES_MAX {
        return Err(Error::UriTooLong);
    }
    app.concurrency.acquire(route, request.method())
}

/// Sets the `Cache-Control` of the route, unless the handler set the header.
fn set_cache_control(response: &mut Response, route: Option<&Route>, method: &Method) {
    let status = response.status();
    if let Some(value) = route.and_then(|route| route.cache_control(method, status)) {
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(value);
    }
}

/// Builds the response to OPTIONS: the methods of the path (RFC 9110 §9.3.7) and, if other sites may read the path,
/// CORS headers.
fn options_response(route: Option<&Route>, settings: &Settings) -> Response {
    let Some(route) = route.filter(|route| is_enabled(route, settings)) else {
        return Error::NotFound.into_response();
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    if let Ok(allow) = HeaderValue::from_str(&route.allow()) {
        headers.insert(header::ALLOW, allow);
    }
    if route.cross_origin {
        set_preflight_headers(headers);
    }
    response
}

/// Responds where no handler matches: with 405 if the path has other methods, 308 if it differs from an existing page
/// by one slash at its end, else 404.
async fn unmatched(State(settings): State<Arc<Settings>>, uri: Uri) -> Response {
    match routes::find(uri.path()) {
        Some(route) if is_enabled(route, &settings) => Error::MethodNotAllowed {
            allow: route.allow(),
        }
        .into_response(),
        Some(_) => Error::NotFound.into_response(),
        None => match routes::with_slash_corrected(uri.path()) {
            Some(path) => permanent_redirect(&match uri.query() {
                Some(query) => format!("{path}?{query}"),
                None => path,
            }),
            None => Error::NotFound.into_response(),
        },
    }
}

/// Returns whether the path of `route` exists with the given settings: the operator's paths do only if `ADMIN_TOKEN` is
/// set.
fn is_enabled(route: &Route, settings: &Settings) -> bool {
    route.audience != Audience::Operator || settings.admin_token.is_some()
}
