//! Checks of idle database connections before they are used again. A firewall or NAT that drops its connection state
//! notifies neither end; then statements get no response, on any connection opened before.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use deadpool_postgres::{ClientWrapper, HookError, Metrics};
use tokio::time::timeout;

/// Time limit for the check of one connection.
const CHECK_TIMEOUT: Duration = Duration::from_millis(500);

/// Checks the idle connections of a pool before they are used again.
pub(super) struct ConnectionCheck {
    /// Whether to check each connection before each use, because the process may have been frozen in between.
    always: bool,
    timeouts: Mutex<Timeouts>,
}

#[derive(Clone, Copy, Default)]
struct Timeouts {
    /// Time when a statement last timed out: connections last used before it are checked.
    statement: Option<Instant>,
    /// Time when a check last timed out: connections last used before it are closed unchecked.
    check: Option<Instant>,
}

impl ConnectionCheck {
    pub(super) fn new(always: bool) -> Self {
        Self {
            always,
            timeouts: Mutex::default(),
        }
    }

    /// Whether each connection is checked before each use, because the process may have been frozen in between.
    pub(super) fn always(&self) -> bool {
        self.always
    }

    pub(super) fn record_statement_timeout(&self) {
        self.record_now(|timeouts| &mut timeouts.statement);
    }

    /// Checks an idle connection if necessary, and returns an error if it must not be used again.
    pub(super) async fn run(
        &self,
        connection: &ClientWrapper,
        metrics: &Metrics,
    ) -> Result<(), HookError> {
        let timeouts = *self.timeouts.lock().unwrap_or_else(PoisonError::into_inner);
        let last_used = metrics.recycled.unwrap_or(metrics.created);
        let is_before = |time: Option<Instant>| time.is_some_and(|time| last_used <= time);
        if is_before(timeouts.check) {
            return Err(HookError::message("as unresponsive as another connection"));
        }
        if !self.always && !is_before(timeouts.statement) {
            return Ok(());
        }
        match timeout(CHECK_TIMEOUT, connection.simple_query("")).await {
            Ok(response) => response.map(drop).map_err(HookError::Backend),
            Err(_) => {
                self.record_now(|timeouts| &mut timeouts.check);
                Err(HookError::message("unresponsive"))
            }
        }
    }

    fn record_now(&self, field: fn(&mut Timeouts) -> &mut Option<Instant>) {
        let mut timeouts = self.timeouts.lock().unwrap_or_else(PoisonError::into_inner);
        *field(&mut timeouts) = Some(Instant::now());
    }
}
