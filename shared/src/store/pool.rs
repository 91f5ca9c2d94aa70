//! Runs statements on pooled database connections, within the time limit of the request.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use deadpool_postgres::{
    ClientWrapper, Hook, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use tokio::{
    sync::{OnceCell, Semaphore},
    time::timeout,
};
use tokio_postgres::Row;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    connection_check::ConnectionCheck,
    deadline::{DEADLINE, until_deadline},
    error::StoreError,
    row::{FromRow, Param, only_row, parse_rows},
    scan_limits::ScanLimits,
    shared_connections::{self, SharedConnections},
    tls,
};
use crate::{
    config::{DatabaseUrl, Settings, Statements},
    crypto::Secret,
};

/// Number of database connections for each search that may run beyond its first scan; such a search uses one processor
/// core fully.
const CONNECTIONS_PER_SEARCH: usize = 4;

/// Time without a response after which a shared connection counts as dead: the statements on shared connections
/// otherwise run for milliseconds.
const UNRESPONSIVE_AFTER: Duration = Duration::from_secs(1);

/// A pool of connections to the database, cheap to clone. The first statement opens the first connection.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    shared: Arc<SharedConnections>,
    check: Arc<ConnectionCheck>,
    tls: MakeRustlsConnect,
    statements: Statements,
    /// The maximum number of events that each step of a search reads.
    pub scan_limits: ScanLimits,
    /// Permits for searches that read more than their first scan.
    pub(super) search_permits: Arc<Semaphore>,
    /// The site's secret: the operator's, or the database's once it has been read.
    pub(super) secret: Arc<OnceCell<Secret>>,
}

impl Db {
    /// Creates a pool for the database at `url`. The first statement opens the first connection.
    ///
    /// # Errors
    /// When the files with certificates that `url` names cannot be read.
    pub fn new(url: &DatabaseUrl, settings: &Settings) -> anyhow::Result<Self> {
        let tls = tls::connector(&url.trust)?;
        // `ConnectionCheck` decides which connections need more than a check that they are not closed.
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let check = Arc::new(ConnectionCheck::new(settings.database_recheck));
        let hook = check.clone();
        let hook = Hook::async_fn(move |connection, metrics| {
            let hook = hook.clone();
            Box::pin(async move { hook.run(connection, metrics).await })
        });
        let manager =
            || Manager::from_config(url.connection.clone(), tls.clone(), recycling.clone());
        let max = settings.database_pool_size;
        // A pooler in transaction mode already shares connections.
        let count = match settings.database_statements {
            Statements::Prepared => shared_connections::count(max),
            Statements::Unprepared => 0,
        };
        let shared = SharedConnections::new(count, manager())?;
        let pool = Pool::builder(manager())
            .max_size(max - count)
            .pre_recycle(hook)
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self {
            pool,
            shared: Arc::new(shared),
            check,
            tls,
            statements: settings.database_statements,
            scan_limits: ScanLimits::default(),
            search_permits: Arc::new(Semaphore::new(
                settings.database_pool_size.div_ceil(CONNECTIONS_PER_SEARCH),
            )),
            secret: Arc::new(OnceCell::new_with(settings.secret_key.clone())),
        })
    }

    /// Returns the current numbers of connections and of requests that wait for a connection.
    #[must_use]
    pub fn pool_status(&self) -> PoolStatus {
        let status = self.pool.status();
        PoolStatus {
            connections_max: status.max_size + self.shared.max(),
            connections: status.size + self.shared.open(),
            // Shared connections accept another request at any time.
            idle: status.available + self.shared.open(),
            waiting: status.waiting,
        }
    }

    /// Whether the process may be frozen between requests, as AWS Lambda does.
    pub(super) fn may_be_frozen(&self) -> bool {
        self.check.always()
    }

    pub(super) async fn query<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<T>, StoreError> {
        self.rows(sql, params, self.statements).await
    }

    /// Runs a query of a few milliseconds on a connection that concurrent requests share. It has a generic plan, which
    /// must be good for all values of the parameters.
    pub(super) async fn query_shared<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<T>, StoreError> {
        let next = self.until_deadline(async { Ok(self.shared.next().await) }, || {});
        let Some(connection) = next.await? else {
            return self.query(sql, params).await;
        };
        let work = async { Ok(run_query(&connection, sql, params, Statements::Prepared).await?) };
        let on_unresponsive = || {
            self.shared.discard(&connection);
            self.cancel(&connection);
        };
        parse_rows(&self.until_deadline(work, on_unresponsive).await?)
    }

    /// Whether [`Self::query_shared`] uses shared connections, and so a generic plan.
    pub(super) fn has_shared_connections(&self) -> bool {
        self.shared.max() > 0
    }

    pub(super) async fn query_opt<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(sql, params).await?.pop())
    }

    pub(super) async fn query_one<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<T, StoreError> {
        only_row(self.query(sql, params).await?)
    }

    /// Runs a query with a custom plan, made for the values of `params`: a query with many optional filters has no good
    /// generic plan.
    pub(super) async fn query_with_custom_plan<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<T>, StoreError> {
        self.rows(sql, params, Statements::Unprepared).await
    }

    async fn rows<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
        statements: Statements,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self
            .with_connection(async |client| run_query(client, sql, params, statements).await)
            .await?;
        parse_rows(&rows)
    }

    pub(super) async fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.with_connection(async |client| client.execute_typed(sql, params).await)
            .await
    }

    /// Runs `statement` on a connection of the pool, within the time limit of the request. If the future is dropped
    /// (the time is over, the client disconnected), the statement is cancelled and the connection closed.
    async fn with_connection<T, F>(&self, statement: F) -> Result<T, StoreError>
    where
        F: AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    {
        let work = async {
            let mut running = RunningStatement {
                client: Some(self.pool.get().await?),
                db: self,
            };
            let result = match &running.client {
                Some(client) => statement(client).await,
                None => {
                    return Err(StoreError::Failed(
                        "the connection was already released".into(),
                    ));
                }
            };
            // Completed, successfully or not: the connection returns to the pool.
            running.client = None;
            result.map_err(StoreError::from)
        };
        self.until_deadline(work, || {}).await
    }

    /// Runs `work` within the time limit of the request. Calls `on_unresponsive` when the limit is exceeded after a
    /// long wait.
    async fn until_deadline<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
        on_unresponsive: impl FnOnce(),
    ) -> Result<T, StoreError> {
        until_deadline(work).await.unwrap_or_else(|exceeded| {
            self.check.record_statement_timeout();
            if exceeded.waited >= UNRESPONSIVE_AFTER {
                on_unresponsive();
            }
            Err(StoreError::Unavailable("deadline exceeded".into()))
        })
    }

    /// Cancels the statement that runs on the connection `client`, in the background.
    fn cancel(&self, client: &tokio_postgres::Client) {
        let (cancel, tls) = (client.cancel_token(), self.tls.clone());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            drop(runtime.spawn(timeout(
                DEADLINE,
                async move { cancel.cancel_query(tls).await },
            )));
        }
    }
}

async fn run_query(
    client: &ClientWrapper,
    sql: &str,
    params: &[Param<'_>],
    statements: Statements,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    match statements {
        Statements::Unprepared => client.query_typed(sql, params).await,
        Statements::Prepared => {
            let statement = client.prepare_cached(sql).await?;
            let values: Vec<_> = params.iter().map(|(value, _)| *value).collect();
            client.query(&statement, &values).await
        }
    }
}

/// Connects to the database at `url` and disconnects, to check that it is reachable.
///
/// # Errors
/// When the connection is not established within [`DEADLINE`]. The error does not contain the password.
pub async fn check_connection(url: &DatabaseUrl) -> anyhow::Result<()> {
    let connect = url.connection.connect(tls::connector(&url.trust)?);
    let (_client, _connection) = timeout(DEADLINE, connect)
        .await
        .context("deadline exceeded")??;
    Ok(())
}

/// A database connection with a running statement, which is cancelled on drop.
struct RunningStatement<'a> {
    client: Option<Object>,
    db: &'a Db,
}

impl Drop for RunningStatement<'_> {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            self.db.cancel(&Object::take(client));
        }
    }
}

/// The numbers of connections to the database at one instant.
#[derive(Clone, Copy, Debug)]
pub struct PoolStatus {
    /// Maximum number of open connections.
    pub connections_max: usize,
    /// Number of open connections.
    pub connections: usize,
    /// Number of open connections that can run a statement immediately.
    pub idle: usize,
    /// Number of requests that wait for a connection.
    pub waiting: usize,
}
