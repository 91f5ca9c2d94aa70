//! Connections that requests share, for statements that the database answers at once: they travel together and are answered
//! in turn (pipelining), so that none waits for a connection of its own, and the database wakes once for many.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::{
    BuildError, Hook, HookError, Manager, Object, Pool, PoolError, Runtime, Timeouts,
};
use tokio::sync::Mutex;

/// Of how many connections of a process one is shared.
const CONNECTIONS_PER_SHARED: usize = 4;
/// What is asked here has one good plan whatever its parameters are, which is made once: along an index as far as the limit,
/// and never by sorting all that there is, which a planner that knows no parameters may take for little.
const ONE_PLAN: &str = "set plan_cache_mode = force_generic_plan; set enable_sort = off";

/// Places for connections that are shared, each opened when it is first asked for.
pub(super) struct SharedConnections {
    places: Box<[Place]>,
    turn: AtomicUsize,
    pool: Pool,
}

type Place = Mutex<Option<Arc<Object>>>;

/// How many a process with so many connections in all shares; of a few there is none to spare.
pub(super) fn count(connections_max: usize) -> usize {
    connections_max / CONNECTIONS_PER_SHARED
}

impl SharedConnections {
    /// So many connections, of which `check` tells whether one that was given back lives.
    pub(super) fn new(count: usize, manager: Manager, check: Hook) -> Result<Self, BuildError> {
        let one_plan = Hook::async_fn(|connection, _| {
            Box::pin(async {
                let set = connection.batch_execute(ONE_PLAN).await;
                set.map_err(HookError::Backend)
            })
        });
        Ok(Self {
            places: (0..count).map(|_| Place::default()).collect(),
            turn: AtomicUsize::new(0),
            pool: Pool::builder(manager)
                .max_size(count)
                .post_create(one_plan)
                .pre_recycle(check)
                .runtime(Runtime::Tokio1)
                .build()?,
        })
    }

    /// How many there may be.
    pub(super) fn max(&self) -> usize {
        self.places.len()
    }

    /// How many are open.
    pub(super) fn open(&self) -> usize {
        self.pool.status().size
    }

    /// The connection whose turn it is; where it cannot be had, another that is open, if there is one.
    pub(super) async fn next(&self) -> Option<Arc<Object>> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let place = &self.places[turn.checked_rem(self.places.len())?];
        let connection = self.connection(place).await;
        connection
            .ok()
            .or_else(|| self.places.iter().find_map(open))
    }

    /// The connection of this place, as far as anybody knows alive.
    async fn connection(&self, place: &Place) -> Result<Arc<Object>, PoolError> {
        let mut place = place.lock().await;
        if let Some(connection) = place.as_ref().filter(|open| !open.is_closed()) {
            return Ok(connection.clone());
        }
        *place = None;
        // One that was forgotten keeps its place in the pool until nobody waits for it any more.
        let at_once = Timeouts {
            wait: Some(Duration::ZERO),
            ..Timeouts::default()
        };
        let connection = Arc::new(self.pool.timeout_get(&at_once).await?);
        Ok(place.insert(connection).clone())
    }

    /// Leaves every connection to those who still wait for it: where one does not answer, the others are as silent.
    pub(super) fn forget(&self) {
        for place in &self.places {
            if let Ok(mut place) = place.try_lock() {
                *place = None;
            }
        }
    }
}

fn open(place: &Place) -> Option<Arc<Object>> {
    let connection = place.try_lock().ok()?.clone();
    connection.filter(|connection| !connection.is_closed())
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn one_connection_in_four_is_shared() {
        assert_eq!([1, 3, 4, 16].map(count), [0, 0, 1, 4]);
    }
}
