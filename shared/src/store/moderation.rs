//! Moderation by the operator: lists the latest events, hides events, and deletes the sources (network hashes) that
//! they were published from.

use std::{ops::Range, time::Duration};

use chrono::{DateTime, Utc};
use tokio_postgres::{
    Row,
    types::{Timestamp, Type},
};

use super::{error::StoreError, pool::Db, row::FromRow};
use crate::domain::Event;

/// Period for which the source of an event is stored: 30 days.
pub const EVENT_SOURCE_TTL: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The query for the operator's list of the latest events.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminEventsQuery {
    /// Exclusive upper bound of the ids of the listed events.
    pub before: i64,
    /// The source of the listed events; `None` to list events from all sources.
    pub source: Option<String>,
    /// Whether to list only hidden events.
    pub hidden: bool,
    /// Maximum number of events to list.
    pub limit: usize,
}

/// An event in the operator's list.
#[derive(Clone, Debug)]
pub struct AdminEvent {
    /// The event, hidden or not.
    pub event: Event,
    /// Hash of the network that the event was published from; `None` after [`EVENT_SOURCE_TTL`].
    pub source: Option<String>,
}

/// Returns the events that `query` selects, hidden or not, the highest id first.
///
/// # Errors
/// When the database is unavailable.
pub async fn latest_events(
    db: &Db,
    query: &AdminEventsQuery,
) -> Result<Vec<AdminEvent>, StoreError> {
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
    db.query_with_custom_plan(
        include_str!("../../../sql/queries/latest_events.sql"),
        &[
            (&query.before, Type::INT8),
            (&query.source, Type::TEXT),
            (&query.hidden, Type::BOOL),
            (&limit, Type::INT8),
        ],
    )
    .await
}

/// Marks the event with the given id as hidden at `hidden_at`, or as visible with `None`, and returns the number of
/// changed events: 0 or 1.
///
/// # Errors
/// When the database is unavailable. After a timeout, the change may have been made.
pub async fn hide_event(
    db: &Db,
    id: i64,
    hidden_at: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/hide_event.sql"),
        &[(&id, Type::INT8), (&hidden_at, Type::TIMESTAMPTZ)],
    )
    .await
}

/// Marks the events that were published from `source` in the period `published` as hidden at `hidden_at`, or as visible
/// with `None`, and returns the number of changed events.
///
/// # Errors
/// When the database is unavailable. After a timeout, the change may have been made.
pub async fn hide_source(
    db: &Db,
    source: &str,
    published: Range<Timestamp<DateTime<Utc>>>,
    hidden_at: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/hide_source.sql"),
        &[
            (&source, Type::TEXT),
            (&published.start, Type::TIMESTAMPTZ),
            (&published.end, Type::TIMESTAMPTZ),
            (&hidden_at, Type::TIMESTAMPTZ),
        ],
    )
    .await
}

/// Deletes the sources of events (network hashes) that were stored before `time`, and returns their number.
///
/// # Errors
/// When the database is unavailable.
pub async fn purge_event_sources(db: &Db, time: DateTime<Utc>) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/purge_event_sources.sql"),
        &[(&time, Type::TIMESTAMPTZ)],
    )
    .await
}

impl FromRow for AdminEvent {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let source = row.try_get("source")?;
        let event = Event::from_row(row)?;
        Ok(Self { event, source })
    }
}
