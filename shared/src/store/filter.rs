//! Which events a list contains.

use chrono::{DateTime, Utc};

use super::{index_hits::IndexHits, search_patterns::SearchPatterns};
use crate::domain::Attendance;

/// Conditions on the events of a list; the default matches all events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Search patterns, all of which must match.
    pub search: Option<SearchPatterns>,
    /// The name of a technology, without regard to case and accents.
    pub technology: Option<String>,
    /// The name of a city, without regard to case and accents.
    pub city: Option<String>,
    /// A state, without regard to case and accents.
    pub state: Option<String>,
    /// Any of these; all if empty.
    pub attendance: Vec<Attendance>,
    /// Events that end after this instant, or start at it or later.
    pub from: Option<DateTime<Utc>>,
    /// Events that start before this instant.
    pub to: Option<DateTime<Utc>>,
    /// Cached index hits for this filter.
    pub index_hits: IndexHits,
}

impl Filter {
    /// Whether the search can match no event.
    pub(super) fn matches_nothing(&self) -> bool {
        self.search.as_ref().is_some_and(SearchPatterns::is_empty)
    }

    /// Whether an index of words or technologies can find the events.
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
        self.attendance.iter().map(|way| way.as_str()).collect()
    }
}

/// Which events a list contains, relative to the current time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// All events.
    All,
    /// Events that have not ended at this instant.
    Upcoming(DateTime<Utc>),
    /// Events that have ended at this instant.
    Past(DateTime<Utc>),
}
