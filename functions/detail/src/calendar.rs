//! `GET /events/{id}/event.ics`: the event as an iCalendar file (RFC 5545).

use axum::{extract::State, response::Response};
use shared::{
    http::{Error, Path},
    pages::View,
    store::Db,
};

/// The event's calendar file.
pub(crate) async fn calendar(
    State(db): State<Db>,
    view: View,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let event = crate::public_event(&db, id).await?;
    Ok(view.event_calendar(&event))
}
