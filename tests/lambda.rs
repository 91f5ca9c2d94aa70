//! Behaviour specific to AWS Lambda: response size, metrics, connections after a freeze, and recorded events.

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
    transport_equivalence::site_by,
};

#[tokio::test]
async fn an_export_too_large_for_one_answer_goes_on_at_the_next() {
    let site = site_by(Transport::ApiGateway).await;
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
async fn metrics_tell_what_the_database_knows() {
    let site = site_by(Transport::ApiGateway).await;
    site.given(event("To come")).await;
    site.given(
        event("Under way")
            .starts("2026-12-31T09:00")
            .ends("2027-01-02T18:00"),
    )
    .await;
    site.given(
        event("Over")
            .starts("2026-12-31T09:00")
            .ends("2026-12-31T18:00"),
    )
    .await;
    site.given(event("Long over").starts("2020-01-01T09:00"))
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
    assert!(!text.contains("process_"), "nothing of this one process");

    site.database.allow_connections(false).await;
    let text = site.get("/metrics").await.text();
    assert!(
        text.contains("app_info{") && !text.contains("events{"),
        "{text}"
    );
}

#[tokio::test]
async fn after_a_thaw_a_dead_connection_is_replaced_within_the_request() {
    let site = site_by(Transport::ApiGateway).await;
    site.given(event("Thawed")).await;
    assert_eq!(site.titles("").await, ["Thawed"]);
    // The server has gone and come back while the function was frozen.
    site.database.allow_connections(false).await;
    site.database.allow_connections(true).await;
    assert_eq!(site.titles("").await, ["Thawed"]);
}

async fn timed(gateway: &ApiGateway, path: &str) -> (u16, Duration) {
    let started = Instant::now();
    let response = gateway.send(request(Method::GET, path)).await;
    (response.status.as_u16(), started.elapsed())
}

#[tokio::test]
async fn after_a_thaw_a_silent_connection_is_replaced_within_the_request() {
    let database = Database::migrated().await;
    let wire = DatabaseProxy::to(&database).await;
    let gateway = gateway_to(&wire.url);
    assert_eq!(timed(&gateway, "/").await.0, 200);
    // Nobody told either end that the other is gone: the way between them has forgotten the connection.
    wire.set_mode(ProxyMode::Hang);
    wire.set_mode(ProxyMode::Forward);
    let (status, time) = timed(&gateway, "/").await;
    assert_eq!(status, 200);
    assert!(time < Duration::from_secs(3), "{time:?}");
}

#[tokio::test]
async fn a_database_that_says_nothing_at_a_cold_start_is_given_up_in_time() {
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
async fn recorded_events_are_answered() {
    let database = Database::migrated().await;
    let gateway = gateway_to(&database.url);
    let response = async |function: &str, event: &Value| {
        Response::of(http_response(
            &gateway.invoke(function, event).await.unwrap(),
        ))
        .await
    };

    // A form from a browser: its body comes in base64.
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

    // Its key comes back among other cookies, in a list of their own.
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

    // Percent-encoding stays in the query and is taken from the path.
    let found = response("list", &recorded("get_percent_encoded")).await;
    assert_eq!(found.cards(), ["Noite de Rust & C++ — “edição”"]);
    let nothing = response("detail", &recorded("get_decoded_path")).await;
    assert_eq!(
        (nothing.status.as_u16(), nothing.select("h1").len()),
        (404, 1)
    );

    // A program's JSON comes as it is.
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
async fn an_event_that_is_no_request_is_refused_clearly() {
    let database = Database::migrated().await;
    let gateway = gateway_to(&database.url);
    for event in [json!({}), json!("x"), recorded("scheduled")] {
        let refused = gateway.invoke("list", &event).await.unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("expects a JSON payload from Amazon API Gateway"),
            "{refused}"
        );
    }
}
