//! Tests of `GET /api/events/export`: all public events as NDJSON.

use http::header;
use serde_json::Value;

use crate::site::{Site, event};

#[tokio::test]
async fn the_export_contains_every_event_and_no_token() {
    let site = Site::new().await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(site.given(event(&format!("Event {number}"))).await.id);
    }
    let response = site.get("/api/events/export").await;
    assert_eq!(
        response.header(header::CONTENT_TYPE),
        "application/x-ndjson"
    );
    let lines: Vec<Value> = response
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        lines
            .iter()
            .map(|line| line["id"].as_i64().unwrap())
            .collect::<Vec<_>>(),
        ids
    );
    assert!(lines.iter().all(|line| line.get("edit_token").is_none()));

    let rest = site
        .get(&format!("/api/events/export?after={}", ids[1]))
        .await
        .text();
    assert_eq!(rest.lines().count(), 1);
    assert_eq!(site.get("/api/events/export?after=x").await.status, 400);
}

#[tokio::test]
async fn the_export_continues_beyond_one_batch() {
    let site = Site::new().await;
    let client = site.database.connect().await;
    client
        .batch_execute(
            "insert into events (uid, title, starts_at, timezone, location, attendance, status, technologies, created_at, updated_at)
             select gen_random_uuid(), 'Event ' || n, now(), 'UTC', 'Online', 'online', 'scheduled', '{}', now(), now()
             from generate_series(1, 1234) as n",
        )
        .await
        .unwrap();
    assert_eq!(
        site.get("/api/events/export").await.text().lines().count(),
        1234
    );
}
