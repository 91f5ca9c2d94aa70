//! The combined server: every function's router in one process, and what only a long-lived process can have.

pub mod cluster;
pub mod database;
pub mod healthcheck;
pub mod import;
pub mod purge;
pub mod seed;
pub mod serve;

use axum::Router;
use shared::{app::App, layers};

/// The whole board.
pub fn board(app: &App) -> Router {
    let routers = [
        list::router(),
        detail::router(),
        create::router(),
        edit::router(),
        metrics_function::router(),
        docs::router(),
        card::router(),
    ];
    layers::wrap(routers.into_iter().fold(Router::new(), Router::merge), app)
}
