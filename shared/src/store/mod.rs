//! The events in the database: one function a statement of `sql/queries`, named alike.

mod bulk;
mod changes;
mod connection_check;
mod facets;
mod lists;
pub mod migrations;
mod places;
mod pool;
mod shared_connections;
mod sitemap;
mod tls;

use std::{ops::Range, time::Duration};

use chrono::{DateTime, Utc};
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

pub use tokio_postgres::types::Timestamp;

pub use self::bulk::{CopiedEvent, Index, Load, Loader};
pub use self::changes::{announce_change, listen_for_changes};
pub use self::facets::{Facet, Facets, RecentFacets, facets};
pub use self::lists::{
    Filter, PageRequest, Phase, ScanLimits, SearchPatterns, SortKey, Term, all_events, past_events,
    published_events, search_patterns, upcoming_events,
};
pub use self::places::city_at;
pub use self::pool::{DEADLINE, Db, PoolStatus, StoreError, check, within_deadline};
use self::pool::{FromRow, Param};
pub use self::sitemap::{SitemapEvent, sitemap_events, sitemap_parts};
use crate::{
    crypto::Secret,
    domain::EditToken,
    domain::{Attendance, Event, EventDraft, Status},
};

/// How long an idempotency key is remembered.
pub const IDEMPOTENCY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long it is remembered from where an event came.
pub const SOURCE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long a deleted event is kept for undo.
pub const UNDO: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Events by id, after the one named.
///
/// # Errors
/// When the database cannot answer.
pub async fn events_after(db: &Db, id: i64, limit: i64) -> Result<Vec<Event>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/events_after.sql"),
        &[(&id, Type::INT8), (&limit, Type::INT8)],
    )
    .await
}

/// The event of this id, unless there is none.
///
/// # Errors
/// When the database cannot answer.
pub async fn event_by_id(db: &Db, id: i64) -> Result<Option<Event>, StoreError> {
    let query = include_str!("../../../sql/queries/event_by_id.sql");
    let mut events = db.query_at_once(query, &[(&id, Type::INT8)]).await?;
    Ok(events.pop())
}

/// The event this token opens, unless it opens none.
///
/// # Errors
/// When the database cannot answer.
pub async fn event_by_token(db: &Db, token: &EditToken) -> Result<Option<Event>, StoreError> {
    db.query_opt(
        include_str!("../../../sql/queries/event_by_token.sql"),
        &[(&token.hash(), Type::BYTEA)],
    )
    .await
}

/// What a request brings so that it publishes once, however often it is sent.
#[derive(Debug)]
pub struct IdempotentInsert {
    /// Hash of its idempotency key.
    pub key_hash: Vec<u8>,
    /// Hash of what it publishes.
    pub body_hash: Vec<u8>,
    /// The event's token, for whoever comes with the same key.
    pub sealed_token: Vec<u8>,
}

impl IdempotentInsert {
    /// The key's lock: the beginning of its hash as a number.
    fn lock(&self) -> i64 {
        let first = self.key_hash.first_chunk().copied();
        first.map(i64::from_be_bytes).unwrap_or_default()
    }
}

/// Publishes the draft; `token` opens it from now on, and `source` says from where it came. `None` while another request with the same idempotency key is running.
///
/// # Errors
/// When the database cannot answer, or with [`StoreError::Taken`] when the key has published before; then nothing was
/// published.
pub async fn insert_event(
    db: &Db,
    draft: &EventDraft,
    token: &EditToken,
    once: Option<&IdempotentInsert>,
    source: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Event>, StoreError> {
    let (uid, hash) = (Uuid::new_v4(), token.hash());
    let words = draft.words();
    let (key_hash, body_hash, sealed_token, lock) = (
        once.map(|once| &once.key_hash),
        once.map(|once| &once.body_hash),
        once.map(|once| &once.sealed_token),
        once.map(IdempotentInsert::lock),
    );
    let mut params: Vec<Param<'_>> = vec![
        (&uid, Type::UUID),
        (&now, Type::TIMESTAMPTZ),
        (&hash, Type::BYTEA),
    ];
    params.extend(draft_params(draft, &words));
    let once: [Param<'_>; 5] = [
        (&key_hash, Type::BYTEA),
        (&body_hash, Type::BYTEA),
        (&sealed_token, Type::BYTEA),
        (&lock, Type::INT8),
        (&source, Type::TEXT),
    ];
    params.extend(once);
    db.query_opt(
        include_str!("../../../sql/queries/insert_event.sql"),
        &params,
    )
    .await
}

/// What an idempotency key has published.
#[derive(Clone, Debug)]
pub struct Published {
    /// Hash of what was sent then.
    pub body_hash: Vec<u8>,
    /// The event.
    pub event_id: i64,
    /// Its token, sealed.
    pub sealed_token: Vec<u8>,
}

/// What the idempotency key of this hash has published since `moment`, if anything.
///
/// # Errors
/// When the database cannot answer.
pub async fn published_once(
    db: &Db,
    key_hash: &[u8],
    moment: DateTime<Utc>,
) -> Result<Option<Published>, StoreError> {
    db.query_opt(
        include_str!("../../../sql/queries/published_once.sql"),
        &[(&key_hash, Type::BYTEA), (&moment, Type::TIMESTAMPTZ)],
    )
    .await
}

/// Forgets the idempotency keys of until `moment`, or only the one of this hash.
///
/// # Errors
/// When the database cannot answer.
pub async fn purge_idempotency_keys(
    db: &Db,
    moment: DateTime<Utc>,
    key_hash: Option<&[u8]>,
) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/purge_idempotency_keys.sql"),
        &[(&moment, Type::TIMESTAMPTZ), (&key_hash, Type::BYTEA)],
    )
    .await
}

/// The secret of this board: the operator's, else the one that the migrations have made. It is asked for once.
///
/// # Errors
/// When the database cannot answer.
pub async fn site_secret(db: &Db) -> Result<&Secret, StoreError> {
    let query = include_str!("../../../sql/queries/site_secret.sql");
    db.secret.get_or_try_init(|| db.query_one(query, &[])).await
}

/// Replaces the event that `token` opens by the draft, if it is still at `version` (or whatever its version, without one).
/// `None` when there is no such event at that version.
///
/// # Errors
/// When the database cannot answer; then nothing was changed.
pub async fn update_event(
    db: &Db,
    token: &EditToken,
    draft: &EventDraft,
    version: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Option<Event>, StoreError> {
    let hash = token.hash();
    let words = draft.words();
    let mut params: Vec<Param<'_>> = vec![
        (&hash, Type::BYTEA),
        (&now, Type::TIMESTAMPTZ),
        (&version, Type::INT8),
    ];
    params.extend(draft_params(draft, &words));
    db.query_opt(
        include_str!("../../../sql/queries/update_event.sql"),
        &params,
    )
    .await
}

/// The words under which a draft's choices are stored: zone, attendance, status.
struct DraftWords {
    timezone: &'static str,
    attendance: &'static str,
    status: &'static str,
}

impl EventDraft {
    fn words(&self) -> DraftWords {
        DraftWords {
            timezone: self.timezone.name(),
            attendance: self.attendance.as_str(),
            status: self.status.as_str(),
        }
    }
}

fn draft_params<'a>(draft: &'a EventDraft, words: &'a DraftWords) -> [Param<'a>; 13] {
    [
        (&draft.title, Type::TEXT),
        (&draft.description, Type::TEXT),
        (&draft.starts_at, Type::TIMESTAMPTZ),
        (&draft.ends_at, Type::TIMESTAMPTZ),
        (&words.timezone, Type::TEXT),
        (&draft.location, Type::TEXT),
        (&draft.city, Type::TEXT),
        (&draft.state, Type::TEXT),
        (&words.attendance, Type::TEXT),
        (&words.status, Type::TEXT),
        (&draft.url, Type::TEXT),
        (&draft.organizer, Type::TEXT),
        (&draft.technologies, Type::TEXT_ARRAY),
    ]
}

/// Deletes the event that `token` opens, if it is still at `version` (or whatever its version, without one), and answers
/// its id; `None` when there is no such event at that version.
///
/// # Errors
/// When the database cannot answer; then nothing was deleted.
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

/// Puts `new` in the place of `token`, which opens nothing from now on, if its event is still at `version` (or whatever its
/// version, without one); `None` when there is no such event at that version.
///
/// # Errors
/// When the database cannot answer; then the old token still opens.
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

/// Removes for good what was deleted before `moment`, with its tokens, and answers how many events that were.
///
/// # Errors
/// When the database cannot answer.
pub async fn purge_deleted_events(db: &Db, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/purge_deleted_events.sql"),
        &[(&moment, Type::TIMESTAMPTZ)],
    )
    .await
}

/// Which of the latest events are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct AdminEventsQuery {
    /// Ids below this one.
    pub before: i64,
    /// Only from this source.
    pub source: Option<String>,
    /// Only hidden ones.
    pub hidden: bool,
    /// How many.
    pub limit: usize,
}

/// An event as the operator sees it.
#[derive(Clone, Debug)]
pub struct AdminEvent {
    /// The event.
    pub event: Event,
    /// From where it was published, as long as that is remembered.
    pub source: Option<String>,
}

/// What was published last, hidden or not, the latest first.
///
/// # Errors
/// When the database cannot answer.
pub async fn latest_events(
    db: &Db,
    wanted: &AdminEventsQuery,
) -> Result<Vec<AdminEvent>, StoreError> {
    let limit = i64::try_from(wanted.limit).unwrap_or(i64::MAX);
    db.query_planned_anew(
        include_str!("../../../sql/queries/latest_events.sql"),
        &[
            (&wanted.before, Type::INT8),
            (&wanted.source, Type::TEXT),
            (&wanted.hidden, Type::BOOL),
            (&limit, Type::INT8),
        ],
    )
    .await
}

/// Hides the event from `hidden_at` on, or shows it again, and answers how many events that were: none or one.
///
/// # Errors
/// When the database cannot answer; then nothing was changed.
pub async fn hide_event(
    db: &Db,
    id: i64,
    hidden_at: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/hide_event.sql"),
        &[(&id, Type::INT8), (&hidden_at, Type::TIMESTAMPTZ)],
    )
    .await
}

/// Hides what came from `source` in this time, or shows it again, and answers how many events that were.
///
/// # Errors
/// When the database cannot answer; then nothing was changed.
pub async fn hide_source(
    db: &Db,
    source: &str,
    published: Range<Timestamp<DateTime<Utc>>>,
    hidden_at: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/hide_source.sql"),
        &[
            (&source, Type::TEXT),
            (&published.start, Type::TIMESTAMPTZ),
            (&published.end, Type::TIMESTAMPTZ),
            (&hidden_at, Type::TIMESTAMPTZ),
        ],
    )
    .await
}

/// Forgets from where events came before `moment`.
///
/// # Errors
/// When the database cannot answer.
pub async fn purge_event_sources(db: &Db, moment: DateTime<Utc>) -> Result<u64, StoreError> {
    db.execute(
        include_str!("../../../sql/queries/purge_event_sources.sql"),
        &[(&moment, Type::TIMESTAMPTZ)],
    )
    .await
}

/// How many events there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCounts {
    /// Not over yet.
    pub upcoming: i64,
    /// Over.
    pub past: i64,
    /// Hidden by the operator, whenever they are.
    pub hidden: i64,
    /// Deleted, and not yet purged.
    pub deleted: i64,
}

/// How many events there are at `now`.
///
/// # Errors
/// When the database cannot answer.
pub async fn event_counts(db: &Db, now: DateTime<Utc>) -> Result<EventCounts, StoreError> {
    db.query_one(
        include_str!("../../../sql/queries/event_counts.sql"),
        &[(&now, Type::TIMESTAMPTZ)],
    )
    .await
}

/// The versions of the migrations that the database has had.
///
/// # Errors
/// When the database cannot answer, or has had none.
pub async fn applied_migrations(db: &Db) -> Result<Vec<i32>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/applied_migrations.sql"),
        &[],
    )
    .await
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
            // A zone newer than this binary's tables: the instant is right all the same.
            timezone: timezone.parse().unwrap_or(chrono_tz::UTC),
            location: row.try_get("location")?,
            city: row.try_get("city")?,
            state: row.try_get("state")?,
            // The table's checks allow these words only.
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

impl FromRow for AdminEvent {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let source = row.try_get("source")?;
        let event = Event::from_row(row)?;
        Ok(Self { event, source })
    }
}

impl FromRow for Published {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            body_hash: row.try_get("body_hash")?,
            event_id: row.try_get("event_id")?,
            sealed_token: row.try_get("sealed_token")?,
        })
    }
}

impl FromRow for Secret {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let secret: &[u8] = row.try_get("secret")?;
        Ok(Self::new(secret))
    }
}

impl FromRow for EventCounts {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            upcoming: row.try_get("upcoming")?,
            past: row.try_get("past")?,
            hidden: row.try_get("hidden")?,
            deleted: row.try_get("deleted")?,
        })
    }
}

impl FromRow for i64 {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        row.try_get(0)
    }
}

impl FromRow for i32 {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        row.try_get(0)
    }
}
