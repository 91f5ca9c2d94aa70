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

use axum::{Router, extract::Request, response::Response};
use shared::{
    app::App,
    http::middleware::{self, Peer},
};

use self::cache::PageCache;
pub use self::changes::Changes;

/// The whole board, with what is the same for everybody answered from memory. Cheap to clone.
#[derive(Clone)]
pub struct Server(Arc<Parts>);

struct Parts {
    app: App,
    pages: Option<PageCache>,
    routers: Router,
}

impl Server {
    /// The board of this state, which keeps its pages until one of these changes.
    #[must_use]
    pub fn new(app: &App, changes: &Changes) -> Self {
        Self::of(middleware::answer(routers(), app), app, changes)
    }

    fn of(routers: Router, app: &App, changes: &Changes) -> Self {
        Self(Arc::new(Parts {
            app: app.clone(),
            pages: PageCache::new(app, changes),
            routers,
        }))
    }

    /// Answers this request of whoever is at that address.
    pub async fn answer(&self, peer: Option<Peer>, request: Request) -> Response {
        let Parts {
            app,
            pages,
            routers,
        } = &*self.0;
        middleware::record_request(app, peer, request, async |asked| match pages {
            Some(pages) => pages.answer(asked, routers).await,
            None => cache::routed(routers, asked.into_request()).await,
        })
        .await
    }
}

/// The whole board with nothing kept.
pub fn board(app: &App) -> Router {
    middleware::wrap(routers(), app)
}

fn routers() -> Router<App> {
    [
        list::router(),
        detail::router(),
        create::router(),
        edit::router(),
        feeds::router(),
        site::router(),
        admin::router(),
        metrics_function::router(),
        docs::router(),
        card::router(),
    ]
    .into_iter()
    .fold(Router::new(), Router::merge)
}
