//! Events by the million: one connection, one transaction, COPY.

use chrono::{DateTime, Utc};
use tokio::{pin, task::JoinHandle};
use tokio_postgres::{
    Client, Row, Transaction,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};
use uuid::Uuid;

use super::{StoreError, draft_params, pool::FromRow, tls};
use crate::{
    config::DatabaseUrl,
    domain::{Event, EventDraft},
};

/// The columns of `copy_events.sql`.
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

/// An event with a past, which no token opens.
#[derive(Clone, Debug, PartialEq)]
pub struct CopiedEvent {
    /// What calendars and exports call it.
    pub uid: Uuid,
    /// One more than the changes it has had.
    pub version: i64,
    /// When it was published.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// What it says.
    pub draft: EventDraft,
}

/// An index that can be dropped and created again.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name.
    pub name: String,
    removal: String,
    creation: String,
}

/// A connection of its own for a load, without the deadline that visitors' statements have; closed when dropped.
pub struct Loader {
    client: Client,
    connection: JoinHandle<Result<(), tokio_postgres::Error>>,
}

impl Loader {
    /// Connects to the database at `url`.
    ///
    /// # Errors
    /// Why it cannot, without the password.
    pub async fn connect(url: &DatabaseUrl) -> anyhow::Result<Self> {
        let (client, connection) = url.connection.connect(tls::connector(&url.trust)?).await?;
        Ok(Self {
            client,
            connection: tokio::spawn(connection),
        })
    }

    /// Begins a load; another one that begins waits until this one has ended.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn begin(&mut self) -> Result<Load<'_>, StoreError> {
        let load = Load {
            transaction: self.client.transaction().await?,
        };
        load.adopt_load_settings().await?;
        load.lock_events().await?;
        Ok(load)
    }

    /// Tidies up after a load, so that the first visitors need not.
    ///
    /// # Errors
    /// When the database cannot answer; the events are there all the same.
    pub async fn vacuum_events(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/vacuum_events.sql");
        Ok(self.client.batch_execute(statement).await?)
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        // A client that is dropped waits for the statement under way, which can take minutes.
        self.connection.abort();
    }
}

/// A load under way: all of it is there after [`Load::commit`], and nothing if it is dropped or killed before.
pub struct Load<'a> {
    transaction: Transaction<'a>,
}

impl Load<'_> {
    async fn adopt_load_settings(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/adopt_load_settings.sql");
        self.transaction.query(statement, &[]).await?;
        Ok(())
    }

    async fn lock_events(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/lock_events.sql");
        Ok(self.transaction.batch_execute(statement).await?)
    }

    /// The highest id that an event has, or 0.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn last_event_id(&self) -> Result<i64, StoreError> {
        let query = include_str!("../../../sql/queries/last_event_id.sql");
        Ok(self.transaction.query_one(query, &[]).await?.try_get(0)?)
    }

    /// The indexes that uphold no constraint: a load is quicker without them.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn secondary_indexes(&self) -> Result<Vec<Index>, StoreError> {
        let query = include_str!("../../../sql/queries/secondary_indexes.sql");
        let rows = self.transaction.query(query, &[]).await?;
        rows.iter().map(|row| Ok(Index::from_row(row)?)).collect()
    }

    /// Drops the index; from now to the end of the load nobody else can read or write events.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn drop_index(&self, index: &Index) -> Result<(), StoreError> {
        Ok(self.transaction.batch_execute(&index.removal).await?)
    }

    /// Creates the index as it was.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn create_index(&self, index: &Index) -> Result<(), StoreError> {
        Ok(self.transaction.batch_execute(&index.creation).await?)
    }

    /// Adds the events, and answers how many they were.
    ///
    /// # Errors
    /// When the database cannot answer, and the first error among the events.
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
            let words = event.draft.words();
            let mut values: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(COLUMNS.len());
            values.extend([
                &event.uid as &(dyn ToSql + Sync),
                &event.version,
                &event.created_at,
                &event.updated_at,
            ]);
            let draft = draft_params(&event.draft, &words);
            values.extend(draft.iter().map(|(value, _)| *value));
            writer
                .as_mut()
                .write(&values)
                .await
                .map_err(StoreError::from)?;
        }
        Ok(writer.finish().await.map_err(StoreError::from)?)
    }

    /// Keeps everybody else from writing events until the load ends: ids that it brings and ids that visitors get must not
    /// meet. Reading goes on.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn lock_events_against_writers(&self) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/lock_events_against_writers.sql");
        Ok(self.transaction.batch_execute(statement).await?)
    }

    /// The id and uid of every event, deleted ones too, that has one of these ids or one of these uids.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn known_events(
        &self,
        ids: &[i64],
        uids: &[Uuid],
    ) -> Result<Vec<(i64, Uuid)>, StoreError> {
        let query = include_str!("../../../sql/queries/known_events.sql");
        let rows = self.transaction.query(query, &[&ids, &uids]).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("id")?, row.try_get("uid")?)))
            .collect()
    }

    /// Adds the events as they are, ids and all, without tokens.
    ///
    /// # Errors
    /// When the database cannot answer, or has such an id or uid already.
    pub async fn copy_whole_events(&self, events: &[Event]) -> Result<(), StoreError> {
        let statement = include_str!("../../../sql/queries/copy_whole_events.sql");
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

    /// Lets the next event have an id after all that there are.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn continue_event_ids(&self) -> Result<(), StoreError> {
        let query = include_str!("../../../sql/queries/continue_event_ids.sql");
        self.transaction.query_one(query, &[]).await?;
        Ok(())
    }

    /// Ends the load: from now on everybody sees it.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}

impl FromRow for Index {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            name: row.try_get("name")?,
            removal: row.try_get("removal")?,
            creation: row.try_get("creation")?,
        })
    }
}
