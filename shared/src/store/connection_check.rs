//! Which idle connections are used again unasked. When the way to the database forgets its connections, nobody tells either
//! end: a statement gets no answer, and so would the next on every other connection.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use deadpool_postgres::{ClientWrapper, HookError, Metrics};
use tokio::time::timeout;

/// How long a connection may take to say that it still lives.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(500);

/// What is known of a pool's connections.
pub(super) struct Health {
    /// Whether each is asked each time: the process may have been frozen in between.
    always_asked: bool,
    moments: Mutex<Moments>,
}

#[derive(Clone, Copy, Default)]
struct Moments {
    /// When a statement last got no answer in time: connections used before are asked first.
    no_answer: Option<Instant>,
    /// When a connection last did not say that it lives: those used before are as dead.
    silence: Option<Instant>,
}

impl Health {
    pub(super) fn new(always_asked: bool) -> Self {
        Self {
            always_asked,
            moments: Mutex::default(),
        }
    }

    /// Whether each connection is asked each time, since the process may have been frozen in between.
    pub(super) fn always_asked(&self) -> bool {
        self.always_asked
    }

    /// Notes that a statement got no answer in time.
    pub(super) fn note_no_answer(&self) {
        self.note(|moments| &mut moments.no_answer);
    }

    /// Whether this connection may be used again.
    pub(super) async fn check(
        &self,
        connection: &ClientWrapper,
        metrics: &Metrics,
    ) -> Result<(), HookError> {
        let moments = *self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        let used = metrics.recycled.unwrap_or(metrics.created);
        let before = |moment: Option<Instant>| moment.is_some_and(|moment| used <= moment);
        if before(moments.silence) {
            return Err(HookError::message("as silent as another"));
        }
        if !self.always_asked && !before(moments.no_answer) {
            return Ok(());
        }
        match timeout(ANSWER_TIMEOUT, connection.simple_query("")).await {
            Ok(answer) => answer.map(drop).map_err(HookError::Backend),
            Err(_) => {
                self.note(|moments| &mut moments.silence);
                Err(HookError::message("silent"))
            }
        }
    }

    fn note(&self, moment: fn(&mut Moments) -> &mut Option<Instant>) {
        let mut moments = self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        *moment(&mut moments) = Some(Instant::now());
    }
}
