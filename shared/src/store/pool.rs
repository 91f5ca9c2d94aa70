//! How statements reach the database: the pool, the deadline, and which failures mean that it is away.

use std::{
    cell::Cell,
    error::Error,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use deadpool_postgres::{
    ClientWrapper, Hook, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use tokio::{
    sync::{OnceCell, Semaphore},
    time::timeout,
};
use tokio_postgres::{
    Row,
    error::SqlState,
    types::{ToSql, Type},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    connection_check::Health,
    lists::ScanLimits,
    shared_connections::{self, SharedConnections},
    tls,
};
use crate::{
    config::{DatabaseUrl, Settings, Statements},
    crypto::Secret,
};

/// Of how many connections one may search through more than the next events: each such search keeps a processor busy.
const CONNECTIONS_PER_SEARCH: usize = 4;
/// How long the statements of a request may take in all, waiting and connecting included: a visitor is answered within
/// 3 s. A statement outside of a request has as long for itself.
pub const DEADLINE: Duration = Duration::from_millis(2_500);

/// From when on a statement that is answered at once elsewhere is taken to be one that is never answered.
const SILENCE: Duration = Duration::from_secs(1);

tokio::task_local! {
    /// What the statements of this request have left.
    static LEFT: Cell<Duration>;
}

/// Runs `request` with one deadline for all its statements together.
pub async fn within_deadline<F: Future>(request: F) -> F::Output {
    LEFT.scope(Cell::new(DEADLINE), request).await
}

/// A value for a placeholder, and its type in the database.
pub(super) type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// What a store function makes of a row.
pub(super) trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error>;
}

/// The database. Cheap to clone; it connects when first asked.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    shared: Arc<SharedConnections>,
    health: Arc<Health>,
    tls: MakeRustlsConnect,
    statements: Statements,
    /// How far each step of a search goes.
    pub scan_limits: ScanLimits,
    /// The places for searches that take more than a first_scan.
    pub(super) searches: Arc<Semaphore>,
    /// The board's secret: the operator's, or the database's own once it has been asked for it.
    pub(super) secret: Arc<OnceCell<Secret>>,
}

impl Db {
    /// The database at `url`, to be connected to when first asked.
    ///
    /// # Errors
    /// When the certificates that `url` names cannot be read.
    pub fn new(url: &DatabaseUrl, settings: &Settings) -> anyhow::Result<Self> {
        let tls = tls::connector(&url.trust)?;
        // Whether more is asked of a connection than not to be closed, `Health` knows.
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let health = Arc::new(Health::new(settings.database_recheck));
        let check = health.clone();
        let check = Hook::async_fn(move |connection, metrics| {
            let check = check.clone();
            Box::pin(async move { check.check(connection, metrics).await })
        });
        let manager =
            || Manager::from_config(url.connection.clone(), tls.clone(), recycling.clone());
        let max = settings.database_pool_size;
        // A pooler in transaction mode shares connections better than we could.
        let count = match settings.database_statements {
            Statements::Prepared => shared_connections::count(max),
            Statements::Unprepared => 0,
        };
        let shared = SharedConnections::new(count, manager())?;
        let pool = Pool::builder(manager())
            .max_size(max - count)
            .pre_recycle(check)
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self {
            pool,
            shared: Arc::new(shared),
            health,
            tls,
            statements: settings.database_statements,
            scan_limits: ScanLimits::default(),
            searches: Arc::new(Semaphore::new(
                settings.database_pool_size.div_ceil(CONNECTIONS_PER_SEARCH),
            )),
            secret: Arc::new(OnceCell::new_with(settings.secret_key.clone())),
        })
    }

    /// How the pool is used at this moment.
    #[must_use]
    pub fn pool_status(&self) -> PoolStatus {
        let status = self.pool.status();
        PoolStatus {
            connections_max: status.max_size + self.shared.max(),
            connections: status.size + self.shared.open(),
            // Whoever comes can use those that are shared.
            idle: status.available + self.shared.open(),
            waiting: status.waiting,
        }
    }

    /// Whether this process may be frozen between requests, as AWS Lambda does it.
    pub(super) fn may_be_frozen(&self) -> bool {
        self.health.always_asked()
    }

    pub(super) async fn query<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<T>, StoreError> {
        self.rows(sql, params, self.statements).await
    }

    /// Asks for what the database finds at once, by the one plan that is good whatever the parameters are, on a connection
    /// that others use at the same time.
    pub(super) async fn query_at_once<T: FromRow>(
        &self,
        sql: &str,
        params: &[Param<'_>],
    ) -> Result<Vec<T>, StoreError> {
        let next = self.in_time(async { Ok(self.shared.next().await) }, || {});
        let Some(connection) = next.await? else {
            return self.query(sql, params).await;
        };
        let work = async { Ok(ask(&connection, sql, params, Statements::Prepared).await?) };
        let silent = || {
            self.shared.give_up(&connection);
            self.cancel(&connection);
        };
        parsed(&self.in_time(work, silent).await?)
    }

    /// Whether [`Self::query_at_once`] shares connections here, and keeps its plan.
    pub(super) fn has_one_plan(&self) -> bool {
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
        one(self.query(sql, params).await?)
    }

    /// Asks with a plan made for these very parameters: a list with many optional wishes has no one good plan.
    pub(super) async fn query_planned_anew<T: FromRow>(
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
            .alone(async |client| ask(client, sql, params, statements).await)
            .await?;
        parsed(&rows)
    }

    pub(super) async fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.alone(async |client| client.execute_typed(sql, params).await)
            .await
    }

    /// Runs `ask` on a connection of its own, all within the deadline. A statement that is still running when nobody
    /// waits for it any more (the deadline passed, the visitor left) is cancelled and its connection dropped.
    async fn alone<T, F>(&self, ask: F) -> Result<T, StoreError>
    where
        F: AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    {
        let work = async {
            let mut running = Running {
                client: Some(self.pool.get().await?),
                db: self,
            };
            let answer = match &running.client {
                Some(client) => ask(client).await,
                None => return Err(StoreError::failed("the connection is gone")),
            };
            // Answered, well or badly: the connection is fit for the next.
            running.client = None;
            answer.map_err(StoreError::from)
        };
        self.in_time(work, || {}).await
    }

    /// Waits for this work until the deadline of the request. Then, if it has waited for long, it does what is to be done
    /// where the database is `silent`.
    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
        silent: impl FnOnce(),
    ) -> Result<T, StoreError> {
        let (started, left) = (Instant::now(), LEFT.try_with(Cell::get).unwrap_or(DEADLINE));
        let answer = timeout(left, work).await;
        // Fails outside of a request, where nothing is counted.
        let _ = LEFT.try_with(|counted| counted.set(left.saturating_sub(started.elapsed())));
        answer.map_err(|_| {
            self.health.note_no_answer();
            if left >= SILENCE {
                silent();
            }
            StoreError::Unavailable("no answer in time".into())
        })?
    }

    /// Tells the database that nobody waits for what runs on this connection.
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

async fn ask(
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

/// The only row of a statement that always answers one.
pub(super) fn one<T>(rows: Vec<T>) -> Result<T, StoreError> {
    let none = || StoreError::failed("the statement answered no row");
    rows.into_iter().next().ok_or_else(none)
}

fn parsed<T: FromRow>(rows: &[Row]) -> Result<Vec<T>, StoreError> {
    let rows = rows.iter();
    rows.map(|row| T::from_row(row).map_err(StoreError::from))
        .collect()
}

/// Whether the database at `url` lets us in.
///
/// # Errors
/// Why it does not, without the password.
pub async fn check(url: &DatabaseUrl) -> anyhow::Result<()> {
    let connect = url.connection.connect(tls::connector(&url.trust)?);
    let (_client, _connection) = timeout(DEADLINE, connect)
        .await
        .context("no answer in time")??;
    Ok(())
}

/// A connection with a statement under way.
struct Running<'a> {
    client: Option<Object>,
    db: &'a Db,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            self.db.cancel(&Object::take(client));
        }
    }
}

/// How many connections there are, in one moment.
#[derive(Clone, Copy, Debug)]
pub struct PoolStatus {
    /// Most there may be.
    pub connections_max: usize,
    /// Open ones.
    pub connections: usize,
    /// Open ones that nobody uses.
    pub idle: usize,
    /// Requests that wait for one.
    pub waiting: usize,
}

/// Why the store has no answer.
#[derive(Debug)]
pub enum StoreError {
    /// The database is away, overloaded or not migrated: asking again later may help.
    Unavailable(Box<dyn Error + Send + Sync>),
    /// Too many search at once, or one searches for too long: asking again later may help.
    Crowded,
    /// What was to be stored once is stored already.
    Taken(Box<dyn Error + Send + Sync>),
    /// The statement failed: a fault of ours.
    Failed(Box<dyn Error + Send + Sync>),
}

impl StoreError {
    fn failed(why: &'static str) -> Self {
        Self::Failed(why.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unavailable(_) => "the database is away",
            Self::Crowded => "too much is searched for at once",
            Self::Taken(_) => "it is stored already",
            Self::Failed(_) => "a statement failed",
        })
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Crowded => None,
            Self::Unavailable(cause) | Self::Taken(cause) | Self::Failed(cause) => {
                Some(cause.as_ref())
            }
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        if is_away(&error) {
            Self::Unavailable(error.into())
        } else if error.code() == Some(&SqlState::UNIQUE_VIOLATION) {
            Self::Taken(error.into())
        } else {
            Self::Failed(error.into())
        }
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Connection lost or refused, or one of PostgreSQL's classes 08 (connection), 53 (resources), 57 (operator), 25006 (a
/// standby after failover), or a schema this binary does not find yet.
fn is_away(error: &tokio_postgres::Error) -> bool {
    let Some(state) = error.code() else {
        return true;
    };
    matches!(state.code().get(..2), Some("08" | "53" | "57"))
        || [
            SqlState::READ_ONLY_SQL_TRANSACTION,
            SqlState::UNDEFINED_TABLE,
            SqlState::UNDEFINED_COLUMN,
        ]
        .contains(state)
}
