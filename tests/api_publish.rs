//! Publishing through the JSON API: the response, time zones and field errors.

use http::header;
use serde_json::{Value, json};

use crate::site::{Site, event};

#[tokio::test]
async fn the_edit_token_is_returned_only_when_publishing() {
    let site = Site::new().await;

    let response = site
        .post(
            "/api/events/",
            &json!({
                "title": "  Python Meetup São Paulo ", "description": "Palestras curtas.\r\nCafé.",
                "date": "2027-03-18T19:00:00", "end_date": "2027-03-18T22:00", "location": "São Paulo - SP",
                "technologies": ["Python", "python", "Flask"], "url": "https://example.org/?a=1&b=2", "organizer": null,
                "unknown": {"ignored": true}
            }),
        )
        .await;

    assert_eq!(response.status, 201);
    let mut published = response.json();
    assert_eq!(
        response.location(),
        format!("/api/events/{}", published["id"])
    );
    let token = published
        .as_object_mut()
        .unwrap()
        .remove("edit_token")
        .unwrap();
    assert_eq!(token.as_str().unwrap().len(), 36);
    assert_eq!(published["uid"].as_str().unwrap().len(), 36);
    assert_ne!(published["uid"], token);
    let expected = json!({
        "id": published["id"], "uid": published["uid"], "title": "Python Meetup São Paulo", "description": "Palestras curtas.\nCafé.",
        "date": "2027-03-18T19:00:00", "end_date": "2027-03-18T22:00:00", "timezone": "America/Sao_Paulo",
        "starts_at": "2027-03-18T22:00:00Z", "ends_at": "2027-03-19T01:00:00Z",
        "location": "São Paulo - SP", "city": "São Paulo", "state": "SP",
        "attendance": "in_person", "status": "scheduled", "url": "https://example.org/?a=1&b=2", "organizer": null,
        "technologies": ["Python", "Flask"],
        "created_at": "2027-01-01T12:00:00Z", "updated_at": "2027-01-01T12:00:00Z", "version": 1
    });
    assert_eq!(published, expected);

    let read = site.get(&response.location()).await;
    assert_eq!(read.json(), expected);
    assert_eq!(site.get("/api/events").await.json(), json!([expected]));
}

#[tokio::test]
async fn an_event_keeps_its_own_time_zone() {
    let site = Site::new().await;
    let noronha = event("Encontro em Noronha")
        .starts("2027-07-01T10:00:00")
        .with("timezone", "America/Noronha");
    let published = site.given(noronha).await;

    let read = site
        .get(&format!("/api/events/{}", published.id))
        .await
        .json();

    assert_eq!(
        (&read["date"], &read["starts_at"]),
        (
            &json!("2027-07-01T10:00:00"),
            &json!("2027-07-01T12:00:00Z")
        )
    );
}

#[tokio::test]
async fn the_default_time_zone_is_the_configured_one() {
    let site = Site::with_settings(
        "2027-01-01T12:00:00Z",
        &[("DEFAULT_TIMEZONE", "Europe/Lisbon")],
    )
    .await;
    let published = site.given(event("Lisboa").starts("2027-07-01T10:00")).await;
    let read = site
        .get(&format!("/api/events/{}", published.id))
        .await
        .json();
    assert_eq!(
        (&read["timezone"], &read["starts_at"]),
        (&json!("Europe/Lisbon"), &json!("2027-07-01T09:00:00Z"))
    );
}

#[tokio::test]
async fn all_field_errors_are_returned_together() {
    let site = Site::new().await;
    let response = site
        .post(
            "/api/events/",
            &json!({"title": "a\nb", "date": "amanhã", "url": "javascript:alert(1)", "timezone": "Marte/Olympus",
                "technologies": ["ok", 7, " ", "x".repeat(41)], "description": "a\u{0}b", "status": "gone"}),
        )
        .await;
    assert_eq!(response.status, 422);
    assert_eq!(
        response.header(header::CONTENT_TYPE),
        "application/problem+json"
    );
    assert_eq!(
        response.field_errors(),
        [
            "/technologies/1 not-text",
            "/technologies/2 required",
            "/title line-break",
            "/description control-character",
            "/timezone unknown-timezone",
            "/date date-format",
            "/location required",
            "/status not-a-choice",
            "/url not-a-url",
            "/technologies/3 too-long",
        ]
    );
    assert_eq!(
        response.json()["errors"][7]["detail"],
        "Use um destes valores: scheduled, postponed, cancelled."
    );
}

#[tokio::test]
async fn a_local_time_skipped_by_a_clock_change_is_rejected() {
    let site = Site::new().await;
    let gap = event("Gap")
        .starts("2027-03-28T01:30")
        .with("timezone", "Europe/Lisbon");
    let response = site.post("/api/events/", &Value::Object(gap.0)).await;
    assert_eq!(response.field_errors(), ["/date time-skipped"]);
}
