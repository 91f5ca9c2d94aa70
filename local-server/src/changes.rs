//! How this process knows that events have changed: by its own writes, and by what other replicas tell.

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

/// How long changes are gathered before the other replicas are told of them.
const GATHERED: Duration = Duration::from_millis(20);
/// How long to wait before a listener that was cut off tries again.
const TRIED_AGAIN: Duration = Duration::from_millis(200);

/// The changes of events, as far as they are known here.
#[derive(Clone)]
pub struct Changes(Arc<Known>);

struct Known {
    count: AtomicU64,
    /// Whether other replicas' changes are told at this moment.
    listening: AtomicBool,
    /// Where they are told; `None` behind a pooler that cannot tell.
    told_by: Option<DatabaseUrl>,
    /// Wakes whoever tells the other replicas.
    made: Notify,
}

impl Changes {
    /// What is known with these settings; nothing is told before [`Self::listen`] runs.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let direct = match settings.database_statements {
            Statements::Prepared => settings.database_url.clone(),
            // A pooler in transaction mode gives nobody a connection of his own.
            Statements::Unprepared => None,
        };
        Self(Arc::new(Known {
            count: AtomicU64::new(0),
            listening: AtomicBool::new(false),
            told_by: settings.database_listen_url.clone().or(direct),
            made: Notify::new(),
        }))
    }

    /// How many changes there have been.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.count.load(Ordering::Acquire)
    }

    /// Whether the others' changes can be told at all.
    #[must_use]
    pub fn can_be_told(&self) -> bool {
        self.0.told_by.is_some()
    }

    /// Whether nothing is known to be missed at this moment.
    #[must_use]
    pub fn are_told(&self) -> bool {
        !self.can_be_told() || self.0.listening.load(Ordering::Acquire)
    }

    /// A change that this process is about to make. It counts when it is dropped, whether or not anybody still waits for
    /// the answer.
    #[must_use]
    pub fn expected(&self) -> Change<'_> {
        Change {
            changes: self,
            outcome: Outcome::Unknown,
        }
    }

    /// Counts a change of another replica, or one that may have been missed.
    fn happened(&self) {
        self.0.count.fetch_add(1, Ordering::AcqRel);
    }

    /// Counts a change of this replica, of which the others are told soon.
    fn made(&self) {
        self.happened();
        self.0.made.notify_one();
    }

    /// Tells the other replicas of this one's changes, and listens to theirs; never ends.
    pub async fn listen(&self, app: &App) {
        tokio::join!(self.tell(app), self.hear());
    }

    async fn tell(&self, app: &App) {
        loop {
            self.0.made.notified().await;
            sleep(GATHERED).await;
            if let Err(error) = store::notify_change(&app.db).await {
                tracing::warn!(
                    cause = error.to_string(),
                    "Other replicas were not told of a change"
                );
            }
        }
    }

    async fn hear(&self) {
        let Some(url) = &self.0.told_by else {
            return;
        };
        loop {
            let began = || {
                // Whatever was told before is unknown.
                self.happened();
                self.0.listening.store(true, Ordering::Release);
            };
            let ended = store::listen_for_changes(url, began, || self.happened()).await;
            self.0.listening.store(false, Ordering::Release);
            self.happened();
            if let Err(error) = ended {
                tracing::debug!(
                    cause = error.to_string(),
                    "Not listening to other replicas: no page is kept until that is back"
                );
            }
            sleep(TRIED_AGAIN).await;
        }
    }
}

/// A change that may come.
pub struct Change<'a> {
    changes: &'a Changes,
    outcome: Outcome,
}

#[derive(Clone, Copy)]
enum Outcome {
    Nothing,
    Changed,
    /// Nobody waited for the answer, or it was no answer: the database may still do what it was told.
    Unknown,
}

impl Change<'_> {
    /// What has become of it, by how the request was answered.
    pub fn was_answered(mut self, status: StatusCode) {
        self.outcome = match status {
            status if status.is_client_error() => Outcome::Nothing,
            status if status.is_server_error() => Outcome::Unknown,
            _ => Outcome::Changed,
        };
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        match self.outcome {
            Outcome::Nothing => {}
            Outcome::Changed => self.changes.made(),
            Outcome::Unknown => {
                self.changes.made();
                let changes = self.changes.clone();
                tokio::spawn(async move {
                    sleep(store::DEADLINE).await;
                    changes.made();
                });
            }
        }
    }
}
