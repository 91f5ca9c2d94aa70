//! `GET /events.ics`: the events of a filtered list, as a calendar to subscribe to.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::TimeDelta;
use shared::{
    config::Settings,
    formats::events_calendar,
    http::{
        Error, TimeFilter,
        expiry::{SECOND, truncate_time, with_expiry},
        response,
    },
    pages::View,
    query::QueryParams,
    store::Db,
};

use crate::feed_request::{EVENTS_MAX, FeedRequest, Selection};

/// Maximum age of past events in a calendar without the parameter `when`: subscribers can look them up, and receive a
/// late cancellation.
const PAST_EVENT_AGE_MAX: TimeDelta = TimeDelta::days(30);

/// Responds with the calendar: upcoming events, soonest first, then past events, latest first, 500 in total.
pub(crate) async fn calendar(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    mut view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    view.now = truncate_time(view.now, SECOND);
    let request = FeedRequest::parse(&query, &settings, &view)?;
    let selection = Selection {
        when: request.when.unwrap_or(TimeFilter::All),
        past_since: request
            .when
            .is_none()
            .then(|| view.now - PAST_EVENT_AGE_MAX),
        events_max: EVENTS_MAX,
    };
    let mut events = request.events(&db, selection, view.now).await?;
    events.sort_by_key(|event| (event.starts_at, event.id));
    let zone = settings.default_timezone;
    let text = events_calendar(&request.name, &events, zone, &view);
    let response = response::in_language(text, "text/calendar; charset=utf-8", view.lang);
    Ok(with_expiry(response, view.now + SECOND))
}
