//! Lists of events, and the search: answered in scan_limits that each look at a bounded number of events, so that each has one
//! possible plan, and no word typed costs more than looking at all of a list.

use std::{fmt, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{sync::OnceCell, time::timeout};
use tokio_postgres::{
    Row,
    types::{Timestamp, Type},
};

use super::{
    StoreError,
    pool::{Db, FromRow, Param, one},
};
use crate::domain::{Attendance, DAYS_MAX, Event};

/// How far each step of a search goes, in events. Whatever the numbers, the answers are the same.
#[derive(Clone, Copy, Debug)]
pub struct ScanLimits {
    /// How many of the next events it looks at, one after the other, at first.
    pub first_scan: i64,
    /// How many before it asks the index.
    pub second_scan: i64,
    /// How many the index may find; from there on a long look fills the page sooner.
    pub index_hits_max: i64,
    /// How many it looks at then, before it takes all that the index finds.
    pub third_scan: i64,
}

impl Default for ScanLimits {
    /// A word that one event in ten has fills a page from the first_scan, one that one in a hundred has from the look; what is
    /// rarer the index finds soon.
    fn default() -> Self {
        Self {
            first_scan: 300,
            second_scan: 3_000,
            index_hits_max: 20_000,
            third_scan: 20_000,
        }
    }
}

/// No event is longer.
const EVENT_DURATION_MAX: TimeDelta = TimeDelta::days(DAYS_MAX);
/// How many events that an index has found are looked up at once: more would be a lot of text in memory.
const LOOKED_UP_MAX: usize = 1_000;
/// How long a search waits for a place; so many searches at once are more than the machine can carry.
const PLACE_WAIT: Duration = Duration::from_millis(250);
/// How long the scan_limits after the first may take together.
const SEARCH_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Which events are wanted; without a wish, all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// What a search looks for, all of which must be found.
    pub search: Option<SearchPatterns>,
    /// The name of a technology, without regard to case and accents.
    pub technology: Option<String>,
    /// The name of a city, without regard to case and accents.
    pub city: Option<String>,
    /// A state, without regard to case and accents.
    pub state: Option<String>,
    /// Ways to meet, any of which will do; none for all.
    pub attendance: Vec<Attendance>,
    /// Events that are not over at this moment.
    pub from: Option<DateTime<Utc>>,
    /// Events that started before this moment.
    pub to: Option<DateTime<Utc>>,
    /// What an index has found for these wishes, once it was asked.
    pub found: IndexHits,
}

impl Filter {
    /// Whether the search means nothing that an event could have.
    fn finds_nothing(&self) -> bool {
        let empty =
            |search: &SearchPatterns| search.patterns.is_empty() && search.technologies.is_empty();
        self.search.as_ref().is_some_and(empty)
    }

    /// Whether an index can find what is wanted.
    fn is_searched(&self) -> bool {
        !self.patterns().is_empty() || !self.technologies().is_empty()
    }

    fn patterns(&self) -> &[String] {
        let search = self.search.as_ref();
        search.map_or(&[], |search| &search.patterns)
    }

    fn technologies(&self) -> Vec<&str> {
        let searched = self.search.iter().flat_map(|search| &search.technologies);
        let wanted = self.technology.iter();
        wanted.chain(searched).map(String::as_str).collect()
    }

    fn ways_to_meet(&self) -> Vec<&str> {
        self.attendance.iter().map(|way| way.as_str()).collect()
    }
}

/// What an index has found, so that those who ask for what comes and then for what is over ask it once. It makes no two
/// filters differ.
#[derive(Clone, Default)]
pub struct IndexHits(Arc<OnceCell<Vec<IndexHit>>>);

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

/// A part of a search: a word with what clings to it, or what stood between quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// As typed, without the quotes.
    pub text: String,
    /// Whether it is a phrase.
    pub quoted: bool,
}

/// A piece of an ordered list of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageRequest {
    /// The event it comes after, by the list's own order.
    pub after: Option<SortKey>,
    /// How many to skip then.
    pub offset: i64,
    /// How many to take.
    pub limit: i64,
}

/// Where an event stands in a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SortKey {
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// Its id.
    pub id: i64,
}

impl SortKey {
    /// Where this event stands.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self {
            starts_at: event.starts_at,
            id: event.id,
        }
    }
}

/// Events of any time, in the order they start.
///
/// # Errors
/// When the database cannot answer, or too many search at once.
pub async fn all_events(
    db: &Db,
    filter: &Filter,
    slice: PageRequest,
) -> Result<Vec<Event>, StoreError> {
    if *filter == Filter::default() {
        return all_events_unfiltered(db, slice).await;
    }
    let list = List {
        db,
        query: include_str!("../../../sql/queries/all_events.sql"),
        filter,
        slice,
        phase: Phase::All,
        order: Order::Soonest,
    };
    list.events().await
}

/// Events that are not over at `now`, in the order they start.
///
/// # Errors
/// When the database cannot answer, or too many search at once.
pub async fn upcoming_events(
    db: &Db,
    filter: &Filter,
    slice: PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    if *filter == Filter::default() {
        return upcoming_events_unfiltered(db, slice, now).await;
    }
    // What is not over when a later range begins is not over now.
    if filter.from.is_some_and(|from| from >= now) {
        return all_events(db, filter, slice).await;
    }
    let list = List {
        db,
        query: include_str!("../../../sql/queries/upcoming_events.sql"),
        filter,
        slice,
        phase: Phase::Upcoming(now),
        order: Order::Soonest,
    };
    list.events().await
}

/// Events that are over at `now`, the latest start first.
///
/// # Errors
/// When the database cannot answer, or too many search at once.
pub async fn past_events(
    db: &Db,
    filter: &Filter,
    slice: PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    if *filter == Filter::default() {
        return past_events_unfiltered(db, slice, now).await;
    }
    let list = List {
        db,
        query: include_str!("../../../sql/queries/past_events.sql"),
        filter,
        slice,
        phase: Phase::Past(now),
        order: Order::Latest,
    };
    list.events().await
}

/// The events published last, the latest first.
///
/// # Errors
/// When the database cannot answer, or too many search at once.
pub async fn published_events(
    db: &Db,
    filter: &Filter,
    phase: Phase,
    limit: i64,
) -> Result<Vec<Event>, StoreError> {
    let list = List {
        db,
        query: include_str!("../../../sql/queries/published_events.sql"),
        filter,
        slice: PageRequest {
            after: None,
            offset: 0,
            limit,
        },
        phase,
        order: Order::Published,
    };
    db.in_place(list.publications()).await
}

async fn all_events_unfiltered(db: &Db, slice: PageRequest) -> Result<Vec<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/all_events_unfiltered.sql");
    unfiltered(db, query, Phase::All, slice).await
}

async fn upcoming_events_unfiltered(
    db: &Db,
    slice: PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/upcoming_events_unfiltered.sql");
    unfiltered(db, query, Phase::Upcoming(now), slice).await
}

async fn past_events_unfiltered(
    db: &Db,
    slice: PageRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/past_events_unfiltered.sql");
    unfiltered(db, query, Phase::Past(now), slice).await
}

/// The list for whoever asks without a wish.
async fn unfiltered(
    db: &Db,
    query: &str,
    phase: Phase,
    slice: PageRequest,
) -> Result<Vec<Event>, StoreError> {
    let (start, id) = phase.place(&slice);
    let now = phase.now();
    let mut params: Vec<Param<'_>> = vec![
        (&start, Type::TIMESTAMPTZ),
        (&id, Type::INT8),
        (&slice.limit, Type::INT8),
        (&slice.offset, Type::INT8),
    ];
    params.extend(
        now.as_ref()
            .map(|now| -> Param<'_> { (now, Type::TIMESTAMPTZ) }),
    );
    if slice.offset + slice.limit <= db.scan_limits.first_scan {
        db.query_at_once(query, &params).await
    } else {
        db.query(query, &params).await
    }
}

/// Which events, by the present moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// All of them.
    All,
    /// Those that are not over at this moment.
    Upcoming(DateTime<Utc>),
    /// Those that are over at this moment.
    Past(DateTime<Utc>),
}

/// How events are ordered.
#[derive(Clone, Copy)]
enum Order {
    /// The soonest first.
    Soonest,
    /// The latest first.
    Latest,
    /// What was published last first.
    Published,
}

impl Order {
    /// Sorts by when they start and when they were published, which `moments` tells in this order, and by their ids.
    fn sort<T>(
        self,
        events: &mut [T],
        moments: impl Fn(&T) -> (DateTime<Utc>, DateTime<Utc>, i64),
    ) {
        events.sort_unstable_by_key(|event| {
            let (starts_at, created_at, id) = moments(event);
            match self {
                Self::Soonest | Self::Latest => (starts_at, id),
                Self::Published => (created_at, id),
            }
        });
        match self {
            Self::Soonest => {}
            Self::Latest | Self::Published => events.reverse(),
        }
    }
}

impl Phase {
    fn now(self) -> Option<DateTime<Utc>> {
        match self {
            Self::All => None,
            Self::Upcoming(now) | Self::Past(now) => Some(now),
        }
    }

    /// The place that a piece comes after.
    fn place(self, slice: &PageRequest) -> (Timestamp<DateTime<Utc>>, i64) {
        let beginning = match self {
            Self::All | Self::Upcoming(_) => Timestamp::NegInfinity,
            Self::Past(_) => Timestamp::PosInfinity,
        };
        let place = |key: SortKey| (Timestamp::Value(key.starts_at), key.id);
        slice.after.map_or((beginning, 0), place)
    }
}

impl Db {
    /// Searches in one of the places for it: there are as many as the machine has hands for, and none is held for long.
    async fn in_place<T>(
        &self,
        search: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let place = timeout(PLACE_WAIT, self.searches.acquire()).await;
        let Ok(Ok(_place)) = place else {
            return Err(StoreError::Crowded);
        };
        let found = timeout(SEARCH_TIMEOUT, search).await;
        found.unwrap_or(Err(StoreError::Crowded))
    }
}

/// A list that is asked for, with at least one wish.
struct List<'a> {
    db: &'a Db,
    query: &'static str,
    filter: &'a Filter,
    slice: PageRequest,
    phase: Phase,
    order: Order,
}

impl List<'_> {
    async fn events(&self) -> Result<Vec<Event>, StoreError> {
        if self.filter.finds_nothing() {
            return Ok(Vec::new());
        }
        if !self.filter.is_searched() && self.filter.attendance.is_empty() {
            return self.look_at(self.wanted()).await;
        }
        if let Some(found) = self.filter.found.0.get()
            && self.are_few(found)
        {
            return self.among(found).await;
        }
        // From where a piece begins far behind, a first_scan sees nothing of it.
        let ScanLimits {
            first_scan,
            second_scan,
            ..
        } = self.db.scan_limits;
        let mut rare = false;
        if self.wanted() <= first_scan {
            let seen = self.look_at(first_scan).await?;
            if self.is_full(&seen) {
                return Ok(seen);
            }
            rare = self.slice.offset == 0
                && (seen.len() as i64).saturating_mul(second_scan)
                    < self.slice.limit.saturating_mul(first_scan);
        }
        // From here on it is work.
        self.db.in_place(self.search(rare)).await
    }

    /// The list where the very next events do not fill it. Where so few of them are in it that a look would not fill it
    /// either, it is `rare`.
    async fn search(&self, rare: bool) -> Result<Vec<Event>, StoreError> {
        // What is rare the index finds sooner than a look.
        if !rare || !self.filter.is_searched() {
            let seen = self
                .look_at(self.wanted().max(self.db.scan_limits.second_scan))
                .await?;
            if self.is_full(&seen) {
                return Ok(seen);
            }
        }
        if self.filter.is_searched() {
            let found = self
                .filter
                .found
                .0
                .get_or_try_init(|| self.found_anywhere());
            let found = found.await?;
            if self.are_few(found) {
                return self.among(found).await;
            }
        }
        let seen = self
            .look_at(self.wanted().max(self.db.scan_limits.third_scan))
            .await?;
        if self.is_full(&seen) {
            return Ok(seen);
        }
        if self.filter.is_searched() {
            self.among(&self.found_here().await?).await
        } else {
            self.look_at(i64::MAX).await
        }
    }

    /// The list by when they were published: out of what an index finds, or where that is much, one after the other.
    async fn publications(&self) -> Result<Vec<Event>, StoreError> {
        let Self { filter, slice, .. } = self;
        if filter.finds_nothing() {
            return Ok(Vec::new());
        }
        if filter.is_searched() {
            let found = filter.found.0.get_or_try_init(|| self.found_anywhere());
            let found = found.await?;
            if self.are_few(found) {
                return self.among(found).await;
            }
        }
        let (patterns, technologies) = (filter.patterns(), filter.technologies());
        let attendance = filter.ways_to_meet();
        let (coming_at, over_at) = match &self.phase {
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
            (&coming_at, Type::TIMESTAMPTZ),
            (&over_at, Type::TIMESTAMPTZ),
            (&slice.limit, Type::INT8),
        ];
        self.db.query_planned_anew(self.query, &params).await
    }

    /// Whether this is all that the index finds.
    fn are_few(&self, found: &[IndexHit]) -> bool {
        found.len() as i64 <= self.db.scan_limits.index_hits_max
    }

    /// What an index finds at any time, up to a count.
    async fn found_anywhere(&self) -> Result<Vec<IndexHit>, StoreError> {
        let (first, last) = (Timestamp::NegInfinity, Timestamp::PosInfinity);
        self.found(first, last, self.db.scan_limits.index_hits_max + 1)
            .await
    }

    /// What an index finds where this list is.
    async fn found_here(&self) -> Result<Vec<IndexHit>, StoreError> {
        let Filter { from, to, .. } = *self.filter;
        let after = self.slice.after.map(|key| key.starts_at);
        let earlier = |moment: DateTime<Utc>| moment - EVENT_DURATION_MAX;
        let (first, last) = match self.phase {
            Phase::All => (after.max(from.map(earlier)), to),
            Phase::Upcoming(now) => (after.max(Some(earlier(now))), to),
            Phase::Past(now) => {
                let after = after.map(|start| start + TimeDelta::microseconds(1));
                let last = [after, to, Some(now)].into_iter().flatten().min();
                (from.map(earlier), last)
            }
        };
        let first = first.map_or(Timestamp::NegInfinity, Timestamp::Value);
        let last = last.map_or(Timestamp::PosInfinity, Timestamp::Value);
        self.found(first, last, i64::MAX).await
    }

    async fn found(
        &self,
        first: Timestamp<DateTime<Utc>>,
        last: Timestamp<DateTime<Utc>>,
        count: i64,
    ) -> Result<Vec<IndexHit>, StoreError> {
        match self.filter.patterns() {
            [] => {
                events_with_technologies(self.db, &self.filter.technologies(), first, last, count)
                    .await
            }
            patterns => events_with_words(self.db, patterns, first, last, count).await,
        }
    }

    /// The list out of what an index has found, which is looked up as far as it takes to fill the list.
    async fn among(&self, found: &[IndexHit]) -> Result<Vec<Event>, StoreError> {
        let mut found: Vec<&IndexHit> = found
            .iter()
            .filter(|found| self.has_room_for(found))
            .collect();
        self.order.sort(&mut found, |found| {
            (found.starts_at, found.created_at, found.id)
        });
        let mut ids = found.iter().map(|found| found.id);
        let wanted = usize::try_from(self.wanted()).unwrap_or(usize::MAX);
        let mut events = Vec::new();
        let mut count = wanted.saturating_mul(2).min(LOOKED_UP_MAX);
        while events.len() < wanted {
            let next: Vec<i64> = ids.by_ref().take(count).collect();
            if next.is_empty() {
                break;
            }
            let mut suit = events_among(self.db, self.filter, &next).await?;
            self.order.sort(&mut suit, |event| {
                (event.starts_at, event.created_at, event.id)
            });
            events.append(&mut suit);
            count = count.saturating_mul(8).min(LOOKED_UP_MAX);
        }
        let skipped = usize::try_from(self.slice.offset).unwrap_or(usize::MAX);
        let events = events.into_iter().skip(skipped);
        Ok(events.take(wanted.saturating_sub(skipped)).collect())
    }

    /// Whether the piece may show it, by when it is.
    fn has_room_for(&self, found: &IndexHit) -> bool {
        let Filter { from, to, .. } = *self.filter;
        let IndexHit {
            id,
            starts_at,
            ends_at,
            ..
        } = *found;
        let of_phase = match self.phase {
            Phase::All => true,
            Phase::Upcoming(now) => ends_at >= now,
            Phase::Past(now) => ends_at < now,
        };
        let of_range = from.is_none_or(|from| starts_at >= from || ends_at > from)
            && to.is_none_or(|to| starts_at < to);
        let of_piece = self.slice.after.is_none_or(|key| match self.phase {
            Phase::Past(_) => (starts_at, id) < (key.starts_at, key.id),
            Phase::All | Phase::Upcoming(_) => (starts_at, id) > (key.starts_at, key.id),
        });
        of_phase && of_range && of_piece
    }

    /// How many events have to be known to fill the piece.
    fn wanted(&self) -> i64 {
        self.slice.offset + self.slice.limit
    }

    fn is_full(&self, events: &[Event]) -> bool {
        events.len() as i64 >= self.slice.limit
    }

    /// What there is among the next so many events.
    async fn look_at(&self, count: i64) -> Result<Vec<Event>, StoreError> {
        let Self { filter, slice, .. } = self;
        let (patterns, technologies) = (filter.patterns(), filter.technologies());
        let attendance = filter.ways_to_meet();
        let (start, id) = self.phase.place(slice);
        let (from, now) = match &self.phase {
            Phase::All => (filter.from.as_ref(), None),
            // Of those that are not over it does not matter what they overlapped before.
            Phase::Upcoming(now) => (Some(now), None),
            Phase::Past(now) => (filter.from.as_ref(), Some(now)),
        };
        let mut params: Vec<Param<'_>> = vec![
            (&patterns, Type::TEXT_ARRAY),
            (&technologies, Type::TEXT_ARRAY),
            (&attendance, Type::TEXT_ARRAY),
            (&filter.city, Type::TEXT),
            (&filter.state, Type::TEXT),
            (&from, Type::TIMESTAMPTZ),
            (&filter.to, Type::TIMESTAMPTZ),
            (&start, Type::TIMESTAMPTZ),
            (&id, Type::INT8),
            (&slice.limit, Type::INT8),
            (&slice.offset, Type::INT8),
            (&count, Type::INT8),
        ];
        if let Some(now) = &now {
            params.push((now, Type::TIMESTAMPTZ));
        }
        // Where places are asked for, an index of places may be the better way.
        let by_time = filter.city.is_none() && filter.state.is_none();
        if by_time && count <= self.db.scan_limits.first_scan && self.db.has_one_plan() {
            self.db.query_at_once(self.query, &params).await
        } else {
            self.db.query_planned_anew(self.query, &params).await
        }
    }
}

/// Of these events those that suit the wishes, but for when they are.
async fn events_among(db: &Db, filter: &Filter, ids: &[i64]) -> Result<Vec<Event>, StoreError> {
    let (patterns, technologies) = (filter.patterns(), filter.technologies());
    let attendance = filter.ways_to_meet();
    let params: [Param<'_>; 6] = [
        (&ids, Type::INT8_ARRAY),
        (&patterns, Type::TEXT_ARRAY),
        (&technologies, Type::TEXT_ARRAY),
        (&attendance, Type::TEXT_ARRAY),
        (&filter.city, Type::TEXT),
        (&filter.state, Type::TEXT),
    ];
    let query = include_str!("../../../sql/queries/events_among.sql");
    if ids.len() as i64 <= db.scan_limits.first_scan {
        db.query_at_once(query, &params).await
    } else {
        db.query(query, &params).await
    }
}

/// An event that an index has found.
#[derive(Clone, Copy)]
struct IndexHit {
    id: i64,
    starts_at: DateTime<Utc>,
    /// When it ends; without an end, when it starts.
    ends_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// All in one row: there may be thousands, and a row for each costs more than finding it.
impl FromRow for Vec<IndexHit> {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let ids: Vec<i64> = row.try_get("ids")?;
        let starts: Vec<DateTime<Utc>> = row.try_get("starts")?;
        let ends: Vec<DateTime<Utc>> = row.try_get("ends")?;
        let publications: Vec<DateTime<Utc>> = row.try_get("publications")?;
        let moments = starts.into_iter().zip(ends).zip(publications);
        let found = |(id, ((starts_at, ends_at), created_at))| IndexHit {
            id,
            starts_at,
            ends_at,
            created_at,
        };
        Ok(ids.into_iter().zip(moments).map(found).collect())
    }
}

/// Events that may have these words, in a span of time, up to a count: all that have them, and some others.
async fn events_with_words(
    db: &Db,
    patterns: &[String],
    first: Timestamp<DateTime<Utc>>,
    last: Timestamp<DateTime<Utc>>,
    count: i64,
) -> Result<Vec<IndexHit>, StoreError> {
    let params: [Param<'_>; 4] = [
        (&patterns, Type::TEXT_ARRAY),
        (&first, Type::TIMESTAMPTZ),
        (&last, Type::TIMESTAMPTZ),
        (&count, Type::INT8),
    ];
    let query = include_str!("../../../sql/queries/events_with_words.sql");
    db.query_one(query, &params).await
}

/// Events about all these technologies, in a span of time, up to a count.
async fn events_with_technologies(
    db: &Db,
    technologies: &[&str],
    first: Timestamp<DateTime<Utc>>,
    last: Timestamp<DateTime<Utc>>,
    count: i64,
) -> Result<Vec<IndexHit>, StoreError> {
    let params: [Param<'_>; 4] = [
        (&technologies, Type::TEXT_ARRAY),
        (&first, Type::TIMESTAMPTZ),
        (&last, Type::TIMESTAMPTZ),
        (&count, Type::INT8),
    ];
    let query = include_str!("../../../sql/queries/events_with_technologies.sql");
    one(db.query_planned_anew(query, &params).await?)
}

/// What a search means to the database.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchPatterns {
    patterns: Vec<String>,
    technologies: Vec<String>,
}

/// What these terms of a search mean to the database.
///
/// # Errors
/// When the database cannot answer.
pub async fn search_patterns(db: &Db, terms: &[Term]) -> Result<SearchPatterns, StoreError> {
    let texts: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
    let quoted: Vec<bool> = terms.iter().map(|term| term.quoted).collect();
    let query = include_str!("../../../sql/queries/search_patterns.sql");
    let params = [
        (&texts as _, Type::TEXT_ARRAY),
        (&quoted as _, Type::BOOL_ARRAY),
    ];
    one(db.query_at_once(query, &params).await?)
}

impl FromRow for SearchPatterns {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            patterns: row.try_get("patterns")?,
            technologies: row.try_get("technologies")?,
        })
    }
}
