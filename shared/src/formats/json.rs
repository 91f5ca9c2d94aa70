//! The JSON representation of an event in the API.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Attendance, EditToken, Event, Status, instant_text, wall_time_text};

/// The JSON representation of an event.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
#[expect(
    missing_docs,
    reason = "the API documents the fields, under the same names"
)]
pub struct EventJson<'a> {
    pub id: i64,
    /// The permanent identifier in calendars and exports.
    #[schema(format = "uuid")]
    pub uid: String,
    pub title: &'a str,
    #[schema(required)]
    pub description: Option<&'a str>,
    #[schema(pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$")]
    pub date: String,
    #[schema(required, pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$")]
    pub end_date: Option<String>,
    pub timezone: &'a str,
    #[schema(format = DateTime)]
    pub starts_at: String,
    #[schema(required, format = DateTime)]
    pub ends_at: Option<String>,
    pub location: &'a str,
    #[schema(required)]
    pub city: Option<&'a str>,
    #[schema(required)]
    pub state: Option<&'a str>,
    pub attendance: Attendance,
    pub status: Status,
    #[schema(required, format = "uri")]
    pub url: Option<&'a str>,
    #[schema(required)]
    pub organizer: Option<&'a str>,
    pub technologies: &'a [String],
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub updated_at: String,
    pub version: i64,
    /// Present only if true, in responses to the owner.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_token: Option<&'a str>,
}

/// Returns the JSON representation of `event`. Pass `edit_token` only in responses to the client that sent the token,
/// or that has just published the event.
#[must_use]
pub fn event_json<'a>(event: &'a Event, edit_token: Option<&'a EditToken>) -> EventJson<'a> {
    EventJson {
        id: event.id,
        uid: event.uid.to_string(),
        title: &event.title,
        description: event.description.as_deref(),
        date: wall_time_text(event.date()),
        end_date: event.end_date().map(wall_time_text),
        timezone: event.timezone.name(),
        starts_at: instant_text(event.starts_at),
        ends_at: event.ends_at.map(instant_text),
        location: &event.location,
        city: event.city.as_deref(),
        state: event.state.as_deref(),
        attendance: event.attendance,
        status: event.status,
        url: event.url.as_deref(),
        organizer: event.organizer.as_deref(),
        technologies: &event.technologies,
        created_at: instant_text(event.created_at),
        updated_at: instant_text(event.updated_at),
        version: event.version,
        hidden: event.hidden,
        edit_token: edit_token.map(EditToken::expose),
    }
}
