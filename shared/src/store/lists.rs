//! Reads lists of events, ordered by start or by time of publication.

use chrono::{DateTime, Utc};
use tokio_postgres::types::{Timestamp, Type};

use super::{
    error::StoreError,
    filter::{Filter, Phase},
    paging::PageRequest,
    pool::Db,
    row::Param,
    search::{Order, Search, position_after},
};
use crate::domain::Event;

/// The query for one page of a list of events.
#[derive(Clone, Copy, Debug)]
pub struct ListQuery<'a> {
    /// The conditions on the events.
    pub filter: &'a Filter,
    /// Which events to list by their time: all, upcoming or past ones.
    pub phase: Phase,
    /// The page to return.
    pub page: PageRequest,
}

/// Returns a page of the events that match `query`, ordered by start and id: past events with the latest first, others
/// with the earliest first.
///
/// # Errors
/// When the database is unavailable, or too many searches run concurrently.
pub async fn list_events(db: &Db, query: &ListQuery<'_>) -> Result<Vec<Event>, StoreError> {
    let ListQuery {
        filter,
        phase,
        page,
    } = *query;
    if *filter == Filter::default() {
        return match phase {
            Phase::All => all_events_unfiltered(db, &page).await,
            Phase::Upcoming(now) => upcoming_events_unfiltered(db, &page, now).await,
            Phase::Past(now) => past_events_unfiltered(db, &page, now).await,
        };
    }
    let phase = match phase {
        // Events that end after a later instant are upcoming.
        Phase::Upcoming(now) if filter.from.is_some_and(|from| from >= now) => Phase::All,
        phase => phase,
    };
    let search = Search {
        db,
        filter,
        page,
        phase,
        order: match phase {
            Phase::All | Phase::Upcoming(_) => Order::StartAscending,
            Phase::Past(_) => Order::StartDescending,
        },
    };
    search.events_by_start().await
}

/// Returns the `limit` events matching `filter` and `phase` that were published last, the latest first.
///
/// # Errors
/// When the database is unavailable, or too many searches run concurrently.
pub async fn published_events(
    db: &Db,
    filter: &Filter,
    phase: Phase,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let search = Search {
        db,
        filter,
        page: PageRequest::first(limit),
        phase,
        order: Order::PublicationDescending,
    };
    search.events_by_publication().await
}

async fn all_events_unfiltered(db: &Db, page: &PageRequest) -> Result<Vec<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/all_events_unfiltered.sql");
    unfiltered(db, query, Phase::All, page, None).await
}

async fn upcoming_events_unfiltered(
    db: &Db,
    page: &PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/upcoming_events_unfiltered.sql");
    unfiltered(db, query, Phase::Upcoming(now), page, Some(now)).await
}

async fn past_events_unfiltered(
    db: &Db,
    page: &PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/past_events_unfiltered.sql");
    unfiltered(db, query, Phase::Past(now), page, Some(now)).await
}

/// Runs `query`, which lists events without a filter, on a shared connection if it reads few rows.
async fn unfiltered(
    db: &Db,
    query: &str,
    phase: Phase,
    page: &PageRequest,
    now: Option<DateTime<Utc>>,
) -> Result<Vec<Event>, StoreError> {
    let (start, id): (Timestamp<DateTime<Utc>>, i64) = position_after(phase, page);
    let mut params: Vec<Param<'_>> = vec![
        (&start, Type::TIMESTAMPTZ),
        (&id, Type::INT8),
        (&page.limit, Type::INT8),
        (&page.offset, Type::INT8),
    ];
    if let Some(now) = &now {
        params.push((now, Type::TIMESTAMPTZ));
    }
    if page.end() <= db.scan_limits.first_scan {
        db.query_shared(query, &params).await
    } else {
        db.query(query, &params).await
    }
}
