//! Applies the database migrations embedded in the binary, and checks whether they have been applied.

use std::collections::HashSet;

use anyhow::Context;
use chrono_tz::Tz;

use super::{error::StoreError, pool::Db, tls};
use crate::config::DatabaseUrl;

mod embedded {
    refinery::embed_migrations!("../sql/migrations");
}

/// Id of the PostgreSQL advisory lock that lets one process migrate while others wait.
const LOCK: i64 = 0x656e_636f_6e74_726f;

/// Applies the missing migrations in one transaction, and returns their names. Several processes may do so
/// concurrently.
///
/// `default_timezone` is the time zone of the dates in a database of the old system.
///
/// # Errors
/// When the database cannot be reached or a migration fails; then the database is unchanged.
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
    // A database with newer migrations is allowed: during a rollout and after a rollback an old binary runs on it.
    let runner = embedded::migrations::runner()
        .set_grouped(true)
        .set_abort_missing(false);
    let report = runner.run_async(&mut client).await?;
    // Closing the connection releases the lock.
    drop(client);
    connection.await.context("the connection task failed")??;
    Ok(report
        .applied_migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect())
}

/// Whether every migration embedded in the binary has been applied.
///
/// # Errors
/// When the database is unavailable.
pub async fn is_current(db: &Db) -> Result<bool, StoreError> {
    let applied: HashSet<i32> = applied_migrations(db).await?.into_iter().collect();
    Ok(embedded::migrations::runner()
        .get_migrations()
        .iter()
        .all(|migration| applied.contains(&migration.version())))
}

/// Returns the versions of the applied migrations; [`StoreError::Unavailable`] when no migration has been applied.
async fn applied_migrations(db: &Db) -> Result<Vec<i32>, StoreError> {
    db.query(
        include_str!("../../../sql/queries/applied_migrations.sql"),
        &[],
    )
    .await
}
