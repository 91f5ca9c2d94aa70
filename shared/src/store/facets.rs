//! Counts and caches the most frequent technologies and states of the events of the next 90 days.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// Period from now whose events are counted: three months, so that the count is fast on a site of any size.
const PERIOD: TimeDelta = TimeDelta::days(90);
/// Maximum age of a count that is used without counting again.
const TTL: TimeDelta = TimeDelta::minutes(1);
/// Maximum age of a count that is used while a new count is running.
const STALE_MAX: TimeDelta = TimeDelta::minutes(5);
/// Maximum time that a page waits for a count if none is cached.
const WAIT_MAX: Duration = Duration::from_millis(400);
/// Maximum number of technologies and of states in a count: Brazil has 27 states.
const NAMES_MAX: i64 = 27;

/// The most frequent technologies and states of the events of the next 90 days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets {
    /// Technologies, the most frequent first, 27 at most.
    pub technologies: Vec<Facet>,
    /// States, the most frequent first, 27 at most.
    pub states: Vec<Facet>,
}

impl Facets {
    /// Returns the names of the technologies, the most frequent first.
    #[must_use]
    pub fn technology_names(&self) -> Vec<String> {
        let names = self.technologies.iter().map(|facet| facet.name.clone());
        names.collect()
    }
}

/// A technology or state, with its number of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// The name of the technology or state, in its most frequent spelling.
    pub name: String,
    /// Number of events of the technology or state.
    pub events: i64,
}

/// Counts the most frequent technologies and states of the events that start in the 90 days after `now`.
///
/// # Errors
/// When the database is unavailable.
pub async fn facets(db: &Db, now: DateTime<Utc>) -> Result<Facets, StoreError> {
    let until = now + PERIOD;
    let rows: Vec<FacetRow> = db
        .query(
            include_str!("../../../sql/queries/facets.sql"),
            &[
                (&now, Type::TIMESTAMPTZ),
                (&until, Type::TIMESTAMPTZ),
                (&NAMES_MAX, Type::INT8),
            ],
        )
        .await?;
    let (states, technologies): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_state);
    let facets = |rows: Vec<FacetRow>| rows.into_iter().map(|row| row.facet).collect();
    Ok(Facets {
        technologies: facets(technologies),
        states: facets(states),
    })
}

/// A cache of [`Facets`] in memory; clones share it.
#[derive(Clone, Default)]
pub struct RecentFacets {
    cached: Arc<Mutex<Cached>>,
    /// Lock that a task holds while it counts.
    counting: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Cached {
    /// Time when the last count started, successful or not.
    attempted_at: Option<DateTime<Utc>>,
    /// Time of the last successful count.
    counted_at: Option<DateTime<Utc>>,
    facets: Arc<Facets>,
}

impl RecentFacets {
    /// Returns facets at most one minute old, or at most five minutes old while a new count runs in the background. If
    /// the count takes longer than 400 ms or fails, returns the previous facets, or empty ones, so that no page waits
    /// longer or fails.
    pub async fn get(&self, db: &Db, now: DateTime<Utc>) -> Arc<Facets> {
        let stale = {
            let cached = self.cached();
            let is_within = |time: Option<DateTime<Utc>>, age_max| {
                time.is_some_and(|time| (TimeDelta::zero()..age_max).contains(&(now - time)))
            };
            if is_within(cached.attempted_at, TTL) {
                return cached.facets.clone();
            }
            // A process that may be frozen after its response cannot count in the background.
            let is_usable = is_within(cached.counted_at, STALE_MAX) && !db.may_be_frozen();
            is_usable.then(|| cached.facets.clone())
        };
        let has_started = self.start_count(db, now);
        if let Some(facets) = stale {
            return facets;
        }
        if has_started || self.cached().attempted_at.is_none() {
            // The count continues after the timeout.
            let _ = timeout(WAIT_MAX, self.counting.lock()).await;
        }
        self.cached().facets.clone()
    }

    /// Starts a count in the background unless a count is running, and returns whether it started.
    pub fn start_count(&self, db: &Db, now: DateTime<Utc>) -> bool {
        let Ok(guard) = self.counting.clone().try_lock_owned() else {
            return false;
        };
        let (recent, db) = (self.clone(), db.clone());
        tokio::spawn(async move {
            let counted = facets(&db, now).await;
            recent.store(counted, now);
            drop(guard);
        });
        true
    }

    fn store(&self, counted: Result<Facets, StoreError>, now: DateTime<Utc>) {
        let mut cached = self.cached();
        cached.attempted_at = Some(now);
        match counted {
            Ok(facets) => {
                cached.counted_at = Some(now);
                cached.facets = Arc::new(facets);
            }
            Err(error) => {
                tracing::warn!(cause = error.to_string(), "Facets could not be counted");
            }
        }
    }

    fn cached(&self) -> MutexGuard<'_, Cached> {
        self.cached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct FacetRow {
    is_state: bool,
    facet: Facet,
}

impl FromRow for FacetRow {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let kind: &str = row.try_get("kind")?;
        Ok(Self {
            is_state: kind == "state",
            facet: Facet {
                name: row.try_get("name")?,
                events: row.try_get("events")?,
            },
        })
    }
}
