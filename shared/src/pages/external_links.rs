//! Builds the links from an event's page to web calendars, a map and social networks. They work without scripts.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use url::form_urlencoded::byte_serialize;

use super::{relative_time::end_or_assumed_end, view::View};
use crate::{
    domain::{Attendance, Event},
    routes::links,
};

/// Links that add an event to a web calendar.
#[derive(Debug, Serialize)]
pub(crate) struct CalendarLinks {
    google: String,
    outlook: String,
}

/// Links that share an event.
#[derive(Debug, Serialize)]
pub(crate) struct ShareLinks {
    whatsapp: String,
    telegram: String,
    linkedin: String,
}

/// Returns the absolute URL of the public page of `event`, without a language.
pub(crate) fn public_url(event: &Event, view: &View) -> String {
    format!("{}{}", view.base_url, links::event(event.id))
}

/// Returns the location of `event`, followed by city and state unless they were derived from the location.
pub(crate) fn place(event: &Event) -> String {
    let mut parts = vec![event.location.as_str()];
    if !event.city_is_from_location() {
        parts.extend(event.city.as_deref());
        parts.extend(event.state.as_deref());
    }
    parts.join(", ")
}

/// Returns the URL of a map search for the place of `event`; `None` for online events. Google Maps opens as an app on
/// nearly every phone in Brazil, and finds venues by name, as most organizers type them.
pub(crate) fn map_url(event: &Event) -> Option<String> {
    let query = [("api", "1"), ("query", &place(event))];
    (event.attendance != Attendance::Online)
        .then(|| url_with_query("https://www.google.com/maps/search/", &query))
}

impl CalendarLinks {
    pub(crate) fn new(event: &Event, title: &str, view: &View) -> Self {
        let (start, end) = (event.starts_at, end_or_assumed_end(event));
        let public_url = public_url(event, view);
        // For an online event, the location is its URL.
        let (location, details) = match (event.attendance, &event.url) {
            (Attendance::Online, Some(url)) => (url.clone(), format!("{url}\n{public_url}")),
            (Attendance::Online | Attendance::InPerson | Attendance::Hybrid, _) => {
                (place(event), public_url)
            }
        };
        let basic = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
        let extended = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self {
            google: url_with_query(
                "https://calendar.google.com/calendar/render",
                &[
                    ("action", "TEMPLATE"),
                    ("text", title),
                    ("dates", &format!("{}/{}", basic(start), basic(end))),
                    ("ctz", event.timezone.name()),
                    ("location", &location),
                    ("details", &details),
                ],
            ),
            outlook: url_with_query(
                "https://outlook.live.com/calendar/0/deeplink/compose",
                &[
                    ("path", "/calendar/action/compose"),
                    ("rru", "addevent"),
                    ("subject", title),
                    ("startdt", &extended(start)),
                    ("enddt", &extended(end)),
                    ("location", &location),
                    ("body", &details),
                ],
            ),
        }
    }
}

impl ShareLinks {
    /// Creates links that share `public_url` with `text`.
    pub(crate) fn new(public_url: &str, text: &str) -> Self {
        Self {
            whatsapp: url_with_query(
                "https://wa.me/",
                &[("text", &format!("{text}\n{public_url}"))],
            ),
            telegram: url_with_query(
                "https://t.me/share/url",
                &[("url", public_url), ("text", text)],
            ),
            linkedin: url_with_query(
                "https://www.linkedin.com/sharing/share-offsite/",
                &[("url", public_url)],
            ),
        }
    }
}

/// Returns `url` with `query` appended. A space becomes `%20`: Outlook and some apps show `+` literally.
pub(crate) fn url_with_query(url: &str, query: &[(&str, &str)]) -> String {
    let pairs = query
        .iter()
        .map(|(name, value)| format!("{name}={}", percent_encode(value)));
    format!("{url}?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// Percent-encodes `text`, with a space as `%20`.
pub(crate) fn percent_encode(text: &str) -> String {
    byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
