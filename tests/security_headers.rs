//! Tests of security headers: content policy, framing, CORS, HSTS and indexing.

use http::{Method, header};
use scraper::{Html, Selector};

use crate::{
    client::request,
    response::Response,
    site::{NOW, Site, event},
};

/// Returns responses of every type of page and format, each with the path of its request.
async fn responses(site: &Site) -> Vec<(String, Response)> {
    let markup =
        event("<script>alert(1)</script>").with("description", "<img src=x onerror=alert(1)>");
    let published = site.given(markup).await;
    let browser = site.browser();
    browser.open_edit_link(&published.token).await;
    let mut responses = Vec::new();
    for path in [
        "/".to_owned(),
        "/?q=%22%3E%3Cscript%3E".to_owned(),
        "/events/new".to_owned(),
        format!("/events/{}", published.id),
        format!("/events/{}/edit", published.id),
        format!("/events/{}/created", published.id),
        format!("/events/{}/delete", published.id),
        format!("/events/edit/{}", published.token),
        "/events/edit/nothing".to_owned(),
        "/events/".to_owned(),
        "/nothing".to_owned(),
        "/api/events/".to_owned(),
        "/api/nothing".to_owned(),
        "/api/events/export".to_owned(),
        "/healthz".to_owned(),
        "/metrics".to_owned(),
    ] {
        responses.push((path.clone(), browser.get(&path).await));
    }
    let page = browser.get("/").await;
    for name in ["link[rel=stylesheet]", "link[rel=icon]"] {
        let path = page.attributes(name, "href").remove(0);
        responses.push((path.clone(), browser.get(&path).await));
    }
    responses
}

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let site = Site::new().await;
    for (path, response) in responses(&site).await {
        let policy = response.header(header::CONTENT_SECURITY_POLICY);
        for directive in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(
                policy.split("; ").any(|part| part == directive),
                "{path}: {policy}"
            );
        }
        for lax in [
            "unsafe",
            "*",
            "http:",
            "https:",
            "upgrade-insecure-requests",
        ] {
            assert!(!policy.contains(lax), "{path}: {policy}");
        }
        assert_eq!(
            response.header(header::X_CONTENT_TYPE_OPTIONS),
            "nosniff",
            "{path}"
        );
        assert_eq!(
            response.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            response
                .header("permissions-policy")
                .contains("geolocation=()"),
            "{path}"
        );
        assert_eq!(
            response.header(header::STRICT_TRANSPORT_SECURITY),
            "",
            "no HSTS over plain HTTP"
        );
    }
}

#[tokio::test]
async fn no_page_uses_what_the_content_policy_forbids() {
    let site = Site::new().await;
    for (path, response) in responses(&site).await {
        if !response
            .header(header::CONTENT_TYPE)
            .starts_with("text/html")
        {
            continue;
        }
        let page = Html::parse_document(&response.text());
        for element in page.select(&Selector::parse("*").unwrap()) {
            for (name, value) in element.value().attrs() {
                assert!(
                    name != "style" && !name.starts_with("on"),
                    "{path}: {name}={value}"
                );
                let address = ["src", "href", "action"].contains(&name);
                let link = element.value().name() == "a";
                let ours =
                    value.starts_with(['/', '#']) || value.starts_with("http://site.example/");
                assert!(!address || link || ours, "{path}: {name}={value}");
            }
            let name = element.value().name();
            assert!(name != "style", "{path}");
            // JSON-LD is data: browsers don't execute it.
            let executed = name == "script" && element.attr("type") != Some("application/ld+json");
            assert!(!executed || element.inner_html().is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn with_an_https_public_url_responses_have_hsts() {
    let site = Site::with_settings(NOW, &[("PUBLIC_URL", "https://encontros.example.org")]).await;
    for path in ["/", "/api/events/", "/nothing"] {
        let hsts = site
            .get(path)
            .await
            .header(header::STRICT_TRANSPORT_SECURITY)
            .to_owned();
        assert_eq!(hsts, "max-age=31536000", "{path}");
    }
}

#[tokio::test]
async fn other_sites_may_read_the_public_api_only() {
    let site = Site::new().await;
    let published = site.given(event("Read me")).await;
    let cross_origin_headers = async |method: Method, path: &str| {
        let response = site.send(request(method, path)).await;
        let origin = response
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN)
            .to_owned();
        (
            origin,
            response.header("cross-origin-resource-policy").to_owned(),
        )
    };
    let event = format!("/api/events/{}", published.id);
    for path in ["/api/events/", &event, "/api/events/export", "/api/nothing"] {
        assert_eq!(
            cross_origin_headers(Method::GET, path).await,
            ("*".to_owned(), "cross-origin".to_owned()),
            "{path}"
        );
    }
    for (method, path) in [
        (Method::GET, published.api_path()),
        (Method::POST, "/api/events/".to_owned()),
        (Method::GET, "/".to_owned()),
        (Method::GET, format!("/events/{}", published.id)),
    ] {
        assert_eq!(
            cross_origin_headers(method, &path).await,
            (String::new(), "same-origin".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn private_and_filtered_pages_are_not_indexed() {
    let site = Site::new().await;
    for (path, response) in responses(&site).await {
        let private = response.header(header::CACHE_CONTROL) == "no-store"
            && response
                .header(header::CONTENT_TYPE)
                .starts_with("text/html");
        let secret = path.starts_with("/events/edit/");
        let noindex = response.header("x-robots-tag") == "noindex";
        let filter = path.starts_with("/?");
        assert_eq!(noindex, private || secret || filter, "{path}");
    }
}
