//! Tests of `local-server import`, which adds the events of an export file to the site
//! they come from, or to another one.

use http::Method;
use local_server::import::{Imported, import};
use serde_json::{Value, json};

use crate::{
    client::request,
    database::Database,
    site::{NOW, Site, event},
};

/// Creates a site with a changed event, a deleted one, and one in another time zone with every field filled in.
async fn site_with_events() -> Site {
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

/// Imports `lines` into the site, and returns the error.
async fn import_error(site: &Site, lines: &str) -> String {
    let error = import(&site.database.url, lines.as_bytes()).await;
    format!("{:#}", error.unwrap_err())
}

fn first_event(export: &str) -> Value {
    serde_json::from_str(export.lines().next().unwrap()).unwrap()
}

#[tokio::test]
async fn an_import_preserves_ids_uids_and_times() {
    let exported = export(&site_with_events().await).await;
    let target = Site::with_database(Database::migrated().await, "2027-05-01T12:00:00Z", &[]);

    let imported = import(&target.database.url, exported.as_bytes())
        .await
        .unwrap();

    assert_eq!(
        imported,
        Imported {
            added: 2,
            existing: 0
        }
    );
    assert_eq!(export(&target).await, exported);
    assert_eq!(
        target.titles("q=digitado").await.len(),
        1,
        "the imported event is found"
    );
    let next = target.given(event("Next")).await;
    let last: Value = serde_json::from_str(exported.lines().last().unwrap()).unwrap();
    assert!(
        next.id > last["id"].as_i64().unwrap(),
        "new ids follow the imported ones"
    );
}

#[tokio::test]
async fn importing_again_changes_nothing() {
    let site = site_with_events().await;
    let exported = export(&site).await;

    let imported = import(&site.database.url, format!("{exported}\n\n").as_bytes())
        .await
        .unwrap();

    assert_eq!(
        imported,
        Imported {
            added: 0,
            existing: 2
        }
    );
    assert_eq!(export(&site).await, exported);
}

#[tokio::test]
async fn an_import_does_not_restore_a_deleted_event() {
    let site = Site::new().await;
    let published = site.given(event("Gone")).await;
    let exported = export(&site).await;
    site.send(request(Method::DELETE, &published.api_path()))
        .await;

    let imported = import(&site.database.url, exported.as_bytes())
        .await
        .unwrap();

    assert_eq!(
        imported,
        Imported {
            added: 0,
            existing: 1
        }
    );
    assert_eq!(export(&site).await, "");
}

#[tokio::test]
async fn an_import_accepts_events_that_validation_would_reject() {
    let target = Site::new().await;
    let mut old = first_event(&export(&site_with_events().await).await);
    old["title"] = "".into();
    old["location"] = "y".repeat(3_000).into();

    import(&target.database.url, old.to_string().as_bytes())
        .await
        .unwrap();

    assert_eq!(
        export(&target).await.trim_end().len(),
        old.to_string().len()
    );
}

#[tokio::test]
async fn an_invalid_line_stops_the_import_with_its_number_and_nothing_is_added() {
    let exported = export(&site_with_events().await).await;
    let target = Site::with_database(Database::migrated().await, NOW, &[]);
    let with = |name: &str, value: Value| {
        let mut event = first_event(&exported);
        event[name] = value;
        format!("{exported}{event}\n")
    };
    for (lines, message) in [
        (format!("{exported}no event\n"), "expected ident"),
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
            format!("{exported}{}\n", "x".repeat(1024 * 1024)),
            "too long to be an event",
        ),
    ] {
        let error = import_error(&target, &lines).await;
        assert!(error.contains("line 3"), "{error}");
        assert!(error.contains(message), "{error}");
        assert!(!error.contains('\n'), "{error}");
        assert_eq!(export(&target).await, "");
    }
}

#[tokio::test]
async fn an_import_with_ids_of_other_events_is_rejected() {
    let exported = export(&site_with_events().await).await;
    let other = site_with_events().await;
    let before = export(&other).await;

    let error = import_error(&other, &exported).await;

    assert!(
        error.starts_with("nothing was added: line 1: another event has the id"),
        "{error}"
    );
    assert_eq!(export(&other).await, before);
}
