//! `GET /admin`, `POST /admin/hide` and `POST /admin/restore`: what the operator takes from the public's sight. Without an
//! `ADMIN_TOKEN` there are no such pages.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use shared::{
    clock::Clock,
    config::Settings,
    domain::parse_instant,
    http::Error,
    http::response,
    http::{Fields, Operator, Query},
    pages::{AdminPage, View},
    store::{self, AdminEventsQuery, Db, Timestamp},
};

/// How many events a page has.
const ROWS: usize = 50;

/// Shows what was published last.
pub(crate) async fn latest(
    _: Operator,
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: Query,
) -> Result<Response, Error> {
    let wanted = AdminEventsQuery {
        before: number(&query, "before")?.unwrap_or(i64::MAX),
        source: query.get(&["source"]).map(str::to_owned),
        hidden: query.get(&["hidden"]).is_some(),
        limit: ROWS + 1,
    };
    let mut events = store::latest_events(&db, &wanted).await?;
    let more = events.len() > ROWS;
    events.truncate(ROWS);
    let next = events.last().filter(|_| more).map(|last| {
        let id = last.event.id.to_string();
        format!(
            "/admin?{}",
            query.without(&["before", "done"]).with("before", Some(&id))
        )
    });
    let done = number(&query, "done")?;
    Ok(view.show(&AdminPage::new(
        &events,
        &wanted,
        next,
        done,
        settings.default_timezone,
        &view,
    ))?)
}

/// Hides an event, or everything that a source has published from one moment to another.
pub(crate) async fn hide(
    operator: Operator,
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    fields: Fields,
) -> Result<Response, Error> {
    set_hidden(operator, &db, &settings, &fields, Some(clock.now())).await
}

/// Shows again what was hidden, chosen alike.
pub(crate) async fn restore(
    operator: Operator,
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    fields: Fields,
) -> Result<Response, Error> {
    set_hidden(operator, &db, &settings, &fields, None).await
}

async fn set_hidden(
    _: Operator,
    db: &Db,
    settings: &Settings,
    Fields(fields): &Fields,
    hidden_at: Option<DateTime<Utc>>,
) -> Result<Response, Error> {
    let source = fields.get(&["source"]);
    let count = match (number(fields, "id")?, source) {
        (Some(id), _) => store::hide_event(db, id, hidden_at).await?,
        (None, Some(source)) => {
            let bound = |name| match fields.get(&[name]) {
                None => Ok(None),
                Some(typed) => match parse_instant(typed.trim(), settings.default_timezone) {
                    Some(moment) => Ok(Some(Timestamp::Value(moment))),
                    None => Err(Error::BadParameter {
                        name,
                        allowed: "moment",
                    }),
                },
            };
            let from = bound("from")?.unwrap_or(Timestamp::NegInfinity);
            let to = bound("to")?.unwrap_or(Timestamp::PosInfinity);
            store::hide_source(db, source, from..to, hidden_at).await?
        }
        (None, None) => {
            return Err(Error::BadParameter {
                name: "id",
                allowed: "id-or-source",
            });
        }
    };
    if hidden_at.is_some() {
        tracing::info!(count, "Events hidden by the operator");
    } else {
        tracing::info!(count, "Events shown again by the operator");
    }
    let back = Query::default().with("source", source);
    let done = Query::parse(&back).with("done", Some(&count.to_string()));
    Ok(response::see_other(&format!("/admin?{done}")).into_response())
}

fn number(query: &Query, name: &'static str) -> Result<Option<i64>, Error> {
    let bad = |_| Error::BadParameter {
        name,
        allowed: "number",
    };
    query
        .get(&[name])
        .map(|text| text.trim().parse().map_err(bad))
        .transpose()
}
