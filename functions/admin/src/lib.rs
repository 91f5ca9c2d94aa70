//! The operator's pages: the latest events, and hiding and restoring them. Without `ADMIN_TOKEN` these paths are 404.

mod hide;
mod latest;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{app::App, http::Error, query::QueryParams, routes::paths};

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::ADMIN, get(latest::latest))
        .route(paths::ADMIN_HIDE, post(hide::hide))
        .route(paths::ADMIN_RESTORE, post(hide::restore))
}

/// The integer in this parameter, if it has a value.
fn integer(query: &QueryParams, name: &'static str) -> Result<Option<i64>, Error> {
    let error = |_| Error::BadParameter {
        name,
        allowed: "number",
    };
    let text = query.get(&[name]);
    text.map(|text| text.trim().parse().map_err(error))
        .transpose()
}
