//! Invalidation of cached responses: after writes of the server's own process, and by notifications from other
//! replicas.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use shared::{
    app::App,
    config::{DatabaseUrl, Settings, Statements},
    store,
};
use tokio::{sync::Notify, time::sleep};

/// The delay between a write and its notification, so that one notification covers further writes meanwhile.
const NOTIFY_DELAY: Duration = Duration::from_millis(20);
/// The delay before a lost LISTEN connection is opened again.
const RECONNECT_DELAY: Duration = Duration::from_millis(200);

/// A counter of the known changes to events, the generation: a cached response of an older generation is invalid. Cheap
/// to clone.
#[derive(Clone)]
pub struct Invalidation(Arc<State>);

struct State {
    generation: AtomicU64,
    is_listening: AtomicBool,
    /// The URL of the database for LISTEN; `None` behind a connection pooler that does not support LISTEN.
    listen_url: Option<DatabaseUrl>,
    /// Wakes the task that notifies the other replicas of a write.
    written: Notify,
}

impl Invalidation {
    /// Creates a counter at generation 0. Notifications are sent and received only while [`Self::run`] runs.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let direct = match settings.database_statements {
            Statements::Prepared => settings.database_url.clone(),
            // A pooler in transaction mode gives a client no connection of its own, which LISTEN requires.
            Statements::Unprepared => None,
        };
        Self(Arc::new(State {
            generation: AtomicU64::new(0),
            is_listening: AtomicBool::new(false),
            listen_url: settings.database_listen_url.clone().or(direct),
            written: Notify::new(),
        }))
    }

    /// Returns the current generation: cached responses of an older generation are invalid.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Whether the database connection supports receiving notifications from other replicas.
    #[must_use]
    pub fn can_listen(&self) -> bool {
        self.0.listen_url.is_some()
    }

    /// Whether the LISTEN connection is open; also true if [`Self::can_listen`] is false, because a shorter TTL applies
    /// then.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        !self.can_listen() || self.0.is_listening.load(Ordering::Acquire)
    }

    /// Creates the guard for one write of the server's own process: dropping it invalidates cached responses, also when
    /// the client disconnects before the response.
    #[must_use]
    pub fn write_guard(&self) -> WriteGuard<'_> {
        WriteGuard {
            invalidation: self,
            outcome: WriteOutcome::Unknown,
        }
    }

    fn invalidate(&self) {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
    }

    fn invalidate_and_notify(&self) {
        self.invalidate();
        self.0.written.notify_one();
    }

    /// Notifies other replicas of the process's own writes and receives notifications of theirs; never returns.
    pub async fn run(&self, app: &App) {
        tokio::join!(self.notify(app), self.listen());
    }

    async fn notify(&self, app: &App) {
        loop {
            self.0.written.notified().await;
            sleep(NOTIFY_DELAY).await;
            if let Err(error) = store::notify_change(&app.db).await {
                tracing::warn!(
                    cause = error.to_string(),
                    "Other replicas could not be notified of a change"
                );
            }
        }
    }

    async fn listen(&self) {
        let Some(url) = &self.0.listen_url else {
            return;
        };
        loop {
            let on_listening = || {
                // Changes before this point were missed.
                self.invalidate();
                self.0.is_listening.store(true, Ordering::Release);
            };
            let ended = store::listen_for_changes(url, on_listening, || self.invalidate()).await;
            self.0.is_listening.store(false, Ordering::Release);
            self.invalidate();
            if let Err(error) = ended {
                tracing::debug!(
                    cause = error.to_string(),
                    "Lost the LISTEN connection: responses are not cached until it is open again"
                );
            }
            sleep(RECONNECT_DELAY).await;
        }
    }
}

/// A guard for a write that may change events; dropping it invalidates cached responses.
pub struct WriteGuard<'a> {
    invalidation: &'a Invalidation,
    outcome: WriteOutcome,
}

/// What a write did to the events, as far as the status of its response shows.
#[derive(Clone, Copy)]
enum WriteOutcome {
    Unchanged,
    Changed,
    /// There was no response, or a server error: the database may still execute the statement.
    Unknown,
}

impl WriteGuard<'_> {
    /// Ends the write, whose response has the status `status`.
    pub fn finish(mut self, status: StatusCode) {
        self.outcome = match status {
            status if status.is_client_error() => WriteOutcome::Unchanged,
            status if status.is_server_error() => WriteOutcome::Unknown,
            _ => WriteOutcome::Changed,
        };
    }
}

impl Drop for WriteGuard<'_> {
    fn drop(&mut self) {
        match self.outcome {
            WriteOutcome::Unchanged => {}
            WriteOutcome::Changed => self.invalidation.invalidate_and_notify(),
            WriteOutcome::Unknown => {
                self.invalidation.invalidate_and_notify();
                let invalidation = self.invalidation.clone();
                tokio::spawn(async move {
                    // By then the statement has been executed or cancelled.
                    sleep(store::DEADLINE).await;
                    invalidation.invalidate_and_notify();
                });
            }
        }
    }
}
