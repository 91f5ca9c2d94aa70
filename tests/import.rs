//! `local-server import`: an export comes home.

use http::Method;
use local_server::import::{Imported, import};
use serde_json::{Value, json};

use crate::{
    client::request,
    database::Database,
    site::{NOW, Site, event},
};

/// A board with a few events: changed, deleted, in another zone, with everything filled in.
async fn lively() -> Site {
    let site = Site::new().await;
    let changed = site
        .given(event("Changed").technologies(&["C++", "Go"]))
        .await;
    let change = json!({"status": "postponed", "description": "Duas\nlinhas"});
    site.json(Method::PATCH, &changed.api_path(), &change).await;
    let deleted = site.given(event("Deleted")).await;
    site.send(request(Method::DELETE, &deleted.api_path()))
        .await;
    let full = event("Cheio de “acentos” e \\u0000 digitado")
        .with("timezone", "America/Noronha")
        .with("url", "https://example.org/?a=1")
        .with("organizer", "Comunidade")
        .with("attendance", "hybrid")
        .ends("2027-06-02T20:00");
    site.given(full).await;
    site
}

async fn export(site: &Site) -> String {
    site.get("/api/events/export").await.text()
}

/// Why an import into this board was refused.
async fn refused(site: &Site, lines: &str) -> String {
    let error = import(&site.database.url, lines.as_bytes()).await;
    format!("{:#}", error.unwrap_err())
}

fn first(export: &str) -> Value {
    serde_json::from_str(export.lines().next().unwrap()).unwrap()
}

#[tokio::test]
async fn an_export_comes_home_with_ids_uids_and_times() {
    let told = export(&lively().await).await;
    let home = Site::with_database(Database::migrated().await, "2027-05-01T12:00:00Z", &[]);

    let imported = import(&home.database.url, told.as_bytes()).await.unwrap();

    assert_eq!(imported, Imported { added: 2, known: 0 });
    assert_eq!(export(&home).await, told);
    assert_eq!(home.titles("q=digitado").await.len(), 1, "found as ever");
    let next = home.given(event("Next")).await;
    let last: Value = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert!(
        next.id > last["id"].as_i64().unwrap(),
        "ids go on after the last"
    );
}

#[tokio::test]
async fn importing_again_changes_nothing() {
    let site = lively().await;
    let told = export(&site).await;

    let imported = import(&site.database.url, format!("{told}\n\n").as_bytes())
        .await
        .unwrap();

    assert_eq!(imported, Imported { added: 0, known: 2 });
    assert_eq!(export(&site).await, told);
}

#[tokio::test]
async fn an_event_deleted_here_does_not_come_back() {
    let site = Site::new().await;
    let published = site.given(event("Gone")).await;
    let told = export(&site).await;
    site.send(request(Method::DELETE, &published.api_path()))
        .await;

    let imported = import(&site.database.url, told.as_bytes()).await.unwrap();

    assert_eq!(imported, Imported { added: 0, known: 1 });
    assert_eq!(export(&site).await, "");
}

#[tokio::test]
async fn what_the_door_would_refuse_comes_home_all_the_same() {
    let home = Site::new().await;
    let mut old = first(&export(&lively().await).await);
    old["title"] = "".into();
    old["location"] = "y".repeat(3_000).into();

    import(&home.database.url, old.to_string().as_bytes())
        .await
        .unwrap();

    assert_eq!(export(&home).await.trim_end().len(), old.to_string().len());
}

#[tokio::test]
async fn a_line_that_is_no_event_stops_the_import_by_its_number_and_nothing_is_added() {
    let told = export(&lively().await).await;
    let home = Site::with_database(Database::migrated().await, NOW, &[]);
    let with = |name: &str, value: Value| {
        let mut event = first(&told);
        event[name] = value;
        format!("{told}{event}\n")
    };
    for (lines, complaint) in [
        (format!("{told}no event\n"), "expected ident"),
        (with("uid", json!("x")), "invalid"),
        (with("uid", Value::Null), "invalid type: null"),
        (with("id", json!(0)), "id 0 is not from 1 to"),
        (
            with("id", json!(i64::MAX)),
            "id 9223372036854775807 is not from 1 to",
        ),
        (with("timezone", json!("Mars/Olympus")), "timezone"),
        (with("attendance", json!("by pigeon")), "unknown variant"),
        (
            with("ends_at", json!("1999-01-01T00:00:00Z")),
            "ends_at comes before starts_at",
        ),
        (
            with("title", json!("a\0b")),
            "a text contains the character NUL",
        ),
        (with("id", json!(99)), "another event has the uid"),
        (
            with("uid", json!("00000000-0000-4000-8000-000000000000")),
            "another event has the id",
        ),
        (
            format!("{told}{}\n", "x".repeat(1024 * 1024)),
            "too long to be an event",
        ),
    ] {
        let error = refused(&home, &lines).await;
        assert!(error.contains("line 3"), "{error}");
        assert!(error.contains(complaint), "{error}");
        assert!(!error.contains('\n'), "{error}");
        assert_eq!(export(&home).await, "");
    }
}

#[tokio::test]
async fn the_ids_of_two_boards_do_not_mix() {
    let told = export(&lively().await).await;
    let other = lively().await;
    let before = export(&other).await;

    let error = refused(&other, &told).await;

    assert!(
        error.starts_with("nothing was added: line 1: another event has the id"),
        "{error}"
    );
    assert_eq!(export(&other).await, before);
}
