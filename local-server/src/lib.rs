//! The combined server: every function's router in one process, and what only a long-lived process can have.

mod cache;
mod changes;
pub mod cluster;
pub mod database;
pub mod healthcheck;
pub mod import;
pub mod purge;
pub mod seed;
pub mod serve;

use std::sync::Arc;

use axum::{Router, middleware::from_fn_with_state};
use shared::{app::App, layers};

pub use self::{cache::PageCache, changes::Changes};

/// The whole board.
pub fn board(app: &App) -> Router {
    layers::wrap(routers(), app)
}

/// The whole board, with what is the same for everybody answered from memory.
pub fn cached_board(app: &App, changes: &Changes) -> Router {
    let board = layers::answer(routers(), app);
    let board = match PageCache::new(app, changes) {
        Some(cache) => board.layer(from_fn_with_state(Arc::new(cache), cache::answer)),
        None => board,
    };
    layers::watch(board, app)
}

fn routers() -> Router<App> {
    [
        list::router(),
        detail::router(),
        create::router(),
        edit::router(),
        metrics_function::router(),
        docs::router(),
        card::router(),
    ]
    .into_iter()
    .fold(Router::new(), Router::merge)
}
