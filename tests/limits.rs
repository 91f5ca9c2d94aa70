//! How often one client may ask.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::Value;
use shared::{
    app::App, clock::Clock, config::Settings, http::ConcurrencyLimits, http::Peer,
    telemetry::Metrics,
};

use crate::{
    client::{Client, request},
    response::Response,
    site::{NOW, Site, event},
};

/// A request that comes from this address.
fn from(address: &str, method: Method, path: &str) -> Request<Body> {
    let mut request = request(method, path);
    request
        .extensions_mut()
        .insert(Peer(address.parse().unwrap()));
    request
}

async fn publish(site: &Site, address: &str) -> Response {
    let mut post = from(address, Method::POST, "/api/events/");
    post.headers_mut()
        .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    *post.body_mut() = serde_json::Value::Object(event("Many").0)
        .to_string()
        .into();
    site.send(post).await
}

#[track_caller]
fn is_too_many(response: &Response, seconds: std::ops::RangeInclusive<u64>) {
    assert_eq!(response.status, 429, "{response}");
    let wait: u64 = response.header(header::RETRY_AFTER).parse().unwrap();
    assert!(seconds.contains(&wait), "{wait}");
}

#[tokio::test]
async fn publishing_has_its_pace_and_a_form_is_not_lost_to_it() {
    let site = Site::new().await;
    for _ in 0..20 {
        assert_eq!(publish(&site, "192.0.2.1").await.status, 201);
    }
    let refused = publish(&site, "192.0.2.1").await;
    is_too_many(&refused, 55..=60);
    assert_eq!(
        refused.header(header::CONTENT_TYPE),
        "application/problem+json"
    );

    let mut form = from("192.0.2.1", Method::POST, "/events/");
    let media_type = "application/x-www-form-urlencoded".parse().unwrap();
    form.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *form.body_mut() = "title=Typed&date=2027-06-01T19:00&location=Recife+-+PE".into();
    let page = site.send(form).await;
    is_too_many(&page, 55..=60);
    assert_eq!(page.select("#again").len(), 1);
    assert!(
        page.form("/events/")
            .fields
            .contains(&("title".to_owned(), "Typed".to_owned()))
    );

    assert_eq!(
        publish(&site, "192.0.2.2").await.status,
        201,
        "another client is another"
    );
    assert_eq!(
        site.send(from("192.0.2.1", Method::GET, "/")).await.status,
        200
    );
}

#[tokio::test]
async fn who_tries_tokens_is_not_listened_to_for_a_while() {
    let site = Site::new().await;
    let published = site.given(event("Guarded")).await;
    let guess = async |path: &str| site.send(from("192.0.2.1", Method::GET, path)).await;
    for number in 0..31 {
        let kind = ["/events/edit/", "/api/events/by-token/"][number % 2];
        assert_eq!(guess(&format!("{kind}{number}")).await.status, 404);
    }
    is_too_many(&guess("/events/edit/one-more").await, 1..=10);
    // Not even the right one, else each guess would still be answered.
    is_too_many(&guess(&published.api_path()).await, 1..=10);
    let holder = from("192.0.2.2", Method::GET, &published.api_path());
    assert_eq!(site.send(holder).await.status, 200);
}

#[tokio::test]
async fn searching_and_everything_have_their_pace() {
    let site = Site::new().await;
    let ask = async |path: &str| site.send(from("192.0.2.1", Method::GET, path)).await;
    // A redirect is answered faster than any allowance grows, even on a busy machine.
    let until_refused = async |path: &str| {
        for answered in 0..10_000 {
            let page = ask(path).await;
            if page.status != 308 {
                return (answered, page);
            }
        }
        panic!("{path} is never too much");
    };
    let (searches, refused) = until_refused("/events/?q=rust").await;
    assert!((60..=80).contains(&searches), "{searches}");
    is_too_many(&refused, 1..=1);
    let (others, refused) = until_refused("/events/").await;
    assert!(others >= 500, "{others}");
    is_too_many(&refused, 1..=1);
    // What the operator's programs ask is not limited.
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(ask(path).await.status, 200);
    }
}

#[tokio::test]
async fn limits_can_be_switched_off() {
    let site = Site::with_settings(NOW, &[("RATE_LIMITS", "off")]).await;
    for _ in 0..25 {
        assert_eq!(publish(&site, "192.0.2.1").await.status, 201);
    }
}

#[tokio::test]
async fn slow_writers_take_no_readers_place_and_no_crowd_the_operators() {
    let site = Site::new().await;
    let path = format!("/events/{}", site.given(event("Crowded")).await.id);
    let concurrency = Arc::<ConcurrencyLimits>::default();
    let board = Client::Router(local_server::uncached_router(&App {
        db: site.db.clone(),
        facets: Default::default(),
        clock: Clock::System,
        metrics: Metrics::of_this_process().unwrap(),
        settings: Settings::from_pairs(&[]).unwrap().into(),
        concurrency: concurrency.clone(),
        rate_limits: None,
    }));

    concurrency.writes.forget_permits(usize::MAX);
    let refused = board
        .post("/api/events/", &Value::Object(event("Late").0))
        .await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.header(header::RETRY_AFTER), "5");
    assert_eq!(board.get(&path).await.status, 200);

    concurrency.reads.forget_permits(usize::MAX);
    let refused = board.get(&path).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.select("h1"), ["Muita gente ao mesmo tempo"]);
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(board.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn an_address_has_a_length() {
    let site = Site::new().await;
    let query = |length| "x".repeat(length);
    let long = site.get(&format!("/?q={}", query(30_000))).await;
    assert_eq!(long.status, 200);
    for path in ["/?q=", "/api/events/?q=", "/api/events/by-token/", "/"] {
        let response = site.get(&format!("{path}{}", query(40_000))).await;
        assert_eq!(response.status, 414, "{path}");
    }
}
