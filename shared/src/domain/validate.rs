//! The validation rules for each field of an event.

use chrono::{DateTime, Datelike, Duration, Utc};
use chrono_tz::Tz;

use super::{
    field_error::{FieldError, FieldErrorCode, ValidationErrors},
    link::{URL_CHARS_MAX, is_web_address},
    technology::{TECHNOLOGIES_MAX, TECHNOLOGY_CHARS_MAX, unique_names},
    text::{has_control_character, has_line_break, normalize_line, normalize_paragraphs},
    time::{ParsedDate, earliest_instant, wall_time_text},
};

/// Maximum length of an event's title and of its location, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// Maximum length of an event's description, in characters, with LF as line ending.
pub const DESCRIPTION_CHARS_MAX: usize = 10_000;
/// Maximum length of the name of an event's organizer, in characters.
pub const ORGANIZER_CHARS_MAX: usize = 120;
/// Maximum duration of an event, in days.
pub const DURATION_DAYS_MAX: i64 = 366;
/// The years in which an event may start or end, in the event's own time zone.
pub const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// The validator of a form: it checks one field after another and collects the errors. Its methods return the parsed
/// value of a field, or `None` for a blank or invalid field.
pub(super) struct Validator {
    errors: Vec<FieldError>,
}

impl Validator {
    /// Creates a validator that starts with `errors`, which were found while the form was read.
    pub(super) fn new(errors: Vec<FieldError>) -> Self {
        Self { errors }
    }

    /// Returns `value` if no field was invalid, else all errors.
    pub(super) fn into_result<T>(self, value: Option<T>) -> Result<T, ValidationErrors> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(ValidationErrors::new(self.errors)),
        }
    }

    /// Records the error `code` of the field `field`; always returns `None`, for callers to return in place of a value.
    fn reject<T>(&mut self, field: &str, code: FieldErrorCode) -> Option<T> {
        self.errors.push(FieldError::new(field, code));
        None
    }

    /// Records that `field` is missing, unless it already has an error, such as a JSON value of the wrong type.
    fn reject_missing<T>(&mut self, field: &str) -> Option<T> {
        if self.errors.iter().any(|error| error.field() == field) {
            return None;
        }
        self.reject(field, FieldErrorCode::Required)
    }

    /// Validates a line that may not be blank, and otherwise follows the rules of [`Self::line`].
    pub(super) fn required_line(
        &mut self,
        field: &str,
        text: &str,
        chars_max: usize,
    ) -> Option<String> {
        if text.trim().is_empty() {
            return self.reject_missing(field);
        }
        self.line(field, text, chars_max)
    }

    /// Normalizes `text`, which must have at most `chars_max` characters and no line breaks or control characters.
    pub(super) fn line(&mut self, field: &str, text: &str, chars_max: usize) -> Option<String> {
        self.line_at(format!("/{field}"), text, chars_max)
    }

    fn line_at(&mut self, pointer: String, text: &str, chars_max: usize) -> Option<String> {
        let line = normalize_line(text);
        let code = if has_line_break(&line) {
            FieldErrorCode::LineBreak
        } else if has_control_character(&line) {
            FieldErrorCode::ControlCharacter
        } else if line.chars().count() > chars_max {
            FieldErrorCode::TooLong { max: chars_max }
        } else {
            return (!line.is_empty()).then_some(line);
        };
        self.errors.push(FieldError::at(pointer, code));
        None
    }

    /// Normalizes the description, which may have several lines but no control characters other than TAB and LF.
    pub(super) fn description(&mut self, text: &str) -> Option<String> {
        let (field, max) = ("description", DESCRIPTION_CHARS_MAX);
        let text = normalize_paragraphs(text);
        if has_control_character(&text) {
            return self.reject(field, FieldErrorCode::ControlCharacter);
        }
        if text.chars().count() > max {
            return self.reject(field, FieldErrorCode::TooLong { max });
        }
        (!text.trim().is_empty()).then_some(text)
    }

    /// Finds the IANA time zone named `name`; returns `default` for a blank name.
    pub(super) fn timezone(&mut self, name: &str, default: Tz) -> Option<Tz> {
        match name.trim() {
            "" => Some(default),
            name => match name.parse() {
                Ok(zone) => Some(zone),
                Err(_) => self.reject("timezone", FieldErrorCode::UnknownTimezone),
            },
        }
    }

    /// Validates a date that may not be blank, and otherwise follows the rules of [`Self::instant`].
    pub(super) fn required_instant(
        &mut self,
        field: &str,
        text: &str,
        zone: Option<Tz>,
        stored: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        if text.trim().is_empty() {
            return self.reject_missing(field);
        }
        self.instant(field, text, zone, stored)
    }

    /// Parses the date `text` as an instant. Without a `zone`, because the time zone is invalid, only the format is
    /// checked. A wall-clock time equal to that of `stored` becomes `stored`, even where a clock change repeats that
    /// time.
    pub(super) fn instant(
        &mut self,
        field: &str,
        text: &str,
        zone: Option<Tz>,
        stored: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let Some(date) = ParsedDate::parse(text) else {
            return self.reject(field, FieldErrorCode::DateFormat);
        };
        let zone = zone?;
        let wall_time = |instant: DateTime<Utc>| instant.with_timezone(&zone).naive_local();
        let (wall, instant) = match date {
            ParsedDate::Instant(instant) => (wall_time(instant), Some(instant)),
            ParsedDate::WallTime(wall) => {
                let is_stored = |stored: &DateTime<Utc>| {
                    wall_time_text(wall_time(*stored)) == wall_time_text(wall)
                };
                let stored = stored.filter(is_stored);
                (wall, stored.or_else(|| earliest_instant(zone, wall)))
            }
        };
        if !YEARS.contains(&wall.year()) {
            return self.reject(field, FieldErrorCode::DateRange);
        }
        instant.or_else(|| self.reject(field, FieldErrorCode::TimeSkipped))
    }

    /// Checks that `end` is not before `start`, and at most [`DURATION_DAYS_MAX`] days after it.
    pub(super) fn duration(&mut self, start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) {
        let (Some(start), Some(end)) = (start, end) else {
            return;
        };
        let code = if end < start {
            FieldErrorCode::EndsBeforeStart
        } else if end - start > Duration::days(DURATION_DAYS_MAX) {
            FieldErrorCode::EndsTooLate {
                days: DURATION_DAYS_MAX,
            }
        } else {
            return;
        };
        self.errors.push(FieldError::new("end_date", code));
    }

    /// Finds the value in `all` whose name is `text`; returns the first value for a blank `text`.
    pub(super) fn choice<T: Copy>(
        &mut self,
        field: &str,
        text: &str,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = text.trim();
        if text.is_empty() {
            return all.first().copied();
        }
        let choice = all.iter().copied().find(|choice| name(*choice) == text);
        choice.or_else(|| {
            let names: Vec<_> = all.iter().map(|choice| name(*choice)).collect();
            let allowed = names.join(", ");
            self.reject(field, FieldErrorCode::NotAChoice { allowed })
        })
    }

    /// Validates an absolute `http` or `https` URL.
    pub(super) fn url(&mut self, text: &str) -> Option<String> {
        let url = self.line("url", text, URL_CHARS_MAX)?;
        if is_web_address(&url) {
            Some(url)
        } else {
            self.reject("url", FieldErrorCode::NotAUrl)
        }
    }

    /// Validates the names of technologies; returns the valid ones without duplicates.
    pub(super) fn technologies(&mut self, names: &[String]) -> Vec<String> {
        let names = names.iter().enumerate().filter_map(|(index, name)| {
            self.line_at(format!("/technologies/{index}"), name, TECHNOLOGY_CHARS_MAX)
        });
        let names = unique_names(names);
        if names.len() > TECHNOLOGIES_MAX {
            let code = FieldErrorCode::TooMany {
                max: TECHNOLOGIES_MAX,
            };
            self.errors.push(FieldError::new("technologies", code));
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use chrono_tz::America::Sao_Paulo;

    use super::super::time::instant_text;
    use super::*;

    /// Applies `rule` to an empty validator; returns the value, or the field's error as `pointer code`.
    fn validated<T>(rule: impl FnOnce(&mut Validator) -> Option<T>) -> Result<Option<T>, String> {
        let mut validator = Validator::new(Vec::new());
        let value = rule(&mut validator);
        match validator.errors.as_slice() {
            [] => Ok(value),
            [error] => Err(format!("{} {}", error.pointer, error.code.as_str())),
            errors => panic!("more than one error: {errors:?}"),
        }
    }

    #[track_caller]
    fn check<T: Debug + PartialEq>(
        rule: impl FnOnce(&mut Validator) -> Option<T>,
        expected: Result<Option<T>, &str>,
    ) {
        assert_eq!(validated(rule), expected.map_err(str::to_owned));
    }

    fn start(date: &str, zone: &str) -> Result<Option<String>, String> {
        let start = validated(|validator| {
            let zone = validator.timezone(zone, Sao_Paulo);
            validator.required_instant("date", date, zone, None)
        });
        Ok(start?.map(instant_text))
    }

    #[test]
    fn a_date_is_a_wall_clock_time_in_its_zone_or_an_instant() {
        for (date, zone, instant) in [
            ("2027-03-18T19:00", "", "2027-03-18T22:00:00Z"),
            (
                "2027-03-18T19:00:30",
                "America/Sao_Paulo",
                "2027-03-18T22:00:30Z",
            ),
            (
                "2027-07-01T10:00",
                "America/Noronha",
                "2027-07-01T12:00:00Z",
            ),
            ("2027-02-06T09:30", "America/Manaus", "2027-02-06T13:30:00Z"),
            ("2027-03-28T18:00", "Europe/Lisbon", "2027-03-28T17:00:00Z"),
            (
                "2027-03-18T19:00:00-03:00",
                "America/Noronha",
                "2027-03-18T22:00:00Z",
            ),
            ("2027-03-18T22:00:00.750Z", "", "2027-03-18T22:00:00Z"),
            ("  2027-03-18T19:00 ", "", "2027-03-18T22:00:00Z"),
            (
                "2026-11-01T01:30",
                "America/New_York",
                "2026-11-01T05:30:00Z",
            ),
        ] {
            assert_eq!(
                start(date, zone),
                Ok(Some(instant.to_owned())),
                "{date} in {zone}"
            );
        }
    }

    #[test]
    fn other_dates_are_rejected_with_the_reason() {
        for (date, zone, error) in [
            ("", "", "/date required"),
            ("amanhã", "", "/date date-format"),
            ("2018-11-04T00:30", "", "/date time-skipped"),
            ("1969-12-31T23:59", "", "/date date-range"),
            ("2101-01-01T00:00", "", "/date date-range"),
            ("2027-03-18T19:00", "Brasília", "/timezone unknown-timezone"),
        ] {
            assert_eq!(start(date, zone), Err(error.to_owned()), "{date} in {zone}");
        }
    }

    #[test]
    fn an_unchanged_time_stays_the_later_instant_of_a_repeated_hour() {
        let later: DateTime<Utc> = "2018-02-18T02:30:00Z".parse().unwrap();
        check(
            |v| v.instant("date", "2018-02-17T23:30", Some(Sao_Paulo), Some(later)),
            Ok(Some(later)),
        );
        check(
            |v| v.instant("date", "2018-02-17T23:31", Some(Sao_Paulo), Some(later)),
            Ok(Some("2018-02-18T01:31:00Z".parse().unwrap())),
        );
    }

    #[test]
    fn the_end_is_not_before_the_start_and_at_most_366_days_after_it() {
        let start = "2027-03-18T22:00:00Z".parse().ok();
        for (end, expected) in [
            ("2027-03-18T22:00:00Z", Ok(Some(()))),
            ("2028-03-18T22:00:00Z", Ok(Some(()))),
            ("2027-03-18T21:59:00Z", Err("/end_date ends-before-start")),
            ("2028-03-18T22:01:00Z", Err("/end_date ends-too-late")),
        ] {
            check(
                |v| {
                    v.duration(start, end.parse().ok());
                    Some(())
                },
                expected,
            );
        }
    }

    #[test]
    fn lengths_are_counted_in_characters_after_normalizing() {
        for (text, expected) in [
            ("ã".repeat(200), Ok(Some("ã".repeat(200)))),
            ("a\u{303}".repeat(200), Ok(Some("ã".repeat(200)))),
            ("x".repeat(201), Err("/title too-long")),
        ] {
            check(
                |v| v.required_line("title", &text, LINE_CHARS_MAX),
                expected,
            );
        }
        for (text, expected) in [
            (format!("x{}", "\r\n".repeat(9_999)), Ok(Some(()))),
            ("\r\n".repeat(10_000), Ok(None)),
            ("x".repeat(10_001), Err("/description too-long")),
        ] {
            check(|v| v.description(&text).map(drop), expected);
        }
    }

    #[test]
    fn duplicate_technologies_do_not_count_towards_the_maximum() {
        let names = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
        let mut twice = names(20);
        twice.extend(names(20));
        check(|v| Some(v.technologies(&twice)), Ok(Some(names(20))));
        check(
            |v| Some(v.technologies(&names(21))),
            Err("/technologies too-many"),
        );
    }
}
