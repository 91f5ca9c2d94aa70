//! Removes for good what is kept for a time only.

use chrono::{DateTime, Utc};
use shared::store::{self, Db, StoreError};

/// Removes what was kept long enough at `now`: deleted events and from where events came after 30 days, idempotency keys
/// after one.
///
/// # Errors
/// When the database cannot answer; then the rest is left for the next time.
pub async fn purge(db: &Db, now: DateTime<Utc>) -> Result<(), StoreError> {
    let events = store::purge_deleted_events(db, now - store::DELETED_EVENT_TTL).await?;
    if events > 0 {
        tracing::info!(events, "Events deleted 30 days ago are gone for good");
    }
    store::purge_idempotency_keys(db, now - store::IDEMPOTENCY_KEY_TTL, None).await?;
    store::purge_event_sources(db, now - store::EVENT_SOURCE_TTL).await?;
    Ok(())
}
