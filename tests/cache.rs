//! Tests of the response cache: cached responses equal freshly rendered ones, and a change is visible immediately on
//! the replica that made it and within a second on the others.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use axum::Router;
use http::{HeaderValue, Method, header};
use local_server::Invalidation;
use serde_json::json;
use shared::{app::App, clock::Clock, config::Settings, telemetry::Metrics};
use tokio::{task::JoinHandle, time::sleep};
use tokio_postgres::NoTls;
use tower::service_fn;

use crate::{
    client::{Client, request},
    database::Database,
    log,
    response::Response,
    site::{NOW, Published, event, moment},
};

/// The maximum delay until another replica shows a change.
pub(crate) const NOTIFIED_WITHIN: Duration = Duration::from_secs(1);
/// The maximum delay until another replica shows a change whose notification is lost: the TTL of 5 s and a margin.
const EXPIRED_WITHIN: Duration = Duration::from_millis(5_500);
/// The `application_name` of the database connection on which a replica receives notifications (LISTEN).
const LISTEN_APPLICATION: &str = "encontros-tech-invalidation";

/// One of several servers that share a database.
pub(crate) struct Replica {
    pub(crate) client: Client,
    app: App,
    invalidation: Invalidation,
    listening: JoinHandle<()>,
}

impl Replica {
    async fn start(database: &Database) -> Self {
        Self::with_settings(&[("DATABASE_URL", database.url_text().as_str())]).await
    }

    /// Starts a replica with `settings`, and waits until it receives notifications.
    pub(crate) async fn with_settings(settings: &[(&str, &str)]) -> Self {
        log::capture();
        let settings = Settings::from_pairs(settings).unwrap();
        let app = App {
            clock: Clock::stopped(moment(NOW)),
            ..App::new(settings, Metrics::of_this_process().unwrap()).unwrap()
        };
        let invalidation = Invalidation::new(&app.settings);
        let cached = local_server::Server::new(&app, &invalidation);
        let service = service_fn(move |request| {
            let cached = cached.clone();
            async move { Ok::<_, Infallible>(cached.respond(None, request).await) }
        });
        let client = Client::Router(Router::new().fallback_service(service));
        let listening = {
            let (app, invalidation) = (app.clone(), invalidation.clone());
            tokio::spawn(async move { invalidation.run(&app).await })
        };
        while !invalidation.is_listening() {
            sleep(Duration::from_millis(5)).await;
        }
        Self {
            client,
            app,
            invalidation,
            listening,
        }
    }

    async fn title(&self, id: i64) -> String {
        let response = self.client.get(&format!("/api/events/{id}")).await;
        assert_eq!(response.status, 200, "{response}");
        response.json()["title"].as_str().unwrap().to_owned()
    }

    /// Returns whether the front page, the API's list and the event's page and JSON show `title`.
    pub(crate) async fn shows(&self, event: &Published, title: &str) -> bool {
        let page = self.client.get(&format!("/events/{}", event.id)).await;
        self.title(event.id).await == title
            && self.client.titles("").await.contains(&title.to_owned())
            && self
                .client
                .get("/")
                .await
                .cards()
                .contains(&title.to_owned())
            && page.select("h1").contains(&title.to_owned())
    }

    pub(crate) async fn rename(&self, event: &Published, title: &str) {
        let change = json!({"title": title});
        let (client, path) = (&self.client, event.api_path());
        let response = client.json(Method::PATCH, &path, &change).await;
        assert_eq!(response.status, 200, "{response}");
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Terminates the only connection of `application` to the database, and refuses new connections to the database.
async fn disconnect(database: &Database, application: &str) {
    let name = database.url.connection.get_dbname().unwrap();
    let mut admin_config = database.url.connection.clone();
    let (admin, connection) = admin_config
        .dbname("postgres")
        .connect(NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let close = format!("alter database {name} allow_connections false");
    admin.batch_execute(&close).await.unwrap();
    let terminate = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = $2";
    let ended = admin
        .query(terminate, &[&name, &application])
        .await
        .unwrap();
    assert_eq!(ended.len(), 1, "{application}");
}

/// Waits until `condition` holds, and returns how long that took.
pub(crate) async fn until(mut condition: impl AsyncFnMut() -> bool) -> Duration {
    let begin = Instant::now();
    while !condition().await {
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "the condition never held"
        );
        sleep(Duration::from_millis(10)).await;
    }
    begin.elapsed()
}

#[tokio::test]
async fn a_change_is_visible_immediately_on_its_replica_and_soon_on_others() {
    let database = Database::migrated().await;
    let (one, other) = (
        Replica::start(&database).await,
        Replica::start(&database).await,
    );
    let meetup = one.client.given(event("Meetup 0")).await;
    until(async || other.shows(&meetup, "Meetup 0").await).await;
    for round in 1..=10 {
        // Both replicas have cached the previous title.
        let before = format!("Meetup {}", round - 1);
        assert!(one.shows(&meetup, &before).await && other.shows(&meetup, &before).await);
        let title = format!("Meetup {round}");
        one.rename(&meetup, &title).await;
        assert!(one.shows(&meetup, &title).await, "{title}");
        let took = until(async || other.shows(&meetup, &title).await).await;
        assert!(took < NOTIFIED_WITHIN, "{took:?}");
    }
    let deleted = one.client.send(request(Method::DELETE, &meetup.api_path()));
    assert_eq!(deleted.await.status, 204);
    let gone = async |replica: &Replica| {
        let page = replica.client.get(&format!("/events/{}", meetup.id)).await;
        page.status == 404 && replica.client.titles("").await.is_empty()
    };
    assert!(gone(&one).await);
    let took = until(async || gone(&other).await).await;
    assert!(took < NOTIFIED_WITHIN, "{took:?}");
}

#[tokio::test]
async fn a_server_without_a_page_cache_notifies_the_others() {
    let database = Database::migrated().await;
    let url = database.url_text();
    let settings = [("DATABASE_URL", url.as_str()), ("PAGE_CACHE_MB", "0")];
    let uncached = Replica::with_settings(&settings).await;
    let other = Replica::start(&database).await;
    let meetup = uncached.client.given(event("Before")).await;
    until(async || other.shows(&meetup, "Before").await).await;
    uncached.rename(&meetup, "After").await;
    let took = until(async || other.shows(&meetup, "After").await).await;
    assert!(took < NOTIFIED_WITHIN, "{took:?}");
}

/// Covers a server that dies between its commit and its NOTIFY.
#[tokio::test]
async fn a_change_without_notification_is_visible_after_the_ttl() {
    let database = Database::migrated().await;
    let replica = Replica::start(&database).await;
    let meetup = replica.client.given(event("Before")).await;
    // The notification of the publication itself arrives first.
    sleep(Duration::from_millis(200)).await;
    assert_eq!(replica.title(meetup.id).await, "Before");
    let client = database.connect().await;
    let renamed = client
        .execute("update events set title = 'After'", &[])
        .await;
    assert_eq!(renamed.unwrap(), 1);
    assert_eq!(
        replica.title(meetup.id).await,
        "Before",
        "the response was not cached"
    );
    let took = until(async || replica.title(meetup.id).await == "After").await;
    assert!(took < EXPIRED_WITHIN, "{took:?}");
}

#[tokio::test]
async fn a_server_without_a_listen_connection_caches_nothing() {
    let database = Database::migrated().await;
    let replica = Replica::start(&database).await;
    let meetup = replica.client.given(event("0")).await;
    assert_eq!(replica.title(meetup.id).await, "0");
    let client = database.connect().await;
    // The notification of the publication needs a new pool connection; later the pooled one is enough.
    sleep(Duration::from_millis(300)).await;
    disconnect(&database, LISTEN_APPLICATION).await;
    until(async || !replica.invalidation.is_listening()).await;
    let rename = async |title: &str| {
        let change = "update events set title = $1";
        client.execute(change, &[&title]).await.unwrap();
    };
    for round in 1..20 {
        let title = round.to_string();
        rename(&title).await;
        assert_eq!(replica.title(meetup.id).await, title);
    }
    database.allow_connections(true).await;
    until(async || replica.invalidation.is_listening()).await;
    assert_eq!(replica.title(meetup.id).await, "19");
    rename("20").await;
    assert_eq!(
        replica.title(meetup.id).await,
        "19",
        "the response is not cached again"
    );
}

/// Combines every property of a request that its response may depend on. Each request is sent twice; the second
/// response is cached.
#[tokio::test]
async fn a_cached_response_equals_a_freshly_rendered_one() {
    let database = Database::migrated().await;
    let url = database.url_text();
    let settings = [("DATABASE_URL", url.as_str()), ("TRUSTED_PROXY_HOPS", "1")];
    let replica = Replica::with_settings(&settings).await;
    let uncached = Client::Router(local_server::uncached_router(&replica.app));
    let mut paths = vec!["/".to_owned(), "/api/events/?limit=1".to_owned()];
    for number in 0..2 {
        let meetup = replica.client.given(event(&format!("Rust {number}"))).await;
        paths.push(format!("/events/{}", meetup.id));
        paths.push(format!("/api/events/{}", meetup.id));
    }
    for query in [
        "q=rust",
        "q=rust+2",
        "search=rust",
        "when=past",
        "lang=en",
        "lang=es&q=rust",
        "utm=1&q=rust",
        "limit=0",
    ] {
        paths.push(format!("/?{query}"));
        paths.push(format!("/api/events?{query}"));
    }
    let others = [
        "/today",
        "/technology/rust?q=rust",
        "/events.ics?technology=rust",
        "/events/1/event.ics",
        "/feed.atom",
        "/feed.json?lang=en",
        "/embed",
        "/oembed?url=http%3A%2F%2Fone.example%2Fevents%2F1",
        "/sitemap.xml",
        "/docs",
        "/site.webmanifest",
        "/static/nothing.css",
    ];
    paths.extend(others.map(str::to_owned));
    let mut requests = Vec::new();
    for path in &paths {
        for language in ["", "fr, es;q=0.5"] {
            for encoding in ["", "gzip", "br"] {
                for (name, value) in [
                    ("host", "other.example"),
                    ("x-forwarded-proto", "https"),
                    ("cookie", "edit_token=x"),
                ] {
                    let headers = [
                        ("accept-language", language),
                        ("accept-encoding", encoding),
                        (name, value),
                    ];
                    requests.push((path.as_str(), headers.to_vec()));
                }
            }
        }
    }
    for round in ["filling", "cached"] {
        for (path, headers) in &requests {
            let (cached, rendered) = (
                get(&replica.client, path, headers).await,
                get(&uncached, path, headers).await,
            );
            assert_same(&cached, &rendered, &format!("{round}: {path} {headers:?}"));
            if round == "cached"
                && let Some(tag) = rendered
                    .headers
                    .get(header::ETAG)
                    .map(|tag| tag.to_str().unwrap())
            {
                let conditional = [&headers[..], &[("if-none-match", tag)]].concat();
                let (cached, rendered) = (
                    get(&replica.client, path, &conditional).await,
                    get(&uncached, path, &conditional).await,
                );
                assert_eq!(cached.status, 304);
                assert_same(
                    &cached,
                    &rendered,
                    &format!("{round}: {path} {conditional:?}"),
                );
            }
        }
    }
}

async fn get(client: &Client, path: &str, headers: &[(&'static str, &str)]) -> Response {
    let mut request = request(Method::GET, path);
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().insert(*name, value);
    }
    client.send(request).await
}

#[track_caller]
fn assert_same(one: &Response, other: &Response, request: &str) {
    let parts = |response: &Response| {
        let mut headers = response.headers.clone();
        headers.remove("x-request-id");
        // A response that is compressed while it is sent has no Content-Length.
        headers.remove(header::CONTENT_LENGTH);
        (response.status, headers, response.bytes.clone())
    };
    assert!(
        parts(one) == parts(other),
        "{request}\n{} {:?}\n{} {:?}",
        one.status,
        one.headers,
        other.status,
        other.headers
    );
}
