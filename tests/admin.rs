//! The operator's pages: listing, hiding and restoring events.

use axum::body::Body;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{Method, Request, header};
use serde_json::{Value, json};
use shared::http::Peer;

use crate::{
    client::request,
    response::Response,
    site::{NOW, Published, Site, event, moment},
};

const TOKEN: &str = "correct horse battery staple";

async fn site_with_admin() -> Site {
    Site::with_settings(NOW, &[("ADMIN_TOKEN", TOKEN)]).await
}

fn authorized(method: Method, path: &str) -> Request<Body> {
    let mut request = request(method, path);
    let bearer = format!("Bearer {TOKEN}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    request
}

async fn get(site: &Site, path: &str) -> Response {
    let page = site.send(authorized(Method::GET, path)).await;
    assert_eq!(page.status, 200, "{page}");
    page
}

/// Submits a form of the operator's pages and follows the redirect.
async fn submit(site: &Site, action: &str, fields: &str) -> Response {
    let mut post = authorized(Method::POST, action);
    let media_type = "application/x-www-form-urlencoded".parse().unwrap();
    post.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *post.body_mut() = fields.to_owned().into();
    let response = site.send(post).await;
    assert_eq!(response.status, 303, "{response}");
    get(site, &response.location()).await
}

/// Publishes an event as a client with the IP address `address`.
async fn given_from(site: &Site, address: &str, title: &str) -> Published {
    let mut post = request(Method::POST, "/api/events/");
    post.extensions_mut().insert(Peer(address.parse().unwrap()));
    post.headers_mut()
        .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    *post.body_mut() = Value::Object(event(title).0).to_string().into();
    let event = site.send(post).await.json();
    let token = event["edit_token"].as_str().unwrap().to_owned();
    Published {
        id: event["id"].as_i64().unwrap(),
        token,
    }
}

#[tokio::test]
async fn a_hidden_event_is_visible_only_to_its_publisher() {
    let site = site_with_admin().await;
    let spam = site.given(event("Spam").technologies(&["Rust"])).await;
    site.given(event("Rust Nights")).await;
    let public = format!("/events/{}", spam.id);

    let hidden = submit(&site, "/admin/hide", &format!("id={}", spam.id)).await;

    assert_eq!(hidden.select("[role=status]"), ["Um encontro mudou."]);
    assert_eq!(
        hidden.select(".card-title"),
        ["Rust Nights", "Spam escondido"]
    );
    assert_eq!(site.titles("").await, ["Rust Nights"]);
    for query in [
        "q=spam",
        "when=upcoming",
        "technology=rust",
        "from=2027-01-01",
        "city=sao+paulo&q=spam",
    ] {
        assert!(
            !site.titles(query).await.contains(&"Spam".to_owned()),
            "{query}"
        );
    }
    for path in [
        public.clone(),
        format!("/api/events/{}", spam.id),
        format!("{public}/edit"),
    ] {
        assert_eq!(site.get(&path).await.status, 404, "{path}");
    }
    assert!(!site.get("/").await.text().contains("Spam"));
    assert!(!site.get("/api/events/export").await.text().contains("Spam"));

    // The publisher sees a notice and can still edit.
    let browser = site.browser();
    let form = browser.open_edit_link(&spam.token).await;
    assert_eq!(form.select("#hidden").len(), 1);
    assert!(
        !form
            .attributes(".et-edit-banner a", "href")
            .contains(&public)
    );
    let saved = browser.submit(&form, &[("title", "No spam")]).await;
    let form = browser.follow(&saved).await;
    assert_eq!(
        (form.status.as_u16(), form.select(".lead")),
        (200, vec!["No spam".to_owned()])
    );
    let by_token = site.get(&spam.api_path()).await.json();
    assert_eq!(
        (&by_token["hidden"], &by_token["version"]),
        (&json!(true), &json!(2))
    );
    let patched = site
        .json(Method::PATCH, &spam.api_path(), &json!({"title": "Better"}))
        .await;
    assert_eq!(patched.status, 200);
    assert_eq!(site.get(&public).await.status, 404);

    let only = get(&site, "/admin?hidden=1").await;
    assert_eq!(only.select(".card-title"), ["Better escondido"]);
    let restored = submit(&site, "/admin/restore", &format!("id={}", spam.id)).await;
    assert_eq!(restored.select(".card-title"), ["Rust Nights", "Better"]);
    assert_eq!(site.get(&public).await.select("h1"), ["Better"]);
    assert!(
        site.get(&spam.api_path())
            .await
            .json()
            .get("hidden")
            .is_none()
    );
}

#[tokio::test]
async fn all_events_from_one_network_are_hidden_together() {
    let site = site_with_admin().await;
    given_from(&site, "192.0.2.1", "Spam 1").await;
    site.set_clock("2027-01-01T13:00:00Z");
    given_from(&site, "192.0.2.1", "Spam 2").await;
    given_from(&site, "192.0.2.2", "Rust Nights").await;
    let page = get(&site, "/admin").await;
    let sources = page.attributes("form a[href^='/admin?source=']", "href");
    assert_eq!(sources.len(), 3);
    assert_ne!(sources[0], sources[1]);
    assert_eq!(sources[1], sources[2]);
    assert!(!page.text().contains("192.0.2"));
    let source = sources[1].split_once('?').unwrap().1;
    let of_source = get(&site, &sources[1]).await;
    assert_eq!(of_source.select(".card-title"), ["Spam 2", "Spam 1"]);

    // Only those published from 09:30 in São Paulo.
    submit(
        &site,
        "/admin/hide",
        &format!("{source}&from=2027-01-01T09:30&to="),
    )
    .await;
    assert_eq!(site.titles("").await, ["Spam 1", "Rust Nights"]);
    let all = submit(&site, "/admin/hide", source).await;
    assert_eq!(all.select("[role=status]"), ["Um encontro mudou."]);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
    let again = submit(&site, "/admin/restore", source).await;
    assert_eq!(again.select("[role=status]"), ["2 encontros mudaram."]);
    assert_eq!(site.titles("").await.len(), 3);

    // The source of an event is deleted after 30 days.
    local_server::purge::purge(&site.db, moment("2027-02-01T12:00:00Z"))
        .await
        .unwrap();
    let page = get(&site, "/admin").await;
    assert_eq!(
        page.attributes("form a[href^='/admin?source=']", "href"),
        [""; 0]
    );
    assert_eq!(site.titles("").await.len(), 3);
}

#[tokio::test]
async fn the_admin_pages_require_the_admin_token() {
    let site = site_with_admin().await;
    let basic = |pair: &str| format!("Basic {}", BASE64_STANDARD.encode(pair));
    for (authorization, status) in [
        (basic(&format!("anyone:{TOKEN}")), 200),
        (format!("bearer {TOKEN}"), 200),
        (basic("anyone:guess"), 401),
        (basic(TOKEN), 401),
        ("Bearer ".to_owned(), 401),
        (format!("Digest {TOKEN}"), 401),
        ("Basic %%%".to_owned(), 401),
    ] {
        let mut request = request(Method::GET, "/admin");
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, authorization.parse().unwrap());
        let response = site.send(request).await;
        assert_eq!(response.status, status, "{authorization}");
    }
    for (method, path) in [
        (Method::GET, "/admin"),
        (Method::POST, "/admin/hide"),
        (Method::POST, "/admin/restore"),
    ] {
        let response = site.send(request(method, path)).await;
        assert_eq!(response.status, 401, "{path}");
        assert!(
            response
                .header(header::WWW_AUTHENTICATE)
                .starts_with("Basic realm=")
        );
        assert_eq!(response.header(header::CACHE_CONTROL), "no-store");
    }
    // Browsers send Basic credentials with forms of other sites too.
    let mut forged = authorized(Method::POST, "/admin/hide");
    forged
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(site.send(forged).await.status, 403);
    let page = get(&site, "/admin").await;
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(page.header("x-robots-tag"), "noindex");
}

#[tokio::test]
async fn without_an_admin_token_the_admin_pages_are_not_found() {
    let site = Site::new().await;
    for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE] {
        for path in ["/admin", "/admin/hide", "/admin/restore"] {
            let response = site.send(authorized(method.clone(), path)).await;
            assert_eq!(response.status, 404, "{method} {path}");
            assert_eq!(response.header(header::ALLOW), "", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn an_invalid_admin_form_names_the_parameter() {
    let site = site_with_admin().await;
    for (fields, name) in [("", "id"), ("id=x", "id"), ("source=x&from=soon", "from")] {
        let mut post = authorized(Method::POST, "/admin/hide");
        let media_type = "application/x-www-form-urlencoded".parse().unwrap();
        post.headers_mut().insert(header::CONTENT_TYPE, media_type);
        *post.body_mut() = fields.into();
        let rejected = site.send(post).await;
        assert_eq!(rejected.status, 400, "{fields}");
        assert!(
            rejected.text().contains(&format!("O parâmetro {name} ")),
            "{rejected}"
        );
    }
    assert_eq!(
        site.send(authorized(Method::GET, "/admin?before=x"))
            .await
            .status,
        400
    );
}
