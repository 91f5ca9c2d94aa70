//! Idempotency keys: which event a repeated request has published already.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// How long an idempotency key is stored.
pub const IDEMPOTENCY_KEY_TTL: Duration = Duration::from_secs(24 * 60 * 60);

/// What is stored with an event so that repeating the request does not publish it again.
#[derive(Debug)]
pub struct IdempotentInsert {
    /// Hash of the request's idempotency key.
    pub key_hash: Vec<u8>,
    /// Hash of the request's body.
    pub body_hash: Vec<u8>,
    /// The event's edit token, sealed, for responses to repeated requests.
    pub sealed_token: Vec<u8>,
}

impl IdempotentInsert {
    /// The advisory lock of the key: the first bytes of its hash as a number.
    pub(super) fn lock(&self) -> i64 {
        let first = self.key_hash.first_chunk().copied();
        first.map(i64::from_be_bytes).unwrap_or_default()
    }
}

/// What was published with an idempotency key.
#[derive(Clone, Debug)]
pub struct IdempotencyRecord {
    /// Hash of the first request's body.
    pub body_hash: Vec<u8>,
    /// The event that it published.
    pub event_id: i64,
    /// The event's edit token, sealed.
    pub sealed_token: Vec<u8>,
}

/// What was published after `since` with the idempotency key of this hash; `None` if nothing, or the event was deleted.
///
/// # Errors
/// When the database does not answer.
pub async fn idempotency_record(
    db: &Db,
    key_hash: &[u8],
    since: DateTime<Utc>,
) -> Result<Option<IdempotencyRecord>, StoreError> {
    db.query_opt(
        include_str!("../../../sql/queries/idempotency_record.sql"),
        &[(&key_hash, Type::BYTEA), (&since, Type::TIMESTAMPTZ)],
    )
    .await
}

/// Removes the idempotency keys stored until `time` and those of deleted events, or only the one of `key_hash` if it is such a
/// key, and returns their number.
///
/// # Errors
/// When the database does not answer.
pub async fn purge_idempotency_keys(
    db: &Db,
    time: DateTime<Utc>,
    key_hash: Option<&[u8]>,
) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/purge_idempotency_keys.sql"),
        &[(&time, Type::TIMESTAMPTZ), (&key_hash, Type::BYTEA)],
    )
    .await
}

impl FromRow for IdempotencyRecord {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            body_hash: row.try_get("body_hash")?,
            event_id: row.try_get("event_id")?,
            sealed_token: row.try_get("sealed_token")?,
        })
    }
}
