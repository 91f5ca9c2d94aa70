//! Change notifications between the server processes that use one database, by PostgreSQL's NOTIFY and LISTEN.

use std::{future::poll_fn, time::Duration};

use tokio::time::{interval, timeout};
use tokio_postgres::AsyncMessage;

use super::{deadline::DEADLINE, error::StoreError, pool::Db, tls};
use crate::config::DatabaseUrl;

/// Interval between checks of the connection that listens for notifications, each by an empty statement.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);
/// PostgreSQL's `application_name` of the connection that listens for notifications.
const APPLICATION_NAME: &str = "encontros-tech-invalidation";

/// Notifies all server processes that events have changed, so that they drop their caches.
///
/// # Errors
/// When the database is unavailable.
pub async fn notify_change(db: &Db) -> Result<(), StoreError> {
    let sql = include_str!("../../../sql/queries/notify_change.sql");
    db.execute(sql, &[]).await.map(drop)
}

/// Listens for change notifications on a dedicated connection to `url`. Calls `on_listening` when it starts to listen,
/// and `on_change` after each later change. Returns when the connection is lost: later changes are missed, so the
/// caller must drop its cache.
///
/// # Errors
/// Always returns an error: the reason why the connection could not be opened or was lost.
pub async fn listen_for_changes(
    url: &DatabaseUrl,
    on_listening: impl FnOnce(),
    on_change: impl Fn(),
) -> anyhow::Result<()> {
    let mut config = url.connection.clone();
    config.application_name(APPLICATION_NAME);
    let connect = config.connect(tls::connector(&url.trust)?);
    let (client, mut connection) = timeout(DEADLINE, connect).await??;
    let mut check = interval(CHECK_INTERVAL);
    let listen = async {
        timeout(DEADLINE, client.batch_execute("listen events_changed")).await??;
        on_listening();
        loop {
            check.tick().await;
            timeout(DEADLINE, client.batch_execute("")).await??;
        }
    };
    let receive = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message? {
                on_change();
            }
        }
        anyhow::bail!("the connection was closed")
    };
    tokio::select! {
        result = listen => result,
        result = receive => result,
    }
}
