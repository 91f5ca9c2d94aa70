//! Lists the public events for the sitemap, in parts that each span the same number of ids: reading a part is bounded,
//! and an event never moves to another part.

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// An event to list in the sitemap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SitemapEvent {
    /// Id of the event.
    pub id: i64,
    /// Time of the last change to the event.
    pub updated_at: DateTime<Utc>,
}

/// Returns the numbers of the sitemap parts that contain an event, ascending. Part 1 has the ids from 1 to `span`.
///
/// # Errors
/// When the database is unavailable.
pub async fn sitemap_parts(db: &Db, span: i64) -> Result<Vec<i64>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/sitemap_parts.sql"),
        &[(&span, Type::INT8)],
    )
    .await
}

/// Returns the public events with ids above `after` and up to `last`, inclusive, ordered by id.
///
/// # Errors
/// When the database is unavailable.
pub async fn sitemap_events(
    db: &Db,
    after: i64,
    last: i64,
) -> Result<Vec<SitemapEvent>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/sitemap_events.sql"),
        &[(&after, Type::INT8), (&last, Type::INT8)],
    )
    .await
}

impl FromRow for SitemapEvent {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}
