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

/// How long writes are collected before one notification is sent for all of them.
const NOTIFY_DELAY: Duration = Duration::from_millis(20);
/// How long to wait before the LISTEN connection is opened again.
const RECONNECT_DELAY: Duration = Duration::from_millis(200);

/// The generation of the data that this process knows, which increases with every change. Cheap to clone.
#[derive(Clone)]
pub struct Invalidation(Arc<State>);

struct State {
    generation: AtomicU64,
    is_listening: AtomicBool,
    /// Where to listen; `None` behind a pooler that does not support LISTEN.
    listen_url: Option<DatabaseUrl>,
    /// Wakes the task that notifies other replicas.
    written: Notify,
}

impl Invalidation {
    /// The state for these settings. Notifications are received once [`Self::run`] runs.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let direct = match settings.database_statements {
            Statements::Prepared => settings.database_url.clone(),
            // A pooler in transaction mode does not keep a connection for LISTEN.
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

    /// Whether every change of other replicas is received now, or none can be.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        !self.can_listen() || self.0.is_listening.load(Ordering::Acquire)
    }

    /// Guards a write of this process: cached responses are invalidated when it is dropped, also when the client disconnects
    /// before the response.
    #[must_use]
    pub fn write_guard(&self) -> WriteGuard<'_> {
        WriteGuard {
            invalidation: self,
            outcome: Outcome::Unknown,
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
    outcome: Outcome,
}

#[derive(Clone, Copy)]
enum Outcome {
    Unchanged,
    Changed,
    /// No response, or a server error: the database may still execute the statement.
    Unknown,
}

impl WriteGuard<'_> {
    /// Ends the write with the status of its response.
    pub fn finish(mut self, status: StatusCode) {
        self.outcome = match status {
            status if status.is_client_error() => Outcome::Unchanged,
            status if status.is_server_error() => Outcome::Unknown,
            _ => Outcome::Changed,
        };
    }
}

impl Drop for WriteGuard<'_> {
    fn drop(&mut self) {
        match self.outcome {
            Outcome::Unchanged => {}
            Outcome::Changed => self.invalidation.invalidate_and_notify(),
            Outcome::Unknown => {
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
