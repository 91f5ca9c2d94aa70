//! Searches events in the database indexes of words and of technologies.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;
use tokio_postgres::{
    Row,
    types::{Timestamp, Type},
};

use super::{
    error::StoreError,
    pool::Db,
    row::{FromRow, Param, only_row},
};

/// A cache of the index search for one filter, so that a request for both upcoming and past events searches the index
/// once. All caches compare equal, so that comparing two filters ignores their caches.
#[derive(Clone, Default)]
pub struct IndexHits(pub(super) Arc<OnceCell<Vec<IndexHit>>>);

impl PartialEq for IndexHits {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for IndexHits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IndexHits(..)")
    }
}

/// An event that an index search found, without its text.
#[derive(Clone, Copy)]
pub(super) struct IndexHit {
    pub(super) id: i64,
    pub(super) starts_at: DateTime<Utc>,
    /// End of the event; its start if it has no end.
    pub(super) ends_at: DateTime<Utc>,
    pub(super) created_at: DateTime<Utc>,
}

/// The bounds of an index search.
#[derive(Clone, Copy)]
pub(super) struct HitRange {
    /// Earliest start of the events, inclusive.
    pub(super) first: Timestamp<DateTime<Utc>>,
    /// Upper bound of the start of the events, exclusive.
    pub(super) last: Timestamp<DateTime<Utc>>,
    /// Maximum number of events to find.
    pub(super) limit: i64,
}

/// Finds events that may contain `patterns`, in no order: all that contain them, and some others.
pub(super) async fn events_with_words(
    db: &Db,
    patterns: &[String],
    range: HitRange,
) -> Result<Vec<IndexHit>, StoreError> {
    let params: [Param<'_>; 4] = [
        (&patterns, Type::TEXT_ARRAY),
        (&range.first, Type::TIMESTAMPTZ),
        (&range.last, Type::TIMESTAMPTZ),
        (&range.limit, Type::INT8),
    ];
    let query = include_str!("../../../sql/queries/events_with_words.sql");
    db.query_one(query, &params).await
}

/// Finds the events about all of `technologies`, in no order.
pub(super) async fn events_with_technologies(
    db: &Db,
    technologies: &[&str],
    range: HitRange,
) -> Result<Vec<IndexHit>, StoreError> {
    let params: [Param<'_>; 4] = [
        (&technologies, Type::TEXT_ARRAY),
        (&range.first, Type::TIMESTAMPTZ),
        (&range.last, Type::TIMESTAMPTZ),
        (&range.limit, Type::INT8),
    ];
    let query = include_str!("../../../sql/queries/events_with_technologies.sql");
    only_row(db.query_with_custom_plan(query, &params).await?)
}

/// Parses one row whose columns are arrays: there can be thousands of hits, and a row for each would cost more than the
/// search.
impl FromRow for Vec<IndexHit> {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let ids: Vec<i64> = row.try_get("ids")?;
        let starts: Vec<DateTime<Utc>> = row.try_get("starts")?;
        let ends: Vec<DateTime<Utc>> = row.try_get("ends")?;
        let publications: Vec<DateTime<Utc>> = row.try_get("publications")?;
        let times = starts.into_iter().zip(ends).zip(publications);
        let hit = |(id, ((starts_at, ends_at), created_at))| IndexHit {
            id,
            starts_at,
            ends_at,
            created_at,
        };
        Ok(ids.into_iter().zip(times).map(hit).collect())
    }
}
