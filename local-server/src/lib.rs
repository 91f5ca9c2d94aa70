//! local-server: all functions of the site in one process, with a page cache, a private PostgreSQL and a command line.

pub mod cluster;
pub mod database;
pub mod healthcheck;
pub mod import;
mod invalidation;
mod page_cache;
pub mod purge;
pub mod seed;
pub mod serve;

use std::sync::Arc;

use axum::{Router, extract::Request, response::Response};
use shared::{
    app::App,
    http::{IncomingRequest, Peer, middleware},
};

pub use self::invalidation::Invalidation;
use self::page_cache::PageCache;

/// The site's request handler: all functions behind the middleware, with the page cache. Cheap to clone.
#[derive(Clone)]
pub struct Server(Arc<Parts>);

struct Parts {
    app: App,
    page_cache: Option<PageCache>,
    invalidation: Invalidation,
    routers: Router,
}

impl Server {
    /// Creates the server for the application state `app`. Its page cache is invalidated by `invalidation`.
    #[must_use]
    pub fn new(app: &App, invalidation: &Invalidation) -> Self {
        Self::with_routers(
            middleware::with_response_layers(routers(), app),
            app,
            invalidation,
        )
    }

    fn with_routers(routers: Router, app: &App, invalidation: &Invalidation) -> Self {
        Self(Arc::new(Parts {
            app: app.clone(),
            page_cache: PageCache::new(app, invalidation),
            invalidation: invalidation.clone(),
            routers,
        }))
    }

    /// Responds to a request from `peer`. A write invalidates cached responses, in this process and on other replicas.
    pub async fn respond(&self, peer: Option<Peer>, request: Request) -> Response {
        let Parts {
            app,
            page_cache,
            invalidation,
            routers,
        } = &*self.0;
        let respond = async |incoming: IncomingRequest| {
            if !incoming.request().method().is_safe() {
                let guard = invalidation.write_guard();
                let response = page_cache::call(routers, incoming.into_request()).await;
                guard.finish(response.status());
                return response;
            }
            match page_cache {
                Some(page_cache) => page_cache.respond(incoming, routers).await,
                None => page_cache::call(routers, incoming.into_request()).await,
            }
        };
        middleware::serve_request(app, peer, request, respond).await
    }
}

/// Returns all functions behind the middleware, without the page cache.
pub fn uncached_router(app: &App) -> Router {
    middleware::with_middleware(routers(), app)
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
