//! `GET /metrics`, `/healthz` and `/readyz`: metrics and health checks.

mod health;
mod prometheus;

use axum::{Router, routing::get};
use shared::{app::App, routes::paths};

/// Returns the routes of metrics and health checks.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::METRICS, get(prometheus::metrics))
        .route(paths::HEALTHZ, get(health::healthz))
        .route(paths::READYZ, get(health::readyz))
}
