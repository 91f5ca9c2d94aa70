//! What the events of the coming weeks are about and where they are, counted once a minute.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::timeout;
use tokio_postgres::{Row, types::Type};

use super::{
    StoreError,
    pool::{Db, FromRow},
};

/// How far ahead is counted: what a board of any size has in three months is counted in a moment.
const AHEAD: TimeDelta = TimeDelta::days(90);
/// How long a count is good enough.
const KEPT: TimeDelta = TimeDelta::minutes(1);
/// How long an older one is shown while it is counted anew.
const SHOWN: TimeDelta = TimeDelta::minutes(5);
/// How long a page waits for a count where there is none to show.
const MOMENT: Duration = Duration::from_millis(400);
/// How many names of each kind are told: all of Brazil's states.
const NAMES_MAX: i64 = 27;

/// The most frequent names among the events of the coming 90 days.
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

/// A name, and how many events have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// As most of them write it.
    pub name: String,
    /// How many events have it.
    pub events: i64,
}

/// The most frequent names among events that start within 90 days.
///
/// # Errors
/// When the database cannot answer.
pub async fn facets(db: &Db, now: DateTime<Utc>) -> Result<Facets, StoreError> {
    let until = now + AHEAD;
    let rows: Vec<Counted> = db
        .query(
            include_str!("../../../sql/queries/facets.sql"),
            &[
                (&now, Type::TIMESTAMPTZ),
                (&until, Type::TIMESTAMPTZ),
                (&NAMES_MAX, Type::INT8),
            ],
        )
        .await?;
    let (states, technologies): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|counted| counted.is_state);
    let facets = |counted: Vec<Counted>| counted.into_iter().map(|counted| counted.facet).collect();
    Ok(Facets {
        technologies: facets(technologies),
        states: facets(states),
    })
}

/// The facets as this process counted them last.
#[derive(Clone, Default)]
pub struct RecentFacets {
    known: Arc<Mutex<Known>>,
    /// Held by whoever counts.
    counting: Arc<tokio::sync::Mutex<()>>,
}

/// Facets, when they were counted, and when they were to be.
#[derive(Default)]
struct Known {
    asked: Option<DateTime<Utc>>,
    counted: Option<DateTime<Utc>>,
    facets: Arc<Facets>,
}

impl RecentFacets {
    /// The facets of a minute ago, or of some minutes on a board that was not asked for long; they are counted anew for those
    /// who come later. Where counting takes longer than a moment, or cannot be done, they are what they were, or none: no page
    /// waits longer, or is lost for them.
    pub async fn get(&self, db: &Db, now: DateTime<Utc>) -> Arc<Facets> {
        let shown = {
            let known = self.known();
            let within = |moment: Option<DateTime<Utc>>, span| {
                moment.is_some_and(|moment| (TimeDelta::zero()..span).contains(&(now - moment)))
            };
            if within(known.asked, KEPT) {
                return known.facets.clone();
            }
            // A process that may be frozen once it has answered has nothing done behind its answers.
            let shown = within(known.counted, SHOWN) && !db.may_be_frozen();
            shown.then(|| known.facets.clone())
        };
        let began = self.count(db, now);
        if let Some(facets) = shown {
            return facets;
        }
        if began || self.known().asked.is_none() {
            // Whoever counts goes on.
            let _ = timeout(MOMENT, self.counting.lock()).await;
        }
        self.known().facets.clone()
    }

    /// Begins to count, unless that is being done already, and answers whether it did.
    pub fn count(&self, db: &Db, now: DateTime<Utc>) -> bool {
        let Ok(turn) = self.counting.clone().try_lock_owned() else {
            return false;
        };
        let (recent, db) = (self.clone(), db.clone());
        tokio::spawn(async move {
            let counted = facets(&db, now).await;
            recent.keep(counted, now);
            drop(turn);
        });
        true
    }

    fn keep(&self, counted: Result<Facets, StoreError>, now: DateTime<Utc>) {
        let mut known = self.known();
        known.asked = Some(now);
        match counted {
            Ok(facets) => {
                known.counted = Some(now);
                known.facets = Arc::new(facets);
            }
            Err(error) => {
                tracing::warn!(cause = error.to_string(), "Facets could not be counted");
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Counted {
    is_state: bool,
    facet: Facet,
}

impl FromRow for Counted {
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
