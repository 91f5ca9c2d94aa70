//! The operator's pages: list, hide and restore events. They respond with 404 unless `ADMIN_TOKEN` is set.

mod hide;
mod latest;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{app::App, http::Error, query::QueryParams, routes::paths};

/// Returns the routes of the operator's pages.
pub fn router() -> Router<App> {
    Router::new()
        .route(paths::ADMIN, get(latest::latest))
        .route(paths::ADMIN_HIDE, post(hide::hide))
        .route(paths::ADMIN_RESTORE, post(hide::restore))
}

/// Parses the integer in the query parameter `name`; `None` if the parameter has no value.
fn integer(query: &QueryParams, name: &'static str) -> Result<Option<i64>, Error> {
    let error = |_| Error::BadParameter {
        name,
        allowed: "number",
    };
    let text = query.get(&[name]);
    text.map(|text| text.trim().parse().map_err(error))
        .transpose()
}
