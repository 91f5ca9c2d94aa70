//! Keyset pagination of lists of events.

use chrono::{DateTime, Utc};

use crate::domain::Event;

/// A page of an ordered list of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRequest {
    /// The position of the last event before the page; `None` for the first page.
    pub after: Option<SortKey>,
    /// Number of events after that position to skip.
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
    /// The event's start.
    pub starts_at: DateTime<Utc>,
    /// The event's id, which orders events with the same start.
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
