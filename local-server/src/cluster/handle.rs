//! The handle on the private PostgreSQL: starts the server or connects to the running one, and stops the server when
//! the last process closes its handle.

use std::{
    fs::{File, TryLockError},
    sync::{Mutex, PoisonError},
};

use anyhow::Result;
use tokio_postgres::{Client, error::SqlState};

use super::{
    directory, locks,
    options::Options,
    server::{ROLE, Server},
};

/// The name of the database in the private PostgreSQL.
const DATABASE: &str = "encontros_tech";

/// The handle on a running private PostgreSQL. If it is dropped without [`Cluster::close`], the server continues to
/// run, and the next process uses it.
pub struct Cluster {
    server: Server,
    url: String,
    /// A file with a shared lock, which is held for as long as the process uses the server.
    users_lock: File,
    /// An idle connection to the server, which closes as soon as the server ends.
    monitor: Mutex<Client>,
}

impl Cluster {
    /// Starts the server or connects to the running one, and creates the database if it is missing.
    ///
    /// # Errors
    /// When PostgreSQL is not found or does not start; one line when printed with `{:#}`.
    pub async fn open(options: Options) -> Result<Cluster> {
        let data_dir = directory::prepare_data_dir(&options.data_dir)?;
        let start_lock = locks::acquire_start_lock(&data_dir).await?;
        let server = Server::prepare(options, data_dir, &start_lock).await?;
        let client = server.connect_or_start().await?;
        let created = client.batch_execute("create database encontros_tech");
        if let Err(error) = created.await
            && error.code() != Some(&SqlState::DUPLICATE_DATABASE)
        {
            return Err(error.into());
        }
        let users_lock = locks::acquire_users_lock(server.data_dir())?;
        let host = server
            .socket_dir()
            .display()
            .to_string()
            .replace('/', "%2F");
        let url = format!("postgresql://{ROLE}@{host}/{DATABASE}?sslmode=disable");
        let monitor = Mutex::new(client);
        Ok(Cluster {
            server,
            url,
            users_lock,
            monitor,
        })
    }

    /// Returns the URL of the database, for tokio-postgres and for `psql`; it contains no secret.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Restarts the server if it has ended, or connects to the server that another process has started since. While the
    /// server runs, only a flag is read.
    ///
    /// # Errors
    /// When the server does not start.
    pub async fn keep_running(&self) -> Result<()> {
        let monitor = || self.monitor.lock().unwrap_or_else(PoisonError::into_inner);
        if !monitor().is_closed() {
            return Ok(());
        }
        tracing::warn!("PostgreSQL in {} has ended", self.server.shown_dir());
        let _start_lock = locks::acquire_start_lock(self.server.data_dir()).await?;
        let client = self.server.connect_or_start().await?;
        *monitor() = client;
        Ok(())
    }

    /// Stops using the server. The last process that uses the server stops it, and waits until it has stopped.
    ///
    /// # Errors
    /// When the server does not stop, or a lock file cannot be used.
    pub async fn close(self) -> Result<()> {
        // Released before the start lock is acquired: when two processes close concurrently, the
        // second one must find no other user.
        self.users_lock.unlock()?;
        let _start_lock = locks::acquire_start_lock(self.server.data_dir()).await?;
        match self.users_lock.try_lock() {
            Ok(()) => self.server.stop().await,
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
