//! Database connections shared by concurrent requests, for queries of a few milliseconds. The queries are pipelined: no
//! query waits for exclusive use of a connection, and the database process wakes up once for several queries.

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

/// Number of database connections of a process for each connection that concurrent requests share.
const CONNECTIONS_PER_SHARED: usize = 4;
/// Settings that make PostgreSQL plan each query on a shared connection once for all values of its parameters, as an
/// index scan up to the limit: without the values, a planner may estimate a sort of all rows to be cheap.
const GENERIC_PLAN: &str = "set plan_cache_mode = force_generic_plan; set enable_sort = off";

/// A fixed number of connections shared by concurrent requests, each opened when it is first needed.
pub(super) struct SharedConnections {
    slots: Box<[Mutex<Option<Shared>>]>,
    next: AtomicUsize,
    /// Number of times that all open connections were discarded.
    generation: AtomicUsize,
    pool: Pool,
}

/// An open shared connection. It is usable until the connections of its generation are discarded.
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

/// Returns how many of `connections_max` connections are shared: a quarter, rounded down, so none if there are fewer
/// than four.
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

    /// Returns the maximum number of shared connections.
    pub(super) fn max(&self) -> usize {
        self.slots.len()
    }

    /// Returns the number of open shared connections.
    pub(super) fn open(&self) -> usize {
        self.pool.status().size
    }

    /// Returns the next connection in round-robin order; if it cannot be opened, any open one; `None` if none is open.
    pub(super) async fn next(&self) -> Option<Shared> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        let slot = &self.slots[next.checked_rem(self.slots.len())?];
        let connection = self.connection(slot).await;
        let any_open = || self.slots.iter().find_map(|slot| self.open_in(slot));
        connection.ok().or_else(any_open)
    }

    /// Returns the connection in `slot`, and opens it if none is open and usable.
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

    /// Returns the connection in `slot` if it is open and usable, without waiting.
    fn open_in(&self, slot: &Mutex<Option<Shared>>) -> Option<Shared> {
        self.usable(&*slot.try_lock().ok()?)
    }

    fn usable(&self, slot: &Option<Shared>) -> Option<Shared> {
        let generation = self.generation.load(Ordering::Acquire);
        let is_usable = |open: &&Shared| open.generation == generation && !open.is_closed();
        slot.as_ref().filter(is_usable).cloned()
    }

    /// Stops using the connection `unresponsive` and all others of its generation: when one is unresponsive, the others
    /// are too. Connections opened later may work.
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
