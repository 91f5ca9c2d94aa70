//! What the sitemap tells: the events that everyone may see, in parts that each span as many ids, so that a part is one
//! bounded read and stays the same part for good.

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{
    StoreError,
    pool::{Db, FromRow},
};

/// An event in the sitemap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SitemapEvent {
    /// Its id.
    pub id: i64,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

/// The numbers, from 1 on, of the parts that hold an event, where each part spans `span` ids.
///
/// # Errors
/// When the database cannot answer.
pub async fn sitemap_parts(db: &Db, span: i64) -> Result<Vec<i64>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/sitemap_parts.sql"),
        &[(&span, Type::INT8)],
    )
    .await
}

/// The events whose ids come after `after`, up to `last`, by id.
///
/// # Errors
/// When the database cannot answer.
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
