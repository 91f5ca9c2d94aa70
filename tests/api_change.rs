//! Changing and deleting events through the JSON API: PUT, PATCH and DELETE.

use http::{Method, header};
use serde_json::{Value, json};

use crate::{
    client::request,
    site::{Site, event},
};

#[tokio::test]
async fn put_replaces_the_whole_event() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Before")
                .with("organizer", "Original organizer")
                .technologies(&["Rust"]),
        )
        .await;
    site.set_clock("2027-01-02T00:00:00Z");

    let response = site
        .json(
            Method::PUT,
            &published.api_path(),
            &json!({"title": "After", "date": "2027-06-02T20:00", "location": "Online"}),
        )
        .await;

    assert_eq!(response.status, 200);
    let after = response.json();
    assert_eq!(after["title"], "After");
    assert_eq!(
        (&after["organizer"], &after["technologies"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(
        (&after["city"], &after["version"]),
        (&Value::Null, &json!(2))
    );
    assert_eq!(after["updated_at"], "2027-01-02T00:00:00Z");
    assert_eq!(after["created_at"], "2027-01-01T12:00:00Z");
    assert_eq!(after["edit_token"], published.token);
}

#[tokio::test]
async fn patch_changes_only_the_given_fields() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Before")
                .with("organizer", "Original organizer")
                .technologies(&["C, and commas", "Rust"]),
        )
        .await;

    let response = site
        .json(
            Method::PATCH,
            &published.api_path(),
            &json!({"title": "After", "organizer": null}),
        )
        .await;
    let after = response.json();
    assert_eq!(response.status, 200, "{response}");
    assert_eq!(
        (&after["title"], &after["organizer"]),
        (&json!("After"), &Value::Null)
    );
    assert_eq!(after["technologies"], json!(["C, and commas", "Rust"]));
    assert_eq!(
        (&after["date"], &after["city"]),
        (&json!("2027-06-01T19:00:00"), &json!("São Paulo"))
    );

    let zone = site
        .json(
            Method::PATCH,
            &published.api_path(),
            &json!({"timezone": "America/Manaus"}),
        )
        .await
        .json();
    assert_eq!(
        (&zone["date"], &zone["starts_at"]),
        (
            &json!("2027-06-01T19:00:00"),
            &json!("2027-06-01T23:00:00Z")
        )
    );

    let rejected = site
        .json(
            Method::PATCH,
            &published.api_path(),
            &json!({"title": null, "end_date": "2027-05-01T00:00"}),
        )
        .await;
    assert_eq!(
        rejected.field_errors(),
        ["/title required", "/end_date ends-before-start"]
    );
}

#[tokio::test]
async fn patch_accepts_the_merge_patch_media_type() {
    let site = Site::new().await;
    let published = site.given(event("Before")).await;
    let mut patch = request(Method::PATCH, &published.api_path());
    patch.headers_mut().insert(
        header::CONTENT_TYPE,
        "application/merge-patch+json".parse().unwrap(),
    );
    *patch.body_mut() = r#"{"title":"After"}"#.into();
    assert_eq!(site.send(patch).await.json()["title"], "After");
}

#[tokio::test]
async fn patch_keeps_the_second_occurrence_of_a_repeated_local_time() {
    let site = Site::new().await;
    // 01:30 occurs twice in New York that night; this is the second occurrence.
    let later = event("Twice")
        .starts("2027-11-07T01:30:00-05:00")
        .with("timezone", "America/New_York");
    let published = site.given(later).await;
    let after = site
        .json(
            Method::PATCH,
            &published.api_path(),
            &json!({"title": "Still twice"}),
        )
        .await
        .json();
    assert_eq!(
        (&after["date"], &after["starts_at"]),
        (
            &json!("2027-11-07T01:30:00"),
            &json!("2027-11-07T06:30:00Z")
        )
    );
}

#[tokio::test]
async fn changes_within_a_repeated_hour_are_compared_by_instant() {
    let site = Site::new().await;
    let twice = event("Twice")
        .starts("2027-11-07T01:30:00-05:00")
        .with("timezone", "America/New_York");
    let path = site.given(twice).await.api_path();
    let patch = async |name: &str, value: &str| {
        site.json(Method::PATCH, &path, &json!({ name: value }))
            .await
    };
    // Without an offset, 01:45 is the first occurrence, which is before the stored second 01:30.
    let early = patch("end_date", "2027-11-07T01:45").await;
    assert_eq!(early.field_errors(), ["/end_date ends-before-start"]);
    let later = patch("end_date", "2027-11-07T01:45:00-05:00").await;
    assert_eq!(later.json()["ends_at"], "2027-11-07T06:45:00Z");
    assert_eq!(
        patch("title", "Still twice").await.json()["ends_at"],
        "2027-11-07T06:45:00Z"
    );
    // An offset selects the instant, even if the local time is the same.
    let first = patch("date", "2027-11-07T01:30:00-04:00").await;
    assert_eq!(first.json()["starts_at"], "2027-11-07T05:30:00Z");
    // The event as read can be sent back unchanged.
    let read = patch("date", "2027-11-07T01:30:00-05:00").await.json();
    let written = site.json(Method::PUT, &path, &read).await.json();
    assert_eq!(
        (&written["starts_at"], &written["ends_at"]),
        (&read["starts_at"], &read["ends_at"])
    );
}

#[tokio::test]
async fn a_derived_city_changes_with_the_location() {
    let site = Site::new().await;
    let path = site.given(event("Moving")).await.api_path();
    let place = async |patch: Value| {
        let after = site.json(Method::PATCH, &path, &patch).await.json();
        (after["city"].clone(), after["state"].clone())
    };
    assert_eq!(
        place(json!({"location": "Porto Digital, Recife - PE"})).await,
        (json!("Recife"), json!("PE"))
    );
    assert_eq!(
        place(json!({"location": "Sala 3", "city": "Recife", "state": "PE"})).await,
        (json!("Recife"), json!("PE"))
    );
    // A city that was given explicitly stays.
    assert_eq!(
        place(json!({"location": "Sala 4"})).await,
        (json!("Recife"), json!("PE"))
    );
}

#[tokio::test]
async fn concurrent_patches_of_different_fields_are_all_applied() {
    let site = Site::new().await;
    let published = site.given(event("Before")).await;
    let path = published.api_path();
    let (title, place, organizer) = (
        json!({"title": "After"}),
        json!({"location": "Online"}),
        json!({"organizer": "Us"}),
    );

    let (one, two, three) = tokio::join!(
        site.json(Method::PATCH, &path, &title),
        site.json(Method::PATCH, &path, &place),
        site.json(Method::PATCH, &path, &organizer),
    );

    assert!(
        [one, two, three]
            .iter()
            .all(|response| response.status == 200)
    );
    let after = site.get(&path).await.json();
    assert_eq!(
        (&after["title"], &after["location"]),
        (&json!("After"), &json!("Online"))
    );
    assert_eq!(
        (&after["organizer"], &after["version"]),
        (&json!("Us"), &json!(4))
    );
}

#[tokio::test]
async fn a_deleted_event_is_not_found_anywhere() {
    let site = Site::new().await;
    let published = site.given(event("Gone").technologies(&["C++"])).await;

    let deleted = site
        .send(request(Method::DELETE, &published.api_path()))
        .await;

    assert_eq!(deleted.status, 204);
    assert!(deleted.bytes.is_empty());
    for path in [
        format!("/api/events/{}", published.id),
        format!("/events/{}", published.id),
        published.api_path(),
        format!("/events/edit/{}", published.token),
    ] {
        assert_eq!(site.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(site.titles("").await, Vec::<String>::new());
    assert_eq!(
        site.send(request(Method::DELETE, &published.api_path()))
            .await
            .status,
        404
    );
    assert_eq!(site.get("/api/events/export").await.text(), "");
}

#[tokio::test]
async fn an_event_id_is_never_reused() {
    let site = Site::new().await;
    let first = site.given(event("First")).await;
    site.send(request(Method::DELETE, &first.api_path())).await;
    shared::store::purge_deleted_events(&site.db, crate::site::moment("2030-01-01T00:00:00Z"))
        .await
        .unwrap();
    assert!(site.given(event("Second")).await.id > first.id);
}

#[tokio::test]
async fn a_deleted_event_is_purged_after_thirty_days() {
    let site = Site::new().await;
    let published = site.given(event("Gone")).await;
    site.send(request(Method::DELETE, &published.api_path()))
        .await;
    let purge = async |moment: &str| {
        shared::store::purge_deleted_events(
            &site.db,
            crate::site::moment(moment) - shared::store::DELETED_EVENT_TTL,
        )
        .await
        .unwrap()
    };
    assert_eq!(purge("2027-01-31T11:59:59Z").await, 0);
    assert_eq!(purge("2027-01-31T12:00:01Z").await, 1);
    assert!(!site.database.dump().await.contains("Gone"));
}
