//! Events as calendars take them in: iCalendar (RFC 5545, RFC 7986).

use axum::response::{IntoResponse, Response};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarParameter,
    ICalendarParameterName, ICalendarParameterValue, ICalendarProperty, ICalendarValue,
    ICalendarValueType,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use http::{HeaderValue, header};

use super::{
    feed::fitting,
    plain_text::{cut, one_line, plain},
    vtimezone::{self, Observance},
};
use crate::domain::{Event, Status, earliest_instant, fold};
use crate::pages::{dates, event::title_of, external_links, view::View};

/// Who made the calendar (RFC 5545 §3.7.3).
const PRODUCT: &str = "-//Encontros Tech//Encontros Tech//PT";
/// How often a subscriber may come back: a change of hour is known within the hour.
const REFRESH: &str = "PT1H";
/// How much of a description stands in a calendar of many events, in characters: five hundred of them stay an answer that
/// every way carries. The rest is a click away.
const FEED_DESCRIPTION_CHARS_MAX: usize = 1_000;
/// Longest name of a file, in characters.
const FILE_NAME_CHARS_MAX: usize = 60;

impl View {
    /// This event as a calendar of its own, in a file of a safe name that is made of its title. It is the same to the byte
    /// until the event changes.
    ///
    /// `SEQUENCE` is its version, `DTSTAMP` and `LAST-MODIFIED` are when it was changed last. Where no end is told it is
    /// taken to last as long as the links to calendars of the web say. `ORGANIZER` must be an address (RFC 5545 §3.8.4.3)
    /// and should be there (RFC 5546 §3.2.1); as the board knows no address of mail and invents none, it is the address of
    /// the event's page, under the organizer's name.
    #[must_use]
    pub fn event_calendar(&self, event: &Event) -> Response {
        let event_alone = std::slice::from_ref(event);
        let mut response = self.calendar_response(&title_of(event, self), event_alone, None);
        let name = format!("inline; filename=\"{}\"", file_name(event));
        if let Ok(name) = HeaderValue::from_str(&name) {
            response
                .headers_mut()
                .insert(header::CONTENT_DISPOSITION, name);
        }
        response
    }

    /// These events as a calendar of this name to subscribe to. `zone` is the board's own, for whoever shows days without
    /// an event. Long descriptions are cut.
    #[must_use]
    pub fn events_calendar(&self, name: &str, events: &[Event], zone: Tz) -> Response {
        self.calendar_response(name, events, Some(zone))
    }

    fn calendar_response(&self, name: &str, events: &[Event], feed_zone: Option<Tz>) -> Response {
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/calendar; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (
                header::CONTENT_LANGUAGE,
                HeaderValue::from_static(self.lang.tag()),
            ),
        ];
        let text = fitting(events, |events| {
            let mut text = String::new();
            let calendar = self.calendar(name, events, feed_zone);
            calendar.write_to(&mut text).map(|()| text)
        });
        // Writing into a string does not fail.
        (headers, text.unwrap_or_default()).into_response()
    }

    /// `feed_zone` where it is one of many events.
    fn calendar(&self, name: &str, events: &[Event], feed_zone: Option<Tz>) -> ICalendar {
        let name = one_line(name);
        let mut whole = Tree::new(ICalendarComponentType::VCalendar);
        whole.entries.extend([
            text(ICalendarProperty::Version, "2.0"),
            text(ICalendarProperty::Prodid, PRODUCT),
            text(ICalendarProperty::Calscale, "GREGORIAN"),
            text(ICalendarProperty::Method, "PUBLISH"),
        ]);
        if let Some(zone) = feed_zone {
            let refresh = ICalendarParameter {
                name: ICalendarParameterName::Value,
                value: ICalendarParameterValue::Value(ICalendarValueType::Duration),
            };
            whole.entries.extend([
                text(ICalendarProperty::Name, &name),
                text(own("X-WR-CALNAME"), &name),
                text(own("X-WR-TIMEZONE"), zone.name()),
                text(ICalendarProperty::RefreshInterval, REFRESH).with_params(vec![refresh]),
                text(own("X-PUBLISHED-TTL"), REFRESH),
            ]);
        }
        let mut zones = vtimezone::zones(events.iter().map(|event| (event, dates::end(event))));
        if let (true, Some(zone)) = (events.is_empty(), feed_zone) {
            // A calendar holds something (RFC 5545 §3.6).
            zones.extend([vtimezone::of(zone)]);
        }
        let zones = zones
            .into_iter()
            .filter(|(name, _)| !is_greenwich(name))
            .map(|(name, observances)| zone_component(name, &observances));
        whole.children.extend(zones);
        let events = events
            .iter()
            .map(|event| self.event_component(event, feed_zone.is_some()));
        whole.children.extend(events);
        whole.calendar()
    }

    fn event_component(&self, event: &Event, in_feed: bool) -> Tree {
        let page = external_links::public_url(event, self);
        let title = plain(&self.marked_title(event));
        let status = match event.status {
            Status::Scheduled => "CONFIRMED",
            Status::Postponed => "TENTATIVE",
            Status::Cancelled => "CANCELLED",
        };
        let changed = instant(event.updated_at);
        let (start, end) = (event.starts_at, dates::end(event));
        let mut tree = Tree::new(ICalendarComponentType::VEvent);
        tree.entries.extend([
            text(ICalendarProperty::Uid, event.uid.to_string()),
            text(ICalendarProperty::Dtstamp, &changed),
            text(ICalendarProperty::Created, instant(event.created_at)),
            text(ICalendarProperty::LastModified, changed),
            text(ICalendarProperty::Sequence, event.version.to_string()),
            self::moment(ICalendarProperty::Dtstart, event.timezone, start),
        ]);
        // What takes no time ends when it starts, which is not said (RFC 5545 §3.8.2.2).
        if end > start {
            tree.entries
                .push(self::moment(ICalendarProperty::Dtend, event.timezone, end));
        }
        tree.entries.extend([
            text(ICalendarProperty::Summary, title),
            text(ICalendarProperty::Status, status),
            text(
                ICalendarProperty::Location,
                plain(&external_links::place(event)),
            ),
            text(
                ICalendarProperty::Description,
                self.calendar_description(event, in_feed),
            ),
        ]);
        if !event.technologies.is_empty() {
            let names = event.technologies.iter();
            let names = names.map(|name| ICalendarValue::Text(one_line(name)));
            tree.entries.push(
                ICalendarEntry::new(ICalendarProperty::Categories).with_values(names.collect()),
            );
        }
        let organizer = event.organizer.as_deref().unwrap_or(&self.app_title);
        let organizer = parameter(ICalendarParameterName::Cn, &quotable(organizer));
        tree.entries.extend([
            text(ICalendarProperty::Organizer, &page).with_params(vec![organizer]),
            text(ICalendarProperty::Url, page),
        ]);
        tree
    }

    /// Its title; where it is not as announced, what it is before it.
    pub(crate) fn marked_title(&self, event: &Event) -> String {
        let title = title_of(event, self);
        match event.status {
            Status::Scheduled => title,
            Status::Postponed | Status::Cancelled => {
                let key = format!("status-{}", event.status.as_str());
                let status = self.lang.text(&key);
                self.lang.text_with(
                    "marked-title",
                    [("status", status.into()), ("title", title.into())],
                )
            }
        }
    }

    /// What it is about, who organizes it, where it can be joined, and where its page is.
    fn calendar_description(&self, event: &Event, in_feed: bool) -> String {
        let description = plain(event.description.as_deref().unwrap_or_default());
        let description = if in_feed {
            cut(&description, FEED_DESCRIPTION_CHARS_MAX)
        } else {
            description
        };
        let page = external_links::public_url(event, self);
        let organizer = event.organizer.as_ref().map(|organizer| {
            let label = self.lang.text("organizer-label");
            format!("{label}: {}", one_line(organizer))
        });
        let more: Vec<String> = organizer
            .into_iter()
            .chain(event.url.clone())
            .chain([format!("{} {page}", self.lang.text("address-label"))])
            .collect();
        let parts = [description, more.join("\n")];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n\n")
    }
}

/// A component with all that is in it.
struct Tree {
    kind: ICalendarComponentType,
    entries: Vec<ICalendarEntry>,
    children: Vec<Tree>,
}

impl Tree {
    fn new(kind: ICalendarComponentType) -> Self {
        Self {
            kind,
            entries: Vec::new(),
            children: Vec::new(),
        }
    }

    fn calendar(self) -> ICalendar {
        let mut components = Vec::new();
        self.put_into(&mut components);
        ICalendar { components }
    }

    /// Its place in the list.
    fn put_into(self, components: &mut Vec<ICalendarComponent>) -> u32 {
        let place = components.len();
        let mut component = ICalendarComponent::new(self.kind);
        component.entries = self.entries;
        components.push(component);
        let children = self.children.into_iter();
        let ids = children.map(|child| child.put_into(components)).collect();
        components[place].component_ids = ids;
        u32::try_from(place).unwrap_or_default()
    }
}

fn zone_component(name: &str, observances: &[Observance]) -> Tree {
    let mut zone = Tree::new(ICalendarComponentType::VTimezone);
    zone.entries.push(text(ICalendarProperty::Tzid, name));
    zone.children = observances
        .iter()
        .map(|observance| {
            let mut tree = Tree::new(if observance.daylight {
                ICalendarComponentType::Daylight
            } else {
                ICalendarComponentType::Standard
            });
            tree.entries = vec![
                text(ICalendarProperty::Dtstart, wall(observance.onset)),
                text(ICalendarProperty::Tzoffsetfrom, offset(observance.from)),
                text(ICalendarProperty::Tzoffsetto, offset(observance.to)),
                text(ICalendarProperty::Tzname, &observance.name),
            ];
            tree
        })
        .collect();
    zone
}

fn text(name: ICalendarProperty, value: impl Into<String>) -> ICalendarEntry {
    ICalendarEntry::new(name).with_value(ICalendarValue::Text(value.into()))
}

fn own(name: &str) -> ICalendarProperty {
    ICalendarProperty::Other(name.to_owned())
}

fn parameter(name: ICalendarParameterName, value: &str) -> ICalendarParameter {
    ICalendarParameter {
        name,
        value: ICalendarParameterValue::Text(value.to_owned()),
    }
}

/// A moment on the wall clock of its zone. A time that clocks show twice means the first (RFC 5545 §3.3.5); the second
/// is told in UTC.
fn moment(name: ICalendarProperty, zone: Tz, at: DateTime<Utc>) -> ICalendarEntry {
    let local = at.with_timezone(&zone).naive_local();
    if is_greenwich(zone.name()) || earliest_instant(zone, local) != Some(at) {
        return text(name, instant(at));
    }
    text(name, wall(local)).with_params(vec![parameter(ICalendarParameterName::Tzid, zone.name())])
}

/// Whether times of this zone are told in UTC, which calendars know by heart.
fn is_greenwich(zone: &str) -> bool {
    ["UTC", "Etc/UTC"].contains(&zone)
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn wall(at: NaiveDateTime) -> String {
    at.format("%Y%m%dT%H%M%S").to_string()
}

/// `-0300`, with seconds only where there are some (RFC 5545 §3.3.14).
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.abs() / 60, seconds.abs() % 60);
    let rest = if rest == 0 {
        String::new()
    } else {
        format!("{rest:02}")
    };
    format!("{sign}{:02}{:02}{rest}", minutes / 60, minutes % 60)
}

/// What a parameter can hold between its quotes: no quote, and no backslash, which some take for a mark.
fn quotable(text: &str) -> String {
    one_line(text).replace('"', "'").replace('\\', "/")
}

/// `rust-nights-42.ics`.
fn file_name(event: &Event) -> String {
    let words = fold(&event.title);
    let words = words.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let words: String = words.join("-").chars().take(FILE_NAME_CHARS_MAX).collect();
    match words.trim_end_matches('-') {
        "" => format!("{}.ics", event.id),
        words => format!("{words}-{}.ics", event.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::event::tests::stored;

    #[test]
    fn a_file_has_a_safe_name() {
        let name = |title: &str| {
            file_name(&Event {
                title: title.to_owned(),
                ..stored()
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
    fn offsets_are_told_in_hours_and_minutes() {
        for (seconds, told) in [
            (-10_800, "-0300"),
            (19_800, "+0530"),
            (0, "+0000"),
            (-2_670, "-004430"),
        ] {
            assert_eq!(offset(seconds), told);
        }
    }
}
