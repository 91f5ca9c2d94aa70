//! Computes the periods with one UTC offset (observances) in `VTIMEZONE` components (RFC 5545 §3.6.5) from chrono-tz,
//! for the times of given events.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, Tz};

use crate::domain::Event;

/// Step of the search for changes of a zone's UTC offset. It is shorter than any period with one offset: since 1970 the
/// shortest was a week, Boa Vista's daylight saving time in 2000.
const STEP: TimeDelta = TimeDelta::days(3);
/// The earliest date that an event can have: earlier UTC offsets are not needed.
const FIRST_DAY: NaiveDate =
    NaiveDate::from_ymd_opt(1970, 1, 1).expect("1970-01-01 is a valid date");

/// A period in which a time zone has one UTC offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observance {
    /// Start of the period, as local time with the previous offset.
    pub(crate) onset: NaiveDateTime,
    /// UTC offset before the period, in seconds.
    pub(crate) offset_from: i32,
    /// UTC offset in the period, in seconds.
    pub(crate) offset_to: i32,
    /// Abbreviation of the time zone's name in the period: `-03`, `WEST`.
    pub(crate) name: String,
    /// Whether the period is daylight saving time.
    pub(crate) daylight: bool,
}

/// Returns the observances that `events` need, by zone name, ordered by onset. Each event is paired with its end. The
/// observance of a local time is the last one whose onset is not after it.
pub(crate) fn observances<'a>(
    events: impl IntoIterator<Item = (&'a Event, DateTime<Utc>)>,
) -> BTreeMap<&'static str, Vec<Observance>> {
    let mut spans_by_zone: BTreeMap<&'static str, (Tz, Vec<Span>)> = BTreeMap::new();
    for (event, end) in events {
        let zone = event.timezone;
        let (_, spans) = spans_by_zone
            .entry(zone.name())
            .or_insert_with(|| (zone, Vec::new()));
        let mut at = event.starts_at;
        loop {
            let span = match spans.iter().find(|span| span.contains(at)) {
                Some(span) => *span,
                None => {
                    let span = Span::at(zone, at);
                    spans.push(span);
                    span
                }
            };
            match span.end {
                Some(change) if change <= end => at = change,
                Some(_) | None => break,
            }
        }
    }
    let observances = |(name, (zone, mut spans)): (&'static str, (Tz, Vec<Span>))| {
        spans.sort_by_key(|span| span.start);
        let observances = spans.into_iter().map(|span| span.observance(zone));
        (name, observances.collect())
    };
    spans_by_zone.into_iter().map(observances).collect()
}

/// Returns the name of `zone` and its first observance, for a calendar without events.
pub(crate) fn first_observance(zone: Tz) -> (&'static str, Vec<Observance>) {
    let span = Span::at(zone, first_instant());
    (zone.name(), vec![span.observance(zone)])
}

fn first_instant() -> DateTime<Utc> {
    FIRST_DAY.and_time(NaiveTime::MIN).and_utc()
}

/// The period between two changes of a zone's UTC offset. A bound is `None` if there is no change between 1970 and the
/// period, or between the period and the end of the longest event.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
}

impl Span {
    fn contains(&self, at: DateTime<Utc>) -> bool {
        self.start.is_none_or(|start| start <= at) && self.end.is_none_or(|end| at < end)
    }

    /// Returns the span of `zone` that contains `at`.
    fn at(zone: Tz, at: DateTime<Utc>) -> Self {
        // No event is longer than a leap year: later changes do not affect an event at this instant.
        let horizon = at + TimeDelta::days(crate::domain::DURATION_DAYS_MAX + 1);
        Self {
            start: offset_change(zone, at, -STEP, |other| other >= first_instant()),
            end: offset_change(zone, at, STEP, |other| other <= horizon),
        }
    }

    fn observance(&self, zone: Tz) -> Observance {
        let at = self.start.unwrap_or_else(first_instant);
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        let offset_to = offset_seconds(zone, at);
        let offset_from = self.start.map_or(offset_to, |start| {
            offset_seconds(zone, start - TimeDelta::seconds(1))
        });
        Observance {
            onset: at.naive_utc() + TimeDelta::seconds(offset_from.into()),
            offset_from,
            offset_to,
            name: offset.to_string(),
            daylight: !offset.dst_offset().is_zero(),
        }
    }
}

fn offset_seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    offset.fix().local_minus_utc()
}

/// Returns the first second of the new UTC offset at the change nearest to `at` in the direction of `step`; `None` if
/// there is no change while `is_within` holds.
fn offset_change(
    zone: Tz,
    at: DateTime<Utc>,
    step: TimeDelta,
    is_within: impl Fn(DateTime<Utc>) -> bool,
) -> Option<DateTime<Utc>> {
    let mut near = at;
    loop {
        let far = near + step;
        if offset_seconds(zone, far) == offset_seconds(zone, near) {
            near = far;
            if !is_within(far) {
                return None;
            }
            continue;
        }
        let (mut before, mut after) = (near.min(far), near.max(far));
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if offset_seconds(zone, middle) == offset_seconds(zone, before) {
                before = middle;
            } else {
                after = middle;
            }
        }
        return Some(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample_event;

    /// Compares the observances of an event from `start` to `end` with `expected`, each as `onset from→to name`, with
    /// offsets in minutes and a star for daylight saving time.
    #[track_caller]
    fn check(zone: Tz, start: &str, end: &str, expected: &[&str]) {
        let event = Event {
            timezone: zone,
            starts_at: start.parse().unwrap(),
            ..sample_event()
        };
        let observances = observances([(&event, end.parse().unwrap())]);
        let texts: Vec<String> = observances[zone.name()]
            .iter()
            .map(|observance| {
                let star = if observance.daylight { "*" } else { "" };
                let from = observance.offset_from / 60;
                let to = observance.offset_to / 60;
                format!("{} {from}→{to} {}{star}", observance.onset, observance.name)
            })
            .collect();
        assert_eq!(texts, expected, "{zone} {start}");
    }

    #[test]
    fn an_event_has_the_observances_of_its_zone_and_year() {
        let sao_paulo = Tz::America__Sao_Paulo;
        check(
            sao_paulo,
            "2018-12-01T21:00:00Z",
            "2018-12-01T23:00:00Z",
            &["2018-11-04 00:00:00 -180→-120 -02*"],
        );
        check(
            sao_paulo,
            "2018-10-01T21:00:00Z",
            "2019-03-01T23:00:00Z",
            &[
                "2018-02-18 00:00:00 -120→-180 -03",
                "2018-11-04 00:00:00 -180→-120 -02*",
                "2019-02-17 00:00:00 -120→-180 -03",
            ],
        );
        check(
            sao_paulo,
            "2027-03-18T22:00:00Z",
            "2027-03-19T00:00:00Z",
            &["2019-02-17 00:00:00 -120→-180 -03"],
        );
        check(
            Tz::Europe__Lisbon,
            "2027-07-01T18:00:00Z",
            "2027-07-01T20:00:00Z",
            &["2027-03-28 01:00:00 0→60 WEST*"],
        );
        check(
            Tz::America__New_York,
            "2027-11-07T05:30:00Z",
            "2027-11-07T07:00:00Z",
            &[
                "2027-03-14 02:00:00 -300→-240 EDT*",
                "2027-11-07 02:00:00 -240→-300 EST",
            ],
        );
        check(
            Tz::Asia__Kolkata,
            "2027-03-18T12:00:00Z",
            "2027-03-18T14:00:00Z",
            &["1970-01-01 05:30:00 330→330 IST"],
        );
        check(
            Tz::Australia__Lord_Howe,
            "2027-01-18T12:00:00Z",
            "2027-01-18T14:00:00Z",
            &["2026-10-04 02:00:00 630→660 +11*"],
        );
    }

    #[test]
    fn events_before_and_after_a_change_have_different_observances() {
        let before = Event {
            timezone: Tz::Europe__Lisbon,
            starts_at: "2027-03-01T12:00:00Z".parse().unwrap(),
            ..sample_event()
        };
        let after = Event {
            starts_at: "2027-06-01T12:00:00Z".parse().unwrap(),
            ..before.clone()
        };
        let observances = observances([&before, &after].map(|event| (event, event.starts_at)));
        assert_eq!(observances["Europe/Lisbon"].len(), 2);
    }
}
