//! Invalidation of cached responses: by this process's own writes, and by notifications from other replicas.

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

/// How long to wait after a write, so that one notification covers the writes meanwhile.
const NOTIFY_DELAY: Duration = Duration::from_millis(20);
/// How long to wait before the LISTEN connection is opened again.
const RECONNECT_DELAY: Duration = Duration::from_millis(200);

/// Counts the known changes of the data as a generation number: a cached response of an older generation is invalid. Cheap to
/// clone.
#[derive(Clone)]
pub struct Invalidation(Arc<State>);

struct State {
    generation: AtomicU64,
    is_listening: AtomicBool,
    /// The database for LISTEN; `None` behind a pooler that does not support it.
    listen_url: Option<DatabaseUrl>,
    /// Wakes the task that notifies other replicas.
    written: Notify,
}

impl Invalidation {
    /// Generation 0. Notifications are sent and received only while [`Self::run`] runs.
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

    /// The current generation: cached responses of an older one are invalid.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Whether notifications of other replicas can be received at all.
    #[must_use]
    pub fn can_listen(&self) -> bool {
        self.0.listen_url.is_some()
    }

    /// Whether the LISTEN connection is open; also true without [`Self::can_listen`], where a shorter TTL applies instead.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        !self.can_listen() || self.0.is_listening.load(Ordering::Acquire)
    }

    /// A guard for one write of this process: dropping it invalidates cached responses, also when the client disconnects before
    /// the response.
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

    /// Sends notifications of this process's writes and receives those of other replicas; never returns.
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

/// A write that may change events.
pub struct WriteGuard<'a> {
    invalidation: &'a Invalidation,
    outcome: WriteOutcome,
}

/// What a write did to the events, as far as the status of its response says.
#[derive(Clone, Copy)]
enum WriteOutcome {
    Unchanged,
    Changed,
    /// No response, or a server error: the database may still execute the statement.
    Unknown,
}

impl WriteGuard<'_> {
    /// Ends the write with the status of its response.
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
