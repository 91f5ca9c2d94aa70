//! Describes an event as JSON-LD in the vocabulary of schema.org (<https://schema.org/Event>), for search engines.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    domain::{Attendance, BRAZILIAN_STATES, Event, Status},
    pages::{external_links, link_preview::LinkPreview, view::View},
};

/// Returns `event` as a schema.org `Event`. `preview` supplies its name, image, and default description.
pub(crate) fn event_json_ld(event: &Event, preview: &LinkPreview, view: &View) -> Value {
    let public_url = external_links::public_url(event, view);
    let (attendance_mode, location) = attendance_mode_and_location(event, &public_url);
    let mut json_ld = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": preview.title,
        "startDate": local_rfc3339(event, event.starts_at),
        "eventStatus": status_url(event.status),
        "eventAttendanceMode": format!("https://schema.org/{attendance_mode}"),
        "location": location,
        "image": [preview.card.url],
        "url": public_url,
        "description": event.description.as_deref().unwrap_or(&preview.description),
    });
    for (name, value) in optional_properties(event) {
        if let Some(value) = value {
            json_ld[name] = value;
        }
    }
    json_ld
}

fn local_rfc3339(event: &Event, at: DateTime<Utc>) -> String {
    at.with_timezone(&event.timezone).to_rfc3339()
}

fn status_url(status: Status) -> &'static str {
    match status {
        Status::Scheduled => "https://schema.org/EventScheduled",
        Status::Postponed => "https://schema.org/EventPostponed",
        Status::Cancelled => "https://schema.org/EventCancelled",
    }
}

fn attendance_mode_and_location(event: &Event, public_url: &str) -> (&'static str, Value) {
    let url = event.url.as_deref().unwrap_or(public_url);
    let online = json!({"@type": "VirtualLocation", "url": url});
    match event.attendance {
        Attendance::InPerson => ("OfflineEventAttendanceMode", place(event)),
        Attendance::Online => ("OnlineEventAttendanceMode", online),
        Attendance::Hybrid => ("MixedEventAttendanceMode", json!([place(event), online])),
    }
}

fn optional_properties(event: &Event) -> [(&'static str, Option<Value>); 4] {
    let end = event.ends_at.map(|end| local_rfc3339(event, end).into());
    let organizer = event.organizer.as_ref();
    let organizer = organizer.map(|name| json!({"@type": "Organization", "name": name}));
    let keywords = (!event.technologies.is_empty()).then(|| json!(event.technologies));
    [
        ("endDate", end),
        ("sameAs", event.url.clone().map(Value::from)),
        ("organizer", organizer),
        ("keywords", keywords),
    ]
}

/// Returns the place of `event` as a schema.org `Place`. Its country is known only if its state is a Brazilian one.
fn place(event: &Event) -> Value {
    let state = event.state.as_deref();
    let brazilian = state.and_then(|state| {
        let is_state = |(code, name): &&(&str, &str)| {
            state.eq_ignore_ascii_case(code) || state.to_lowercase() == name.to_lowercase()
        };
        BRAZILIAN_STATES.iter().find(is_state)
    });
    let region = brazilian.map_or(state, |(code, _)| Some(*code));
    let mut address = json!({"@type": "PostalAddress"});
    let parts = [
        ("addressLocality", event.city.as_deref()),
        ("addressRegion", region),
        ("addressCountry", brazilian.map(|_| "BR")),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            address[name] = value.into();
        }
    }
    if event.city.is_none() && event.state.is_none() {
        address = event.location.clone().into();
    }
    json!({"@type": "Place", "name": event.location, "address": address})
}
