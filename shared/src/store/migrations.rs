//! The migrations this binary carries: who may run them, and whether the database has had them.

use std::collections::HashSet;

use anyhow::Context;
use chrono_tz::Tz;

use super::{Db, StoreError, applied_migrations, tls};
use crate::config::DatabaseUrl;

mod embedded {
    refinery::embed_migrations!("../sql/migrations");
}

/// Names the advisory lock that lets one migrate while the others wait.
const LOCK: i64 = 0x656e_636f_6e74_726f;

/// Applies what is missing, all or nothing, and answers the names of what was applied. Safe when several start at once.
///
/// `default_timezone` is the zone of the dates of an adopted database.
///
/// # Errors
/// When the database cannot be reached or a migration fails; then it is as it was.
pub async fn migrate(url: &DatabaseUrl, default_timezone: Tz) -> anyhow::Result<Vec<String>> {
    let (mut client, connection) = url
        .connection
        .connect(tls::connector(&url.trust)?)
        .await
        .context("cannot connect")?;
    let connection = tokio::spawn(connection);
    client
        .execute("select pg_advisory_lock($1)", &[&LOCK])
        .await?;
    client
        .execute(
            "select set_config('encontros.default_timezone', $1, false)",
            &[&default_timezone.name()],
        )
        .await?;
    // Newer migrations than ours are no matter: an old binary lives through a rollout and a rollback.
    let runner = embedded::migrations::runner()
        .set_grouped(true)
        .set_abort_missing(false);
    let report = runner.run_async(&mut client).await?;
    // The lock goes with the connection.
    drop(client);
    connection.await.context("the connection broke")??;
    Ok(report
        .applied_migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect())
}

/// Whether the database has had every migration this binary carries.
///
/// # Errors
/// When the database cannot answer.
pub async fn is_current(db: &Db) -> Result<bool, StoreError> {
    let applied: HashSet<i32> = applied_migrations(db).await?.into_iter().collect();
    Ok(embedded::migrations::runner()
        .get_migrations()
        .iter()
        .all(|carried| applied.contains(&carried.version())))
}
