//! The JSON API: publish, read, change, delete.

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::{
    client::request,
    response::Response,
    site::{Site, event},
};

#[tokio::test]
async fn a_published_event_is_answered_with_its_token_this_once() {
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
async fn the_event_in_noronha_keeps_its_own_hour() {
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
async fn the_default_zone_is_the_operators() {
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
async fn every_wrong_field_is_told_at_once() {
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
async fn a_wall_clock_time_that_is_skipped_is_refused() {
    let site = Site::new().await;
    let gap = event("Gap")
        .starts("2027-03-28T01:30")
        .with("timezone", "Europe/Lisbon");
    let response = site.post("/api/events/", &Value::Object(gap.0)).await;
    assert_eq!(response.field_errors(), ["/date time-skipped"]);
}

#[tokio::test]
async fn put_replaces_the_whole_event() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Before")
                .with("organizer", "Somebody")
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
async fn patch_changes_what_it_names() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Before")
                .with("organizer", "Somebody")
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

    let refused = site
        .json(
            Method::PATCH,
            &published.api_path(),
            &json!({"title": null, "end_date": "2027-05-01T00:00"}),
        )
        .await;
    assert_eq!(
        refused.field_errors(),
        ["/title required", "/end_date ends-before-start"]
    );
}

#[tokio::test]
async fn a_patch_may_call_itself_a_merge_patch() {
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
async fn a_patch_keeps_the_later_of_two_equal_hours() {
    let site = Site::new().await;
    // 01:30 happens twice in New York that night; this is the second time.
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
async fn a_change_within_a_repeated_hour_is_weighed_by_instants() {
    let site = Site::new().await;
    let twice = event("Twice")
        .starts("2027-11-07T01:30:00-05:00")
        .with("timezone", "America/New_York");
    let path = site.given(twice).await.api_path();
    let patch = async |name: &str, value: &str| {
        site.json(Method::PATCH, &path, &json!({ name: value }))
            .await
    };
    // The earlier 01:45, before the later 01:30 that is kept.
    let early = patch("end_date", "2027-11-07T01:45").await;
    assert_eq!(early.field_errors(), ["/end_date ends-before-start"]);
    let told = patch("end_date", "2027-11-07T01:45:00-05:00").await;
    assert_eq!(told.json()["ends_at"], "2027-11-07T06:45:00Z");
    assert_eq!(
        patch("title", "Still twice").await.json()["ends_at"],
        "2027-11-07T06:45:00Z"
    );
    // An instant is what it says, even where the clock shows the same.
    let first = patch("date", "2027-11-07T01:30:00-04:00").await;
    assert_eq!(first.json()["starts_at"], "2027-11-07T05:30:00Z");
    // What was read can be sent back whole.
    let whole = patch("date", "2027-11-07T01:30:00-05:00").await.json();
    let back = site.json(Method::PUT, &path, &whole).await.json();
    assert_eq!(
        (&back["starts_at"], &back["ends_at"]),
        (&whole["starts_at"], &whole["ends_at"])
    );
}

#[tokio::test]
async fn a_derived_city_moves_with_the_place() {
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
    // A city that somebody typed stays.
    assert_eq!(
        place(json!({"location": "Sala 4"})).await,
        (json!("Recife"), json!("PE"))
    );
}

#[tokio::test]
async fn patches_that_meet_lose_nothing() {
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
async fn a_deleted_event_is_gone_for_everyone() {
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
async fn an_id_is_never_given_twice() {
    let site = Site::new().await;
    let first = site.given(event("First")).await;
    site.send(request(Method::DELETE, &first.api_path())).await;
    shared::store::purge_deleted_events(&site.db, crate::site::moment("2030-01-01T00:00:00Z"))
        .await
        .unwrap();
    assert!(site.given(event("Second")).await.id > first.id);
}

#[tokio::test]
async fn a_deleted_event_is_kept_thirty_days() {
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

#[tokio::test]
async fn a_new_token_voids_the_old_one() {
    let site = Site::new().await;
    let published = site.given(event("Rotated")).await;

    let response = site
        .send(request(
            Method::POST,
            &format!("{}/rotate", published.api_path()),
        ))
        .await;

    assert_eq!(response.status, 200);
    let new = response.json()["edit_token"].as_str().unwrap().to_owned();
    assert_ne!(new, published.token);
    assert_eq!(site.get(&published.api_path()).await.status, 404);
    assert_eq!(
        site.get(&format!("/api/events/by-token/{new}"))
            .await
            .json()["title"],
        "Rotated"
    );
    assert_eq!(
        site.get(&format!("/api/events/by-token/{}", new.to_uppercase()))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn what_is_no_token_opens_nothing_whatever_it_looks_like() {
    let site = Site::new().await;
    let published = site.given(event("Locked")).await;
    let id = published.id.to_string();
    for token in [
        "x",
        "00000000-0000-4000-8000-000000000000",
        "%00",
        "%FF",
        "a%2Fb",
        &id,
        "%F0%9F%94%91",
        "' or 1=1 --",
    ] {
        let token = token.replace(' ', "%20");
        for method in [Method::GET, Method::DELETE] {
            let response = site
                .send(request(method, &format!("/api/events/by-token/{token}")))
                .await;
            assert_eq!(response.status, 404, "{token}");
            assert_eq!(
                response.header(header::CONTENT_TYPE),
                "application/problem+json"
            );
        }
        let put = site
            .json(
                Method::PUT,
                &format!("/api/events/by-token/{token}"),
                &json!({}),
            )
            .await;
        assert_eq!(put.status, 404, "{token}");
    }
}

#[tokio::test]
async fn reads_are_validated_by_etag() {
    let site = Site::new().await;
    for _ in 0..24 {
        site.given(event("Tagged")).await;
    }
    let published = site.given(event("Tagged")).await;
    let path = format!("/api/events/{}", published.id);
    let first = site.get(&path).await;
    assert_eq!(
        first.header(header::ETAG),
        format!("\"{}-1\"", published.id)
    );

    for path in [
        path.as_str(),
        "/api/events/",
        "/",
        &format!("/events/{}", published.id),
    ] {
        site.set_clock("2027-01-01T12:00:01Z");
        let tag = site.get(path).await.header(header::ETAG).to_owned();
        site.set_clock("2027-01-01T12:00:59Z");
        let mut again = request(Method::GET, path);
        again
            .headers_mut()
            .insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        let response = site.send(again).await;
        assert_eq!(
            (response.status.as_u16(), response.bytes.len()),
            (304, 0),
            "{path}"
        );
        assert_eq!(response.header(header::ETAG), tag);

        let mut stale = request(Method::GET, path);
        stale
            .headers_mut()
            .insert(header::IF_NONE_MATCH, "\"other\"".parse().unwrap());
        assert_eq!(site.send(stale).await.status, 200, "{path}");
    }

    site.json(
        Method::PATCH,
        &published.api_path(),
        &json!({"title": "Changed"}),
    )
    .await;
    assert_eq!(
        site.get(&path).await.header(header::ETAG),
        format!("\"{}-2\"", published.id)
    );
}

#[tokio::test]
async fn a_compressed_answer_has_a_tag_of_its_own() {
    let site = Site::new().await;
    let published = site
        .given(event("Compressed").with("description", "bytes ".repeat(500)))
        .await;
    let ask = async |coding: &'static str, tag: &str| {
        let mut ask = request(Method::GET, &format!("/api/events/{}", published.id));
        ask.headers_mut()
            .insert(header::ACCEPT_ENCODING, coding.parse().unwrap());
        ask.headers_mut()
            .insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        site.send(ask).await
    };
    for coding in ["gzip", "br"] {
        let response = ask(coding, "\"\"").await;
        assert_eq!(response.header(header::CONTENT_ENCODING), coding);
        assert_eq!(
            response.header(header::ETAG),
            format!("\"{}-1-{coding}\"", published.id)
        );
        assert!(response.bytes.len() < 1_000);
        assert_eq!(ask(coding, response.header(header::ETAG)).await.status, 304);
    }
}

#[tokio::test]
async fn a_head_has_the_headers_of_its_get() {
    let site = Site::new().await;
    let published = site.given(event("Headed")).await;
    for path in [
        "/",
        "/api/events/",
        "/healthz",
        "/events/new",
        "/nope",
        &format!("/api/events/{}", published.id),
    ] {
        let (get, head) = (
            site.get(path).await,
            site.send(request(Method::HEAD, path)).await,
        );
        assert_eq!((head.status, head.bytes.len()), (get.status, 0), "{path}");
        for name in [
            header::CONTENT_TYPE,
            header::ETAG,
            header::CACHE_CONTROL,
            header::CONTENT_LENGTH,
        ] {
            assert_eq!(head.header(&name), get.header(&name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn the_export_tells_every_event_and_no_token() {
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
async fn the_export_goes_on_beyond_its_batches() {
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

/// A write that goes through only if the event still has this tag.
fn if_match(method: Method, path: &str, tag: &str, body: &Value) -> Request<Body> {
    let mut write = request(method, path);
    let headers = write.headers_mut();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    headers.insert(header::IF_MATCH, tag.parse().unwrap());
    *write.body_mut() = body.to_string().into();
    write
}

#[tokio::test]
async fn a_write_that_knows_an_older_version_changes_nothing() {
    let site = Site::new().await;
    let published = site.given(event("First")).await;
    let (path, rotate) = (
        published.api_path(),
        format!("{}/rotate", published.api_path()),
    );
    let old = site.get(&path).await.header(header::ETAG).to_owned();
    site.json(Method::PATCH, &path, &json!({"title": "Second"}))
        .await;
    let now = site.get(&path).await;
    let current = now.header(header::ETAG).to_owned();

    let whole = Value::Object(event("Lost update").0);
    let weak = format!("W/{current}");
    for tag in [
        old.as_str(),
        &weak,
        "\"nonsense\"",
        "nonsense",
        "\"a\", \"b\"",
    ] {
        for (method, path, body) in [
            (Method::PUT, &path, &whole),
            (Method::PATCH, &path, &json!({"title": "Lost update"})),
            (Method::DELETE, &path, &Value::Null),
            (Method::POST, &rotate, &Value::Null),
        ] {
            let refused = site.send(if_match(method.clone(), path, tag, body)).await;
            assert_eq!(refused.status, 412, "{method} {tag}");
            assert_eq!(
                refused.header(header::ETAG),
                current,
                "which version it has now"
            );
            assert_eq!(refused.json()["status"], 412);
        }
    }
    assert_eq!(site.get(&path).await.json(), now.json());

    // The public tag, in whatever coding it came, serves a writer too.
    let packed = current.replace("2\"", "2-gzip\"");
    let patched = site
        .send(if_match(
            Method::PATCH,
            &path,
            &packed,
            &json!({"title": "Third"}),
        ))
        .await;
    assert_eq!(
        (patched.status.as_u16(), &patched.json()["version"]),
        (200, &json!(3))
    );
    let listed = format!("{current}, {}", patched.header(header::ETAG));
    assert_eq!(
        site.send(if_match(Method::PUT, &path, &listed, &whole))
            .await
            .status,
        200
    );
    assert_eq!(
        site.send(if_match(Method::POST, &rotate, "*", &Value::Null))
            .await
            .status,
        200
    );
    assert_eq!(
        site.send(if_match(Method::DELETE, &path, "*", &Value::Null))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn many_writers_of_one_event_lose_no_update() {
    const WRITERS: usize = 8;
    const WRITES: usize = 6;
    let site = Site::new().await;
    let path = site
        .given(event("Counted").with("organizer", "0"))
        .await
        .api_path();
    let write = async || {
        for _ in 0..WRITES {
            loop {
                let read = site.get(&path).await;
                let count: usize = read.json()["organizer"].as_str().unwrap().parse().unwrap();
                let more = json!({"organizer": (count + 1).to_string()});
                let tag = read.header(header::ETAG).to_owned();
                match site
                    .send(if_match(Method::PATCH, &path, &tag, &more))
                    .await
                    .status
                    .as_u16()
                {
                    200 => break,
                    412 => {}
                    status => panic!("{status}"),
                }
            }
        }
    };
    futures_util::future::join_all((0..WRITERS).map(|_| write())).await;
    let event = site.get(&path).await.json();
    let expected = WRITERS * WRITES;
    assert_eq!(
        (&event["organizer"], &event["version"]),
        (&json!(expected.to_string()), &json!(expected + 1))
    );
}

const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

async fn post_once(site: &Site, key: &str, body: &Value) -> Response {
    let mut post = request(Method::POST, "/api/events/");
    let headers = post.headers_mut();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    headers.insert("idempotency-key", key.parse().unwrap());
    *post.body_mut() = body.to_string().into();
    site.send(post).await
}

#[tokio::test]
async fn what_is_sent_twice_is_published_once() {
    let site = Site::new().await;
    let body = Value::Object(event("Once").technologies(&["Rust"]).0);
    let first = post_once(&site, KEY, &body).await;
    let again = post_once(&site, KEY, &body).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.json(), again.json(), "its token too");
    for name in [header::LOCATION, header::ETAG, header::CACHE_CONTROL] {
        assert_eq!(first.header(&name), again.header(&name));
    }
    assert_eq!(site.titles("").await, ["Once"]);

    let other = post_once(&site, KEY, &Value::Object(event("Else").0)).await;
    assert_eq!(other.status, 422);
    assert!(
        !other
            .text()
            .contains(first.json()["edit_token"].as_str().unwrap())
    );
    let another = format!("{KEY}-2");
    assert_eq!(post_once(&site, &another, &body).await.status, 201);
    assert_eq!(site.titles("").await, ["Once", "Once"]);

    // What was refused is not remembered.
    let fresh = format!("{KEY}-3");
    assert_eq!(
        post_once(&site, &fresh, &json!({"title": "?"}))
            .await
            .status,
        422
    );
    assert_eq!(post_once(&site, &fresh, &body).await.status, 201);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day_and_with_its_event() {
    let site = Site::new().await;
    let body = Value::Object(event("Daily").0);
    let first = post_once(&site, KEY, &body).await.json();
    site.set_clock("2027-01-02T11:59:59Z");
    assert_eq!(post_once(&site, KEY, &body).await.json()["id"], first["id"]);
    site.set_clock("2027-01-02T12:00:00Z");
    let second = post_once(&site, KEY, &body).await.json();
    assert_ne!(second["id"], first["id"]);

    let by_token = format!(
        "/api/events/by-token/{}",
        second["edit_token"].as_str().unwrap()
    );
    site.send(request(Method::DELETE, &by_token)).await;
    let third = post_once(&site, KEY, &body).await;
    assert_eq!(third.status, 201);
    assert_ne!(third.json()["id"], second["id"]);

    site.set_clock("2027-01-04T12:00:00Z");
    let forgotten = crate::site::moment("2027-01-03T12:00:00Z");
    let purged = shared::store::purge_idempotency_keys(&site.db, forgotten, None).await;
    assert_eq!(purged.unwrap(), 1);
}

#[tokio::test]
async fn a_bad_idempotency_key_is_named() {
    let site = Site::new().await;
    let body = Value::Object(event("Never").0);
    let (long, longest) = ("k".repeat(256), "k".repeat(255));
    for key in ["short", "fifteen-letters", "with a space in it", &long] {
        let refused = post_once(&site, key, &body).await;
        assert_eq!(refused.status, 400, "{key}");
        assert_eq!(refused.json()["parameter"], "Idempotency-Key");
    }
    assert_eq!(site.titles("").await, Vec::<String>::new());
    assert_eq!(post_once(&site, &longest, &body).await.status, 201);
    assert_eq!(
        post_once(&site, "sixteen-letters!", &body).await.status,
        201
    );
}

#[tokio::test]
async fn requests_with_one_key_that_meet_publish_one_event() {
    let site = Site::new().await;
    let body = Value::Object(event("Double click").0);
    for round in 0..5 {
        let key = format!("{KEY}-{round}");
        let responses =
            futures_util::future::join_all((0..12).map(|_| post_once(&site, &key, &body))).await;
        let (published, waiting): (Vec<_>, Vec<_>) = responses
            .into_iter()
            .partition(|response| response.status == 201);
        assert!(
            waiting.iter().all(|response| response.status == 409),
            "{waiting:?}"
        );
        assert!(!published.is_empty());
        assert!(
            published
                .iter()
                .all(|response| response.json() == published[0].json())
        );
        assert_eq!(
            post_once(&site, &key, &body).await.json(),
            published[0].json()
        );
    }
    assert_eq!(site.titles("").await.len(), 5);
}

#[tokio::test]
async fn a_key_that_is_locked_elsewhere_is_told_so() {
    let site = Site::new().await;
    let body = Value::Object(event("Waiting").0);
    let client = site.database.connect().await;
    let lock = "select pg_advisory_lock(('x' || encode(substr(sha256(convert_to($1, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint)";
    client.execute(lock, &[&KEY]).await.unwrap();
    assert_eq!(post_once(&site, KEY, &body).await.status, 409);
    drop(client);
    let mut response = post_once(&site, KEY, &body).await;
    while response.status == 409 {
        response = post_once(&site, KEY, &body).await;
    }
    assert_eq!(response.status, 201);
}

#[tokio::test]
async fn the_database_can_read_neither_key_nor_token() {
    let site = Site::new().await;
    let published = post_once(&site, KEY, &Value::Object(event("Sealed").0))
        .await
        .json();
    let dump = site.database.dump().await;
    let hex = |text: &str| {
        text.bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    for secret in [KEY, published["edit_token"].as_str().unwrap()] {
        assert!(!dump.contains(secret) && !dump.contains(&hex(secret)));
    }
    assert!(dump.contains("Sealed"));
}

#[tokio::test]
async fn a_secret_of_the_operators_own_seals_as_well() {
    let key = [("SECRET_KEY", "an operator's own secret")];
    let site = Site::with_settings(crate::site::NOW, &key).await;
    let body = Value::Object(event("Own").0);
    let first = post_once(&site, KEY, &body).await;
    assert_eq!(post_once(&site, KEY, &body).await.json(), first.json());
}
