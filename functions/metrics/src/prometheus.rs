//! `GET /metrics`: the server's metrics in the text format of Prometheus.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use shared::{
    clock::Clock,
    config::Settings,
    http::response,
    store::{self, Db},
    telemetry::{EventGauges, Metrics, PoolGauges},
};

/// Responds with the metrics in the text format of Prometheus (exposition format 0.0.4).
pub(crate) async fn metrics(
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

/// Counts the events in the database; `None`, with a warning in the log, if the query fails.
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
