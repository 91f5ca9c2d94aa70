//! Kept pages: what is answered from memory is what would be answered anew, on the server that an event was changed on at
//! once, on every other soon.

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

/// How soon another server tells a change.
pub(crate) const SOON: Duration = Duration::from_secs(1);
/// How soon where nobody told it.
const AT_LAST: Duration = Duration::from_millis(5_500);
/// What the connection calls itself on which a server is told of invalidation.
const LISTENER: &str = "encontros-tech-invalidation";

/// One of several servers on one database.
pub(crate) struct Replica {
    pub(crate) board: Client,
    app: App,
    invalidation: Invalidation,
    listening: JoinHandle<()>,
}

impl Replica {
    async fn on(database: &Database) -> Self {
        Self::with(&[("DATABASE_URL", database.url_text().as_str())]).await
    }

    /// A server with these settings.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        log::capture();
        let settings = Settings::from_pairs(settings).unwrap();
        let app = App {
            clock: Clock::stopped(moment(NOW)),
            ..App::new(settings, Metrics::of_this_process().unwrap()).unwrap()
        };
        let invalidation = Invalidation::new(&app.settings);
        let cached = local_server::Server::new(&app, &invalidation);
        let answered = service_fn(move |request| {
            let cached = cached.clone();
            async move { Ok::<_, Infallible>(cached.respond(None, request).await) }
        });
        let board = Client::Router(Router::new().fallback_service(answered));
        let listening = {
            let (app, invalidation) = (app.clone(), invalidation.clone());
            tokio::spawn(async move { invalidation.run(&app).await })
        };
        while !invalidation.is_listening() {
            sleep(Duration::from_millis(5)).await;
        }
        Self {
            board,
            app,
            invalidation,
            listening,
        }
    }

    async fn title(&self, id: i64) -> String {
        let response = self.board.get(&format!("/api/events/{id}")).await;
        assert_eq!(response.status, 200, "{response}");
        response.json()["title"].as_str().unwrap().to_owned()
    }

    /// Whether the front page, the list and the event itself tell this title.
    pub(crate) async fn tells(&self, event: &Published, title: &str) -> bool {
        let page = self.board.get(&format!("/events/{}", event.id)).await;
        self.title(event.id).await == title
            && self.board.titles("").await.contains(&title.to_owned())
            && self
                .board
                .get("/")
                .await
                .cards()
                .contains(&title.to_owned())
            && page.select("h1").contains(&title.to_owned())
    }

    pub(crate) async fn rename(&self, event: &Published, title: &str) {
        let change = json!({"title": title});
        let (board, path) = (&self.board, event.api_path());
        let response = board.json(Method::PATCH, &path, &change).await;
        assert_eq!(response.status, 200, "{response}");
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Ends the connection of this application and lets no new one in.
async fn cut_off(database: &Database, application: &str) {
    let name = database.url.connection.get_dbname().unwrap();
    let mut elsewhere = database.url.connection.clone();
    let (admin, connection) = elsewhere.dbname("postgres").connect(NoTls).await.unwrap();
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

/// Says how long it took until it was so.
pub(crate) async fn until(mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let begin = Instant::now();
    while !is_so().await {
        assert!(begin.elapsed() < Duration::from_secs(20), "never");
        sleep(Duration::from_millis(10)).await;
    }
    begin.elapsed()
}

#[tokio::test]
async fn a_change_is_told_at_once_where_it_was_made_and_soon_elsewhere() {
    let database = Database::migrated().await;
    let (one, other) = (Replica::on(&database).await, Replica::on(&database).await);
    let meetup = one.board.given(event("Meetup 0")).await;
    until(async || other.tells(&meetup, "Meetup 0").await).await;
    for round in 1..=10 {
        // Both know the title before.
        let before = format!("Meetup {}", round - 1);
        assert!(one.tells(&meetup, &before).await && other.tells(&meetup, &before).await);
        let title = format!("Meetup {round}");
        one.rename(&meetup, &title).await;
        assert!(one.tells(&meetup, &title).await, "{title}");
        let took = until(async || other.tells(&meetup, &title).await).await;
        assert!(took < SOON, "{took:?}");
    }
    let deleted = one.board.send(request(Method::DELETE, &meetup.api_path()));
    assert_eq!(deleted.await.status, 204);
    let gone = async |replica: &Replica| {
        let page = replica.board.get(&format!("/events/{}", meetup.id)).await;
        page.status == 404 && replica.board.titles("").await.is_empty()
    };
    assert!(gone(&one).await);
    let took = until(async || gone(&other).await).await;
    assert!(took < SOON, "{took:?}");
}

/// A server that dies between its commit and its notice.
#[tokio::test]
async fn a_change_that_nobody_tells_is_seen_at_last() {
    let database = Database::migrated().await;
    let replica = Replica::on(&database).await;
    let meetup = replica.board.given(event("Before")).await;
    // The notice of the publication itself comes first.
    sleep(Duration::from_millis(200)).await;
    assert_eq!(replica.title(meetup.id).await, "Before");
    let client = database.connect().await;
    let renamed = client
        .execute("update events set title = 'After'", &[])
        .await;
    assert_eq!(renamed.unwrap(), 1);
    assert_eq!(replica.title(meetup.id).await, "Before", "nothing was kept");
    let took = until(async || replica.title(meetup.id).await == "After").await;
    assert!(took < AT_LAST, "{took:?}");
}

#[tokio::test]
async fn a_server_that_is_not_told_of_changes_keeps_nothing() {
    let database = Database::migrated().await;
    let replica = Replica::on(&database).await;
    let meetup = replica.board.given(event("0")).await;
    assert_eq!(replica.title(meetup.id).await, "0");
    let client = database.connect().await;
    // The notice of the publication takes a connection; later the one that is there is enough.
    sleep(Duration::from_millis(300)).await;
    cut_off(&database, LISTENER).await;
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
        "nothing is kept any more"
    );
}

/// Whatever an answer may depend on, alone and together; all asked for twice, so that the second comes from memory.
#[tokio::test]
async fn a_kept_answer_is_the_one_that_would_be_made() {
    let database = Database::migrated().await;
    let url = database.url_text();
    let settings = [("DATABASE_URL", url.as_str()), ("TRUSTED_PROXY_HOPS", "1")];
    let replica = Replica::with(&settings).await;
    let anew = Client::Router(local_server::uncached_router(&replica.app));
    let mut paths = vec!["/".to_owned(), "/api/events/?limit=1".to_owned()];
    for number in 0..2 {
        let meetup = replica.board.given(event(&format!("Rust {number}"))).await;
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
            for coding in ["", "gzip", "br"] {
                for (name, value) in [
                    ("host", "other.example"),
                    ("x-forwarded-proto", "https"),
                    ("cookie", "edit_token=x"),
                ] {
                    let given = [
                        ("accept-language", language),
                        ("accept-encoding", coding),
                        (name, value),
                    ];
                    requests.push((path.as_str(), given.to_vec()));
                }
            }
        }
    }
    for round in ["filled", "kept"] {
        for (path, given) in &requests {
            let (kept, made) = (
                ask(&replica.board, path, given).await,
                ask(&anew, path, given).await,
            );
            assert_same(&kept, &made, &format!("{round}: {path} {given:?}"));
            if round == "kept"
                && let Some(tag) = made
                    .headers
                    .get(header::ETAG)
                    .map(|tag| tag.to_str().unwrap())
            {
                let known = [&given[..], &[("if-none-match", tag)]].concat();
                let (kept, made) = (
                    ask(&replica.board, path, &known).await,
                    ask(&anew, path, &known).await,
                );
                assert_eq!(kept.status, 304);
                assert_same(&kept, &made, &format!("{round}: {path} {known:?}"));
            }
        }
    }
}

async fn ask(board: &Client, path: &str, given: &[(&'static str, &str)]) -> Response {
    let mut request = request(Method::GET, path);
    for (name, value) in given.iter().filter(|(_, value)| !value.is_empty()) {
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().insert(*name, value);
    }
    board.send(request).await
}

#[track_caller]
fn assert_same(one: &Response, other: &Response, request: &str) {
    let told = |response: &Response| {
        let mut headers = response.headers.clone();
        headers.remove("x-request-id");
        // Of what is compressed on its way nobody knows it before.
        headers.remove(header::CONTENT_LENGTH);
        (response.status, headers, response.bytes.clone())
    };
    assert!(
        told(one) == told(other),
        "{request}\n{} {:?}\n{} {:?}",
        one.status,
        one.headers,
        other.status,
        other.headers
    );
}
