//! Keyset pagination of lists of events.

use chrono::{DateTime, Utc};

use crate::domain::Event;

/// The bounds of a page in an ordered list of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRequest {
    /// Position of the last event before the page; `None` for the first page.
    pub after: Option<SortKey>,
    /// Number of events to skip after the position [`PageRequest::after`].
    pub offset: i64,
    /// Maximum number of events on the page.
    pub limit: i64,
}

impl PageRequest {
    /// Creates a request for the first `limit` events.
    #[must_use]
    pub fn first(limit: i64) -> Self {
        Self {
            after: None,
            offset: 0,
            limit,
        }
    }

    /// Returns the number of events after [`Self::after`] that must be found to fill the page.
    pub(super) fn end(&self) -> i64 {
        self.offset + self.limit
    }
}

/// The position of an event in a list ordered by start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SortKey {
    /// Start of the event.
    pub starts_at: DateTime<Utc>,
    /// Id of the event, which orders events with the same start.
    pub id: i64,
}

impl SortKey {
    /// Returns the position of `event`.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self {
            starts_at: event.starts_at,
            id: event.id,
        }
    }
}
