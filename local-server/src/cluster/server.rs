//! The private PostgreSQL's server process: connects to it, starts it and stops it. The caller holds `start.lock`, so
//! that no other process does the same concurrently.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_postgres::{Client, Config, NoTls, error::SqlState};

use super::{
    directory::{open_private_file, prepare_socket_dir, socket_dir},
    initdb::create_cluster,
    launcher::Launcher,
    locks::invalidate_stale_lock_files,
    options::Options,
    process::{failure_of, failure_reason},
};

/// The only database role, which owns every object.
pub(super) const ROLE: &str = "encontros_tech";

/// Maximum size of PostgreSQL's log, in bytes: a larger log is truncated when the server is started again.
const LOG_BYTES_MAX: u64 = 4 << 20;

/// The time for which a server may report that it is starting up: it may be replaying its WAL after a crash.
const STARTUP_TIMEOUT: Duration = Duration::from_secs(120);

/// The time for which a failed start is retried: after a `kill -9` of the server, its backends run until the end of
/// their statements, and PostgreSQL does not start in the data directory until then.
const RETRY_TIMEOUT: Duration = Duration::from_secs(15);

/// The delay before a failed start is retried.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// The delay between two attempts to connect to the server.
const CONNECT_DELAY: Duration = Duration::from_millis(20);

/// The time limit of an attempt to connect to the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Parts of the error messages after which a retry of the start may succeed.
const TRANSIENT_FAILURES: [&str; 3] = ["lock file", "shared memory block", "signal:"];

/// The server settings on the command line, which override postgresql.conf.
const SETTINGS: [&str; 14] = [
    "listen_addresses=",
    "port=5432",
    "unix_socket_permissions=0700",
    "max_connections=50",
    "shared_buffers=128MB",
    // For short queries on a small machine, compilation and parallel workers cost more than they save.
    "jit=off",
    "max_parallel_workers_per_gather=0",
    "timezone=UTC",
    // No user input in the log: no statements, parameters, errors or details.
    "log_min_messages=log",
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "log_checkpoints=off",
];

/// The server settings for tests: faster, but a power failure can destroy the cluster.
const NOT_DURABLE: [&str; 3] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

/// The private PostgreSQL server of one data directory, which can be started and stopped.
pub(super) struct Server {
    launcher: Launcher,
    socket_dir: PathBuf,
}

/// The outcomes of an attempt to connect to the server.
enum Connection {
    Open(Client),
    /// The server is starting up or shutting down.
    Busy,
    NotRunning,
}

impl Server {
    /// Finds PostgreSQL's programs, and creates the cluster in `data_dir` on the first start.
    pub(super) async fn prepare(
        options: Options,
        data_dir: PathBuf,
        start_lock: &File,
    ) -> Result<Server> {
        let launcher = Launcher::find(options, data_dir).await?;
        if !launcher.cluster_dir().join("PG_VERSION").exists() {
            create_cluster(&launcher, ROLE, start_lock).await?;
        }
        let socket_dir = socket_dir(&launcher.data_dir);
        prepare_socket_dir(&socket_dir, &launcher.data_dir)?;
        Ok(Server {
            launcher,
            socket_dir,
        })
    }

    /// Returns the absolute path of the data directory.
    pub(super) fn data_dir(&self) -> &Path {
        &self.launcher.data_dir
    }

    /// Returns the data directory as configured, for messages.
    pub(super) fn shown_dir(&self) -> &str {
        &self.launcher.shown_dir
    }

    /// Returns the directory of the server's socket.
    pub(super) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Connects to the server, which is started first if it is not running.
    pub(super) async fn connect_or_start(&self) -> Result<Client> {
        let shown = self.shown_dir();
        let began = Instant::now();
        let mut started: Option<JoinHandle<String>> = None;
        loop {
            started = match (self.connect().await?, started) {
                (Connection::Open(client), started) => {
                    if started.is_none() {
                        tracing::info!("Using the PostgreSQL that already runs in {shown}");
                    }
                    return Ok(client);
                }
                (Connection::Busy, _) if began.elapsed() > STARTUP_TIMEOUT => {
                    bail!("PostgreSQL in {shown} has not started within {STARTUP_TIMEOUT:?}")
                }
                (Connection::NotRunning, None) => {
                    tracing::info!("Starting PostgreSQL {}", self.launcher.programs.major);
                    Some(self.start()?)
                }
                (Connection::NotRunning, Some(ended)) if ended.is_finished() => {
                    let reason = ended.await?;
                    let transient = TRANSIENT_FAILURES.iter().any(|text| reason.contains(text));
                    if !transient || began.elapsed() > RETRY_TIMEOUT {
                        return Err(self.launcher.failure("postgres", &reason));
                    }
                    sleep(RETRY_DELAY).await;
                    Some(self.start()?)
                }
                (Connection::Busy | Connection::NotRunning, started) => started,
            };
            sleep(CONNECT_DELAY).await;
        }
    }

    /// Stops the server, including one that another process started, and waits until it has stopped.
    pub(super) async fn stop(&self) -> Result<()> {
        // Checked first, because pg_ctl sends its signal to any process with the id in the lock file.
        if self.is_not_running().await {
            return Ok(());
        }
        tracing::info!("Stopping PostgreSQL {}", self.launcher.programs.major);
        let mut command = self.launcher.command("pg_ctl");
        command.args(["stop", "--mode=fast", "--wait", "--timeout=60", "-D"]);
        let output = command.arg(self.launcher.cluster_dir()).output().await;
        let output = output.map_err(|error| self.launcher.failure("pg_ctl", &error))?;
        if output.status.success() || self.is_not_running().await {
            return Ok(());
        }
        Err(self.launcher.failure("pg_ctl", &failure_of(&output)))
    }

    /// Tries once to connect. Returns an error only when the server reports one, such as an unknown role.
    async fn connect(&self) -> Result<Connection> {
        let mut config = Config::new();
        config.host_path(&self.socket_dir);
        config.user(ROLE).dbname("postgres");
        match timeout(CONNECT_TIMEOUT, config.connect(NoTls)).await {
            Ok(Ok((client, connection))) => {
                tokio::spawn(connection);
                Ok(Connection::Open(client))
            }
            Ok(Err(error)) => match error.code() {
                Some(&SqlState::CANNOT_CONNECT_NOW) => Ok(Connection::Busy),
                Some(_) => Err(error.into()),
                None => Ok(Connection::NotRunning),
            },
            Err(_) => Ok(Connection::Busy),
        }
    }

    async fn is_not_running(&self) -> bool {
        matches!(self.connect().await, Ok(Connection::NotRunning))
    }

    /// Starts the server. The returned task completes when the server has ended, with the reason.
    fn start(&self) -> Result<JoinHandle<String>> {
        invalidate_stale_lock_files(self.data_dir(), &self.socket_dir)?;
        let path = self.data_dir().join("postgres.log");
        let log = open_private_file(&path)?;
        if log.metadata()?.len() > LOG_BYTES_MAX {
            log.set_len(0)?;
        }
        let log_start = usize::try_from(log.metadata()?.len())?;
        let mut command = self.launcher.command("postgres");
        command.arg("-D").arg(self.launcher.cluster_dir());
        command.arg("-k").arg(&self.socket_dir);
        let durability: &[&str] = if self.launcher.durable {
            &[]
        } else {
            &NOT_DURABLE
        };
        for setting in SETTINGS.iter().chain(durability) {
            command.args(["-c", setting]);
        }
        let spawned = command.stdout(log.try_clone()?).stderr(log).spawn();
        let mut child = spawned.map_err(|error| self.launcher.failure("postgres", &error))?;
        // Waits for the process from now on, so that it does not become a zombie, which PostgreSQL would treat as a
        // running server.
        Ok(tokio::spawn(async move {
            let ended = child.wait().await;
            let log = fs::read(path).unwrap_or_default();
            let log = String::from_utf8_lossy(log.get(log_start..).unwrap_or_default());
            ended.map_or_else(
                |error| error.to_string(),
                |status| failure_reason(status, &log),
            )
        }))
    }
}
