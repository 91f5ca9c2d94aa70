//! The conditions on the events of a list.

use chrono::{DateTime, Utc};

use super::{index_hits::IndexHits, search_patterns::SearchPatterns};
use crate::domain::Attendance;

/// Conditions on the events of a list; the default matches all events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Search patterns, all of which must match.
    pub search: Option<SearchPatterns>,
    /// The name of a technology, compared without regard to case and accents.
    pub technology: Option<String>,
    /// The name of a city, compared without regard to case and accents.
    pub city: Option<String>,
    /// A state, compared without regard to case and accents.
    pub state: Option<String>,
    /// The allowed forms of attendance; all if empty.
    pub attendance: Vec<Attendance>,
    /// Events that end after this instant, or start at it or later.
    pub from: Option<DateTime<Utc>>,
    /// Events that start before this instant.
    pub to: Option<DateTime<Utc>>,
    /// Cached index hits for this filter.
    pub index_hits: IndexHits,
}

impl Filter {
    /// Whether the search text has no searchable character, so that no event matches.
    pub(super) fn matches_nothing(&self) -> bool {
        self.search.as_ref().is_some_and(SearchPatterns::is_empty)
    }

    /// Whether the index of words or that of technologies can find the events.
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

/// Whether a list contains all, upcoming or past events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// All events.
    All,
    /// Events that have not ended at this instant.
    Upcoming(DateTime<Utc>),
    /// Events that have ended at this instant.
    Past(DateTime<Utc>),
}
