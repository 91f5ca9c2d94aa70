//! The errors of the functions that access the database.

use std::{error::Error, fmt};

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// The error of a function that accesses the database. Its source is the cause.
#[derive(Debug)]
pub enum StoreError {
    /// The database is unreachable, overloaded or not migrated; a retry may succeed.
    Unavailable(Box<dyn Error + Send + Sync>),
    /// Too many searches are running, or the search exceeded its time limit; a retry may succeed.
    Overloaded,
    /// A unique constraint was violated.
    AlreadyExists(Box<dyn Error + Send + Sync>),
    /// The statement failed for another reason, which is a bug.
    Failed(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable(_) => "the database is unavailable",
            Self::Overloaded => "too many concurrent searches",
            Self::AlreadyExists(_) => "the row already exists",
            Self::Failed(_) => "a statement failed",
        })
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Overloaded => None,
            Self::Unavailable(cause) | Self::AlreadyExists(cause) | Self::Failed(cause) => {
                Some(cause.as_ref())
            }
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        if is_unavailable(&error) {
            Self::Unavailable(error.into())
        } else if error.code() == Some(&SqlState::UNIQUE_VIOLATION) {
            Self::AlreadyExists(error.into())
        } else {
            Self::Failed(error.into())
        }
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Whether `error` means that the database cannot be used now: the connection was lost or refused, or the error is of
/// PostgreSQL's classes 08 (connection), 53 (resources) or 57 (operator intervention), 25006 (a standby after
/// failover), or an object that a missing migration creates.
fn is_unavailable(error: &tokio_postgres::Error) -> bool {
    let Some(state) = error.code() else {
        return true;
    };
    matches!(state.code().get(..2), Some("08" | "53" | "57"))
        || [
            SqlState::READ_ONLY_SQL_TRANSACTION,
            SqlState::UNDEFINED_TABLE,
            SqlState::UNDEFINED_COLUMN,
            SqlState::UNDEFINED_FUNCTION,
        ]
        .contains(state)
}
