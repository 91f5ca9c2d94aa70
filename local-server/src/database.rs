//! Which database: the one of `DATABASE_URL`, or a private one under `DATA_DIR`.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use shared::{
    config::{DatabaseUrl, Settings},
    store,
};
use tokio::time::sleep;

use crate::cluster::{Cluster, Options};

/// How often the private server is looked after.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// How long to wait after a start that failed.
const RETRY_INTERVAL: Duration = Duration::from_secs(10);

/// A database to work with, for as long as it is not closed.
pub struct Database {
    url: DatabaseUrl,
    text: String,
    private: Option<Arc<Cluster>>,
}

impl Database {
    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Where it is, as psql and functions under an emulator take it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is the private one, which nobody else migrates.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.private.is_some()
    }

    /// Starts the private server again whenever it has died; never ends.
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

    /// Does `work` with it and leaves it, however that ends.
    ///
    /// # Errors
    /// Those of the work, or that the private server does not stop.
    pub async fn used_for<T>(
        self,
        work: impl AsyncFnOnce(&Self) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let done = work(&self).await;
        let closed = self.close().await;
        let done = done?;
        closed.map(|()| done)
    }

    /// Leaves it; a private one is stopped by the last who leaves.
    async fn close(self) -> anyhow::Result<()> {
        match self.private.and_then(Arc::into_inner) {
            Some(cluster) => cluster.close().await,
            None => Ok(()),
        }
    }
}

/// The database of `DATABASE_URL`, or else the private one, started or adopted.
///
/// # Errors
/// When the one does not answer or the other does not start.
pub async fn open(settings: &Settings) -> anyhow::Result<Database> {
    match &settings.database_url {
        None => open_private(settings).await,
        Some(url) => {
            store::check(url)
                .await
                .context("DATABASE_URL: the database does not answer")?;
            Ok(Database {
                url: url.clone(),
                text: String::new(),
                private: None,
            })
        }
    }
}

/// The private database under `DATA_DIR`, started or adopted.
///
/// # Errors
/// When it does not start, or the folder cannot be used.
pub async fn open_private(settings: &Settings) -> anyhow::Result<Database> {
    let cluster = Cluster::open(Options {
        data_dir: settings.data_dir.clone(),
        pg_bin: settings.pg_bin.clone(),
        path: settings.path.clone(),
        node_modules: node_modules(),
        durable: true,
    })
    .await?;
    let text = cluster.url().to_owned();
    let url = DatabaseUrl::parse(&text)
        .map_err(|problem| anyhow::anyhow!("the private database's URL {problem}"))?;
    Ok(Database {
        url,
        text,
        private: Some(Arc::new(cluster)),
    })
}

/// Where the build of `static/` has put npm's packages, PostgreSQL's programs among them.
#[must_use]
pub fn node_modules() -> Vec<std::path::PathBuf> {
    vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/node_modules")]
}
