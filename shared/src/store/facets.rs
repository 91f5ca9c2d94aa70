//! The most frequent technologies and states of the events of the next 90 days, counted once a minute.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// How far ahead events are counted: three months' events are counted quickly on a site of any size.
const PERIOD: TimeDelta = TimeDelta::days(90);
/// How long a count is used without counting again.
const TTL: TimeDelta = TimeDelta::minutes(1);
/// How old a count may be that is used while a new one is running.
const STALE_MAX: TimeDelta = TimeDelta::minutes(5);
/// How long a page waits for a count where there is none.
const WAIT_MAX: Duration = Duration::from_millis(400);
/// Maximum number of names of each kind: Brazil has 27 states.
const NAMES_MAX: i64 = 27;

/// The most frequent names among the events of the next 90 days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facets {
    /// Technologies, the most frequent first, 27 at most.
    pub technologies: Vec<Facet>,
    /// States, the most frequent first, 27 at most.
    pub states: Vec<Facet>,
}

impl Facets {
    /// The names of the technologies, the most frequent first.
    #[must_use]
    pub fn technology_names(&self) -> Vec<String> {
        let names = self.technologies.iter().map(|facet| facet.name.clone());
        names.collect()
    }
}

/// A name, and the number of events that have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// In its most frequent spelling.
    pub name: String,
    /// Number of events.
    pub events: i64,
}

/// The most frequent names among the events that start in the next 90 days.
///
/// # Errors
/// When the database does not answer.
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

/// Facets cached in this process.
#[derive(Clone, Default)]
pub struct RecentFacets {
    cached: Arc<Mutex<Cached>>,
    /// Locked while a count is running.
    counting: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Cached {
    /// Time of the last count, successful or not.
    attempted_at: Option<DateTime<Utc>>,
    /// Time of the last successful count.
    counted_at: Option<DateTime<Utc>>,
    facets: Arc<Facets>,
}

impl RecentFacets {
    /// Facets at most a minute old, or at most five minutes old while they are counted again in the background. When counting
    /// takes longer than 400 ms or fails, the last ones, or none: no page waits longer, or fails because of them.
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
        let started = self.count(db, now);
        if let Some(facets) = stale {
            return facets;
        }
        if started || self.cached().attempted_at.is_none() {
            // The count goes on after the timeout.
            let _ = timeout(WAIT_MAX, self.counting.lock()).await;
        }
        self.cached().facets.clone()
    }

    /// Starts a count in the background, unless one is running, and returns whether it did.
    pub fn count(&self, db: &Db, now: DateTime<Utc>) -> bool {
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
