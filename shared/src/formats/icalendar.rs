//! Writes events as iCalendar files and feeds (RFC 5545, RFC 7986).

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameter,
    ICalendarParameterName, ICalendarParameterValue, ICalendarProperty, ICalendarValue,
    ICalendarValueType,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::{
    plain_text::{one_line, plain_text, truncate},
    size_limit::serialize_within_limit,
    vtimezone::{self, Observance},
};
use crate::{
    domain::{Event, Status, earliest_instant, fold},
    pages::{
        external_links,
        relative_time::end_or_assumed_end,
        summary::{title, title_with_status},
        view::View,
    },
};

/// Product identifier in calendars (`PRODID`, RFC 5545 §3.7.3).
const PRODUCT_ID: &str = "-//Encontros Tech//Encontros Tech//PT";
/// Interval at which clients should refresh a calendar (ISO 8601 duration), so that subscribers see a changed time
/// within an hour.
const REFRESH_INTERVAL: &str = "PT1H";
/// Maximum length of a description in a calendar of many events, in characters, so that 500 events fit into one
/// response. The event's page has the rest.
const DESCRIPTION_CHARS_MAX: usize = 1_000;
/// Maximum length of the event's title in a file name, in characters.
const FILE_NAME_CHARS_MAX: usize = 60;

/// Writes `event` as an iCalendar file. The text is the same until the event changes.
///
/// `SEQUENCE` is the event's version, `DTSTAMP` and `LAST-MODIFIED` are the time of its last change. An event without
/// an end gets the same assumed end as in the links to web calendars. `ORGANIZER` must be a URI (RFC 5545 §3.8.4.3) and
/// should be present (RFC 5546 §3.2.1); the site stores no email addresses, so it is the URL of the event's page, with
/// the organizer's name.
#[must_use]
pub fn event_calendar(event: &Event, view: &View) -> String {
    let builder = Builder {
        view,
        feed_zone: None,
    };
    builder.serialize(&title(event, view), std::slice::from_ref(event))
}

/// Writes `events` as an iCalendar feed to subscribe to. `zone` is the site's time zone, for clients that show days
/// without an event. Descriptions are truncated to 1,000 characters. The text has at most 4 MiB: the last events are
/// omitted if necessary.
#[must_use]
pub fn events_calendar(name: &str, events: &[Event], zone: Tz, view: &View) -> String {
    let builder = Builder {
        view,
        feed_zone: Some(zone),
    };
    builder.serialize(name, events)
}

/// Returns a file name for the calendar of `event`, in ASCII: `rust-nights-42.ics`.
#[must_use]
pub fn calendar_file_name(event: &Event) -> String {
    let title = fold(&event.title);
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-").chars().take(FILE_NAME_CHARS_MAX).collect();
    match slug.trim_end_matches('-') {
        "" => format!("{}.ics", event.id),
        slug => format!("{slug}-{}.ics", event.id),
    }
}

/// Builds a calendar of one or many events.
struct Builder<'a> {
    view: &'a View,
    /// The site's time zone if the calendar is a feed of many events; `None` for the file of one event.
    feed_zone: Option<Tz>,
}

impl Builder<'_> {
    fn serialize(&self, name: &str, events: &[Event]) -> String {
        let text = serialize_within_limit(events, |events| {
            let mut text = String::new();
            let calendar = self.calendar(name, events);
            calendar.write_to(&mut text).map(|()| text)
        });
        // Writing into a string does not fail.
        text.unwrap_or_default()
    }

    fn calendar(&self, name: &str, events: &[Event]) -> ICalendar {
        let mut calendar = Component::new(ICalendarComponentType::VCalendar);
        calendar.entries.extend([
            text(ICalendarProperty::Version, "2.0"),
            text(ICalendarProperty::Prodid, PRODUCT_ID),
            text(ICalendarProperty::Calscale, "GREGORIAN"),
            text(ICalendarProperty::Method, "PUBLISH"),
        ]);
        if let Some(zone) = self.feed_zone {
            calendar.entries.extend(feed_properties(name, zone));
        }
        calendar.children.extend(self.zones(events));
        let events = events.iter().map(|event| self.event(event));
        calendar.children.extend(events);
        calendar.into_calendar()
    }

    /// Builds the `VTIMEZONE` components that `events` need.
    fn zones(&self, events: &[Event]) -> impl Iterator<Item = Component> {
        let spans = events
            .iter()
            .map(|event| (event, end_or_assumed_end(event)));
        let mut zones = vtimezone::observances(spans);
        if let (true, Some(zone)) = (events.is_empty(), self.feed_zone) {
            // A calendar has at least one component (RFC 5545 §3.6).
            zones.extend([vtimezone::first_observance(zone)]);
        }
        zones
            .into_iter()
            .filter(|(name, _)| !is_utc(name))
            .map(|(name, observances)| zone_component(name, &observances))
    }

    fn event(&self, event: &Event) -> Component {
        let mut component = Component::new(ICalendarComponentType::VEvent);
        component.entries.extend(revision_properties(event));
        component.entries.extend(time_properties(event));
        component.entries.extend(self.text_properties(event));
        component.entries.extend(categories(event));
        component.entries.extend(self.page_properties(event));
        component
    }

    fn text_properties(&self, event: &Event) -> [ICalendarEntry; 4] {
        let status = match event.status {
            Status::Scheduled => "CONFIRMED",
            Status::Postponed => "TENTATIVE",
            Status::Cancelled => "CANCELLED",
        };
        let summary = plain_text(&title_with_status(event, self.view));
        let location = plain_text(&external_links::place(event));
        [
            text(ICalendarProperty::Summary, summary),
            text(ICalendarProperty::Status, status),
            text(ICalendarProperty::Location, location),
            text(ICalendarProperty::Description, self.description(event)),
        ]
    }

    fn page_properties(&self, event: &Event) -> [ICalendarEntry; 2] {
        let page = external_links::public_url(event, self.view);
        let organizer = event.organizer.as_deref().unwrap_or(&self.view.app_title);
        let organizer = parameter(ICalendarParameterName::Cn, &quotable_text(organizer));
        [
            text(ICalendarProperty::Organizer, &page).with_params(vec![organizer]),
            text(ICalendarProperty::Url, page),
        ]
    }

    /// Returns the text for `DESCRIPTION`: the event's description, organizer, link, and page.
    fn description(&self, event: &Event) -> String {
        let mut description = plain_text(event.description.as_deref().unwrap_or_default());
        if self.feed_zone.is_some() {
            description = truncate(&description, DESCRIPTION_CHARS_MAX);
        }
        let lang = self.view.lang;
        let page = external_links::public_url(event, self.view);
        let organizer = event.organizer.as_ref().map(|organizer| {
            let label = lang.text("organizer-label");
            format!("{label}: {}", one_line(organizer))
        });
        let facts: Vec<String> = organizer
            .into_iter()
            .chain(event.url.clone())
            .chain([format!("{} {page}", lang.text("address-label"))])
            .collect();
        let parts = [description, facts.join("\n")];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    }
}

/// Returns the calendar's name and refresh interval (RFC 7986), also as the `X-` properties that older clients read.
fn feed_properties(name: &str, zone: Tz) -> [ICalendarEntry; 5] {
    let name = one_line(name);
    let duration = ICalendarParameter {
        name: ICalendarParameterName::Value,
        value: ICalendarParameterValue::Value(ICalendarValueType::Duration),
    };
    let refresh = text(ICalendarProperty::RefreshInterval, REFRESH_INTERVAL);
    [
        text(ICalendarProperty::Name, &name),
        text(extension("X-WR-CALNAME"), &name),
        text(extension("X-WR-TIMEZONE"), zone.name()),
        refresh.with_params(vec![duration]),
        text(extension("X-PUBLISHED-TTL"), REFRESH_INTERVAL),
    ]
}

fn revision_properties(event: &Event) -> [ICalendarEntry; 5] {
    let updated = utc(event.updated_at);
    [
        text(ICalendarProperty::Uid, event.uid.to_string()),
        text(ICalendarProperty::Dtstamp, &updated),
        text(ICalendarProperty::Created, utc(event.created_at)),
        text(ICalendarProperty::LastModified, updated),
        text(ICalendarProperty::Sequence, event.version.to_string()),
    ]
}

fn time_properties(event: &Event) -> impl Iterator<Item = ICalendarEntry> {
    let (zone, start, end) = (event.timezone, event.starts_at, end_or_assumed_end(event));
    // An event without a duration ends at its start, and has no DTEND (RFC 5545 §3.8.2.2).
    let end = (end > start).then(|| date_time(ICalendarProperty::Dtend, zone, end));
    [date_time(ICalendarProperty::Dtstart, zone, start)]
        .into_iter()
        .chain(end)
}

fn categories(event: &Event) -> Option<ICalendarEntry> {
    let names = event.technologies.iter();
    let names: Vec<_> = names
        .map(|name| ICalendarValue::Text(one_line(name)))
        .collect();
    (!names.is_empty())
        .then(|| ICalendarEntry::new(ICalendarProperty::Categories).with_values(names))
}

/// A component of a calendar (`VEVENT`, `VTIMEZONE`) with its subcomponents.
struct Component {
    component_type: ICalendarComponentType,
    entries: Vec<ICalendarEntry>,
    children: Vec<Component>,
}

impl Component {
    fn new(component_type: ICalendarComponentType) -> Self {
        Self {
            component_type,
            entries: Vec::new(),
            children: Vec::new(),
        }
    }

    fn into_calendar(self) -> ICalendar {
        let mut components = Vec::new();
        self.append_to(&mut components);
        ICalendar { components }
    }

    /// Appends the component, then its subcomponents, to `components`, and returns its index there.
    fn append_to(self, components: &mut Vec<ICalendarComponent>) -> u32 {
        let index = components.len();
        let mut component = ICalendarComponent::new(self.component_type);
        component.entries = self.entries;
        components.push(component);
        let children = self.children.into_iter();
        let ids = children.map(|child| child.append_to(components)).collect();
        components[index].component_ids = ids;
        u32::try_from(index).unwrap_or_default()
    }
}

fn zone_component(name: &str, observances: &[Observance]) -> Component {
    let mut zone = Component::new(ICalendarComponentType::VTimezone);
    zone.entries.push(text(ICalendarProperty::Tzid, name));
    zone.children = observances
        .iter()
        .map(|observance| {
            let mut component = Component::new(if observance.daylight {
                ICalendarComponentType::Daylight
            } else {
                ICalendarComponentType::Standard
            });
            component.entries = vec![
                text(ICalendarProperty::Dtstart, local(observance.onset)),
                text(
                    ICalendarProperty::Tzoffsetfrom,
                    offset(observance.offset_from),
                ),
                text(ICalendarProperty::Tzoffsetto, offset(observance.offset_to)),
                text(ICalendarProperty::Tzname, &observance.name),
            ];
            component
        })
        .collect();
    zone
}

fn text(name: ICalendarProperty, value: impl Into<String>) -> ICalendarEntry {
    ICalendarEntry::new(name).with_value(ICalendarValue::Text(value.into()))
}

fn extension(name: &str) -> ICalendarProperty {
    ICalendarProperty::Other(name.to_owned())
}

fn parameter(name: ICalendarParameterName, value: &str) -> ICalendarParameter {
    ICalendarParameter {
        name,
        value: ICalendarParameterValue::Text(value.to_owned()),
    }
}

/// Returns the property `name` with the instant `at` as local time in `zone`. A local time that occurs twice means the
/// first occurrence (RFC 5545 §3.3.5), so the second one is written in UTC.
fn date_time(name: ICalendarProperty, zone: Tz, at: DateTime<Utc>) -> ICalendarEntry {
    let local = at.with_timezone(&zone).naive_local();
    if is_utc(zone.name()) || earliest_instant(zone, local) != Some(at) {
        return text(name, utc(at));
    }
    text(name, self::local(local))
        .with_params(vec![parameter(ICalendarParameterName::Tzid, zone.name())])
}

/// Whether times in the time zone with the name `zone` are written in UTC, which needs no `VTIMEZONE`.
fn is_utc(zone: &str) -> bool {
    ["UTC", "Etc/UTC"].contains(&zone)
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn local(at: NaiveDateTime) -> String {
    at.format("%Y%m%dT%H%M%S").to_string()
}

/// Returns an offset from UTC as text: `-0300`, with seconds only if they are not zero (RFC 5545 §3.3.14).
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, seconds) = (seconds.abs() / 60, seconds.abs() % 60);
    let seconds = if seconds == 0 {
        String::new()
    } else {
        format!("{seconds:02}")
    };
    format!("{sign}{:02}{:02}{seconds}", minutes / 60, minutes % 60)
}

/// Makes `text` fit for a quoted parameter value: replaces quotation marks, and backslashes, which some clients read as
/// escapes.
fn quotable_text(text: &str) -> String {
    one_line(text).replace('"', "'").replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample_event;

    #[test]
    fn file_names_contain_only_safe_characters() {
        let name = |title: &str| {
            calendar_file_name(&Event {
                title: title.to_owned(),
                ..sample_event()
            })
        };
        for (title, expected) in [
            ("Rust & Café: “ação”", "rust-cafe-acao-42.ics"),
            ("../../etc/passwd\r\n\"", "etc-passwd-42.ics"),
            ("🦀", "42.ics"),
            ("", "42.ics"),
        ] {
            assert_eq!(name(title), expected);
        }
        assert_eq!(name(&"x".repeat(200)).len(), 60 + "-42.ics".len());
    }

    #[test]
    fn offsets_are_written_as_hours_and_minutes() {
        for (seconds, expected) in [
            (-10_800, "-0300"),
            (19_800, "+0530"),
            (0, "+0000"),
            (-2_670, "-004430"),
        ] {
            assert_eq!(offset(seconds), expected);
        }
    }
}
