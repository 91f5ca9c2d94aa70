//! Dates and times: the accepted text formats, instants, and wall-clock times in a time zone.

use chrono::{
    DateTime, LocalResult, NaiveDateTime, SecondsFormat, SubsecRound, TimeZone, Timelike, Utc,
};
use chrono_tz::{GapInfo, Tz};

/// A date and time, parsed from one of the accepted text formats.
pub(super) enum ParsedDate {
    /// A local time without a time zone: `2027-03-18T19:00`, with or without seconds.
    WallTime(NaiveDateTime),
    /// An instant (RFC 3339), truncated to whole seconds.
    Instant(DateTime<Utc>),
}

impl ParsedDate {
    /// Parses a date and time; returns `None` for any other format and for days and times that do not exist.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // Chrono also accepts `2027-3-8T9:00` and `+2027-…`, so the shape is checked first.
        let shape: String = text
            .chars()
            .take(20)
            .map(|c| if c.is_ascii_digit() { '9' } else { c })
            .collect();
        let wall = match shape.as_str() {
            "9999-99-99T99:99" => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok(),
            "9999-99-99T99:99:99" => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok(),
            shape
                if shape
                    .to_ascii_uppercase()
                    .starts_with("9999-99-99T99:99:99") =>
            {
                let instant = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc);
                return Some(Self::Instant(instant.trunc_subsecs(0)));
            }
            _ => None,
        }?;
        // Chrono represents a leap second (:60) by nanoseconds; no event starts at one.
        (wall.nanosecond() == 0).then_some(Self::WallTime(wall))
    }
}

/// Parses `text` as the bound of a range of time: a date means midnight in `zone`, and any format of an event's start
/// is accepted too. A time that a clock change skips becomes the instant of the change. `None` for anything else.
#[must_use]
pub fn parse_instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = || {
        let is_date = text.len() == "2027-03-18".len();
        ParsedDate::parse(&format!("{text}T00:00")).filter(|_| is_date)
    };
    match ParsedDate::parse(text).or_else(midnight)? {
        ParsedDate::Instant(instant) => Some(instant),
        ParsedDate::WallTime(wall) => earliest_instant(zone, wall).or_else(|| {
            let skipped = GapInfo::new(&wall, &zone)?;
            Some(skipped.end?.with_timezone(&Utc))
        }),
    }
}

/// Returns the instant of the wall-clock time `wall` in `zone`: the earlier one where a clock change repeats it, `None`
/// where a clock change skips it.
pub(crate) fn earliest_instant(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => {
            Some(instant.with_timezone(&Utc))
        }
        LocalResult::None => None,
    }
}

/// Renders a wall-clock time as text: `2027-03-18T19:00:00`.
pub(crate) fn wall_time_text(wall: NaiveDateTime) -> String {
    // Chrono's Debug output is ISO 8601, and five times as fast as formatting by a pattern.
    format!("{:?}", wall.with_nanosecond(0).unwrap_or(wall))
}

/// Renders an instant as text in UTC (RFC 3339): `2027-03-18T22:00:00Z`.
pub(crate) fn instant_text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use chrono_tz::America::{New_York, Sao_Paulo};

    use super::*;

    #[test]
    fn a_range_starts_at_midnight_at_a_time_or_at_the_end_of_skipped_time() {
        for (text, instant) in [
            ("2027-03-18", "2027-03-18T03:00:00Z"),
            ("2027-03-18T19:00", "2027-03-18T22:00:00Z"),
            ("2027-03-18T19:00:30Z", "2027-03-18T19:00:30Z"),
            ("2018-11-04", "2018-11-04T03:00:00Z"),
            ("2018-11-04T00:20", "2018-11-04T03:00:00Z"),
            ("2018-11-04T00:59:59", "2018-11-04T03:00:00Z"),
        ] {
            assert_eq!(
                parse_instant(text, Sao_Paulo).map(instant_text).as_deref(),
                Some(instant),
                "{text}"
            );
        }
        for text in [
            "yesterday",
            "2027-3-18",
            "2027-02-30",
            "+262142-12-31T23:59",
            "27-03-18",
            "2027-03-18T24:00",
        ] {
            assert_eq!(parse_instant(text, Sao_Paulo), None, "{text}");
        }
    }

    #[test]
    fn a_repeated_hour_is_the_earlier_one_and_a_skipped_hour_has_no_instant() {
        for (zone, wall, instant) in [
            (
                New_York,
                "2026-11-01T01:30:00",
                Some("2026-11-01T05:30:00Z"),
            ),
            (
                Sao_Paulo,
                "2018-02-17T23:30:00",
                Some("2018-02-18T01:30:00Z"),
            ),
            (Sao_Paulo, "2018-11-04T00:30:00", None),
        ] {
            let found = earliest_instant(zone, wall.parse().unwrap());
            assert_eq!(
                found.map(instant_text).as_deref(),
                instant,
                "{wall} in {zone}"
            );
        }
    }

    #[test]
    fn other_forms_of_a_date_are_rejected() {
        for text in [
            "amanhã",
            "2027-03-18",
            "18/03/2027 19:00",
            "2027-3-18T19:00",
            "2027-02-30T10:00",
            "2027-03-18T24:00",
            "2027-03-18T19:00:60",
            "2027-03-18 19:00",
            "+2027-03-18T19:00",
            "2027-03-18T19:00:00+25:00",
            "2027-03-18T19:00:00.5",
            "２０２７-03-18T19:00",
        ] {
            assert!(ParsedDate::parse(text).is_none(), "{text}");
        }
    }
}
