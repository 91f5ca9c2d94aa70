//! The database goes away and comes back.

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
async fn without_its_database_the_board_is_honest_and_recovers_by_itself() {
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
            "no cause is told: {response}"
        );
    }
    let refused = site
        .post("/api/events/", &Value::Object(event("Lost?").0))
        .await;
    assert_eq!(refused.status, 503);
    for path in ["/healthz", "/metrics", "/events/new"] {
        assert_eq!(site.get(path).await.status, 200, "{path}");
    }

    site.database.allow_connections(true).await;

    assert_eq!(site.get("/readyz").await.status, 200);
    assert_eq!(site.titles("").await, ["Still here"]);
}

#[tokio::test]
async fn a_database_that_hangs_is_given_up_within_three_seconds() {
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
async fn a_statement_that_is_given_up_takes_its_connection_with_it() {
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
    let soon = Duration::from_secs(10);
    let (given_up, hung) = tokio::join!(site.get(&path), timeout(soon, hung));
    assert_eq!(given_up.status, 503);
    let hung = hung.unwrap();
    locker.batch_execute("rollback").await.unwrap();

    // What was sent to end that statement would end whichever comes next on its connection.
    let open = "select from pg_stat_activity where pid = $1";
    let gone = async {
        while !locker.query(open, &[&hung]).await.unwrap().is_empty() {
            assert_eq!(site.get(&path).await.status, 200);
        }
    };
    timeout(soon, gone).await.unwrap();
}

#[tokio::test]
async fn whoever_reads_slowly_holds_no_connection() {
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
        unreachable!("a function answers whole parts")
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
async fn a_database_without_migrations_is_not_ready() {
    let site = Site::with_database(Database::empty().await, NOW, &[]);
    assert_eq!(site.get("/readyz").await.status, 503);
    assert_eq!(site.get("/").await.status, 503);
    assert_eq!(site.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn everything_works_behind_a_pooler_that_knows_no_prepared_statements() {
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
    assert_eq!(named, 1, "only this very question");
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
async fn whatever_happens_on_the_way_to_the_database_is_told_in_time_and_soon_forgotten() {
    let database = Database::migrated().await;
    let wire = DatabaseProxy::to(&database).await;
    let site = Site::with_database(database.through(&wire), NOW, &[]);
    site.given(event("Far away")).await;
    for mood in [
        ProxyMode::Hang,
        ProxyMode::Refuse,
        ProxyMode::Reset,
        ProxyMode::Hang,
    ] {
        // Many connections, which wait to be used again.
        let asked = futures_util::future::join_all((0..16).map(|_| site.get("/"))).await;
        assert!(asked.iter().all(|page| page.status == 200), "{mood:?}");

        wire.set_mode(mood);
        let started = Instant::now();
        let asked = ["/", "/api/events/", "/api/events/?q=far", "/readyz"];
        let asked = futures_util::future::join_all(asked.map(|path| site.get(path))).await;
        assert!(
            asked.iter().all(|response| response.status == 503),
            "{mood:?}"
        );
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{mood:?}: {:?}",
            started.elapsed()
        );

        wire.set_mode(ProxyMode::Forward);
        let started = Instant::now();
        while site.get("/").await.status != 200 {
            assert!(started.elapsed() < Duration::from_secs(5), "{mood:?}");
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{mood:?}");
        assert_eq!(site.titles("").await, ["Far away"]);
    }
}
