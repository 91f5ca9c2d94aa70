//! Tests of the page cache with handlers that count their calls.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use axum::routing::{get, post};
use chrono::DateTime;
use shared::{clock::Clock, config::Settings, telemetry::Metrics};
use tokio::{sync::Notify, task::yield_now};

use super::*;
use crate::Server;

/// A server with a page cache, whose handlers return the number of earlier calls.
struct Fixture {
    server: Server,
    invalidation: Invalidation,
    clock: Arc<AtomicI64>,
    calls: Arc<AtomicUsize>,
    /// Lets one waiting call of the slow handler finish.
    finish: Arc<Notify>,
}

impl Fixture {
    fn new() -> Self {
        // With unprepared statements nothing listens, and no handler queries a database.
        let settings = Settings::from_pairs(&[
            ("DATABASE_URL", "postgres://127.0.0.1:1/none"),
            ("DATABASE_STATEMENTS", "unprepared"),
        ])
        .unwrap();
        let clock = Arc::new(AtomicI64::new(0));
        let metrics = Metrics::of_this_process().unwrap();
        let app = App {
            clock: Clock::Stopped(clock.clone()),
            ..App::new(settings, metrics).unwrap()
        };
        let invalidation = Invalidation::new(&app.settings);
        let (calls, finish) = (Arc::<AtomicUsize>::default(), Arc::<Notify>::default());
        let router = router(&calls, &finish);
        Self {
            server: Server::with_routers(router, &app, &invalidation),
            invalidation,
            clock,
            calls,
            finish,
        }
    }

    async fn send(&self, method: Method, path: &str) -> String {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::empty()).unwrap();
        let response = self.server.respond(None, request).await;
        let body = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }

    async fn get(&self, path: &str) -> String {
        self.send(Method::GET, path).await
    }
}

/// Returns the routes of the test handlers, which set `Cache-Control` as in production.
fn router(calls: &Arc<AtomicUsize>, finish: &Arc<Notify>) -> Router {
    let page = |headers: &'static [(&'static str, &'static str)]| {
        let calls = calls.clone();
        get(async move || {
            let body = calls.fetch_add(1, Ordering::Relaxed).to_string();
            let mut response = body.into_response();
            for (name, value) in headers {
                let value = HeaderValue::from_static(value);
                response.headers_mut().insert(*name, value);
            }
            let soon = ExpiresAt(DateTime::from_timestamp(60, 0).unwrap());
            response.extensions_mut().insert(soon);
            response
        })
    };
    let slow = {
        let (calls, finish) = (calls.clone(), finish.clone());
        get(async move || {
            let body = calls.fetch_add(1, Ordering::Relaxed).to_string();
            finish.notified().await;
            ([("cache-control", "no-cache")], body)
        })
    };
    Router::new()
        .route("/", page(&[("cache-control", "no-cache")]))
        .route("/robots.txt", page(&[("cache-control", "no-cache")]))
        .route("/events/{id}", slow)
        .route("/api/events", page(&[("cache-control", "no-store")]))
        .route(
            "/api/events/",
            page(&[("cache-control", "no-cache"), ("set-cookie", "a=b")]),
        )
        .route("/events/", post(async || StatusCode::CREATED))
        .route(
            "/events/new",
            post(async || StatusCode::UNPROCESSABLE_ENTITY),
        )
}

#[tokio::test]
async fn a_response_is_rendered_once_until_an_event_changes() {
    let site = Fixture::new();
    assert_eq!(site.get("/").await, "0");
    assert_eq!(site.get("/?unknown=1").await, "0");
    assert_eq!(site.get("/?q=rust").await, "1");
    assert_eq!(site.send(Method::HEAD, "/").await, "");
    assert_eq!(site.send(Method::HEAD, "/?q=nest").await, "");
    assert_eq!(site.get("/?q=nest").await, "2");
    site.send(Method::POST, "/events/new").await;
    site.send(Method::OPTIONS, "/events/").await;
    assert_eq!(site.get("/").await, "0");
    site.send(Method::POST, "/events/").await;
    assert_ne!(site.get("/").await, "0");
}

#[tokio::test]
async fn a_change_of_an_event_does_not_invalidate_robots_txt() {
    let site = Fixture::new();
    assert_eq!(site.get("/robots.txt").await, "0");
    site.send(Method::POST, "/events/").await;
    assert_eq!(site.get("/robots.txt").await, "0");
}

#[tokio::test]
async fn private_responses_are_not_cached() {
    let site = Fixture::new();
    for path in ["/api/events", "/api/events/"] {
        assert_ne!(site.get(path).await, site.get(path).await, "{path}");
    }
}

#[tokio::test]
async fn a_response_is_cached_until_its_dates_expire() {
    let site = Fixture::new();
    assert_eq!(site.get("/").await, "0");
    site.clock.store(59_999_999, Ordering::Relaxed);
    assert_eq!(site.get("/").await, "0");
    site.clock.store(60_000_000, Ordering::Relaxed);
    assert_eq!(site.get("/").await, "1");
}

#[tokio::test]
async fn concurrent_requests_wait_for_one_handler() {
    let site = Fixture::new();
    let requests: Vec<_> = (0..10).map(|_| site.get("/events/1")).collect();
    let (pages, ()) = tokio::join!(futures_util::future::join_all(requests), async {
        yield_now().await;
        site.finish.notify_one();
    });
    assert_eq!(pages, vec!["0"; 10]);
}

#[tokio::test]
async fn a_request_whose_client_disconnects_does_not_block_the_next_one() {
    let site = Fixture::new();
    let left = tokio::time::timeout(Duration::from_millis(50), site.get("/events/1"));
    assert!(left.await.is_err());
    site.finish.notify_one();
    assert_eq!(site.get("/events/1").await, "1");
}

#[tokio::test]
async fn a_response_requested_before_a_change_is_not_cached_after_it() {
    let site = Fixture::new();
    let (before, ()) = tokio::join!(site.get("/events/1"), async {
        while site.calls.load(Ordering::Relaxed) == 0 {
            yield_now().await;
        }
        site.send(Method::POST, "/events/").await;
        site.finish.notify_one();
    });
    assert_eq!(before, "0");
    site.finish.notify_one();
    assert_eq!(site.get("/events/1").await, "1");
}

/// Requests that arrived before the response was requested use it even if it is invalid by then, instead of waiting for
/// one another.
#[tokio::test]
async fn waiting_requests_share_a_response_that_a_change_made_invalid() {
    let site = Fixture::new();
    let first = site.get("/events/1");
    let waiting: Vec<_> = (0..10).map(|_| site.get("/events/1")).collect();
    let (_, pages, ()) = tokio::join!(first, futures_util::future::join_all(waiting), async {
        while site.calls.load(Ordering::Relaxed) == 0 {
            yield_now().await;
        }
        site.send(Method::POST, "/events/").await;
        site.finish.notify_one();
        while site.calls.load(Ordering::Relaxed) == 1 {
            yield_now().await;
        }
        site.send(Method::POST, "/events/").await;
        site.finish.notify_one();
    });
    assert_eq!(pages.len(), 10);
    assert!(site.calls.load(Ordering::Relaxed) <= 2);
}

#[tokio::test]
async fn an_interrupted_write_invalidates_twice() {
    let site = Fixture::new();
    let count = site.invalidation.generation();
    drop(site.invalidation.write_guard());
    assert_eq!(site.invalidation.generation(), count + 1);
    tokio::time::sleep(shared::store::DEADLINE + Duration::from_millis(200)).await;
    assert_eq!(site.invalidation.generation(), count + 2);
}
