//! Limits on the number of concurrent requests.

use http::Method;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::error::Error;
use crate::routes::{Audience, Route};

/// Maximum number of concurrent requests without a body. They wait for the database, for 2.5 s at most.
const READS_MAX: usize = 2_048;
/// Maximum number of concurrent requests with a body. The limit is separate, so that slow uploads can't exhaust the
/// permits for requests without a body.
const WRITES_MAX: usize = 256;

/// Permits for concurrent requests: 2,048 without and 256 with a body.
#[derive(Debug)]
pub struct ConcurrencyLimits {
    /// Permits for GET, HEAD and OPTIONS.
    pub reads: Semaphore,
    /// Permits for all other methods.
    pub writes: Semaphore,
}

impl Default for ConcurrencyLimits {
    fn default() -> Self {
        Self {
            reads: Semaphore::new(READS_MAX),
            writes: Semaphore::new(WRITES_MAX),
        }
    }
}

impl ConcurrencyLimits {
    /// Acquires a permit to handle a request, to be held until the response is complete; returns `None` for health
    /// checks and metrics, which must respond even when the server is overloaded.
    ///
    /// # Errors
    /// Returns [`Error::Overloaded`] when all permits are in use.
    pub fn acquire(
        &self,
        route: Option<&Route>,
        method: &Method,
    ) -> Result<Option<SemaphorePermit<'_>>, Error> {
        if route.is_some_and(|route| route.audience == Audience::Probe) {
            return Ok(None);
        }
        let permits = if method.is_safe() {
            &self.reads
        } else {
            &self.writes
        };
        permits
            .try_acquire()
            .map(Some)
            .map_err(|_| Error::Overloaded)
    }
}
