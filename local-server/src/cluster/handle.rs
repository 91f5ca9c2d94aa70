//! The handle on the private PostgreSQL: starts or adopts the server, and stops it with the last process that uses it.

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

/// The name of the database.
const DATABASE: &str = "encontros_tech";

/// A running private PostgreSQL. Dropped without [`Cluster::close`], the server keeps running and
/// the next process adopts it.
pub struct Cluster {
    server: Server,
    url: String,
    /// Holds a shared lock for as long as this process uses the server.
    users_lock: File,
    /// An idle connection, which closes as soon as the server ends.
    monitor: Mutex<Client>,
}

impl Cluster {
    /// Starts the server or adopts the running one, and creates the database when it is missing.
    /// An error is one line when printed with `{:#}`.
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

    /// The URL of the database, for tokio-postgres and for `psql`; it holds no secret.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Restarts the server when it has ended, or adopts the one that another process has started
    /// since. While the server runs this only reads a flag.
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

    /// Stops using the server. The last process to do so stops it and waits until it has stopped.
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
