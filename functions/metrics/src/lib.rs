//! `GET /metrics`, `/healthz` and `/readyz`: metrics and health checks.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use shared::{
    app::App,
    clock::Clock,
    config::Settings,
    http::{Error, response},
    routes::paths,
    store::{self, Db, StoreError, migrations},
    telemetry::{EventGauges, Metrics, PoolGauges},
};

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::METRICS, get(metrics))
        .route(paths::HEALTHZ, get(healthz))
        .route(paths::READYZ, get(readyz))
}

/// The metrics as text (Prometheus exposition format 0.0.4).
async fn metrics(
    State(metrics): State<Metrics>,
    State(settings): State<Arc<Settings>>,
    State(db): State<Db>,
    State(clock): State<Clock>,
) -> Response {
    let events = if metrics.reports_events() {
        count_events(&db, &clock).await
    } else {
        None
    };
    let text = metrics.render(&settings, pool_gauges(&db), events);
    response::with_type(text, "text/plain; version=0.0.4; charset=utf-8")
}

/// Number of events; `None`, with a warning in the log, where the database does not answer.
async fn count_events(db: &Db, clock: &Clock) -> Option<EventGauges> {
    match store::event_counts(db, clock.now()).await {
        Ok(counts) => Some(EventGauges {
            upcoming: counts.upcoming,
            past: counts.past,
            hidden: counts.hidden,
            deleted: counts.deleted,
        }),
        Err(error) => {
            tracing::warn!(cause = error.to_string(), "Events could not be counted");
            None
        }
    }
}

fn pool_gauges(db: &Db) -> PoolGauges {
    let pool = db.pool_status();
    PoolGauges {
        connections_max: pool.connections_max,
        connections: pool.connections,
        idle: pool.idle,
        waiting: pool.waiting,
    }
}

/// Liveness: 200 while the process runs; depends on nothing else.
async fn healthz() -> Response {
    response::with_type("ok\n", "text/plain; charset=utf-8")
}

/// Readiness: 200 when the database responds and has all migrations of this binary.
async fn readyz(State(db): State<Db>) -> Result<Response, Error> {
    if migrations::is_current(&db).await? {
        Ok(response::with_type("ready\n", "text/plain; charset=utf-8"))
    } else {
        Err(StoreError::Unavailable("a migration is missing".into()).into())
    }
}
