//! Bulk loading of events into the database with `COPY`, in one transaction on one connection.

use chrono::{DateTime, Utc};
use tokio::{pin, task::JoinHandle};
use tokio_postgres::{
    Client, Row, Transaction,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};
use uuid::Uuid;

use super::{
    error::StoreError,
    events::{DraftNames, draft_params},
    row::FromRow,
    tls,
};
use crate::{
    config::DatabaseUrl,
    domain::{Event, EventDraft},
};

/// The types of the columns in `copy_events.sql`, in its order.
const COLUMNS: [Type; 17] = [
    Type::UUID,
    Type::INT8,
    Type::TIMESTAMPTZ,
    Type::TIMESTAMPTZ,
    Type::TEXT,
    Type::TEXT,
    Type::TIMESTAMPTZ,
    Type::TIMESTAMPTZ,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT_ARRAY,
];

/// An event to load, with its version and timestamps; the load assigns its id, and it gets no edit token.
#[derive(Clone, Debug, PartialEq)]
pub struct CopiedEvent {
    /// Permanent identifier of the event in calendars and exports.
    pub uid: Uuid,
    /// Version of the event: 1, plus the number of its changes.
    pub version: i64,
    /// Time when the event was published.
    pub created_at: DateTime<Utc>,
    /// Time when the event was last changed.
    pub updated_at: DateTime<Utc>,
    /// Fields of the event that its publisher entered.
    pub draft: EventDraft,
}

/// A database index that a load can drop and create again.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Name of the index.
    pub name: String,
    drop_statement: String,
    create_statement: String,
}

/// A database connection for bulk loads. The deadline of requests does not apply to it, and it is closed when dropped.
pub struct BulkLoader {
    client: Client,
    connection: JoinHandle<Result<(), tokio_postgres::Error>>,
}

impl BulkLoader {
    /// Connects to the database at `url` for bulk loads.
    ///
    /// # Errors
    /// When the connection fails. The error does not contain the password.
    pub async fn connect(url: &DatabaseUrl) -> anyhow::Result<Self> {
        let (client, connection) = url.connection.connect(tls::connector(&url.trust)?).await?;
        Ok(Self {
            client,
            connection: tokio::spawn(connection),
        })
    }

    /// Begins a load in a transaction. If another load is running, waits until it has ended.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn begin(&mut self) -> Result<BulkLoad<'_>, StoreError> {
        let load = BulkLoad {
            transaction: self.client.transaction().await?,
        };
        load.set_bulk_load_settings().await?;
        load.lock_events_against_loads().await?;
        Ok(load)
    }

    /// Vacuums and analyzes the table of events after a load, so that the first queries are as fast as later ones.
    ///
    /// # Errors
    /// When the database is unavailable; the events are stored nevertheless.
    pub async fn vacuum_events(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/vacuum_events.sql");
        Ok(self.client.batch_execute(statement).await?)
    }
}

impl Drop for BulkLoader {
    fn drop(&mut self) {
        // Dropping the client waits for the running statement, which can take minutes.
        self.connection.abort();
    }
}

/// A running load of events. [`BulkLoad::commit`] stores them; if the load is dropped or the process is killed before,
/// none is stored.
pub struct BulkLoad<'a> {
    transaction: Transaction<'a>,
}

impl BulkLoad<'_> {
    async fn set_bulk_load_settings(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/set_bulk_load_settings.sql");
        self.transaction.query(statement, &[]).await?;
        Ok(())
    }

    async fn lock_events_against_loads(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/lock_events_against_loads.sql");
        Ok(self.transaction.batch_execute(statement).await?)
    }

    /// Returns the highest id of an event, or 0 if there is no event.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn last_event_id(&self) -> Result<i64, StoreError> {
        let query = include_str!("../../../sql/queries/last_event_id.sql");
        Ok(self.transaction.query_one(query, &[]).await?.try_get(0)?)
    }

    /// Returns the indexes that enforce no constraint: a load is faster if they are dropped.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn secondary_indexes(&self) -> Result<Vec<Index>, StoreError> {
        let query = include_str!("../../../sql/queries/secondary_indexes.sql");
        let rows = self.transaction.query(query, &[]).await?;
        rows.iter().map(|row| Ok(Index::from_row(row)?)).collect()
    }

    /// Drops `index`. Other connections can neither read nor write events until the load ends.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn drop_index(&self, index: &Index) -> Result<(), StoreError> {
        Ok(self
            .transaction
            .batch_execute(&index.drop_statement)
            .await?)
    }

    /// Creates `index` again, as it was before [`BulkLoad::drop_index`].
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn create_index(&self, index: &Index) -> Result<(), StoreError> {
        Ok(self
            .transaction
            .batch_execute(&index.create_statement)
            .await?)
    }

    /// Inserts `events` with new ids, and returns their number.
    ///
    /// # Errors
    /// The first error among the items of `events`. Otherwise an error when the database is unavailable.
    pub async fn copy_events<E: From<StoreError>>(
        &self,
        events: impl Iterator<Item = Result<CopiedEvent, E>>,
    ) -> Result<u64, E> {
        let statement = include_str!("../../../sql/queries/copy_events.sql");
        let copying = self.transaction.copy_in(statement).await;
        let writer = BinaryCopyInWriter::new(copying.map_err(StoreError::from)?, &COLUMNS);
        pin!(writer);
        for event in events {
            let event = event?;
            let names = DraftNames::of(&event.draft);
            let mut values: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(COLUMNS.len());
            values.extend([
                &event.uid as &(dyn ToSql + Sync),
                &event.version,
                &event.created_at,
                &event.updated_at,
            ]);
            let draft = draft_params(&event.draft, &names);
            values.extend(draft.iter().map(|(value, _)| *value));
            writer
                .as_mut()
                .write(&values)
                .await
                .map_err(StoreError::from)?;
        }
        Ok(writer.finish().await.map_err(StoreError::from)?)
    }

    /// Blocks other writers of events until the load ends, so that none of them publishes an event with an id that the
    /// load inserts. Readers are not blocked.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn lock_events_against_writers(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/lock_events_against_writers.sql");
        Ok(self.transaction.batch_execute(statement).await?)
    }

    /// Returns the id and uid of every event, deleted or not, whose id or uid is among the given ones.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn existing_events(
        &self,
        ids: &[i64],
        uids: &[Uuid],
    ) -> Result<Vec<(i64, Uuid)>, StoreError> {
        let query = include_str!("../../../sql/queries/existing_events.sql");
        let rows = self.transaction.query(query, &[&ids, &uids]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("id")?, row.try_get("uid")?)))
            .collect()
    }

    /// Inserts `events` unchanged, including their ids, without edit tokens.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] when an event with the same id or uid exists. Otherwise when the database is
    /// unavailable.
    pub async fn copy_events_with_ids(&self, events: &[Event]) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/copy_events_with_ids.sql");
        let columns = [&[Type::INT8], &COLUMNS[..]].concat();
        let writer = BinaryCopyInWriter::new(self.transaction.copy_in(statement).await?, &columns);
        pin!(writer);
        for event in events {
            let values: [&(dyn ToSql + Sync); 18] = [
                &event.id,
                &event.uid,
                &event.version,
                &event.created_at,
                &event.updated_at,
                &event.title,
                &event.description,
                &event.starts_at,
                &event.ends_at,
                &event.timezone.name(),
                &event.location,
                &event.city,
                &event.state,
                &event.attendance.as_str(),
                &event.status.as_str(),
                &event.url,
                &event.organizer,
                &event.technologies,
            ];
            writer.as_mut().write(&values).await?;
        }
        writer.finish().await?;
        Ok(())
    }

    /// Advances the sequence that assigns event ids past the highest id in use.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn advance_event_id_sequence(&self) -> Result<(), StoreError> {
        let query = include_str!("../../../sql/queries/advance_event_id_sequence.sql");
        self.transaction.query_one(query, &[]).await?;
        Ok(())
    }

    /// Commits the load, which makes its events visible.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}

impl FromRow for Index {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            name: row.try_get("name")?,
            drop_statement: row.try_get("drop_statement")?,
            create_statement: row.try_get("create_statement")?,
        })
    }
}
