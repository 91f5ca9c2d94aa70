//! Tests of error responses, including those of axum: the status, as problem JSON (RFC 9457) in the API and as a page
//! elsewhere.

use std::sync::Arc;

use axum::{Router, body::Body, routing::get};
use http::{Method, Request, header};
use serde_json::json;
use shared::{app::App, clock::Clock, config::Settings, lambda, telemetry::Metrics};

use crate::{
    client::{Client, request},
    log,
    response::Response,
    site::{Site, event},
};

async fn send(
    site: &Site,
    method: &str,
    path: &str,
    content_type: &str,
    body: impl Into<Body>,
) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, content_type);
    site.send(request.body(body.into()).unwrap()).await
}

#[track_caller]
fn assert_problem(response: &Response, status: u16) {
    assert_eq!(response.status, status, "{response}");
    assert_eq!(
        response.header(header::CONTENT_TYPE),
        "application/problem+json"
    );
    let problem = response.json();
    assert_eq!(problem["status"], status);
    for member in ["type", "title", "detail"] {
        assert!(
            !problem[member].as_str().unwrap().is_empty(),
            "{member} of {response}"
        );
    }
}

#[tokio::test]
async fn the_api_returns_errors_as_problem_json() {
    let site = Site::new().await;
    let json = "application/json";
    let long = format!("{{\"title\":\"{}\"}}", "x".repeat(300_000));
    let token = site.given(event("Known")).await.api_path();
    for (method, path, content_type, body, status) in [
        ("GET", "/api/events/999999", "", "", 404),
        ("GET", "/api/events/abc", "", "", 404),
        ("GET", "/api/events/99999999999999999999", "", "", 404),
        ("GET", "/api/events/1%00", "", "", 404),
        ("GET", "/api/nope", "", "", 404),
        ("GET", "/api", "", "", 404),
        ("DELETE", "/api/events/1", "", "", 405),
        ("PUT", "/api/events/", json, "{}", 405),
        ("BREW", "/api/events/", "", "", 405),
        ("GET", "/api/events/?limit=0", "", "", 400),
        ("GET", "/api/events/?cursor=abc", "", "", 400),
        ("GET", "/api/events/?from=never", "", "", 400),
        ("POST", "/api/events/", json, "{\"title\":", 400),
        ("POST", "/api/events/", json, "", 400),
        ("POST", "/api/events/", json, "{\"title\":\"\\ud800\"}", 400),
        ("POST", "/api/events/", json, "[]", 422),
        ("POST", "/api/events/", json, "{}", 422),
        ("POST", "/api/events/", "text/plain", "{}", 415),
        (
            "POST",
            "/api/events/",
            "application/x-www-form-urlencoded",
            "title=x",
            415,
        ),
        ("POST", "/api/events/", "", "{}", 415),
        ("POST", "/api/events/", json, long.as_str(), 413),
        ("PATCH", token.as_str(), "text/plain", "{}", 415),
        (
            "PUT",
            token.as_str(),
            "application/merge-patch+json",
            "{}",
            415,
        ),
        ("PATCH", token.as_str(), json, "{", 400),
    ] {
        assert_problem(
            &send(&site, method, path, content_type, body.to_owned()).await,
            status,
        );
    }
    assert_problem(
        &send(&site, "POST", "/api/events/", json, vec![b'"', 0xff, b'"']).await,
        400,
    );
    let charset = send(
        &site,
        "POST",
        "/api/events",
        "Application/JSON; charset=utf-8",
        "{}",
    )
    .await;
    assert_problem(&charset, 422);
    let deep = send(&site, "POST", "/api/events/", json, "[".repeat(100_000)).await;
    assert_problem(&deep, 400);
}

#[tokio::test]
async fn a_405_lists_the_allowed_methods() {
    let site = Site::new().await;
    for (method, path, allow) in [
        ("DELETE", "/api/events/1", "GET, HEAD, OPTIONS"),
        ("PUT", "/api/events/", "GET, HEAD, POST, OPTIONS"),
        (
            "POST",
            "/api/events/by-token/x",
            "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
        ),
        ("GET", "/api/events/by-token/x/rotate", "POST, OPTIONS"),
        ("DELETE", "/events/", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/", "GET, HEAD, OPTIONS"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
    ] {
        let response = send(&site, method, path, "", "").await;
        assert_eq!(
            (response.status.as_u16(), response.header(header::ALLOW)),
            (405, allow),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn an_invalid_query_parameter_is_named() {
    let site = Site::new().await;
    let problem = site.get("/api/events/?limit=101").await.json();
    assert_eq!(problem["parameter"], "limit");
    assert_eq!(
        problem["detail"],
        "O parâmetro limit tem um valor inválido. Use um número inteiro de 1 a 100."
    );
}

#[tokio::test]
async fn errors_outside_the_api_are_pages() {
    let site = Site::new().await;
    insta::assert_snapshot!(site.get("/events/999").await, @"
    404 Not Found
    404
    Não encontrado
    Não há nada neste endereço. O encontro pode ter sido apagado, ou o link está incompleto.
    Todos os encontros
    ");
    for (method, path, content_type, status) in [
        ("GET", "/nope", "", 404),
        ("GET", "/events/abc", "", 404),
        ("GET", "/events/edit/nope", "", 404),
        ("GET", "/static/nope.css", "", 404),
        ("GET", "/?cursor=x", "", 400),
        ("DELETE", "/", "", 405),
        ("POST", "/events/", "application/json", 415),
        ("POST", "/events/", "multipart/form-data; boundary=x", 415),
    ] {
        let response = send(&site, method, path, content_type, "x").await;
        assert_eq!(response.status, status, "{method} {path}");
        assert_eq!(
            response.header(header::CONTENT_TYPE),
            "text/html; charset=utf-8"
        );
        assert_eq!(response.select("h1").len(), 1);
    }
    let form = "application/x-www-form-urlencoded";
    let large = send(
        &site,
        "POST",
        "/events/",
        form,
        format!("title={}", "x".repeat(300_000)),
    )
    .await;
    assert_eq!(large.status, 413);
}

#[tokio::test]
async fn a_form_from_another_site_is_rejected() {
    let site = Site::new().await;
    let status_with = async |headers: &[(&'static str, &str)]| {
        let mut post = request(Method::POST, "/events/");
        post.headers_mut().insert(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded".parse().unwrap(),
        );
        for (name, value) in headers {
            post.headers_mut().insert(*name, value.parse().unwrap());
        }
        site.send(post).await.status.as_u16()
    };
    assert_eq!(status_with(&[("sec-fetch-site", "cross-site")]).await, 403);
    assert_eq!(
        status_with(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://site.example")
        ])
        .await,
        403
    );
    assert_eq!(status_with(&[("origin", "http://evil.example")]).await, 403);
    assert_eq!(status_with(&[("origin", "null")]).await, 403);
    assert_eq!(
        status_with(&[("sec-fetch-site", "same-origin"), ("origin", "null")]).await,
        422
    );
    assert_eq!(status_with(&[("origin", "http://site.example")]).await, 422);
    assert_eq!(status_with(&[]).await, 422);
}

#[tokio::test]
async fn forms_from_the_public_url_are_accepted() {
    let site = Site::with_settings(
        "2027-01-01T12:00:00Z",
        &[("PUBLIC_URL", "https://encontros.example.org")],
    )
    .await;
    let mut post = request(Method::POST, "/events/");
    post.headers_mut().insert(
        header::CONTENT_TYPE,
        "application/x-www-form-urlencoded".parse().unwrap(),
    );
    post.headers_mut().insert(
        header::ORIGIN,
        "https://encontros.example.org".parse().unwrap(),
    );
    assert_eq!(site.send(post).await.status, 422);
}

#[tokio::test]
async fn an_invalid_event_is_not_published() {
    let site = Site::new().await;
    site.post("/api/events/", &json!({"title": "Half"})).await;
    assert_eq!(site.titles("").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_panic_becomes_a_500_and_the_server_continues() {
    let site = Site::new().await;
    let app = App {
        db: site.db.clone(),
        facets: Default::default(),
        clock: Clock::System,
        metrics: Metrics::of_this_process().unwrap(),
        settings: Settings::from_pairs(&[]).unwrap().into(),
        concurrency: Arc::default(),
        rate_limits: None,
    };
    let panics = get(async || -> &'static str { panic!("panicked in {}", "handler") });
    let routes = Router::new()
        .route("/metrics", panics.clone())
        .route("/api/events/export", panics)
        .route("/healthz", get(async || "ok"));
    let client = Client::Router(lambda::function_router(routes, &app));

    let page = client.get("/metrics").await;
    assert_eq!((page.status.as_u16(), page.select("h1").len()), (500, 1));
    assert!(!page.text().contains("panicked in handler"));
    assert_problem(&client.get("/api/events/export").await, 500);
    assert_eq!(client.get("/healthz").await.text(), "ok");
    assert!(log::text().contains("panicked in handler"));
}
