//! Time zones as calendars want them told: each with the observances that its events are in (RFC 5545 §3.6.5), read off
//! chrono-tz.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, Tz};

use crate::domain::Event;

/// How far apart an offset is looked at. None has been kept for less than a week since 1970: Boa Vista's summer time of 2000
/// lasted as long.
const STEP: TimeDelta = TimeDelta::days(3);
/// From where on offsets are known: no event starts before.
const BEGINNING: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a day of the calendar");

/// What a zone's clocks show from one change to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observance {
    /// When it began, on the clock of before.
    pub(crate) onset: NaiveDateTime,
    /// Seconds east of Greenwich before.
    pub(crate) from: i32,
    /// Seconds east of Greenwich while it lasts.
    pub(crate) to: i32,
    /// `-03`, `WEST`.
    pub(crate) name: String,
    /// Whether it is daylight saving time.
    pub(crate) daylight: bool,
}

/// The zones of these events by their names, each with the observances that an event of its own is in from its start to
/// its end, in the order they began. Whoever reads a time of an event finds the right one: the one that began last.
pub(crate) fn zones<'a>(
    events: impl IntoIterator<Item = (&'a Event, DateTime<Utc>)>,
) -> BTreeMap<&'static str, Vec<Observance>> {
    let mut spans: BTreeMap<&'static str, (Tz, Vec<Span>)> = BTreeMap::new();
    for (event, end) in events {
        let zone = event.timezone;
        let (_, known) = spans
            .entry(zone.name())
            .or_insert_with(|| (zone, Vec::new()));
        let mut at = event.starts_at;
        loop {
            let span = match known.iter().find(|span| span.holds(at)) {
                Some(span) => *span,
                None => {
                    let span = Span::at(zone, at);
                    known.push(span);
                    span
                }
            };
            match span.end {
                Some(change) if change <= end => at = change,
                Some(_) | None => break,
            }
        }
    }
    let told = spans.into_iter().map(|(name, (zone, mut spans))| {
        spans.sort_by_key(|span| span.begin);
        let observances = spans.into_iter().map(|span| span.observance(zone));
        (name, observances.collect())
    });
    told.collect()
}

/// The zone with one observance, for a calendar that has no event in it.
pub(crate) fn of(zone: Tz) -> (&'static str, Vec<Observance>) {
    let span = Span::at(zone, beginning());
    (zone.name(), vec![span.observance(zone)])
}

fn beginning() -> DateTime<Utc> {
    BEGINNING.and_time(NaiveTime::MIN).and_utc()
}

/// The time between two changes of a zone's clocks; without a begin or an end where none is known.
#[derive(Clone, Copy, Debug)]
struct Span {
    begin: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
}

impl Span {
    fn holds(&self, at: DateTime<Utc>) -> bool {
        self.begin.is_none_or(|begin| begin <= at) && self.end.is_none_or(|end| at < end)
    }

    fn at(zone: Tz, at: DateTime<Utc>) -> Self {
        // No event is longer than a leap year; what comes later concerns none that starts here.
        let horizon = at + TimeDelta::days(crate::domain::DURATION_DAYS_MAX + 1);
        Self {
            begin: change(zone, at, -STEP, |other| other >= beginning()),
            end: change(zone, at, STEP, |other| other <= horizon),
        }
    }

    fn observance(&self, zone: Tz) -> Observance {
        let at = self.begin.unwrap_or_else(beginning);
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        let to = seconds(zone, at);
        let from = self
            .begin
            .map_or(to, |begin| seconds(zone, begin - TimeDelta::seconds(1)));
        Observance {
            onset: at.naive_utc() + TimeDelta::seconds(from.into()),
            from,
            to,
            name: offset.to_string(),
            daylight: !offset.dst_offset().is_zero(),
        }
    }
}

fn seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    offset.fix().local_minus_utc()
}

/// The first second of what clocks show after the change nearest to `at`, looking in the direction of `step` while `within`
/// says that it is near enough.
fn change(
    zone: Tz,
    at: DateTime<Utc>,
    step: TimeDelta,
    within: impl Fn(DateTime<Utc>) -> bool,
) -> Option<DateTime<Utc>> {
    let mut near = at;
    loop {
        let far = near + step;
        if seconds(zone, far) == seconds(zone, near) {
            near = far;
            if !within(far) {
                return None;
            }
            continue;
        }
        let (mut before, mut after) = (near.min(far), near.max(far));
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if seconds(zone, middle) == seconds(zone, before) {
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
    use crate::pages::event::tests::stored;

    /// The observances of an event from `start` to `end`, as `onset from→to name`, a star for daylight saving time.
    #[track_caller]
    fn check(zone: Tz, start: &str, end: &str, expected: &[&str]) {
        let event = Event {
            timezone: zone,
            starts_at: start.parse().unwrap(),
            ..stored()
        };
        let told = zones([(&event, end.parse().unwrap())]);
        let told: Vec<String> = told[zone.name()]
            .iter()
            .map(|told| {
                let star = if told.daylight { "*" } else { "" };
                let (from, to) = (told.from / 60, told.to / 60);
                format!("{} {from}→{to} {}{star}", told.onset, told.name)
            })
            .collect();
        assert_eq!(told, expected, "{zone} {start}");
    }

    #[test]
    fn an_event_is_in_the_observances_of_its_zone_and_year() {
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
    fn an_observance_that_ends_is_not_taken_for_the_next() {
        let before = Event {
            timezone: Tz::Europe__Lisbon,
            starts_at: "2027-03-01T12:00:00Z".parse().unwrap(),
            ..stored()
        };
        let after = Event {
            starts_at: "2027-06-01T12:00:00Z".parse().unwrap(),
            ..before.clone()
        };
        let told = zones([&before, &after].map(|event| (event, event.starts_at)));
        assert_eq!(told["Europe/Lisbon"].len(), 2);
    }
}
