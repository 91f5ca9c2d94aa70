//! The number of events.

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// The number of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCounts {
    /// Not ended, and not hidden.
    pub upcoming: i64,
    /// Ended, and not hidden.
    pub past: i64,
    /// Hidden by the operator, upcoming or past.
    pub hidden: i64,
    /// Deleted, and not yet purged.
    pub deleted: i64,
}

/// The number of events at `now`.
///
/// # Errors
/// When the database does not answer.
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
