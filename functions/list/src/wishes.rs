//! The query parameters of the lists: which events, how many, from where on.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use shared::{
    Tz,
    domain::{self, Attendance},
    http::Error,
    http::Query,
    store::{self, Db, Filter, Phase, SortKey, StoreError, Term},
};

use crate::search;

const LIMIT_DEFAULT: usize = 20;
const LIMIT_MAX: usize = 100;
const OFFSET_MAX: i64 = 10_000;

/// What was asked for, checked.
pub struct ListParams {
    search: Option<Vec<Term>>,
    filter: Filter,
    /// Which events, by the present moment.
    pub when: When,
    /// How many, from 1 to 100.
    pub limit: usize,
    /// How many to skip, up to 10,000.
    pub offset: i64,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

/// Which events, by the present moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// All of them.
    All,
    /// Those that are not over.
    Upcoming,
    /// Those that are over.
    Past,
}

impl When {
    /// Which events these are at `now`.
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
    /// Reads the parameters; those of the old system are aliases.
    pub fn read(query: &Query, default_timezone: Tz) -> Result<Self, Error> {
        let filter = Filter {
            search: None,
            technology: name(query, "technology"),
            city: name(query, "city"),
            state: name(query, "state"),
            attendance: ways_to_meet(query)?,
            from: moment(query, "from", default_timezone)?,
            to: moment(query, "to", default_timezone)?,
            ..Filter::default()
        };
        let when = match query.get(&["when"]) {
            None | Some("all") => When::All,
            Some("upcoming") => When::Upcoming,
            Some("past") => When::Past,
            Some(_) => {
                return Err(Error::BadParameter {
                    name: "when",
                    allowed: "when",
                });
            }
        };
        let limit = match query.get(&["limit"]) {
            None => LIMIT_DEFAULT,
            Some(text) => whole(text)
                .filter(|limit| (1..=LIMIT_MAX).contains(limit))
                .ok_or(Error::BadParameter {
                    name: "limit",
                    allowed: "limit",
                })?,
        };
        let skipped = |name| match query.get(&[name]) {
            None => Ok(None),
            Some(text) => whole(text)
                .filter(|offset| (0..=OFFSET_MAX).contains(offset))
                .map(Some)
                .ok_or(Error::BadParameter {
                    name: "offset",
                    allowed: "offset",
                }),
        };
        // Beside the other, the old system's word is not asked for; but it must not be wrong either.
        let (offset, skip) = (skipped("offset")?, skipped("skip")?);
        let offset = offset.or(skip);
        let cursor = match query.get(&["cursor"]) {
            None => None,
            Some(_) if offset.is_some() => {
                return Err(Error::BadParameter {
                    name: "offset",
                    allowed: "offset-with-cursor",
                });
            }
            Some(text) => Some(
                Cursor::from_text(text)
                    .filter(|cursor| query.get(&["when"]).is_none() || cursor.when == when)
                    .ok_or(Error::BadParameter {
                        name: "cursor",
                        allowed: "cursor",
                    })?,
            ),
        };
        Ok(Self {
            search: query.get(&["q", "search"]).map(search::terms),
            filter,
            when,
            limit,
            offset: offset.unwrap_or(0),
            cursor,
        })
    }

    /// Which events are wanted, with what the search means to the database.
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

/// A whole number in plain digits.
fn whole<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

/// A name as typed, without what no name holds.
fn name(query: &Query, parameter: &'static str) -> Option<String> {
    query
        .get(&[parameter])
        .map(|name| name.replace('\0', " ").trim().to_owned())
}

/// Ways to meet, between commas.
fn ways_to_meet(query: &Query) -> Result<Vec<Attendance>, Error> {
    let typed = query.get(&["attendance"]).unwrap_or_default();
    let ways = typed
        .split(',')
        .map(str::trim)
        .filter(|way| !way.is_empty());
    let known = |way: &str| {
        Attendance::ALL
            .into_iter()
            .find(|known| known.as_str() == way)
    };
    let known: Option<Vec<Attendance>> = ways.map(known).collect();
    known.ok_or(Error::BadParameter {
        name: "attendance",
        allowed: "attendance",
    })
}

/// A date (midnight in the default zone), a wall-clock time there, or an instant.
fn moment(query: &Query, name: &'static str, zone: Tz) -> Result<Option<DateTime<Utc>>, Error> {
    let Some(text) = query.get(&[name]) else {
        return Ok(None);
    };
    // An unescaped + of an offset arrives as a space.
    let found = domain::parse_instant(&text.trim().replace(' ', "+"), zone);
    found.map(Some).ok_or(Error::BadParameter {
        name,
        allowed: "moment",
    })
}

/// Where a list goes on: its phase, the present moment of its first page, and the last event shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    /// Its phase.
    pub when: When,
    /// The present moment of the first page.
    pub now: DateTime<Utc>,
    /// The last event shown.
    pub after: Option<SortKey>,
}

impl Cursor {
    /// Opaque to callers: phase, now, start and id, in base64url.
    pub fn to_text(self) -> String {
        let when = match self.when {
            When::All => 'a',
            When::Upcoming => 'u',
            When::Past => 'p',
        };
        let mut text = format!("{when}.{}", self.now.timestamp_micros());
        if let Some(key) = self.after {
            text.push_str(&format!(".{}.{}", key.starts_at.timestamp_micros(), key.id));
        }
        BASE64_URL_SAFE_NO_PAD.encode(text)
    }

    /// The cursor that this text tells, if it tells one.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.split('.');
        let when = match parts.next()? {
            "a" => When::All,
            "u" => When::Upcoming,
            "p" => When::Past,
            _ => return None,
        };
        let moment = |micros: &str| {
            DateTime::from_timestamp_micros(micros.parse().ok()?).filter(in_calendar)
        };
        let now = moment(parts.next()?)?;
        let after = match parts.next() {
            None => None,
            Some(start) => Some(SortKey {
                starts_at: moment(start)?,
                id: parts.next()?.parse().ok()?,
            }),
        };
        parts.next().is_none().then_some(Self { when, now, after })
    }
}

fn in_calendar(moment: &DateTime<Utc>) -> bool {
    (0..=9999).contains(&chrono::Datelike::year(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAO_PAULO: Tz = Tz::America__Sao_Paulo;

    #[track_caller]
    fn refused(query: &str, parameter: &str) {
        match ListParams::read(&Query::parse(query), SAO_PAULO) {
            Err(Error::BadParameter { name, .. }) => assert_eq!(name, parameter, "{query}"),
            Err(other) => panic!("{query}: {other:?}"),
            Ok(_) => panic!("{query} was accepted"),
        }
    }

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let now = DateTime::from_timestamp_micros(1_900_000_000_123_456).unwrap();
        for after in [
            None,
            Some(SortKey {
                starts_at: now,
                id: 42,
            }),
        ] {
            for when in [When::All, When::Upcoming, When::Past] {
                let cursor = Cursor { when, now, after };
                assert_eq!(Cursor::from_text(&cursor.to_text()), Some(cursor));
            }
        }
    }

    #[test]
    fn a_bad_parameter_is_named() {
        for limit in ["0", "101", "-1", "ten", "1.5", "99999999999999999999"] {
            refused(&format!("limit={limit}"), "limit");
        }
        refused("offset=-1", "offset");
        refused("skip=10001", "offset");
        refused("when=soon", "when");
        refused("attendance=online,remote", "attendance");
        refused("from=yesterday", "from");
        refused("to=2027-13-01", "to");
        refused("to=20270-01-01T00:00:00Z", "to");
        refused("from=%2B262142-12-31T23:59", "from");
        refused("from=2027-3-18T9:00", "from");
        for cursor in [
            "x",
            "%00",
            "YQ",
            "eC4xLjIuMw",
            "YS45OTk5OTk5OTk5OTk5OTk5OTk5OQ",
        ] {
            refused(&format!("cursor={cursor}"), "cursor");
        }
    }

    #[test]
    fn a_cursor_and_an_offset_are_one_too_many() {
        let cursor = Cursor {
            when: When::All,
            now: DateTime::UNIX_EPOCH,
            after: None,
        }
        .to_text();
        refused(&format!("cursor={cursor}&offset=0"), "offset");
    }

    #[test]
    fn a_date_means_midnight_in_the_default_zone() {
        let wishes = ListParams::read(
            &Query::parse("from=2027-03-18&to=2027-03-19T00:00:00%2B00:00"),
            SAO_PAULO,
        )
        .unwrap_or_else(|_| panic!());
        assert_eq!(
            wishes.filter.from.unwrap().to_rfc3339(),
            "2027-03-18T03:00:00+00:00"
        );
        assert_eq!(
            wishes.filter.to.unwrap().to_rfc3339(),
            "2027-03-19T00:00:00+00:00"
        );
    }

    #[test]
    fn empty_parameters_of_a_form_are_none() {
        let wishes = ListParams::read(&Query::parse("q=&technology=+&limit=&unknown=1"), SAO_PAULO)
            .unwrap_or_else(|_| panic!());
        assert_eq!(wishes.filter, Filter::default());
        assert_eq!(wishes.limit, LIMIT_DEFAULT);
    }
}
