//! Tests of behaviour specific to AWS Lambda: response size, metrics, connections after a freeze, and recorded events.

use std::time::{Duration, Instant};

use http::{Method, header};
use serde_json::{Value, json};
use shared::{
    clock::Clock,
    config::{DatabaseUrl, Settings},
};
use tokio::net::TcpListener;

use crate::{
    api_gateway::{ApiGateway, http_response},
    client::request,
    database::Database,
    database_proxy::{DatabaseProxy, ProxyMode},
    response::Response,
    site::{NOW, Transport, event, moment},
    transport_equivalence::site_with,
};

#[tokio::test]
async fn an_export_too_large_for_one_response_continues_at_the_next_link() {
    let site = site_with(Transport::ApiGateway).await;
    let long = event("Long").with("description", "ç".repeat(10_000));
    let mut published = Vec::new();
    for _ in 0..230 {
        published.push(site.given(long.clone()).await.id);
    }
    let (mut path, mut exported, mut parts) = ("/api/events/export".to_owned(), Vec::new(), 0);
    loop {
        let part = site.get(&path).await;
        assert_eq!(part.status, 200);
        assert!(part.bytes.len() <= 5 * 1024 * 1024, "{}", part.bytes.len());
        let lines = part.text();
        let ids = lines.lines().map(|line| {
            let event: Value = serde_json::from_str(line).unwrap();
            event["id"].as_i64().unwrap()
        });
        exported.extend(ids);
        parts += 1;
        let link = part.header(header::LINK);
        let Some(next) = link
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""))
        else {
            assert_eq!(link, "");
            break;
        };
        path = next.to_owned();
    }
    assert_eq!((exported, parts), (published, 2));
}

#[tokio::test]
async fn metrics_of_the_function_come_from_the_database_only() {
    let site = site_with(Transport::ApiGateway).await;
    site.given(event("Upcoming")).await;
    site.given(
        event("Running")
            .starts("2026-12-31T09:00")
            .ends("2027-01-02T18:00"),
    )
    .await;
    site.given(
        event("Past")
            .starts("2026-12-31T09:00")
            .ends("2026-12-31T18:00"),
    )
    .await;
    site.given(event("Long past").starts("2020-01-01T09:00"))
        .await;
    site.given(event("Just now").starts("2027-01-01T09:00"))
        .await;
    let gone = site.given(event("Gone")).await;
    site.send(request(Method::DELETE, &gone.api_path())).await;

    let text = site.get("/metrics").await.text();

    for line in [
        "# TYPE events gauge",
        "events{state=\"upcoming\"} 3",
        "events{state=\"past\"} 2",
        "events{state=\"deleted\"} 1",
        "app_info{name=\"encontros-tech\",version=\"1.0.0\"} 1",
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line} in\n{text}");
    }
    assert!(!text.contains("process_"), "no metrics of this process");

    site.database.allow_connections(false).await;
    let text = site.get("/metrics").await.text();
    assert!(
        text.contains("app_info{") && !text.contains("events{"),
        "{text}"
    );
}

#[tokio::test]
async fn a_connection_closed_during_a_freeze_is_replaced_within_the_request() {
    let site = site_with(Transport::ApiGateway).await;
    site.given(event("Resumed")).await;
    assert_eq!(site.titles("").await, ["Resumed"]);
    // The database restarts while the function is frozen.
    site.database.allow_connections(false).await;
    site.database.allow_connections(true).await;
    assert_eq!(site.titles("").await, ["Resumed"]);
}

async fn timed(gateway: &ApiGateway, path: &str) -> (u16, Duration) {
    let started = Instant::now();
    let response = gateway.send(request(Method::GET, path)).await;
    (response.status.as_u16(), started.elapsed())
}

#[tokio::test]
async fn a_connection_lost_silently_during_a_freeze_is_replaced_within_the_request() {
    let database = Database::migrated().await;
    let proxy = DatabaseProxy::to(&database).await;
    let gateway = gateway_to(&proxy.url);
    assert_eq!(timed(&gateway, "/").await.0, 200);
    // The network has dropped the connection without notifying either end.
    proxy.set_mode(ProxyMode::Hang);
    proxy.set_mode(ProxyMode::Forward);
    let (status, time) = timed(&gateway, "/").await;
    assert_eq!(status, 200);
    assert!(time < Duration::from_secs(3), "{time:?}");
}

#[tokio::test]
async fn an_unresponsive_database_at_a_cold_start_times_out_within_three_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = DatabaseUrl::parse(&format!("postgresql://u@127.0.0.1:{port}/x")).unwrap();
    let gateway = gateway_to(&url);
    for path in ["/", "/api/events/1", "/events/edit/x", "/readyz"] {
        let (status, time) = timed(&gateway, path).await;
        assert_eq!(status, 503, "{path}");
        assert!(time < Duration::from_secs(3), "{path}: {time:?}");
    }
}

fn gateway_to(url: &DatabaseUrl) -> ApiGateway {
    let settings = [("TRUSTED_PROXY_HOPS", "1"), ("FORM_MIN_SECONDS", "0")];
    let settings = Settings::from_pairs(&settings).unwrap();
    let clock = Clock::stopped(moment(NOW));
    ApiGateway::new(url, &clock, settings.for_function())
}

fn recorded(name: &str) -> Value {
    let file = format!("{}/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[tokio::test]
async fn recorded_api_gateway_events_get_the_expected_responses() {
    let database = Database::migrated().await;
    let gateway = gateway_to(&database.url);
    let response = async |function: &str, event: &Value| {
        Response::of(http_response(
            &gateway.invoke(function, event).await.unwrap(),
        ))
        .await
    };

    // A browser's form: the body is base64-encoded.
    let created = response("create", &recorded("post_form_base64")).await;
    assert_eq!(
        (created.status.as_u16(), created.location()),
        (303, "/events/1/created".to_owned())
    );
    let cookie = created.header(header::SET_COOKIE).to_owned();
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );

    // The edit cookie arrives among others, in the separate `cookies` list.
    let mut edit = recorded("get_with_cookies");
    edit["cookies"][1] = cookie.split(';').next().unwrap().into();
    let page = response("edit", &edit).await;
    let title = (
        "title".to_owned(),
        "Noite de Rust & C++ — “edição”".to_owned(),
    );
    assert!(page.form("/edit").fields.contains(&title), "{page}");

    let mut shown = recorded("get_with_cookies");
    shown["cookies"] = edit["cookies"].clone();
    shown["rawPath"] = "/events/1/created".into();
    let link = response("create", &shown)
        .await
        .select("#secret-link")
        .remove(0);
    assert!(
        link.starts_with("https://abcdef1234.execute-api.sa-east-1.amazonaws.com/events/edit/"),
        "{link}"
    );

    // API Gateway decodes the path but not the query string.
    let found = response("list", &recorded("get_percent_encoded")).await;
    assert_eq!(found.cards(), ["Noite de Rust & C++ — “edição”"]);
    let missing = response("detail", &recorded("get_decoded_path")).await;
    assert_eq!(
        (missing.status.as_u16(), missing.select("h1").len()),
        (404, 1)
    );

    // A JSON body is not base64-encoded.
    let problem = response("create", &recorded("post_json")).await;
    assert_eq!(
        problem.field_errors(),
        ["/date required", "/location required"]
    );
    assert_eq!(problem.header("x-request-id"), "8b1f5a7e-invocation");

    let ready = response("metrics", &recorded("get_readyz")).await;
    assert_eq!(ready.text(), "ready\n");
}

#[tokio::test]
async fn an_event_that_is_not_a_request_is_rejected_with_a_clear_error() {
    let database = Database::migrated().await;
    let gateway = gateway_to(&database.url);
    for event in [json!({}), json!("x"), recorded("scheduled")] {
        let error = gateway.invoke("list", &event).await.unwrap_err();
        assert!(
            error
                .to_string()
                .contains("expects a JSON payload from Amazon API Gateway"),
            "{error}"
        );
    }
}
