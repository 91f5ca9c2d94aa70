//! `GET /healthz` and `GET /readyz`: liveness and readiness.

use axum::extract::State;
use shared::{
    http::Error,
    store::{Db, StoreError, migrations},
};

/// 200 while the process responds; depends on nothing else.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// 200 when the database responds and has all migrations of this binary, else 503.
pub(crate) async fn readyz(State(db): State<Db>) -> Result<&'static str, Error> {
    if migrations::is_current(&db).await? {
        Ok("ready\n")
    } else {
        Err(StoreError::Unavailable("a migration is missing".into()).into())
    }
}
