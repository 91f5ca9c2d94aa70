//! Connections that requests share, for statements that the database answers at once: they travel together and are answered
//! in turn (pipelining), so that none waits for a connection of its own, and the database wakes once for many.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use deadpool_postgres::{ClientWrapper, Object, Pool};
use tokio::sync::Mutex;

use super::StoreError;

/// Of how many connections of a process one is shared.
const CONNECTIONS_PER_SHARED: usize = 4;
/// What is asked here has one good plan whatever its parameters are, which is made once: along an index as far as the limit,
/// and never by sorting all that there is, which a planner that knows no parameters may take for little.
const ONE_PLAN: &str = "set plan_cache_mode = force_generic_plan; set enable_sort = off";

/// Places for connections that are shared, each opened when it is first asked for.
pub(super) struct SharedConnections {
    places: Box<[Place]>,
    turn: AtomicUsize,
}

#[derive(Default)]
pub(super) struct Place(Mutex<Option<Arc<ClientWrapper>>>);

impl SharedConnections {
    /// Those of a process with so many connections in all; of a few there is none to spare.
    pub(super) fn of(connections_max: usize) -> Self {
        let places = (0..connections_max / CONNECTIONS_PER_SHARED).map(|_| Place::default());
        Self {
            places: places.collect(),
            turn: AtomicUsize::new(0),
        }
    }

    /// How many there may be.
    pub(super) fn max(&self) -> usize {
        self.places.len()
    }

    /// How many are open, as far as can be told without waiting.
    pub(super) fn open(&self) -> usize {
        self.places.iter().filter_map(Place::open).count()
    }

    /// The place whose turn it is, with its connection; where none can be had, another that has one.
    pub(super) async fn next(
        &self,
        pool: &Pool,
    ) -> Result<(&Place, Arc<ClientWrapper>), StoreError> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let none = || StoreError::failed("no connection is shared");
        let turn = turn.checked_rem(self.places.len()).ok_or_else(none)?;
        let place = &self.places[turn];
        let refused = match place.connection(pool).await {
            Ok(connection) => return Ok((place, connection)),
            Err(refused) => refused,
        };
        let mut others = self.places.iter();
        let open = others.find_map(|place| Some((place, place.open()?)));
        open.ok_or(refused)
    }
}

impl Place {
    /// Its connection, if it has one that lives as far as anybody knows.
    fn open(&self) -> Option<Arc<ClientWrapper>> {
        let place = self.0.try_lock().ok()?;
        place.clone().filter(|connection| !connection.is_closed())
    }

    /// Its connection; a new one comes out of the pool, for good.
    async fn connection(&self, pool: &Pool) -> Result<Arc<ClientWrapper>, StoreError> {
        let mut place = self.0.lock().await;
        if let Some(connection) = &*place
            && !connection.is_closed()
        {
            return Ok(connection.clone());
        }
        *place = None;
        let connection = Object::take(pool.get().await?);
        connection.batch_execute(ONE_PLAN).await?;
        Ok(place.insert(Arc::new(connection)).clone())
    }

    /// Leaves this connection, which does not answer, to those who still wait for it; whether it had this place.
    pub(super) fn forget(&self, silent: &Arc<ClientWrapper>) -> bool {
        let Ok(mut place) = self.0.try_lock() else {
            return false;
        };
        place
            .take_if(|connection| Arc::ptr_eq(connection, silent))
            .is_some()
    }
}
