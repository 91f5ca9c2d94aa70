//! Deletes data whose retention period has ended.

use chrono::{DateTime, Utc};
use shared::store::{self, Db, StoreError};

/// Permanently deletes data that is too old at `now`: deleted events and the pseudonyms of publishers' networks after
/// 30 days, idempotency keys after one day.
///
/// # Errors
/// When the database fails; the next purge deletes the remaining data.
pub async fn purge(db: &Db, now: DateTime<Utc>) -> Result<(), StoreError> {
    let events = store::purge_deleted_events(db, now - store::DELETED_EVENT_TTL).await?;
    if events > 0 {
        tracing::info!(events, "Removed events that were deleted 30 days ago");
    }
    store::purge_idempotency_keys(db, now - store::IDEMPOTENCY_KEY_TTL, None).await?;
    store::purge_event_sources(db, now - store::EVENT_SOURCE_TTL).await?;
    Ok(())
}
