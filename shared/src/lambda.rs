//! Runs a router as a function on AWS Lambda, behind API Gateway.

use std::{io, process::ExitCode};

use anyhow::anyhow;
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use http::{HeaderValue, Uri};
use lambda_http::{RequestExt, request::RequestContext};
use percent_encoding::utf8_percent_encode;

use crate::{
    app::App,
    config::Settings,
    http::{Peer, REQUEST_ID, middleware},
    routes::links,
    telemetry::{self, Metrics, Output},
};

/// Handles the invocations of the Lambda function `name`, one at a time. Returns only if the function cannot start,
/// after printing the error as one line.
pub fn run(name: &'static str, router: Router<App>) -> ExitCode {
    match start(name, router) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {}", telemetry::one_line(&error));
            ExitCode::FAILURE
        }
    }
}

fn start(name: &'static str, router: Router<App>) -> anyhow::Result<()> {
    let settings = Settings::from_environment_of_function()?;
    telemetry::start_logging(&settings, Output::Stdout);
    let metrics = Metrics::of_function(name, &settings)?;
    let app = App::new(settings, metrics)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(lambda_http::run(function_router(router, &app)))
        .map_err(|error| anyhow!(error))
}

/// Adds to the router of a Lambda function the middleware, and one line of metrics per invocation.
pub fn function_router(router: Router<App>, app: &App) -> Router {
    middleware::with_middleware(router, app)
        .layer(from_fn_with_state(app.clone(), handle_invocation))
}

/// Rebuilds the path and query that the client sent. API Gateway decodes the path, and `lambda_http` builds an absolute
/// URI in which `..` is resolved.
fn original_uri(request: &Request) -> Option<Uri> {
    let path = utf8_percent_encode(request.raw_http_path(), links::ENCODED_IN_PATHS).to_string();
    let uri = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    uri.parse().ok()
}

/// Returns the IP address from which API Gateway received the request.
fn peer(request: &Request) -> Option<Peer> {
    let RequestContext::ApiGatewayV2(context) = request.request_context_ref()? else {
        return None;
    };
    Some(Peer(context.http.source_ip.as_ref()?.parse().ok()?))
}

/// Restores the URI and the IP address of the client's request, uses the id of the invocation for a request without an
/// id, and writes the metrics after the response.
async fn handle_invocation(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Some(uri) = original_uri(&request) {
        *request.uri_mut() = uri;
    }
    if let Some(peer) = peer(&request) {
        request.extensions_mut().insert(peer);
    }
    let id = request
        .lambda_context_ref()
        .map(|context| context.request_id.clone())
        .unwrap_or_default();
    if let Ok(id) = HeaderValue::from_str(&id) {
        request.headers_mut().entry(REQUEST_ID).or_insert(id);
    }
    let response = next.run(request).await;
    if let Metrics::EmbeddedMetrics(embedded) = &app.metrics {
        // When standard output is closed, the metrics are lost.
        let _ = embedded.write_line(io::stdout(), &id, app.clock.now());
    }
    response
}
