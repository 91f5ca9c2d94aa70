//! Conditional requests (RFC 9110 §13): entity tags, `If-None-Match` for reads and `If-Match` for writes; HEAD.

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::{
    client::request,
    site::{Site, event},
};

#[tokio::test]
async fn reads_with_a_matching_etag_get_304() {
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
async fn each_content_encoding_has_its_own_etag() {
    let site = Site::new().await;
    let published = site
        .given(event("Compressed").with("description", "bytes ".repeat(500)))
        .await;
    let get = async |encoding: &'static str, tag: &str| {
        let mut get = request(Method::GET, &format!("/api/events/{}", published.id));
        get.headers_mut()
            .insert(header::ACCEPT_ENCODING, encoding.parse().unwrap());
        get.headers_mut()
            .insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        site.send(get).await
    };
    for encoding in ["gzip", "br"] {
        let response = get(encoding, "\"\"").await;
        assert_eq!(response.header(header::CONTENT_ENCODING), encoding);
        assert_eq!(
            response.header(header::ETAG),
            format!("\"{}-1-{encoding}\"", published.id)
        );
        assert!(response.bytes.len() < 1_000);
        assert_eq!(
            get(encoding, response.header(header::ETAG)).await.status,
            304
        );
    }
}

#[tokio::test]
async fn head_returns_the_headers_of_get() {
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

/// Creates a write request with the header `If-Match: tag`.
fn if_match(method: Method, path: &str, tag: &str, body: &Value) -> Request<Body> {
    let mut write = request(method, path);
    let headers = write.headers_mut();
    headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    headers.insert(header::IF_MATCH, tag.parse().unwrap());
    *write.body_mut() = body.to_string().into();
    write
}

#[tokio::test]
async fn a_write_with_an_outdated_etag_is_rejected_with_412() {
    let site = Site::new().await;
    let published = site.given(event("First")).await;
    let (path, rotate) = (
        published.api_path(),
        format!("{}/rotate", published.api_path()),
    );
    let old = site.get(&path).await.header(header::ETAG).to_owned();
    site.json(Method::PATCH, &path, &json!({"title": "Second"}))
        .await;
    let before = site.get(&path).await;
    let current = before.header(header::ETAG).to_owned();

    let event = Value::Object(event("Lost update").0);
    let weak = format!("W/{current}");
    for tag in [
        old.as_str(),
        &weak,
        "\"nonsense\"",
        "nonsense",
        "\"a\", \"b\"",
    ] {
        for (method, path, body) in [
            (Method::PUT, &path, &event),
            (Method::PATCH, &path, &json!({"title": "Lost update"})),
            (Method::DELETE, &path, &Value::Null),
            (Method::POST, &rotate, &Value::Null),
        ] {
            let rejected = site.send(if_match(method.clone(), path, tag, body)).await;
            assert_eq!(rejected.status, 412, "{method} {tag}");
            assert_eq!(rejected.header(header::ETAG), current, "the current ETag");
            assert_eq!(rejected.json()["status"], 412);
        }
    }
    assert_eq!(site.get(&path).await.json(), before.json());

    // A write accepts the ETag of any content encoding.
    let compressed = current.replace("2\"", "2-gzip\"");
    let patched = site
        .send(if_match(
            Method::PATCH,
            &path,
            &compressed,
            &json!({"title": "Third"}),
        ))
        .await;
    assert_eq!(
        (patched.status.as_u16(), &patched.json()["version"]),
        (200, &json!(3))
    );
    let listed = format!("{current}, {}", patched.header(header::ETAG));
    assert_eq!(
        site.send(if_match(Method::PUT, &path, &listed, &event))
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
async fn concurrent_conditional_writes_lose_no_update() {
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
                let incremented = json!({"organizer": (count + 1).to_string()});
                let tag = read.header(header::ETAG).to_owned();
                match site
                    .send(if_match(Method::PATCH, &path, &tag, &incremented))
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
