//! Links that lead out of an event's page: to calendars, to a map, to where it may be shared. Plain addresses with all that
//! the other side needs, so that they work without a script.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use url::form_urlencoded::byte_serialize;

use super::{dates, view::View};
use crate::domain::{Attendance, Event};

/// Where the event can be put into a calendar of the web.
#[derive(Debug, Serialize)]
pub(crate) struct Calendars {
    google: String,
    outlook: String,
}

/// Where the event can be told to others.
#[derive(Debug, Serialize)]
pub(crate) struct Shares {
    whatsapp: String,
    telegram: String,
    linkedin: String,
}

/// The path of the event's page.
pub(crate) fn path(event: &Event) -> String {
    format!("/events/{}", event.id)
}

/// The address of the event's page, as it is given to others.
pub(crate) fn public_url(event: &Event, view: &View) -> String {
    format!("{}{}", view.base_url, path(event))
}

/// The place with its city and state, where it does not say them itself.
pub(crate) fn place(event: &Event) -> String {
    let mut parts = vec![event.location.as_str()];
    if !event.city_is_from_location() {
        parts.extend(event.city.as_deref());
        parts.extend(event.state.as_deref());
    }
    parts.join(", ")
}

/// A search on a map, where there is a place to find. Google's opens the app that nearly every phone in Brazil has, and
/// finds venues by name, which people type here more often than an address.
pub(crate) fn map(event: &Event) -> Option<String> {
    let query = [("api", "1"), ("query", &place(event))];
    (event.attendance != Attendance::Online)
        .then(|| address("https://www.google.com/maps/search/", &query))
}

impl Calendars {
    pub(crate) fn of(event: &Event, title: &str, view: &View) -> Self {
        let (start, end) = (event.starts_at, dates::end(event));
        let public_url = public_url(event, view);
        // A meeting on the net takes place at its link.
        let (location, details) = match (event.attendance, &event.url) {
            (Attendance::Online, Some(url)) => (url.clone(), format!("{url}\n{public_url}")),
            (Attendance::Online | Attendance::InPerson | Attendance::Hybrid, _) => {
                (place(event), public_url)
            }
        };
        let compact = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
        let plain = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self {
            google: address(
                "https://calendar.google.com/calendar/render",
                &[
                    ("action", "TEMPLATE"),
                    ("text", title),
                    ("dates", &format!("{}/{}", compact(start), compact(end))),
                    ("ctz", event.timezone.name()),
                    ("location", &location),
                    ("details", &details),
                ],
            ),
            outlook: address(
                "https://outlook.live.com/calendar/0/deeplink/compose",
                &[
                    ("path", "/calendar/action/compose"),
                    ("rru", "addevent"),
                    ("subject", title),
                    ("startdt", &plain(start)),
                    ("enddt", &plain(end)),
                    ("location", &location),
                    ("body", &details),
                ],
            ),
        }
    }
}

impl Shares {
    /// Links that tell others of the page at this address in these words.
    pub(crate) fn of(public_url: &str, words: &str) -> Self {
        Self {
            whatsapp: address(
                "https://wa.me/",
                &[("text", &format!("{words}\n{public_url}"))],
            ),
            telegram: address(
                "https://t.me/share/url",
                &[("url", public_url), ("text", words)],
            ),
            linkedin: address(
                "https://www.linkedin.com/sharing/share-offsite/",
                &[("url", public_url)],
            ),
        }
    }
}

/// The address with a query. A space is `%20`: Outlook and some apps show a `+` as it is.
pub(crate) fn address(base: &str, query: &[(&str, &str)]) -> String {
    let encoded = |text: &str| {
        byte_serialize(text.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
    };
    let pairs = query
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)));
    format!("{base}?{}", pairs.collect::<Vec<_>>().join("&"))
}
