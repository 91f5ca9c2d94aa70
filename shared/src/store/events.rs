//! Functions that read, insert, update or delete one event, or list all events by id.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

use super::{
    error::StoreError,
    idempotency::IdempotentInsert,
    pool::Db,
    row::{FromRow, Param},
};
use crate::domain::{Attendance, EditToken, Event, EventDraft, Status};

/// Period for which a deleted event is stored before it is purged: 30 days.
pub const DELETED_EVENT_TTL: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Returns the first `limit` public events with ids above `id`, ordered by id.
///
/// # Errors
/// When the database is unavailable.
pub async fn events_after(db: &Db, id: i64, limit: i64) -> Result<Vec<Event>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/events_after.sql"),
        &[(&id, Type::INT8), (&limit, Type::INT8)],
    )
    .await
}

/// Returns the public event with the given id; `None` if there is no such event.
///
/// # Errors
/// When the database is unavailable.
pub async fn event_by_id(db: &Db, id: i64) -> Result<Option<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/event_by_id.sql");
    let mut events = db.query_shared(query, &[(&id, Type::INT8)]).await?;
    Ok(events.pop())
}

/// Publishes `draft` with `token` as its edit token, and returns the event; `None` while another request with the same
/// idempotency key is running. `source` is a hash of the client's network.
///
/// # Errors
/// [`StoreError::AlreadyExists`] when the idempotency key was used before; then nothing is published. Otherwise when
/// the database is unavailable; after a timeout, the event may have been published.
pub async fn insert_event(
    db: &Db,
    draft: &EventDraft,
    token: &EditToken,
    idempotency: Option<&IdempotentInsert>,
    source: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Event>, StoreError> {
    let (uid, hash) = (Uuid::new_v4(), token.hash());
    let names = DraftNames::of(draft);
    let (key_hash, body_hash, sealed_token, lock) = (
        idempotency.map(|insert| &insert.key_hash),
        idempotency.map(|insert| &insert.body_hash),
        idempotency.map(|insert| &insert.sealed_token),
        idempotency.map(IdempotentInsert::lock),
    );
    let mut params: Vec<Param<'_>> = vec![
        (&uid, Type::UUID),
        (&now, Type::TIMESTAMPTZ),
        (&hash, Type::BYTEA),
    ];
    params.extend(draft_params(draft, &names));
    let idempotency: [Param<'_>; 5] = [
        (&key_hash, Type::BYTEA),
        (&body_hash, Type::BYTEA),
        (&sealed_token, Type::BYTEA),
        (&lock, Type::INT8),
        (&source, Type::TEXT),
    ];
    params.extend(idempotency);
    db.query_opt(
        include_str!("../../../sql/queries/insert_event.sql"),
        &params,
    )
    .await
}

/// Replaces the fields of the event whose edit token is `token` by those of `draft`, and returns the event. Returns
/// `None` when there is no such event, or its version is not `version` (`None`: any version).
///
/// # Errors
/// When the database is unavailable. After a timeout, the change may have been made.
pub async fn update_event(
    db: &Db,
    token: &EditToken,
    draft: &EventDraft,
    version: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Option<Event>, StoreError> {
    let hash = token.hash();
    let names = DraftNames::of(draft);
    let mut params: Vec<Param<'_>> = vec![
        (&hash, Type::BYTEA),
        (&now, Type::TIMESTAMPTZ),
        (&version, Type::INT8),
    ];
    params.extend(draft_params(draft, &names));
    db.query_opt(
        include_str!("../../../sql/queries/update_event.sql"),
        &params,
    )
    .await
}

/// Marks the event whose edit token is `token` as deleted, and returns its id. Returns `None` when there is no such
/// event, or its version is not `version` (`None`: any version).
///
/// # Errors
/// When the database is unavailable. After a timeout, the event may have been deleted.
pub async fn delete_event(
    db: &Db,
    token: &EditToken,
    version: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    db.query_opt(
        include_str!("../../../sql/queries/delete_event.sql"),
        &[
            (&token.hash(), Type::BYTEA),
            (&now, Type::TIMESTAMPTZ),
            (&version, Type::INT8),
        ],
    )
    .await
}

/// Permanently deletes the events that were marked as deleted before `time`, with their edit tokens, and returns their
/// number.
///
/// # Errors
/// When the database is unavailable.
pub async fn purge_deleted_events(db: &Db, time: DateTime<Utc>) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/purge_deleted_events.sql"),
        &[(&time, Type::TIMESTAMPTZ)],
    )
    .await
}

/// The names with which the database stores an event's time zone, attendance and status.
pub(super) struct DraftNames {
    timezone: &'static str,
    attendance: &'static str,
    status: &'static str,
}

impl DraftNames {
    pub(super) fn of(draft: &EventDraft) -> Self {
        let draft = draft.fields();
        Self {
            timezone: draft.timezone.name(),
            attendance: draft.attendance.as_str(),
            status: draft.status.as_str(),
        }
    }
}

/// Returns the fields of `draft` as query parameters, in the order of the statements that insert and update events.
pub(super) fn draft_params<'a>(draft: &'a EventDraft, names: &'a DraftNames) -> [Param<'a>; 13] {
    let draft = draft.fields();
    [
        (&draft.title, Type::TEXT),
        (&draft.description, Type::TEXT),
        (&draft.starts_at, Type::TIMESTAMPTZ),
        (&draft.ends_at, Type::TIMESTAMPTZ),
        (&names.timezone, Type::TEXT),
        (&draft.location, Type::TEXT),
        (&draft.city, Type::TEXT),
        (&draft.state, Type::TEXT),
        (&names.attendance, Type::TEXT),
        (&names.status, Type::TEXT),
        (&draft.url, Type::TEXT),
        (&draft.organizer, Type::TEXT),
        (&draft.technologies, Type::TEXT_ARRAY),
    ]
}

impl FromRow for Event {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let timezone: &str = row.try_get("timezone")?;
        let attendance: &str = row.try_get("attendance")?;
        let status: &str = row.try_get("status")?;
        Ok(Self {
            id: row.try_get("id")?,
            uid: row.try_get("uid")?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            starts_at: row.try_get("starts_at")?,
            ends_at: row.try_get("ends_at")?,
            // A newer release may have stored a zone that this binary's tables lack; the instant is right in UTC too.
            timezone: timezone.parse().unwrap_or(chrono_tz::UTC),
            location: row.try_get("location")?,
            city: row.try_get("city")?,
            state: row.try_get("state")?,
            // Check constraints of the table allow these names only.
            attendance: Attendance::ALL
                .into_iter()
                .find(|a| a.as_str() == attendance)
                .unwrap_or(Attendance::InPerson),
            status: Status::ALL
                .into_iter()
                .find(|s| s.as_str() == status)
                .unwrap_or(Status::Scheduled),
            url: row.try_get("url")?,
            organizer: row.try_get("organizer")?,
            technologies: row.try_get("technologies")?,
            version: row.try_get("version")?,
            hidden: row
                .try_get::<_, Option<DateTime<Utc>>>("hidden_at")?
                .is_some(),
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}
