//! Searches filtered lists of events in steps that each read a bounded number of events: each step has one possible
//! plan, and no search text costs more than reading the whole list.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;
use tokio_postgres::types::{Timestamp, Type};

use super::{
    error::StoreError,
    filter::{Filter, Phase},
    index_hits::{HitRange, IndexHit, events_with_technologies, events_with_words},
    paging::{PageRequest, SortKey},
    pool::Db,
    row::Param,
    scan_limits::ScanLimits,
};
use crate::domain::{DURATION_DAYS_MAX, Event};

/// Maximum duration of an event.
const EVENT_DURATION_MAX: TimeDelta = TimeDelta::days(DURATION_DAYS_MAX);
/// Maximum number of index hits that one query looks up, which bounds the memory for the texts of their events.
const LOOKUP_MAX: usize = 1_000;
/// Maximum time that a search waits for a permit; after that, the database counts as overloaded.
const PERMIT_TIMEOUT: Duration = Duration::from_millis(250);
/// Time limit for all steps of a search after the first scan together.
const SEARCH_TIMEOUT: Duration = Duration::from_millis(1_500);

/// A search for one page of a list with at least one filter.
pub(super) struct Search<'a> {
    pub(super) db: &'a Db,
    pub(super) filter: &'a Filter,
    pub(super) page: PageRequest,
    pub(super) phase: Phase,
    pub(super) order: Order,
}

/// The order of a list. Events with equal times are ordered by id.
#[derive(Clone, Copy)]
pub(super) enum Order {
    StartAscending,
    StartDescending,
    PublicationDescending,
}

impl Order {
    /// Sorts `items` as this list orders its events; `key` returns an item's start, time of publication, and id.
    fn sort<T>(self, items: &mut [T], key: impl Fn(&T) -> (DateTime<Utc>, DateTime<Utc>, i64)) {
        items.sort_unstable_by_key(|item| {
            let (starts_at, created_at, id) = key(item);
            match self {
                Self::StartAscending | Self::StartDescending => (starts_at, id),
                Self::PublicationDescending => (created_at, id),
            }
        });
        match self {
            Self::StartAscending => {}
            Self::StartDescending | Self::PublicationDescending => items.reverse(),
        }
    }
}

/// Returns the start and id of the event before `page`; for the first page, values that come before all events.
pub(super) fn position_after(phase: Phase, page: &PageRequest) -> (Timestamp<DateTime<Utc>>, i64) {
    let beginning = match phase {
        Phase::All | Phase::Upcoming(_) => Timestamp::NegInfinity,
        Phase::Past(_) => Timestamp::PosInfinity,
    };
    let position = |key: SortKey| (Timestamp::Value(key.starts_at), key.id);
    page.after.map_or((beginning, 0), position)
}

impl Search<'_> {
    /// Returns the page of events ordered by start.
    pub(super) async fn events_by_start(&self) -> Result<Vec<Event>, StoreError> {
        if self.filter.matches_nothing() {
            return Ok(Vec::new());
        }
        if !self.filter.is_indexed() && self.filter.attendance.is_empty() {
            return self.scan(self.page.end()).await;
        }
        if let Some(hits) = self.filter.index_hits.0.get()
            && self.is_complete(hits)
        {
            return self.look_up(hits).await;
        }
        let ScanLimits {
            first_scan,
            second_scan,
            ..
        } = self.db.scan_limits;
        let mut is_rare = false;
        // A large offset lies beyond what the first scan reads.
        if self.page.end() <= first_scan {
            let found = self.scan(first_scan).await?;
            if self.is_full(&found) {
                return Ok(found);
            }
            is_rare = self.page.offset == 0
                && (found.len() as i64).saturating_mul(second_scan)
                    < self.page.limit.saturating_mul(first_scan);
        }
        self.with_permit(self.events_after_first_scan(is_rare))
            .await
    }

    /// Returns the page of events ordered by publication: from the index hits, or if there are too many, by a scan.
    pub(super) async fn events_by_publication(&self) -> Result<Vec<Event>, StoreError> {
        if self.filter.matches_nothing() {
            return Ok(Vec::new());
        }
        let steps = async {
            if self.filter.is_indexed() {
                let hits = self.index_hits().await?;
                if self.is_complete(hits) {
                    return self.look_up(hits).await;
                }
            }
            self.published_events().await
        };
        self.with_permit(steps).await
    }

    /// Runs the `steps` of a search with one of the permits for searches, within the time limit.
    async fn with_permit<T>(
        &self,
        steps: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let permit = timeout(PERMIT_TIMEOUT, self.db.search_permits.acquire()).await;
        let Ok(Ok(_permit)) = permit else {
            return Err(StoreError::Overloaded);
        };
        let found = timeout(SEARCH_TIMEOUT, steps).await;
        found.unwrap_or(Err(StoreError::Overloaded))
    }

    /// Returns the page when the first scan did not fill it. `is_rare` says that the first scan found so few events
    /// that the second would not fill the page.
    async fn events_after_first_scan(&self, is_rare: bool) -> Result<Vec<Event>, StoreError> {
        let ScanLimits {
            second_scan,
            third_scan,
            ..
        } = self.db.scan_limits;
        let is_indexed = self.filter.is_indexed();
        // The index finds rare events sooner than a scan.
        if !is_rare || !is_indexed {
            let found = self.scan(self.page.end().max(second_scan)).await?;
            if self.is_full(&found) {
                return Ok(found);
            }
        }
        if is_indexed {
            let hits = self.index_hits().await?;
            if self.is_complete(hits) {
                return self.look_up(hits).await;
            }
        }
        let found = self.scan(self.page.end().max(third_scan)).await?;
        if self.is_full(&found) {
            return Ok(found);
        }
        if is_indexed {
            self.look_up(&self.index_hits_in_range().await?).await
        } else {
            self.scan(i64::MAX).await
        }
    }

    fn is_full(&self, events: &[Event]) -> bool {
        events.len() as i64 >= self.page.limit
    }

    /// Whether `hits` are all index hits of any time, not just the first `index_hits_max + 1`.
    fn is_complete(&self, hits: &[IndexHit]) -> bool {
        hits.len() as i64 <= self.db.scan_limits.index_hits_max
    }

    /// Returns at most `index_hits_max + 1` index hits of any time, and caches them in the filter.
    async fn index_hits(&self) -> Result<&Vec<IndexHit>, StoreError> {
        let range = HitRange {
            first: Timestamp::NegInfinity,
            last: Timestamp::PosInfinity,
            limit: self.db.scan_limits.index_hits_max + 1,
        };
        let hits = self
            .filter
            .index_hits
            .0
            .get_or_try_init(|| self.search_index(range));
        hits.await
    }

    /// Returns all index hits in the range of starts that the page can contain.
    async fn index_hits_in_range(&self) -> Result<Vec<IndexHit>, StoreError> {
        let Filter { from, to, .. } = *self.filter;
        let after = self.page.after.map(|key| key.starts_at);
        let earliest_start = |end: DateTime<Utc>| end - EVENT_DURATION_MAX;
        let (first, last) = match self.phase {
            Phase::All => (after.max(from.map(earliest_start)), to),
            Phase::Upcoming(now) => (after.max(Some(earliest_start(now))), to),
            Phase::Past(now) => {
                let after = after.map(|start| start + TimeDelta::microseconds(1));
                let last = [after, to, Some(now)].into_iter().flatten().min();
                (from.map(earliest_start), last)
            }
        };
        self.search_index(HitRange {
            first: first.map_or(Timestamp::NegInfinity, Timestamp::Value),
            last: last.map_or(Timestamp::PosInfinity, Timestamp::Value),
            limit: i64::MAX,
        })
        .await
    }

    async fn search_index(&self, range: HitRange) -> Result<Vec<IndexHit>, StoreError> {
        match self.filter.patterns() {
            [] => events_with_technologies(self.db, &self.filter.technologies(), range).await,
            patterns => events_with_words(self.db, patterns, range).await,
        }
    }

    /// Returns the page from `hits`, whose events are looked up in the order of the list until it is full.
    async fn look_up(&self, hits: &[IndexHit]) -> Result<Vec<Event>, StoreError> {
        let mut hits: Vec<&IndexHit> = hits
            .iter()
            .filter(|hit| self.has_matching_times(hit))
            .collect();
        self.order
            .sort(&mut hits, |hit| (hit.starts_at, hit.created_at, hit.id));
        let mut ids = hits.iter().map(|hit| hit.id);
        let end = usize::try_from(self.page.end()).unwrap_or(usize::MAX);
        let mut events = Vec::new();
        let mut count = end.saturating_mul(2).min(LOOKUP_MAX);
        while events.len() < end {
            let next: Vec<i64> = ids.by_ref().take(count).collect();
            if next.is_empty() {
                break;
            }
            let mut matching = self.matching_events(&next).await?;
            self.order.sort(&mut matching, |event| {
                (event.starts_at, event.created_at, event.id)
            });
            events.append(&mut matching);
            count = count.saturating_mul(8).min(LOOKUP_MAX);
        }
        let skipped = usize::try_from(self.page.offset).unwrap_or(usize::MAX);
        let events = events.into_iter().skip(skipped);
        Ok(events.take(end.saturating_sub(skipped)).collect())
    }

    /// Whether the times of `hit` match the phase and the filter, and it comes after the position where the page
    /// starts.
    fn has_matching_times(&self, hit: &IndexHit) -> bool {
        let Filter { from, to, .. } = *self.filter;
        let IndexHit {
            id,
            starts_at,
            ends_at,
            ..
        } = *hit;
        let is_in_phase = match self.phase {
            Phase::All => true,
            Phase::Upcoming(now) => ends_at >= now,
            Phase::Past(now) => ends_at < now,
        };
        let is_in_range = from.is_none_or(|from| starts_at >= from || ends_at > from)
            && to.is_none_or(|to| starts_at < to);
        let is_after = self.page.after.is_none_or(|key| match self.phase {
            Phase::Past(_) => (starts_at, id) < (key.starts_at, key.id),
            Phase::All | Phase::Upcoming(_) => (starts_at, id) > (key.starts_at, key.id),
        });
        is_in_phase && is_in_range && is_after
    }

    /// Returns the events with the given ids that match the filter, whose range of times is ignored.
    async fn matching_events(&self, ids: &[i64]) -> Result<Vec<Event>, StoreError> {
        let filter = self.filter;
        let (patterns, technologies) = (filter.patterns(), filter.technologies());
        let attendance = filter.attendance_names();
        let params: [Param<'_>; 6] = [
            (&ids, Type::INT8_ARRAY),
            (&patterns, Type::TEXT_ARRAY),
            (&technologies, Type::TEXT_ARRAY),
            (&attendance, Type::TEXT_ARRAY),
            (&filter.city, Type::TEXT),
            (&filter.state, Type::TEXT),
        ];
        let query = include_str!("../../../sql/queries/matching_events.sql");
        if ids.len() as i64 <= self.db.scan_limits.first_scan {
            self.db.query_shared(query, &params).await
        } else {
            self.db.query(query, &params).await
        }
    }

    /// Returns the matching events of the page among the next `scan_max` events of the list: fewer than the limit if
    /// too few match.
    async fn scan(&self, scan_max: i64) -> Result<Vec<Event>, StoreError> {
        let Self { filter, page, .. } = self;
        let (patterns, technologies) = (filter.patterns(), filter.technologies());
        let attendance = filter.attendance_names();
        let (start, id) = position_after(self.phase, page);
        let from = match self.phase {
            Phase::All | Phase::Past(_) => filter.from,
            // A range that starts earlier excludes no upcoming event.
            Phase::Upcoming(now) => Some(now),
        };
        let params: [Param<'_>; 12] = [
            (&patterns, Type::TEXT_ARRAY),
            (&technologies, Type::TEXT_ARRAY),
            (&attendance, Type::TEXT_ARRAY),
            (&filter.city, Type::TEXT),
            (&filter.state, Type::TEXT),
            (&from, Type::TIMESTAMPTZ),
            (&filter.to, Type::TIMESTAMPTZ),
            (&start, Type::TIMESTAMPTZ),
            (&id, Type::INT8),
            (&page.limit, Type::INT8),
            (&page.offset, Type::INT8),
            (&scan_max, Type::INT8),
        ];
        // The index of places may find the events of a city or state sooner: only a custom plan can compare the costs.
        let has_generic_plan = filter.city.is_none() && filter.state.is_none();
        let is_shared = has_generic_plan
            && scan_max <= self.db.scan_limits.first_scan
            && self.db.has_shared_connections();
        match self.phase {
            Phase::All => self.all_events(&params, is_shared).await,
            Phase::Upcoming(_) => self.upcoming_events(&params, is_shared).await,
            Phase::Past(now) => self.past_events(&params, now, is_shared).await,
        }
    }

    async fn all_events(
        &self,
        params: &[Param<'_>],
        is_shared: bool,
    ) -> Result<Vec<Event>, StoreError> {
        let query = include_str!("../../../sql/queries/all_events.sql");
        self.query(query, params, is_shared).await
    }

    async fn upcoming_events(
        &self,
        params: &[Param<'_>],
        is_shared: bool,
    ) -> Result<Vec<Event>, StoreError> {
        let query = include_str!("../../../sql/queries/upcoming_events.sql");
        self.query(query, params, is_shared).await
    }

    async fn past_events(
        &self,
        params: &[Param<'_>],
        now: DateTime<Utc>,
        is_shared: bool,
    ) -> Result<Vec<Event>, StoreError> {
        let query = include_str!("../../../sql/queries/past_events.sql");
        let now: [Param<'_>; 1] = [(&now, Type::TIMESTAMPTZ)];
        self.query(query, &[params, &now].concat(), is_shared).await
    }

    async fn query(
        &self,
        query: &str,
        params: &[Param<'_>],
        is_shared: bool,
    ) -> Result<Vec<Event>, StoreError> {
        if is_shared {
            self.db.query_shared(query, params).await
        } else {
            self.db.query_with_custom_plan(query, params).await
        }
    }

    /// Returns the matching events that were published last, by a scan in the order of publication.
    async fn published_events(&self) -> Result<Vec<Event>, StoreError> {
        let filter = self.filter;
        let (patterns, technologies) = (filter.patterns(), filter.technologies());
        let attendance = filter.attendance_names();
        let (upcoming_at, past_at) = match &self.phase {
            Phase::All => (None, None),
            Phase::Upcoming(now) => (Some(now), None),
            Phase::Past(now) => (None, Some(now)),
        };
        let params: [Param<'_>; 10] = [
            (&patterns, Type::TEXT_ARRAY),
            (&technologies, Type::TEXT_ARRAY),
            (&attendance, Type::TEXT_ARRAY),
            (&filter.city, Type::TEXT),
            (&filter.state, Type::TEXT),
            (&filter.from, Type::TIMESTAMPTZ),
            (&filter.to, Type::TIMESTAMPTZ),
            (&upcoming_at, Type::TIMESTAMPTZ),
            (&past_at, Type::TIMESTAMPTZ),
            (&self.page.limit, Type::INT8),
        ];
        let query = include_str!("../../../sql/queries/published_events.sql");
        self.db.query_with_custom_plan(query, &params).await
    }
}
