//! The clock of the application. No other code reads the current time.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Utc};

/// The source of the current time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system clock.
    System,
    /// A clock that changes only when it is set, for tests: microseconds since the Unix epoch.
    Stopped(Arc<AtomicI64>),
}

impl Clock {
    /// Creates a clock that is stopped at the instant `at`, for tests.
    #[must_use]
    pub fn stopped(at: DateTime<Utc>) -> Self {
        Self::Stopped(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// Returns the current time, truncated to microseconds, the precision of the database.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the only clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match self {
            Self::System => Utc::now().timestamp_micros(),
            Self::Stopped(micros) => micros.load(Ordering::Relaxed),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }
}
