//! Tests of what the route table determines: OPTIONS, redirects for slashes, the icon at its usual paths, and
//! `Cache-Control`.

use http::{HeaderValue, Method, header};
use shared::routes::{Audience, Lifetime, ROUTES};

use crate::{
    client::request,
    site::{NOW, Site, event},
};

#[tokio::test]
async fn options_answers_the_methods_of_a_path() {
    let site = Site::new().await;
    for (path, allow) in [
        ("/", "GET, HEAD, OPTIONS"),
        ("/events/", "GET, HEAD, POST, OPTIONS"),
        ("/events/1/rotate", "POST, OPTIONS"),
        ("/api/events/", "GET, HEAD, POST, OPTIONS"),
        (
            "/api/events/by-token/x",
            "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
        ),
        ("/healthz", "GET, HEAD, OPTIONS"),
    ] {
        let response = site.send(request(Method::OPTIONS, path)).await;
        assert_eq!(response.status, 204, "{path}: {response}");
        assert_eq!(response.header(header::ALLOW), allow, "{path}");
        assert!(response.bytes.is_empty(), "{path}");
        let refused = site.send(request(Method::TRACE, path)).await;
        assert_eq!(refused.status, 405, "{path}: {refused}");
        assert_eq!(refused.header(header::ALLOW), allow, "{path}");
    }
    for path in ["/nope", "/api/nope", "/admin"] {
        let response = site.send(request(Method::OPTIONS, path)).await;
        assert_eq!(response.status, 404, "{path}: {response}");
    }
}

#[tokio::test]
async fn scripts_of_other_sites_may_read_public_data_only() {
    let site = Site::new().await;
    for (path, is_public) in [
        ("/api/events/", true),
        ("/api/events/1", true),
        ("/api/events/export", true),
        ("/api/openapi.json", true),
        ("/events.ics", true),
        ("/feed.atom", true),
        ("/feed.json", true),
        ("/oembed", true),
        ("/", false),
        ("/events/1", false),
        ("/events/1/edit", false),
        ("/api/events/by-token/x", false),
        ("/metrics", false),
    ] {
        let mut preflight = request(Method::OPTIONS, path);
        let headers = preflight.headers_mut();
        headers.insert(
            header::ORIGIN,
            HeaderValue::from_static("https://other.example"),
        );
        headers.insert(
            header::ACCESS_CONTROL_REQUEST_METHOD,
            HeaderValue::from_static("GET"),
        );
        let response = site.send(preflight).await;
        assert_eq!(response.status, 204, "{path}: {response}");
        let (origin, methods) = if is_public {
            ("*", "GET, HEAD")
        } else {
            ("", "")
        };
        let header_of = |name| response.header(name);
        assert_eq!(
            header_of(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            origin,
            "{path}"
        );
        assert_eq!(
            header_of(header::ACCESS_CONTROL_ALLOW_METHODS),
            methods,
            "{path}"
        );
        assert_eq!(
            header_of(header::ACCESS_CONTROL_ALLOW_CREDENTIALS),
            "",
            "{path}"
        );
    }
}

#[tokio::test]
async fn one_slash_too_many_or_too_few_is_redirected_on_pages() {
    let site = Site::new().await;
    for (path, location) in [
        ("/today/", "/today"),
        ("/docs/", "/docs"),
        ("/state/sp/", "/state/sp"),
        ("/technology/c%23/", "/technology/c%23"),
        ("/events/new/?copy=1", "/events/new?copy=1"),
        ("/events/42/", "/events/42"),
        ("/events/42/edit/", "/events/42/edit"),
        ("/today/?q=a%26b&lang=en", "/today?q=a%26b&lang=en"),
    ] {
        let response = site.get(path).await;
        assert_eq!(response.status, 308, "{path}: {response}");
        assert_eq!(response.header(header::LOCATION), location, "{path}");
    }
    for path in ["/today//", "//example.org/", "/nope/", "/api/events/42/"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
    // The redirect does not send the edit token to another site.
    let response = site.get("/events/edit/some-token/").await;
    assert_eq!(response.status, 308);
    assert_eq!(response.header(header::LOCATION), "/events/edit/some-token");
    assert_eq!(response.header(header::REFERRER_POLICY), "no-referrer");
    assert_eq!(response.header(header::CACHE_CONTROL), "no-store");
}

#[tokio::test]
async fn the_icon_is_where_browsers_request_it_without_a_link() {
    let site = Site::new().await;
    for path in [
        "/favicon.ico",
        "/apple-touch-icon.png",
        "/apple-touch-icon-precomposed.png",
    ] {
        let response = site.get(path).await;
        assert_eq!(response.status, 200, "{path}: {response}");
        assert_eq!(response.header(header::CONTENT_TYPE), "image/png", "{path}");
        assert_eq!(
            response.header(header::CACHE_CONTROL),
            "public, max-age=86400",
            "{path}"
        );
        assert!(response.bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{path}");
    }
}

/// Checks that responses have the cache lifetimes of the route table, and that no private response may be stored.
#[tokio::test]
async fn cache_control_follows_from_the_route_table() {
    let site = Site::with_settings(
        NOW,
        &[
            ("ADMIN_TOKEN", "the operator's token"),
            ("SECURITY_CONTACT", "mailto:security@site.example"),
        ],
    )
    .await;
    let published = site.given(event("Rust Nights")).await;
    for route in ROUTES {
        let path = route
            .path
            .replace("{id}", &published.id.to_string())
            .replace("{token}", &published.token)
            .replace("{uf}", "sp")
            .replace("{city}", "sao-paulo")
            .replace("{name}", "rust");
        let response = site.get(&path).await;
        let cache_control = response.header(header::CACHE_CONTROL);
        let expected = match (response.status.as_u16(), route.audience, route.lifetime) {
            // Redirects are not stored unless they say so; errors never are.
            (300..400, Audience::Everyone, _) => "",
            (400.., ..) | (_, Audience::OneVisitor | Audience::Operator | Audience::Probe, _) => {
                "no-store"
            }
            (_, _, Lifetime::UntilChange | Lifetime::Build { max_age: 0 }) => "no-cache",
            (_, _, Lifetime::Build { .. }) => "public, max-age=86400",
            (_, _, Lifetime::Immutable) => "public, max-age=31536000, immutable",
            (_, _, Lifetime::Never) => "",
        };
        assert_eq!(cache_control, expected, "{path}: {response}");
    }
}
