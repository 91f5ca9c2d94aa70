//! Public events for the sitemap, in parts that each span the same number of ids: a part is one bounded read, and an event stays
//! in its part.

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// An event in the sitemap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SitemapEvent {
    /// Its id.
    pub id: i64,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// The numbers, from 1, of the parts that contain an event, where each part spans `span` ids.
///
/// # Errors
/// When the database does not answer.
pub async fn sitemap_parts(db: &Db, span: i64) -> Result<Vec<i64>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/sitemap_parts.sql"),
        &[(&span, Type::INT8)],
    )
    .await
}

/// The events with ids above `after`, up to and including `last`, by id.
///
/// # Errors
/// When the database does not answer.
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
