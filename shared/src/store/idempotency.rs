//! Stores idempotency keys, with which a repeated request does not publish an event again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};

use super::{error::StoreError, pool::Db, row::FromRow};

/// Period for which an idempotency key is stored: 24 hours.
pub const IDEMPOTENCY_KEY_TTL: Duration = Duration::from_secs(24 * 60 * 60);

/// What to store about the idempotency key of a request with the event that it publishes, so that a repeated request
/// does not publish it again.
#[derive(Debug)]
pub struct IdempotentInsert {
    /// Hash of the idempotency key of the request.
    pub key_hash: Vec<u8>,
    /// Hash of the body of the request.
    pub body_hash: Vec<u8>,
    /// The event's edit token, encrypted with the idempotency key, for responses to repeated requests.
    pub sealed_token: Vec<u8>,
}

impl IdempotentInsert {
    /// Returns the id of the advisory lock for the idempotency key: the first 8 bytes of its hash as a big-endian
    /// integer.
    pub(super) fn lock(&self) -> i64 {
        let first = self.key_hash.first_chunk().copied();
        first.map(i64::from_be_bytes).unwrap_or_default()
    }
}

/// What is stored about an event that was published with an idempotency key.
#[derive(Clone, Debug)]
pub struct IdempotencyRecord {
    /// Hash of the body of the request that published the event.
    pub body_hash: Vec<u8>,
    /// Id of the event.
    pub event_id: i64,
    /// The event's edit token, encrypted with the idempotency key.
    pub sealed_token: Vec<u8>,
}

/// Returns what is stored about the idempotency key with the hash `key_hash`; `None` if it was not stored after
/// `since`, or its event was deleted.
///
/// # Errors
/// When the database is unavailable.
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

/// Deletes the idempotency keys that were stored at `time` or earlier or whose event is deleted, and returns their
/// number. With `key_hash`, deletes only the key with that hash, on the same condition.
///
/// # Errors
/// When the database is unavailable.
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
