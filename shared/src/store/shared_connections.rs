//! Connections that requests share, for statements that the database answers at once: they travel together and are answered
//! in turn (pipelining), so that none waits for a connection of its own, and the database wakes once for many.

use std::{
    ops::Deref,
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
    places: Box<[Mutex<Option<Shared>>]>,
    turn: AtomicUsize,
    /// How often all that were open have been given up.
    given_up: AtomicUsize,
    pool: Pool,
}

/// An open connection, and how often all had been given up before.
#[derive(Clone)]
pub(super) struct Shared {
    connection: Arc<Object>,
    given_up: usize,
}

impl Deref for Shared {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.connection
    }
}

/// How many a process with so many connections in all shares; of a few there is none to spare.
pub(super) fn count(connections_max: usize) -> usize {
    connections_max / CONNECTIONS_PER_SHARED
}

impl SharedConnections {
    /// So many connections.
    pub(super) fn new(count: usize, manager: Manager) -> Result<Self, BuildError> {
        let one_plan = Hook::async_fn(|connection, _| {
            Box::pin(async {
                let set = connection.batch_execute(ONE_PLAN).await;
                set.map_err(HookError::Backend)
            })
        });
        // What was sent to end a statement may reach the database late: it would end the next one on this connection.
        let never_again = Hook::sync_fn(|_, _| Err(HookError::message("it was given up")));
        Ok(Self {
            places: (0..count).map(|_| Mutex::default()).collect(),
            turn: AtomicUsize::new(0),
            given_up: AtomicUsize::new(0),
            pool: Pool::builder(manager)
                .max_size(count)
                .post_create(one_plan)
                .pre_recycle(never_again)
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
    pub(super) async fn next(&self) -> Option<Shared> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let place = &self.places[turn.checked_rem(self.places.len())?];
        let connection = self.connection(place).await;
        let other = || self.places.iter().find_map(|other| self.open_in(other));
        connection.ok().or_else(other)
    }

    /// The connection of this place, as far as anybody knows alive.
    async fn connection(&self, place: &Mutex<Option<Shared>>) -> Result<Shared, PoolError> {
        let mut place = place.lock().await;
        if let Some(connection) = self.living(&place) {
            return Ok(connection);
        }
        *place = None;
        let given_up = self.given_up.load(Ordering::Acquire);
        // One that was given up keeps its place in the pool until nobody waits for it any more.
        let at_once = Timeouts {
            wait: Some(Duration::ZERO),
            ..Timeouts::default()
        };
        let connection = Arc::new(self.pool.timeout_get(&at_once).await?);
        let opened = Shared {
            connection,
            given_up,
        };
        Ok(place.insert(opened).clone())
    }

    fn open_in(&self, place: &Mutex<Option<Shared>>) -> Option<Shared> {
        self.living(&*place.try_lock().ok()?)
    }

    fn living(&self, place: &Option<Shared>) -> Option<Shared> {
        let given_up = self.given_up.load(Ordering::Acquire);
        let living = |open: &&Shared| open.given_up == given_up && !open.is_closed();
        place.as_ref().filter(living).cloned()
    }

    /// Leaves this connection, and all that were open beside it, to those who still wait for them: where one does not answer,
    /// the others are as silent. Those opened since may be sound.
    pub(super) fn give_up(&self, silent: &Shared) {
        let (before, order) = (silent.given_up, Ordering::AcqRel);
        let _ = self
            .given_up
            .compare_exchange(before, before + 1, order, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn one_connection_in_four_is_shared() {
        assert_eq!([1, 3, 4, 16].map(count), [0, 0, 1, 4]);
    }
}
