//! Reads the site's secret, the same for all processes, with which values sent to clients are authenticated and edit
//! tokens encrypted.

use tokio_postgres::Row;

use super::{error::StoreError, pool::Db, row::FromRow};
use crate::crypto::Secret;

/// Returns the site's secret: the operator's `SECRET_KEY`, otherwise the one that the migrations created, read once per
/// process.
///
/// # Errors
/// When the database is unavailable.
pub async fn site_secret(db: &Db) -> Result<&Secret, StoreError> {
    let query = include_str!("../../../sql/queries/site_secret.sql");
    db.secret.get_or_try_init(|| db.query_one(query, &[])).await
}

impl FromRow for Secret {
    fn from_row(row: &Row) -> Result<Self, tokio_postgres::Error> {
        let secret: &[u8] = row.try_get("secret")?;
        Ok(Self::new(secret))
    }
}
