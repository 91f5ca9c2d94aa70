//! Tests of what operators use: health checks, metrics, request ids and security.txt.

use http::{Method, header};

use shared::clock::Clock;

use crate::{
    client::request,
    database::Database,
    site::{NOW, Site, Transport, event, moment},
};

#[tokio::test]
async fn health_checks_report_live_and_ready() {
    let site = Site::new().await;
    assert_eq!(site.get("/healthz").await.text(), "ok\n");
    assert_eq!(site.get("/readyz").await.text(), "ready\n");
}

#[tokio::test]
async fn the_site_stays_ready_when_a_newer_migration_is_applied() {
    let site = Site::new().await;
    let newer = "insert into refinery_schema_history values (999, 'newer', now()::text, '0')";
    site.database
        .connect()
        .await
        .batch_execute(newer)
        .await
        .unwrap();
    assert_eq!(site.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn metrics_have_a_type_and_a_help_text() {
    let clock = Clock::stopped(moment(NOW));
    let site = Site::with_transport(Transport::Router, Database::migrated().await, clock, &[]);
    let published = site.given(event("Counted")).await;
    site.get(&format!("/events/{}", published.id)).await;
    site.get("/no/such/page").await;
    site.send(request(Method::from_bytes(b"BREW").unwrap(), "/"))
        .await;

    let response = site.get("/metrics").await;

    assert!(
        response
            .header(header::CONTENT_TYPE)
            .starts_with("text/plain; version=0.0.4")
    );
    let text = response.text();
    for (name, kind) in [
        ("http_requests_total", "counter"),
        ("http_request_duration_seconds", "histogram"),
        ("app_info", "gauge"),
        ("process_cpu_seconds_total", "counter"),
        ("process_resident_memory_bytes", "gauge"),
        ("database_pool_connections", "gauge"),
        ("database_pool_idle", "gauge"),
        ("database_pool_waiting", "gauge"),
        ("events_created_total", "counter"),
        ("events_updated_total", "counter"),
        ("events_deleted_total", "counter"),
    ] {
        assert!(text.contains(&format!("# TYPE {name} {kind}\n")), "{name}");
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
    }
    for line in [
        "app_info{name=\"encontros-tech\",version=\"1.0.0\"} 1",
        "route=\"/events/{id}\",status=\"200\"} ",
        "route=\"unmatched\",status=\"404\"} ",
        "http_requests_total{method=\"OTHER\",route=\"/\",status=\"405\"} ",
        "http_request_duration_seconds_bucket{method=\"GET\",route=\"/events/{id}\",le=\"0.1\"} ",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(
        !text.contains("/no/such/page"),
        "labels contain no raw path"
    );
}

#[tokio::test]
async fn a_valid_request_id_is_adopted_and_an_invalid_one_replaced() {
    let site = Site::new().await;
    let id_returned_for = async |id: &str| {
        let mut request = request(Method::GET, "/healthz");
        request
            .headers_mut()
            .insert("x-request-id", id.parse().unwrap());
        site.send(request).await.header("x-request-id").to_owned()
    };
    assert_eq!(id_returned_for("abc-123").await, "abc-123");
    assert_eq!(id_returned_for("a b").await.len(), 36);
    assert_eq!(id_returned_for(&"x".repeat(65)).await.len(), 36);
}

#[tokio::test]
async fn security_txt_contains_the_configured_contact() {
    let path = "/.well-known/security.txt";
    assert_eq!(Site::new().await.get(path).await.status, 404);
    let contact = [("SECURITY_CONTACT", "mailto:security@example.org")];
    let site = Site::with_settings("2027-01-01T12:00:00Z", &contact).await;
    let response = site.get(path).await;
    assert_eq!(
        response.header(header::CONTENT_TYPE),
        "text/plain; charset=utf-8"
    );
    assert_eq!(
        response.text(),
        "Contact: mailto:security@example.org\nExpires: 2027-06-30T00:00:00Z\nPreferred-Languages: pt-BR, en, es\n\
         Canonical: http://site.example/.well-known/security.txt\n"
    );
}
