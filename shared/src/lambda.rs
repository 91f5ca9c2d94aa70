//! What makes a router a function on AWS Lambda.

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
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{
    app::App,
    config::Settings,
    http::{Peer, REQUEST_ID, middleware},
    telemetry::{self, Metrics, Output},
};

/// Answers invocations with these routes, one at a time, for as long as Lambda wants. Ends only when it cannot begin.
pub fn run(name: &'static str, router: Router<App>) -> ExitCode {
    match begin(name, router) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {}", telemetry::one_line(&error));
            ExitCode::FAILURE
        }
    }
}

fn begin(name: &'static str, router: Router<App>) -> anyhow::Result<()> {
    let settings = Settings::from_environment_of_function()?;
    telemetry::start_logging(&settings, Output::Stdout);
    let metrics = Metrics::of_function(name, &settings)?;
    let app = App::new(settings, metrics)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(lambda_http::run(function(router, &app)))
        .map_err(|error| anyhow!(error))
}

/// The routes as a function answers them: as everywhere, and each invocation told to CloudWatch.
pub fn function(router: Router<App>, app: &App) -> Router {
    middleware::wrap(router, app).layer(from_fn_with_state(app.clone(), invocation))
}

/// What no path holds as it is (RFC 3986 §3.3). A percent sign may: it is what encodes the others.
const ENCODED_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address as the combined server sees it: a path and a query. API Gateway hands the path over decoded, and
/// `lambda_http` makes an absolute address of it in which `..` has gone its way.
fn address(request: &Request) -> Option<Uri> {
    let path = utf8_percent_encode(request.raw_http_path(), ENCODED_IN_PATHS).to_string();
    let address = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    address.parse().ok()
}

/// Who has called API Gateway.
fn peer(request: &Request) -> Option<Peer> {
    let RequestContext::ApiGatewayV2(context) = request.request_context_ref()? else {
        return None;
    };
    Some(Peer(context.http.source_ip.as_ref()?.parse().ok()?))
}

/// Puts right what the way through Lambda has changed, gives a request that has none the id under which Lambda knows it,
/// and writes what was counted.
async fn invocation(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Some(address) = address(&request) {
        *request.uri_mut() = address;
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
        // Where standard output is gone, there is nobody left to tell.
        let _ = embedded.write_line(io::stdout(), &id, app.clock.now());
    }
    response
}
