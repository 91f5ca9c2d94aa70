//! Keyset pages of an ordered list of events.

use chrono::{DateTime, Utc};

use crate::domain::Event;

/// A page of an ordered list of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRequest {
    /// The last event before the page, in the list's order; `None` for the first page.
    pub after: Option<SortKey>,
    /// Number of events to skip after it.
    pub offset: i64,
    /// Maximum number of events to return.
    pub limit: i64,
}

impl PageRequest {
    /// The first `limit` events.
    #[must_use]
    pub fn first(limit: i64) -> Self {
        Self {
            after: None,
            offset: 0,
            limit,
        }
    }

    /// Number of events after [`Self::after`] that must be found to fill the page.
    pub(super) fn end(&self) -> i64 {
        self.offset + self.limit
    }
}

/// Position of an event in a list ordered by start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SortKey {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// Its id, which orders events with the same start.
    pub id: i64,
}

impl SortKey {
    /// The position of this event.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self {
            starts_at: event.starts_at,
            id: event.id,
        }
    }
}
