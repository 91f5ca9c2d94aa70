//! `GET /events/{id}/event.ics`: an event as an iCalendar file (RFC 5545).

use axum::{extract::State, response::Response};
use http::{HeaderValue, header};
use shared::{
    formats::{calendar_file_name, event_calendar},
    http::{Error, Path, response},
    pages::View,
    store::Db,
};

/// Responds with the iCalendar file of an event.
pub(crate) async fn calendar(
    State(db): State<Db>,
    view: View,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let event = crate::public_event(&db, id).await?;
    let text = event_calendar(&event, &view);
    let mut response = response::in_language(text, "text/calendar; charset=utf-8", view.lang);
    let disposition = format!("inline; filename=\"{}\"", calendar_file_name(&event));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
