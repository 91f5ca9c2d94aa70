//! How replicas of the board tell each other that events have changed: PostgreSQL's NOTIFY and LISTEN.

use std::{future::poll_fn, time::Duration};

use tokio::time::{interval, timeout};
use tokio_postgres::AsyncMessage;

use super::{
    StoreError,
    pool::{DEADLINE, Db},
    tls,
};
use crate::config::DatabaseUrl;

/// How often the connection on which changes are told is asked whether it still lives.
const ASKED_EVERY: Duration = Duration::from_secs(2);
/// What this connection calls itself among the others.
const LISTENER: &str = "encontros-tech-changes";

/// Tells every replica that events have changed.
///
/// # Errors
/// When the database cannot be told.
pub async fn announce_change(db: &Db) -> Result<(), StoreError> {
    let sql = include_str!("../../../sql/queries/announce_change.sql");
    db.execute(sql, &[]).await.map(drop)
}

/// Listens on a connection of its own: says `began` when every change from now on is told, and `changed` after each.
/// Returns when it can listen no more; what has changed since, nobody knows.
///
/// # Errors
/// Why it can listen no more.
pub async fn listen_for_changes(
    url: &DatabaseUrl,
    began: impl FnOnce(),
    changed: impl Fn(),
) -> anyhow::Result<()> {
    let mut own = url.connection.clone();
    own.application_name(LISTENER);
    let connect = own.connect(tls::connector(&url.trust)?);
    let (client, mut connection) = timeout(DEADLINE, connect).await??;
    let mut asked = interval(ASKED_EVERY);
    let listening = async {
        timeout(DEADLINE, client.batch_execute("listen events_changed")).await??;
        began();
        loop {
            asked.tick().await;
            timeout(DEADLINE, client.batch_execute("")).await??;
        }
    };
    let told = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(_) = message? {
                changed();
            }
        }
        anyhow::bail!("the connection was closed")
    };
    tokio::select! {
        ended = listening => ended,
        ended = told => ended,
    }
}
