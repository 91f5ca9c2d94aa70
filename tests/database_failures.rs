//! Tests of failures of the database: outages, hanging statements, lost connections and missing migrations.

use std::time::{Duration, Instant};

use http::{Method, header};
use http_body_util::BodyExt;
use local_server::seed::seed;
use serde_json::Value;
use shared::clock::Clock;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::{
    client::{Client, request},
    database::Database,
    database_proxy::{DatabaseProxy, ProxyMode},
    site::{NOW, Site, Transport, event, moment},
};

#[tokio::test]
async fn without_a_database_the_site_returns_503_and_recovers_automatically() {
    let site = Site::new().await;
    let published = site.given(event("Still here")).await;
    let api = format!("/api/events/{}", published.id);

    site.database.allow_connections(false).await;

    for (path, media_type) in [
        (api.as_str(), "application/problem+json"),
        ("/api/events/", "application/problem+json"),
        ("/api/events/export", "application/problem+json"),
        ("/api/events/?q=x", "application/problem+json"),
        (published.api_path().as_str(), "application/problem+json"),
        ("/", "text/html; charset=utf-8"),
        ("/readyz", "text/html; charset=utf-8"),
    ] {
        let started = Instant::now();
        let response = site.get(path).await;
        assert_eq!(response.status, 503, "{path}");
        assert_eq!(response.header(header::CONTENT_TYPE), media_type, "{path}");
        assert_eq!(response.header(header::RETRY_AFTER), "5");
        assert!(started.elapsed() < Duration::from_secs(3), "{path}");
        assert!(
            !response.text().contains("connect"),
            "the cause must not be visible: {response}"
        );
    }
    let rejected = site
        .post("/api/events/", &Value::Object(event("Lost?").0))
        .await;
    assert_eq!(rejected.status, 503);
    for path in ["/healthz", "/metrics", "/events/new"] {
        assert_eq!(site.get(path).await.status, 200, "{path}");
    }

    site.database.allow_connections(true).await;

    assert_eq!(site.get("/readyz").await.status, 200);
    assert_eq!(site.titles("").await, ["Still here"]);
}

#[tokio::test]
async fn a_hanging_statement_times_out_within_three_seconds() {
    let site = Site::new().await;
    site.given(event("Locked")).await;
    let locker = site.database.connect().await;
    locker
        .batch_execute("begin; lock table events in access exclusive mode")
        .await
        .unwrap();

    let started = Instant::now();
    let (page, api) = tokio::join!(site.get("/"), site.get("/api/events/"));

    assert_eq!((page.status.as_u16(), api.status.as_u16()), (503, 503));
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{:?}",
        started.elapsed()
    );
    locker.batch_execute("rollback").await.unwrap();
    assert_eq!(site.titles("").await, ["Locked"]);
}

#[tokio::test]
async fn the_connection_of_a_timed_out_statement_is_closed() {
    let site = Site::new().await;
    let event = site.given(event("Locked")).await;
    let path = format!("/api/events/{}", event.id);
    let locker = site.database.connect().await;
    locker
        .batch_execute("begin; lock table events in access exclusive mode")
        .await
        .unwrap();
    let hung = async {
        let waiting = "select pid from pg_locks join pg_database on pg_database.oid = database \
                       where not granted and datname = current_database()";
        loop {
            if let Some(row) = locker.query_opt(waiting, &[]).await.unwrap() {
                break row.get::<_, i32>(0);
            }
        }
    };
    let time_limit = Duration::from_secs(10);
    let (timed_out, hung) = tokio::join!(site.get(&path), timeout(time_limit, hung));
    assert_eq!(timed_out.status, 503);
    let hung = hung.unwrap();
    locker.batch_execute("rollback").await.unwrap();

    // The connection must not be reused: a late cancel request would cancel its next statement.
    let open = "select from pg_stat_activity where pid = $1";
    let closed = async {
        while !locker.query(open, &[&hung]).await.unwrap().is_empty() {
            assert_eq!(site.get(&path).await.status, 200);
        }
    };
    timeout(time_limit, closed).await.unwrap();
}

#[tokio::test]
async fn a_slow_reader_of_the_export_holds_no_database_connection() {
    let database = Database::migrated().await;
    seed(&database.url, 1_200, moment(NOW)).await.unwrap();
    let settings = [("DATABASE_POOL_SIZE", "1")];
    let site = Site::with_transport(
        Transport::Router,
        database,
        Clock::stopped(moment(NOW)),
        &settings,
    );
    let Client::Router(router) = &*site else {
        unreachable!("only the router streams its responses")
    };
    let mut slow = Vec::new();
    for _ in 0..3 {
        let export = request(Method::GET, "/api/events/export");
        let response = router.clone().oneshot(export).await.unwrap();
        let mut body = response.into_body();
        let first = body.frame().await.unwrap().unwrap();
        assert!(first.into_data().unwrap().ends_with(b"}\n"));
        slow.push(body);
    }

    assert_eq!(site.get("/api/events/1").await.status, 200);

    for body in slow {
        let rest = body.collect().await.unwrap().to_bytes();
        assert_eq!(rest.iter().filter(|byte| **byte == b'\n').count(), 700);
    }
}

#[tokio::test]
async fn the_site_is_not_ready_before_the_migrations() {
    let site = Site::with_database(Database::empty().await, NOW, &[]);
    assert_eq!(site.get("/readyz").await.status, 503);
    assert_eq!(site.get("/").await.status, 503);
    assert_eq!(site.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn the_site_works_without_prepared_statements() {
    let site = Site::with_settings(NOW, &[("DATABASE_STATEMENTS", "unprepared")]).await;
    let published = site.given(event("Pooled").technologies(&["Rust"])).await;
    assert_eq!(site.titles("q=pooled&technology=rust").await, ["Pooled"]);
    let path = published.api_path();
    let patched = site
        .json(
            http::Method::PATCH,
            &path,
            &serde_json::json!({"title": "Patched"}),
        )
        .await;
    assert_eq!(patched.json()["title"], "Patched");
    assert_eq!(
        site.send(crate::client::request(http::Method::DELETE, &path))
            .await
            .status,
        204
    );
    assert_eq!(site.get("/readyz").await.status, 200);
    let prepared = site.database.connect().await;
    let named: i64 = prepared
        .query_one("select count(*) from pg_prepared_statements", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(named, 1, "only the statement of this query");
}

#[tokio::test]
async fn many_slow_statements_share_one_deadline() {
    let site = Site::new().await;
    let slow = "create or replace function name_key(typed text) returns text language plpgsql immutable strict \
                as $$ begin perform pg_sleep(1); return typed; end $$";
    site.database
        .connect()
        .await
        .batch_execute(slow)
        .await
        .unwrap();
    let started = Instant::now();
    assert_eq!(site.get("/?city=recife").await.status, 503);
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn network_failures_cause_503_in_time_and_the_site_recovers() {
    let database = Database::migrated().await;
    let proxy = DatabaseProxy::to(&database).await;
    let site = Site::with_database(database.through(&proxy), NOW, &[]);
    site.given(event("Remote")).await;
    for mode in [
        ProxyMode::Hang,
        ProxyMode::Refuse,
        ProxyMode::Reset,
        ProxyMode::Hang,
    ] {
        // Fills the pool with idle connections.
        let pages = futures_util::future::join_all((0..16).map(|_| site.get("/"))).await;
        assert!(pages.iter().all(|page| page.status == 200), "{mode:?}");

        proxy.set_mode(mode);
        let started = Instant::now();
        let paths = ["/", "/api/events/", "/api/events/?q=remote", "/readyz"];
        let responses = futures_util::future::join_all(paths.map(|path| site.get(path))).await;
        assert!(
            responses.iter().all(|response| response.status == 503),
            "{mode:?}"
        );
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{mode:?}: {:?}",
            started.elapsed()
        );

        proxy.set_mode(ProxyMode::Forward);
        let started = Instant::now();
        while site.get("/").await.status != 200 {
            assert!(started.elapsed() < Duration::from_secs(5), "{mode:?}");
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{mode:?}");
        assert_eq!(site.titles("").await, ["Remote"]);
    }
}
