//! What surrounds every handler, in one order for both runtimes.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use super::{
    client::{Client, Peer},
    conditional::{Conditions, suffix_etag_with_encoding},
    deadline::catch_timeouts_and_panics,
    encoding,
    error::Error,
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

/// The level of gzip, and of Brotli for streamed bodies.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(encoding::QUALITY);
/// Longest path with its query, in bytes: a search for a whole description fits.
const URI_BYTES_MAX: usize = 32 * 1024;

/// The merged routers of one or all functions as a service, with all of the middleware.
pub fn wrap(router: Router<App>, app: &App) -> Router {
    let app = Arc::new(app.clone());
    respond(router, &app).layer(from_fn(move |request: Request, next: Next| {
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

/// The response to one request: `respond` within the request log and the rate limit.
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

/// Handles the request with `respond` unless its client exceeds a rate limit of the route: then 429 with `Retry-After`.
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
    let request = &incoming.request;
    let client = Client::of(address, request.headers(), &app.settings);
    incoming.client = Some(client);
    let route = routes::find(request.uri().path());
    let rate = route.map_or(Rate::Read, |route| route.rate);
    let Some(limits) = app.rate_limits.as_ref().filter(|_| rate != Rate::Exempt) else {
        return respond(incoming).await;
    };
    // Browsers first request a page of the operator without the token.
    let has_token = rate == Rate::Token
        && (!route.is_some_and(is_operators)
            || request.headers().contains_key(header::AUTHORIZATION));
    let searches = rate == Rate::Search && has_search_text(request.uri().query());
    let allowed = limits.check_request(client).and_then(|()| {
        if searches {
            limits.check_search(client)?;
        }
        if has_token {
            limits.check_token(client)?;
        }
        Ok(())
    });
    if let Err(limited) = allowed {
        let renderer = Renderer::new(app, &incoming.into_request());
        return renderer.finish(Error::from(limited).into_response());
    }
    let response = respond(incoming).await;
    let refused = [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&response.status());
    if has_token && refused {
        limits.record_wrong_token(client);
    }
    response
}

fn is_operators(route: &Route) -> bool {
    route.audience == Audience::Operator
}

fn has_search_text(query: Option<&str>) -> bool {
    let query = QueryParams::parse(query.unwrap_or_default());
    query.get(&["q", "search"]).is_some()
}

/// The merged routers with the part of the middleware that the response depends on. A cache of responses that are the same for
/// every client goes outside of this.
///
/// A layer costs every request an allocation and a copy of everything inside it, so there are three.
pub fn respond(router: Router<App>, app: &App) -> Router {
    let handlers = router
        .fallback(unrouted)
        .method_not_allowed_fallback(unrouted)
        .with_state(app.clone());
    // As a fallback service the handlers are inside the layers, so that a HEAD is routed as a GET.
    Router::new()
        .fallback_service(handlers)
        .layer(from_fn_with_state(Arc::new(app.clone()), handle))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn(suffix_etag_with_encoding))
}

/// From the outside in: headers and rendered errors, limits, conditional requests, cache headers, timeout, the handler.
async fn handle(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let renderer = Renderer::new(&app, &request);
    let route = routes::find(request.uri().path());
    let response = match limit(&app, route, &request) {
        Err(error) => error.into_response(),
        Ok(_permit) if request.method() == Method::OPTIONS => options(route, &app.settings),
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

/// Checks the length of the URI and the number of concurrent requests.
fn limit<'a>(
    app: &'a App,
    route: Option<&Route>,
    request: &Request,
) -> Result<Option<tokio::sync::SemaphorePermit<'a>>, Error> {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > URI_BYTES_MAX {
        return Err(Error::UriTooLong);
    }
    app.concurrency.acquire(route, request.method())
}

/// `Cache-Control` as the route says, unless the handler set it.
fn set_cache_control(response: &mut Response, route: Option<&Route>, method: &Method) {
    let status = response.status();
    if let Some(value) = route.and_then(|route| route.cache_control(method, status)) {
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(value);
    }
}

/// The response to OPTIONS: the methods of the path (RFC 9110 §9.3.7) and, where other sites may read it, CORS headers.
fn options(route: Option<&Route>, settings: &Settings) -> Response {
    let Some(route) = route.filter(|route| exists(route, settings)) else {
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

/// The response where no handler matches: 405 where the path has other methods, 308 where only a slash is wrong, else 404.
async fn unrouted(State(settings): State<Arc<Settings>>, uri: Uri) -> Response {
    match routes::find(uri.path()) {
        Some(route) if exists(route, &settings) => Error::MethodNotAllowed {
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

/// The operator's paths exist only where an `ADMIN_TOKEN` is set.
fn exists(route: &Route, settings: &Settings) -> bool {
    route.audience != Audience::Operator || settings.admin_token.is_some()
}
