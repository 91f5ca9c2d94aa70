//! Counts the events in the database, for metrics.

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// The numbers of events by state, for metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCounts {
    /// Number of events that have not ended and are not hidden.
    pub upcoming: i64,
    /// Number of events that have ended and are not hidden.
    pub past: i64,
    /// Number of upcoming and past events that the operator has hidden.
    pub hidden: i64,
    /// Number of deleted events that have not yet been purged.
    pub deleted: i64,
}

/// Counts the events by their state at `now`.
///
/// # Errors
/// When the database is unavailable.
pub async fn event_counts(db: &Db, now: DateTime<Utc>) -> Result<EventCounts, StoreError> {
    db.query_one(
        include_str!("../../../sql/queries/event_counts.sql"),
        &[(&now, Type::TIMESTAMPTZ)],
    )
    .await
}

impl FromRow for EventCounts {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            upcoming: row.try_get("upcoming")?,
            past: row.try_get("past")?,
            hidden: row.try_get("hidden")?,
            deleted: row.try_get("deleted")?,
        })
    }
}
