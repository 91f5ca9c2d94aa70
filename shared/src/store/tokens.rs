//! Functions that read an event by its edit token, and replace the token.

use chrono::{DateTime, Utc};
use tokio_postgres::types::Type;

use super::{error::StoreError, pool::Db};
use crate::domain::{EditToken, Event};

/// Returns the event whose edit token is `token`, even if it is hidden; `None` if there is no such event.
///
/// # Errors
/// When the database is unavailable.
pub async fn event_by_token(db: &Db, token: &EditToken) -> Result<Option<Event>, StoreError> {
    db.query_opt(
        include_str!("../../../sql/queries/event_by_token.sql"),
        &[(&token.hash(), Type::BYTEA)],
    )
    .await
}

/// Replaces the edit token `token` of an event by `new`, and returns the event. Returns `None` when there is no such
/// event, or its version is not `version` (`None`: any version).
///
/// # Errors
/// When the database is unavailable. After a timeout, the token may have been replaced.
pub async fn replace_edit_token(
    db: &Db,
    token: &EditToken,
    new: &EditToken,
    version: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Option<Event>, StoreError> {
    db.query_opt(
        include_str!("../../../sql/queries/replace_edit_token.sql"),
        &[
            (&token.hash(), Type::BYTEA),
            (&new.hash(), Type::BYTEA),
            (&now, Type::TIMESTAMPTZ),
            (&version, Type::INT8),
        ],
    )
    .await
}
