//! `GET /healthz` and `GET /readyz`: liveness and readiness checks.

use axum::extract::State;
use shared::{
    http::Error,
    store::{Db, StoreError, migrations},
};

/// Responds with 200 as long as the process runs, even without a database.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Responds with 200 if the database responds and has all migrations of this binary, else with 503.
pub(crate) async fn readyz(State(db): State<Db>) -> Result<&'static str, Error> {
    if migrations::is_current(&db).await? {
        Ok("ready\n")
    } else {
        Err(StoreError::Unavailable("a migration is missing".into()).into())
    }
}
