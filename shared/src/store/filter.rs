//! The conditions on the events of a list.

use chrono::{DateTime, Utc};

use super::{index_hits::IndexHits, search_patterns::SearchPatterns};
use crate::domain::Attendance;

/// Conditions on the events of a list; the default matches all events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Patterns of the search text, all of which an event must match.
    pub search: Option<SearchPatterns>,
    /// The name of a technology that events must have, compared without regard to case and accents.
    pub technology: Option<String>,
    /// The name of the city of the events, compared without regard to case and accents.
    pub city: Option<String>,
    /// The federal state where the events take place, compared without regard to case and accents.
    pub state: Option<String>,
    /// The allowed forms of attendance; all if empty.
    pub attendance: Vec<Attendance>,
    /// Lower bound of the time: only events that end after this instant, or start at it or later, match.
    pub from: Option<DateTime<Utc>>,
    /// Upper bound of the time: only events that start before this instant match.
    pub to: Option<DateTime<Utc>>,
    /// Cached results of the index search for the filter.
    pub index_hits: IndexHits,
}

impl Filter {
    /// Whether the search text has no searchable character, so that no event matches.
    pub(super) fn matches_nothing(&self) -> bool {
        self.search.as_ref().is_some_and(SearchPatterns::is_empty)
    }

    /// Whether an index, of words or of technologies, can find the matching events.
    pub(super) fn is_indexed(&self) -> bool {
        !self.patterns().is_empty() || !self.technologies().is_empty()
    }

    pub(super) fn patterns(&self) -> &[String] {
        let search = self.search.as_ref();
        search.map_or(&[], |search| &search.patterns)
    }

    pub(super) fn technologies(&self) -> Vec<&str> {
        let searched = self.search.iter().flat_map(|search| &search.technologies);
        let filtered = self.technology.iter();
        filtered.chain(searched).map(String::as_str).collect()
    }

    pub(super) fn attendance_names(&self) -> Vec<&str> {
        self.attendance.iter().map(|form| form.as_str()).collect()
    }
}

/// Which events a list contains by their time: all, upcoming or past ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// All events.
    All,
    /// Events that have not ended at the given instant.
    Upcoming(DateTime<Utc>),
    /// Events that have ended at the given instant.
    Past(DateTime<Utc>),
}
