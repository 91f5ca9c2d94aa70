//! Connections shared by concurrent requests, for queries of a few milliseconds. The queries are pipelined: none waits for
//! exclusive use of a connection, and the database process wakes up once for several queries.

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

/// Of this many connections of a process, one is shared.
const CONNECTIONS_PER_SHARED: usize = 4;
/// Each query here has one plan that is good for all parameters, and it is planned once: an index scan up to the limit, never a
/// sort of all rows, which a planner without the parameters' values may estimate to be cheap.
const GENERIC_PLAN: &str = "set plan_cache_mode = force_generic_plan; set enable_sort = off";

/// A fixed number of shared connections, each opened when it is first needed.
pub(super) struct SharedConnections {
    slots: Box<[Mutex<Option<Shared>>]>,
    next: AtomicUsize,
    /// Incremented when all open connections are discarded.
    generation: AtomicUsize,
    pool: Pool,
}

/// An open connection, and the generation it belongs to.
#[derive(Clone)]
pub(super) struct Shared {
    connection: Arc<Object>,
    generation: usize,
}

impl Deref for Shared {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.connection
    }
}

/// How many of a process's connections are shared: a quarter, rounded down, so none if there are fewer than four.
pub(super) fn count(connections_max: usize) -> usize {
    connections_max / CONNECTIONS_PER_SHARED
}

impl SharedConnections {
    pub(super) fn new(count: usize, manager: Manager) -> Result<Self, BuildError> {
        let use_generic_plan = Hook::async_fn(|connection, _| {
            Box::pin(async {
                let set = connection.batch_execute(GENERIC_PLAN).await;
                set.map_err(HookError::Backend)
            })
        });
        // A cancel request may reach the database late and would cancel the next statement on the same connection.
        let never_recycle = Hook::sync_fn(|_, _| Err(HookError::message("discarded")));
        Ok(Self {
            slots: (0..count).map(|_| Mutex::default()).collect(),
            next: AtomicUsize::new(0),
            generation: AtomicUsize::new(0),
            pool: Pool::builder(manager)
                .max_size(count)
                .post_create(use_generic_plan)
                .pre_recycle(never_recycle)
                .runtime(Runtime::Tokio1)
                .build()?,
        })
    }

    /// Maximum number of connections.
    pub(super) fn max(&self) -> usize {
        self.slots.len()
    }

    /// Number of open connections.
    pub(super) fn open(&self) -> usize {
        self.pool.status().size
    }

    /// The next connection in round-robin order; if it cannot be opened, any open one; `None` if there is none.
    pub(super) async fn next(&self) -> Option<Shared> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let slot = &self.slots[next.checked_rem(self.slots.len())?];
        let connection = self.connection(slot).await;
        let any_open = || self.slots.iter().find_map(|slot| self.open_in(slot));
        connection.ok().or_else(any_open)
    }

    /// The connection in this slot, opened if there is none that is usable.
    async fn connection(&self, slot: &Mutex<Option<Shared>>) -> Result<Shared, PoolError> {
        let mut slot = slot.lock().await;
        if let Some(connection) = self.usable(&slot) {
            return Ok(connection);
        }
        *slot = None;
        let generation = self.generation.load(Ordering::Acquire);
        // A discarded connection counts in the pool until the last request on it has ended.
        let no_wait = Timeouts {
            wait: Some(Duration::ZERO),
            ..Timeouts::default()
        };
        let connection = Arc::new(self.pool.timeout_get(&no_wait).await?);
        let opened = Shared {
            connection,
            generation,
        };
        Ok(slot.insert(opened).clone())
    }

    /// The usable connection in this slot, without waiting.
    fn open_in(&self, slot: &Mutex<Option<Shared>>) -> Option<Shared> {
        self.usable(&*slot.try_lock().ok()?)
    }

    fn usable(&self, slot: &Option<Shared>) -> Option<Shared> {
        let generation = self.generation.load(Ordering::Acquire);
        let is_usable = |open: &&Shared| open.generation == generation && !open.is_closed();
        slot.as_ref().filter(is_usable).cloned()
    }

    /// Stops using this connection and all others of its generation: when one is unresponsive, the others are too.
    /// Connections opened later may work.
    pub(super) fn discard(&self, unresponsive: &Shared) {
        let (current, order) = (unresponsive.generation, Ordering::AcqRel);
        let _ = self
            .generation
            .compare_exchange(current, current + 1, order, Ordering::Relaxed);
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
