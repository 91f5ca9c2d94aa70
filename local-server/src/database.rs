//! The database of local-server: the one in `DATABASE_URL`, or a private PostgreSQL in `DATA_DIR`.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use shared::{
    config::{DatabaseUrl, Settings},
    store,
};
use tokio::time::sleep;

use crate::cluster::{Cluster, Options};

/// The interval at which the server checks that the private PostgreSQL runs.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// The delay before another attempt to start the private PostgreSQL.
const RETRY_INTERVAL: Duration = Duration::from_secs(10);

/// A database that was opened. A private PostgreSQL runs until [`Database::close_after`] closes it.
pub struct Database {
    url: DatabaseUrl,
    url_text: String,
    private: Option<Arc<Cluster>>,
}

impl Database {
    /// Returns the URL to connect to.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Returns the URL of a private database as text, for `psql` and `DATABASE_URL`; empty for other databases.
    #[must_use]
    pub fn url_text(&self) -> &str {
        &self.url_text
    }

    /// Whether the database is a private PostgreSQL, which local-server itself must migrate.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.private.is_some()
    }

    /// Restarts the private PostgreSQL, if there is one, whenever it has ended; never returns.
    pub fn keep_running(&self) -> impl Future<Output = ()> + use<> {
        let cluster = self.private.clone();
        async move {
            let Some(cluster) = cluster else {
                return std::future::pending().await;
            };
            loop {
                sleep(CHECK_INTERVAL).await;
                if let Err(error) = cluster.keep_running().await {
                    tracing::error!(
                        cause = format!("{error:#}"),
                        "The private PostgreSQL does not start"
                    );
                    sleep(RETRY_INTERVAL).await;
                }
            }
        }
    }

    /// Runs `work` with the database and then closes it, even if `work` fails. A private PostgreSQL is stopped by the
    /// last process that closes it.
    ///
    /// # Errors
    /// The error of `work`, or the error when the private PostgreSQL does not stop.
    pub async fn close_after<T>(
        self,
        work: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let result = work(&self).await;
        let closed = self.close().await;
        let value = result?;
        closed.map(|()| value)
    }

    async fn close(self) -> anyhow::Result<()> {
        match self.private.and_then(Arc::into_inner) {
            Some(cluster) => cluster.close().await,
            None => Ok(()),
        }
    }
}

/// Opens the database in `DATABASE_URL` or, when that is not set, the private PostgreSQL in `DATA_DIR`.
///
/// # Errors
/// When the database cannot be reached, or the private PostgreSQL does not start.
pub async fn open(settings: &Settings) -> anyhow::Result<Database> {
    match &settings.database_url {
        None => open_private(settings).await,
        Some(url) => {
            store::check_connection(url)
                .await
                .context("DATABASE_URL: the database cannot be reached")?;
            Ok(Database {
                url: url.clone(),
                url_text: String::new(),
                private: None,
            })
        }
    }
}

/// Opens the private PostgreSQL in `DATA_DIR`: starts it, or uses the one that another process has started.
///
/// # Errors
/// When PostgreSQL is not found or does not start, or `DATA_DIR` cannot be used.
pub async fn open_private(settings: &Settings) -> anyhow::Result<Database> {
    let cluster = Cluster::open(Options {
        data_dir: settings.data_dir.clone(),
        pg_bin: settings.pg_bin.clone(),
        path: settings.path.clone(),
        node_modules: node_modules(),
        durable: true,
    })
    .await?;
    let url_text = cluster.url().to_owned();
    let url = DatabaseUrl::parse(&url_text)
        .map_err(|problem| anyhow::anyhow!("the private database's URL {problem}"))?;
    Ok(Database {
        url,
        url_text,
        private: Some(Arc::new(cluster)),
    })
}

/// Returns the `node_modules` directories to search for PostgreSQL, which the build of `static/` installs as npm
/// packages.
#[must_use]
pub fn node_modules() -> Vec<std::path::PathBuf> {
    vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/node_modules")]
}
