//! Tests of limits: requests per client and time, concurrent requests, and the length of a URL.

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

/// Creates a request from a client with the IP address `address`.
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
fn assert_rate_limited(response: &Response, seconds: std::ops::RangeInclusive<u64>) {
    assert_eq!(response.status, 429, "{response}");
    let wait: u64 = response.header(header::RETRY_AFTER).parse().unwrap();
    assert!(seconds.contains(&wait), "{wait}");
}

#[tokio::test]
async fn publishing_is_rate_limited_and_a_limited_form_keeps_its_values() {
    let site = Site::new().await;
    for _ in 0..20 {
        assert_eq!(publish(&site, "192.0.2.1").await.status, 201);
    }
    let limited = publish(&site, "192.0.2.1").await;
    assert_rate_limited(&limited, 55..=60);
    assert_eq!(
        limited.header(header::CONTENT_TYPE),
        "application/problem+json"
    );

    let mut form = from("192.0.2.1", Method::POST, "/events/");
    let media_type = "application/x-www-form-urlencoded".parse().unwrap();
    form.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *form.body_mut() = "title=Typed&date=2027-06-01T19:00&location=Recife+-+PE".into();
    let page = site.send(form).await;
    assert_rate_limited(&page, 55..=60);
    assert_eq!(page.select("#submit-again").len(), 1);
    assert!(
        page.form("/events/")
            .fields
            .contains(&("title".to_owned(), "Typed".to_owned()))
    );

    assert_eq!(
        publish(&site, "192.0.2.2").await.status,
        201,
        "each client has its own limit"
    );
    assert_eq!(
        site.send(from("192.0.2.1", Method::GET, "/")).await.status,
        200
    );
}

#[tokio::test]
async fn a_client_that_guesses_tokens_is_rate_limited() {
    let site = Site::new().await;
    let published = site.given(event("Protected")).await;
    let guess = async |path: &str| site.send(from("192.0.2.1", Method::GET, path)).await;
    for number in 0..31 {
        let prefix = ["/events/edit/", "/api/events/by-token/"][number % 2];
        assert_eq!(guess(&format!("{prefix}{number}")).await.status, 404);
    }
    assert_rate_limited(&guess("/events/edit/one-more").await, 1..=10);
    // The valid token is limited too: otherwise every guess would still be verified.
    assert_rate_limited(&guess(&published.api_path()).await, 1..=10);
    let holder = from("192.0.2.2", Method::GET, &published.api_path());
    assert_eq!(site.send(holder).await.status, 200);
}

#[tokio::test]
async fn searches_and_all_requests_are_rate_limited() {
    let site = Site::new().await;
    let get = async |path: &str| site.send(from("192.0.2.1", Method::GET, path)).await;
    // Redirects are sent faster than the allowance refills, even on a busy machine.
    let until_limited = async |path: &str| {
        for count in 0..10_000 {
            let page = get(path).await;
            if page.status != 308 {
                return (count, page);
            }
        }
        panic!("{path} is never limited");
    };
    let (searches, limited) = until_limited("/events/?q=rust").await;
    assert!((60..=80).contains(&searches), "{searches}");
    assert_rate_limited(&limited, 1..=1);
    let (others, limited) = until_limited("/events/").await;
    assert!(others >= 500, "{others}");
    assert_rate_limited(&limited, 1..=1);
    // Health checks and metrics are not limited.
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(get(path).await.status, 200);
    }
}

#[tokio::test]
async fn rate_limits_can_be_switched_off() {
    let site = Site::with_settings(NOW, &[("RATE_LIMITS", "off")]).await;
    for _ in 0..25 {
        assert_eq!(publish(&site, "192.0.2.1").await.status, 201);
    }
}

#[tokio::test]
async fn writes_and_reads_have_separate_concurrency_limits_and_health_checks_none() {
    let site = Site::new().await;
    let path = format!("/events/{}", site.given(event("Crowded")).await.id);
    let concurrency = Arc::<ConcurrencyLimits>::default();
    let client = Client::Router(local_server::uncached_router(&App {
        db: site.db.clone(),
        facets: Default::default(),
        clock: Clock::System,
        metrics: Metrics::of_this_process().unwrap(),
        settings: Settings::from_pairs(&[]).unwrap().into(),
        concurrency: concurrency.clone(),
        rate_limits: None,
    }));

    concurrency.writes.forget_permits(usize::MAX);
    let rejected = client
        .post("/api/events/", &Value::Object(event("Late").0))
        .await;
    assert_eq!(rejected.status, 503);
    assert_eq!(rejected.header(header::RETRY_AFTER), "5");
    assert_eq!(client.get(&path).await.status, 200);

    concurrency.reads.forget_permits(usize::MAX);
    let rejected = client.get(&path).await;
    assert_eq!(rejected.status, 503);
    assert_eq!(rejected.select("h1"), ["Muita gente ao mesmo tempo"]);
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(client.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_too_long_url_gets_414() {
    let site = Site::new().await;
    let query = |length| "x".repeat(length);
    let accepted = site.get(&format!("/?q={}", query(30_000))).await;
    assert_eq!(accepted.status, 200);
    for path in ["/?q=", "/api/events/?q=", "/api/events/by-token/", "/"] {
        let response = site.get(&format!("{path}{}", query(40_000))).await;
        assert_eq!(response.status, 414, "{path}");
    }
}
