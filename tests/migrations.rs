//! Tests of migrations: the adoption of the old Flask application's database, and concurrent and failing migrations.

use shared::store::migrations::migrate;

use crate::{
    database::{Database, default_timezone},
    site::{Site, event},
};

const OLD_TOKEN: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
const OTHER_TOKEN: &str = "b1b2c3d4-e5f6-4890-abcd-ef1234567891";

/// The SQL that creates a database of the old Flask application, invalid rows included.
const FLASK: &str = r"
create table events (
    id serial primary key, title varchar, description text, date timestamp, location varchar, edit_token varchar unique
);
create index ix_events_title on events (title);
create index ix_events_edit_token on events (edit_token);
insert into events (title, description, date, location, edit_token) values
    ('Python Meetup', E'Linha um\r\nLinha dois', '2027-10-15 19:00', 'São Paulo - SP', 'A1B2C3D4-E5F6-7890-abcd-ef1234567890'),
    (null, null, null, null, null),
    ('', '', '2027-01-01', '', 'b1b2c3d4-e5f6-4890-abcd-ef1234567891'),
    (repeat('x', 300), null, 'infinity', repeat('y', 3000), ''),
    ('Before Christ', null, '0044-03-15 BC', E'two\nlines', 'pair'),
    ('Twice', null, '2018-11-04 00:30', 'Online', 'PAIR'),
    ('Deleted', null, '2027-01-01', 'Online', 'gone');
delete from events where title = 'Deleted';
";

async fn adopted_site() -> Site {
    let database = Database::empty().await;
    database.connect().await.batch_execute(FLASK).await.unwrap();
    let applied = migrate(&database.url, default_timezone()).await.unwrap();
    assert!(applied.len() >= 3, "{applied:?}");
    Site::with_database(database, "2027-01-01T12:00:00Z", &[])
}

#[tokio::test]
async fn an_old_database_is_adopted_with_all_rows() {
    let site = adopted_site().await;

    let first = site.get("/api/events/1").await.json();
    assert_eq!(first["title"], "Python Meetup");
    assert_eq!(first["description"], "Linha um\nLinha dois");
    assert_eq!(
        (first["date"].as_str(), first["starts_at"].as_str()),
        (Some("2027-10-15T19:00:00"), Some("2027-10-15T22:00:00Z"))
    );
    assert_eq!(
        (first["city"].as_str(), first["state"].as_str()),
        (Some("São Paulo"), Some("SP"))
    );
    assert_eq!(
        (first["attendance"].as_str(), first["version"].as_i64()),
        (Some("in_person"), Some(1))
    );

    let second = site.get("/api/events/2").await.json();
    assert_eq!(
        (second["title"].as_str(), second["location"].as_str()),
        (Some("(sem título)"), Some("(a definir)"))
    );
    assert!(second["starts_at"].as_str().unwrap() > "2026");
    assert_eq!(
        site.get("/api/events/4").await.json()["title"],
        "x".repeat(300)
    );
    assert_eq!(
        site.get("/api/events/export").await.text().lines().count(),
        6
    );
    for path in ["/", "/events/2", "/events/3", "/events/4", "/events/5"] {
        assert_eq!(site.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn edit_links_of_the_old_application_still_work() {
    let site = adopted_site().await;
    for token in [OLD_TOKEN.to_owned(), OLD_TOKEN.to_uppercase()] {
        let browser = site.browser();
        let form = browser.open_edit_link(&token).await;
        assert_eq!(form.attributes("#title", "value"), ["Python Meetup"]);
    }
    let browser = site.browser();
    let form = browser.open_edit_link(OTHER_TOKEN).await;
    let rejected = browser.submit(&form, &[]).await;
    assert_eq!(
        rejected.select(".et-error-summary li").len(),
        2,
        "edits of old events are validated"
    );
    let saved = browser
        .submit(
            &rejected,
            &[("title", "Named"), ("location", "Olinda - PE")],
        )
        .await;
    assert_eq!(saved.status, 303);
}

#[tokio::test]
async fn the_adoption_leaves_no_plaintext_token() {
    let site = adopted_site().await;
    let dump = site.database.dump().await.to_lowercase();
    assert!(dump.contains("python meetup"));
    for token in [OLD_TOKEN, OTHER_TOKEN] {
        assert!(!dump.contains(token));
    }
    let client = site.database.connect().await;
    let old_tables: i64 = client
        .query_one(
            "select count(*) from pg_class where relname like '%flask%'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(old_tables, 0);
}

#[tokio::test]
async fn old_tokens_that_differ_only_in_case_are_invalid() {
    let site = adopted_site().await;
    for token in ["pair", "PAIR", ""] {
        assert_eq!(
            site.get(&format!("/api/events/by-token/{token}"))
                .await
                .status,
            404
        );
    }
}

#[tokio::test]
async fn ids_continue_after_those_of_the_old_application() {
    let site = adopted_site().await;
    assert_eq!(site.given(event("First new one")).await.id, 8);
}

#[tokio::test]
async fn concurrent_migrations_are_applied_once() {
    let database = Database::empty().await;
    let (one, two, three) = tokio::join!(
        migrate(&database.url, default_timezone()),
        migrate(&database.url, default_timezone()),
        migrate(&database.url, default_timezone()),
    );
    let applied: Vec<usize> = [one, two, three]
        .into_iter()
        .map(|applied| applied.unwrap().len())
        .collect();
    assert_eq!(
        applied.iter().filter(|count| **count > 0).count(),
        1,
        "{applied:?}"
    );
}

#[tokio::test]
async fn a_failing_migration_changes_nothing() {
    let database = Database::empty().await;
    let client = database.connect().await;
    client.batch_execute(FLASK).await.unwrap();
    client
        .batch_execute("create view dashboard as select title from events")
        .await
        .unwrap();
    assert!(migrate(&database.url, default_timezone()).await.is_err());
    let rows: i64 = client
        .query_one(
            "select count(*) from events where edit_token is not null",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(rows, 5, "the old application still works");
}
