//! Tests of the header `Idempotency-Key` on `POST /api/events/`.

use http::{Method, header};
use serde_json::{Value, json};

use crate::{
    client::request,
    response::Response,
    site::{Site, event},
};

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
async fn a_repeated_request_publishes_one_event_and_gets_the_same_response() {
    let site = Site::new().await;
    let body = Value::Object(event("Once").technologies(&["Rust"]).0);
    let first = post_once(&site, KEY, &body).await;
    let again = post_once(&site, KEY, &body).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.json(), again.json(), "including the token");
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
    let other_key = format!("{KEY}-2");
    assert_eq!(post_once(&site, &other_key, &body).await.status, 201);
    assert_eq!(site.titles("").await, ["Once", "Once"]);

    // A rejected request does not store its key.
    let new_key = format!("{KEY}-3");
    assert_eq!(
        post_once(&site, &new_key, &json!({"title": "?"}))
            .await
            .status,
        422
    );
    assert_eq!(post_once(&site, &new_key, &body).await.status, 201);
}

#[tokio::test]
async fn a_key_expires_after_a_day_or_when_its_event_is_deleted() {
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
    let expired_before = crate::site::moment("2027-01-03T12:00:00Z");
    let purged = shared::store::purge_idempotency_keys(&site.db, expired_before, None).await;
    assert_eq!(purged.unwrap(), 1);
}

#[tokio::test]
async fn an_invalid_idempotency_key_is_rejected() {
    let site = Site::new().await;
    let body = Value::Object(event("Never").0);
    let (long, longest) = ("k".repeat(256), "k".repeat(255));
    for key in ["short", "fifteen-letters", "with a space in it", &long] {
        let rejected = post_once(&site, key, &body).await;
        assert_eq!(rejected.status, 400, "{key}");
        assert_eq!(rejected.json()["parameter"], "Idempotency-Key");
    }
    assert_eq!(site.titles("").await, Vec::<String>::new());
    assert_eq!(post_once(&site, &longest, &body).await.status, 201);
    assert_eq!(
        post_once(&site, "sixteen-letters!", &body).await.status,
        201
    );
}

#[tokio::test]
async fn concurrent_requests_with_one_key_publish_one_event() {
    let site = Site::new().await;
    let body = Value::Object(event("Double click").0);
    for round in 0..5 {
        let key = format!("{KEY}-{round}");
        let responses =
            futures_util::future::join_all((0..12).map(|_| post_once(&site, &key, &body))).await;
        let (published, conflicting): (Vec<_>, Vec<_>) = responses
            .into_iter()
            .partition(|response| response.status == 201);
        assert!(
            conflicting.iter().all(|response| response.status == 409),
            "{conflicting:?}"
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
async fn a_key_in_use_by_another_request_gets_409() {
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
async fn the_database_stores_neither_key_nor_token_in_plaintext() {
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
async fn repeated_requests_work_with_a_configured_secret_key() {
    let key = [("SECRET_KEY", "a configured secret key")];
    let site = Site::with_settings(crate::site::NOW, &key).await;
    let body = Value::Object(event("Repeated").0);
    let first = post_once(&site, KEY, &body).await;
    assert_eq!(post_once(&site, KEY, &body).await.json(), first.json());
}
