//! `POST /admin/hide` and `POST /admin/restore`: hides events from the public, and makes them public again.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use shared::{
    clock::Clock,
    config::Settings,
    domain,
    http::{Error, Fields, Operator, response},
    query::QueryParams,
    routes::paths,
    store::{self, Db, Timestamp},
};

/// Handles `POST /admin/hide`: hides one event, or all events that one source (a publisher's network) published in a
/// period.
pub(crate) async fn hide(
    _: Operator,
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    Fields(fields): Fields,
) -> Result<Response, Error> {
    let count = set_hidden(&db, &settings, &fields, Some(clock.now())).await?;
    tracing::info!(count, "Events hidden by the operator");
    Ok(redirect_to_list(&fields, count))
}

/// Handles `POST /admin/restore`: makes one hidden event public again, or all that one source published in a period.
pub(crate) async fn restore(
    _: Operator,
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    Fields(fields): Fields,
) -> Result<Response, Error> {
    let count = set_hidden(&db, &settings, &fields, None).await?;
    tracing::info!(count, "Events restored by the operator");
    Ok(redirect_to_list(&fields, count))
}

/// Sets when the events that `fields` select were hidden (`None` makes them public again); returns how many were
/// changed.
async fn set_hidden(
    db: &Db,
    settings: &Settings,
    fields: &QueryParams,
    hidden_at: Option<DateTime<Utc>>,
) -> Result<u64, Error> {
    if let Some(id) = crate::integer(fields, "id")? {
        return Ok(store::hide_event(db, id, hidden_at).await?);
    }
    let source = fields.get(&["source"]).ok_or(Error::BadParameter {
        name: "id",
        allowed: "id-or-source",
    })?;
    let from = timestamp(fields, "from", settings)?.unwrap_or(Timestamp::NegInfinity);
    let to = timestamp(fields, "to", settings)?.unwrap_or(Timestamp::PosInfinity);
    Ok(store::hide_source(db, source, from..to, hidden_at).await?)
}

/// Parses the instant in the form field `name`, in the same format as the parameters `from` and `to` of the event list.
fn timestamp(
    fields: &QueryParams,
    name: &'static str,
    settings: &Settings,
) -> Result<Option<Timestamp<DateTime<Utc>>>, Error> {
    let Some(text) = fields.get(&[name]) else {
        return Ok(None);
    };
    let instant = domain::parse_instant(text.trim(), settings.default_timezone);
    let error = || Error::BadParameter {
        name,
        allowed: "moment",
    };
    instant
        .map(|instant| Some(Timestamp::Value(instant)))
        .ok_or_else(error)
}

/// Redirects to the operator's list of the source in `fields`, which shows `count`, the number of changed events.
fn redirect_to_list(fields: &QueryParams, count: u64) -> Response {
    let query = QueryParams::default()
        .with("source", fields.get(&["source"]))
        .with("done", Some(&count.to_string()));
    response::see_other(&query.append_to(paths::ADMIN))
}
