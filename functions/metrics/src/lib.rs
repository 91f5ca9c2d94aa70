//! `GET /metrics`, `/healthz` and `/readyz`: what the operator and the operator's programs ask; and
//! `/.well-known/security.txt`: where to reach the operator.

use std::{sync::Arc, time::Duration};

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
    http::Error,
    pages::View,
    store::{self, Db, StoreError, migrations},
    telemetry::{EventGauges, Metrics, PoolGauges},
};

/// How long a security.txt may be believed.
const SECURITY_TXT_VALID: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/.well-known/security.txt", get(security_txt))
        .route("/metrics", get(metrics))
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
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
    (plain("text/plain; version=0.0.4; charset=utf-8"), text).into_response()
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

/// Says where to report a weakness (RFC 9116), if the operator has said so.
async fn security_txt(
    State(settings): State<Arc<Settings>>,
    State(clock): State<Clock>,
    view: View,
) -> Result<Response, Error> {
    let contact = settings.security_contact.as_ref().ok_or(Error::NotFound)?;
    // By the day, so that it need not be fetched again and again.
    let expires = (clock.now() + SECURITY_TXT_VALID).format("%Y-%m-%dT00:00:00Z");
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: pt-BR, en, es\n\
         Canonical: {}/.well-known/security.txt\n",
        view.base_url
    );
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media_type)], text).into_response())
}

fn plain(media_type: &'static str) -> [(header::HeaderName, HeaderValue); 2] {
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
}
