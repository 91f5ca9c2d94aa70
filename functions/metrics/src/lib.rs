//! `GET /metrics`, `/healthz` and `/readyz`: what the operator and the operator's programs ask.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, header};
use shared::{
    app::App,
    clock::Clock,
    config::Settings,
    error::Error,
    store::{Db, StoreError, migrations},
    telemetry::Metrics,
};

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
}

/// Tells what the operator's programs collect.
async fn metrics(
    State(metrics): State<Metrics>,
    State(settings): State<Arc<Settings>>,
    State(db): State<Db>,
    State(clock): State<Clock>,
) -> Response {
    let text = metrics.render(&settings, &db, clock.now()).await;
    (plain("text/plain; version=0.0.4; charset=utf-8"), text).into_response()
}

/// Says that the process runs; asks no one.
async fn alive() -> Response {
    (plain("text/plain; charset=utf-8"), "ok\n").into_response()
}

/// Says whether the database answers and has had every migration this binary carries.
async fn ready(State(db): State<Db>) -> Result<Response, Error> {
    if migrations::is_current(&db).await? {
        Ok((plain("text/plain; charset=utf-8"), "ready\n").into_response())
    } else {
        Err(StoreError::Unavailable("a migration is missing".into()).into())
    }
}

fn plain(media_type: &'static str) -> [(header::HeaderName, HeaderValue); 2] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
}
