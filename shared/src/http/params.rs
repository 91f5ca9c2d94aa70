//! The query parameters of lists and feeds: filters, paging and the opaque cursor.

use std::str::FromStr;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use super::error::Error;
use crate::{
    domain::{self, Attendance, SearchTerm, search_terms},
    query::QueryParams,
    store::{self, Db, Filter, Phase, SortKey, StoreError},
};

const LIMIT_DEFAULT: usize = 20;
const LIMIT_MAX: usize = 100;
const OFFSET_MAX: i64 = 10_000;

/// The validated query parameters of a list or a feed.
pub struct ListParams {
    search: Option<Vec<SearchTerm>>,
    filter: Filter,
    /// Which events the list has, relative to the current time: the parameter `when`.
    pub when: TimeFilter,
    /// Maximum number of events to return, 1 to 100; 20 by default.
    pub limit: usize,
    /// Number of events to skip, 0 to 10,000.
    pub offset: i64,
    /// Position where the list continues; `None` for the first page.
    pub cursor: Option<Cursor>,
}

/// The values of the parameter `when`: which events a list has, relative to the current time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFilter {
    /// All events.
    All,
    /// Events that have not ended.
    Upcoming,
    /// Events that have ended.
    Past,
}

impl TimeFilter {
    /// Returns the condition by which the store selects the events, as of `now`.
    #[must_use]
    pub fn phase(self, now: DateTime<Utc>) -> Phase {
        match self {
            Self::All => Phase::All,
            Self::Upcoming => Phase::Upcoming(now),
            Self::Past => Phase::Past(now),
        }
    }
}

impl ListParams {
    /// Parses and validates the query parameters. `search` and `skip` are aliases of `q` and `offset` from the previous
    /// API; dates without an offset are in `default_timezone`.
    ///
    /// # Errors
    /// Returns [`Error::BadParameter`] with the name of the first invalid parameter.
    pub fn parse(query: &QueryParams, default_timezone: Tz) -> Result<Self, Error> {
        let filter = Filter {
            search: None,
            technology: name(query, "technology"),
            city: name(query, "city"),
            state: name(query, "state"),
            attendance: attendance(query)?,
            from: instant(query, "from", default_timezone)?,
            to: instant(query, "to", default_timezone)?,
            ..Filter::default()
        };
        let when = when(query)?;
        let limit = number_in(query, "limit", "limit", 1..=LIMIT_MAX)?;
        let offset = offset(query)?;
        if offset.is_some() && query.get(&["cursor"]).is_some() {
            return Err(invalid("offset", "offset-with-cursor"));
        }
        let cursor = cursor(query, when)?;
        Ok(Self {
            search: query.get(&["q", "search"]).map(search_terms),
            filter,
            when,
            limit: limit.unwrap_or(LIMIT_DEFAULT),
            offset: offset.unwrap_or(0),
            cursor,
        })
    }

    /// Builds the filter for the store. A search text costs one database query, which resolves its terms to patterns.
    ///
    /// # Errors
    /// Returns an error when the database is unavailable or the query fails.
    pub async fn filter(&self, db: &Db) -> Result<Filter, StoreError> {
        let search = match &self.search {
            Some(terms) => Some(store::search_patterns(db, terms).await?),
            None => None,
        };
        Ok(Filter {
            search,
            ..self.filter.clone()
        })
    }
}

fn invalid(name: &'static str, allowed: &'static str) -> Error {
    Error::BadParameter { name, allowed }
}

fn when(query: &QueryParams) -> Result<TimeFilter, Error> {
    match query.get(&["when"]) {
        None | Some("all") => Ok(TimeFilter::All),
        Some("upcoming") => Ok(TimeFilter::Upcoming),
        Some("past") => Ok(TimeFilter::Past),
        Some(_) => Err(invalid("when", "when")),
    }
}

/// Returns the number of events to skip. Both `offset` and its alias `skip` are validated; `offset` takes precedence.
fn offset(query: &QueryParams) -> Result<Option<i64>, Error> {
    let offset = number_in(query, "offset", "offset", 0..=OFFSET_MAX)?;
    let skip = number_in(query, "skip", "offset", 0..=OFFSET_MAX)?;
    Ok(offset.or(skip))
}

/// Parses `parameter` as an integer within `range`; an invalid value is reported under the name `reported_as`.
fn number_in<T: FromStr + PartialOrd>(
    query: &QueryParams,
    parameter: &str,
    reported_as: &'static str,
    range: std::ops::RangeInclusive<T>,
) -> Result<Option<T>, Error> {
    let Some(text) = query.get(&[parameter]) else {
        return Ok(None);
    };
    let number = text.trim().parse().ok();
    let number = number.filter(|number| range.contains(number));
    number
        .map(Some)
        .ok_or_else(|| invalid(reported_as, reported_as))
}

/// Returns the trimmed value of `parameter`, with NUL replaced by a space: PostgreSQL text cannot contain NUL.
fn name(query: &QueryParams, parameter: &str) -> Option<String> {
    let name = query.get(&[parameter])?;
    Some(name.replace('\0', " ").trim().to_owned())
}

/// Parses the parameter `attendance`, a comma-separated list of attendance modes.
fn attendance(query: &QueryParams) -> Result<Vec<Attendance>, Error> {
    let list = query.get(&["attendance"]).unwrap_or_default();
    let names = list.split(',').map(str::trim).filter(|s| !s.is_empty());
    let mode = |name: &str| {
        let mut modes = Attendance::ALL.into_iter();
        modes.find(|mode| mode.as_str() == name)
    };
    let modes: Option<Vec<Attendance>> = names.map(mode).collect();
    modes.ok_or_else(|| invalid("attendance", "attendance"))
}

/// Parses `parameter` as a date (midnight in `zone`), a wall-clock time in `zone`, or an instant.
fn instant(
    query: &QueryParams,
    parameter: &'static str,
    zone: Tz,
) -> Result<Option<DateTime<Utc>>, Error> {
    let Some(text) = query.get(&[parameter]) else {
        return Ok(None);
    };
    // The unescaped `+` of an offset is decoded as a space.
    let instant = domain::parse_instant(&text.trim().replace(' ', "+"), zone);
    let error = || invalid(parameter, "moment");
    instant.map(Some).ok_or_else(error)
}

/// Parses the parameter `cursor`, which must agree with an explicit `when`.
fn cursor(query: &QueryParams, when: TimeFilter) -> Result<Option<Cursor>, Error> {
    let Some(text) = query.get(&["cursor"]) else {
        return Ok(None);
    };
    let agrees = |cursor: &Cursor| query.get(&["when"]).is_none() || cursor.when == when;
    let cursor = Cursor::parse(text).filter(agrees);
    let error = || invalid("cursor", "cursor");
    cursor.map(Some).ok_or_else(error)
}

/// The position where the next page of a list starts. It contains the time at which the first page was requested, so
/// that no event moves between upcoming and past from one page to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    /// Which events the page starts with.
    pub when: TimeFilter,
    /// The current time when the first page was requested.
    pub now: DateTime<Utc>,
    /// The last event of the previous page; `None` to start at the beginning.
    pub after: Option<SortKey>,
}

impl Cursor {
    /// Renders the cursor as the opaque text that clients send back: base64url without padding (RFC 4648 §5).
    #[must_use]
    pub fn to_text(self) -> String {
        let when = match self.when {
            TimeFilter::All => 'a',
            TimeFilter::Upcoming => 'u',
            TimeFilter::Past => 'p',
        };
        let mut text = format!("{when}.{}", self.now.timestamp_micros());
        if let Some(key) = self.after {
            text.push_str(&format!(".{}.{}", key.starts_at.timestamp_micros(), key.id));
        }
        BASE64_URL_SAFE_NO_PAD.encode(text)
    }

    /// Parses the text that [`to_text`](Self::to_text) returns; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.split('.');
        let when = match parts.next()? {
            "a" => TimeFilter::All,
            "u" => TimeFilter::Upcoming,
            "p" => TimeFilter::Past,
            _ => return None,
        };
        let now = parse_micros(parts.next()?)?;
        let after = match parts.next() {
            None => None,
            Some(start) => Some(SortKey {
                starts_at: parse_micros(start)?,
                id: parts.next()?.parse().ok()?,
            }),
        };
        parts.next().is_none().then_some(Self { when, now, after })
    }
}

/// Parses a number of microseconds since 1970 as an instant; `None` outside the years 0 to 9999.
fn parse_micros(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::from_timestamp_micros(text.parse().ok()?)?;
    (0..=9999).contains(&instant.year()).then_some(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAO_PAULO: Tz = Tz::America__Sao_Paulo;

    fn parse(query: &str) -> Result<ListParams, Error> {
        ListParams::parse(&QueryParams::parse(query), SAO_PAULO)
    }

    #[track_caller]
    fn check_invalid(query: &str, parameter: &str) {
        match parse(query) {
            Err(Error::BadParameter { name, .. }) => assert_eq!(name, parameter, "{query}"),
            Err(other) => panic!("{query}: {other:?}"),
            Ok(_) => panic!("{query} was accepted"),
        }
    }

    #[test]
    fn a_cursor_parses_from_its_own_text() {
        let now = DateTime::from_timestamp_micros(1_900_000_000_123_456).unwrap();
        let last = SortKey {
            starts_at: now,
            id: 42,
        };
        for after in [None, Some(last)] {
            for when in [TimeFilter::All, TimeFilter::Upcoming, TimeFilter::Past] {
                let cursor = Cursor { when, now, after };
                assert_eq!(Cursor::parse(&cursor.to_text()), Some(cursor));
            }
        }
    }

    #[test]
    fn the_error_names_the_invalid_parameter() {
        for limit in ["0", "101", "-1", "ten", "1.5", "99999999999999999999"] {
            check_invalid(&format!("limit={limit}"), "limit");
        }
        check_invalid("offset=-1", "offset");
        check_invalid("skip=10001", "offset");
        check_invalid("when=soon", "when");
        check_invalid("attendance=online,remote", "attendance");
        check_invalid("from=yesterday", "from");
        check_invalid("to=2027-13-01", "to");
        check_invalid("to=20270-01-01T00:00:00Z", "to");
        check_invalid("from=%2B262142-12-31T23:59", "from");
        check_invalid("from=2027-3-18T9:00", "from");
        for cursor in [
            "x",
            "%00",
            "YQ",
            "eC4xLjIuMw",
            "YS45OTk5OTk5OTk5OTk5OTk5OTk5OQ",
        ] {
            check_invalid(&format!("cursor={cursor}"), "cursor");
        }
    }

    #[test]
    fn a_cursor_excludes_an_offset() {
        let cursor = Cursor {
            when: TimeFilter::All,
            now: DateTime::UNIX_EPOCH,
            after: None,
        }
        .to_text();
        check_invalid(&format!("cursor={cursor}&offset=0"), "offset");
    }

    #[test]
    fn a_date_is_midnight_in_the_default_time_zone() {
        let params = parse("from=2027-03-18&to=2027-03-19T00:00:00%2B00:00");
        let filter = params.unwrap_or_else(|_| panic!()).filter;
        let text = |instant: Option<DateTime<Utc>>| instant.unwrap().to_rfc3339();
        assert_eq!(text(filter.from), "2027-03-18T03:00:00+00:00");
        assert_eq!(text(filter.to), "2027-03-19T00:00:00+00:00");
    }

    #[test]
    fn blank_parameters_are_ignored() {
        let params = parse("q=&technology=+&limit=&unknown=1").unwrap_or_else(|_| panic!());
        assert_eq!(params.filter, Filter::default());
        assert_eq!(params.limit, LIMIT_DEFAULT);
    }
}
