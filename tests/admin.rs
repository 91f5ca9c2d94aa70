//! What the operator sees, hides and shows again.

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

async fn site() -> Site {
    Site::with_settings(NOW, &[("ADMIN_TOKEN", TOKEN)]).await
}

fn signed(method: Method, path: &str) -> Request<Body> {
    let mut request = request(method, path);
    let bearer = format!("Bearer {TOKEN}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    request
}

async fn look(site: &Site, path: &str) -> Response {
    let page = site.send(signed(Method::GET, path)).await;
    assert_eq!(page.status, 200, "{page}");
    page
}

/// Presses a button, and looks at what came of it.
async fn press(site: &Site, action: &str, fields: &str) -> Response {
    let mut post = signed(Method::POST, action);
    let media_type = "application/x-www-form-urlencoded".parse().unwrap();
    post.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *post.body_mut() = fields.to_owned().into();
    let done = site.send(post).await;
    assert_eq!(done.status, 303, "{done}");
    look(site, &done.location()).await
}

/// Publishes from this address.
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
async fn what_the_operator_hides_only_its_owner_sees() {
    let site = site().await;
    let spam = site.given(event("Spam").technologies(&["Rust"])).await;
    site.given(event("Rust Nights")).await;
    let public = format!("/events/{}", spam.id);

    let hidden = press(&site, "/admin/hide", &format!("id={}", spam.id)).await;

    assert_eq!(hidden.select("[role=status]"), ["Um encontro mudou."]);
    assert_eq!(
        hidden.select(".card-title"),
        ["Rust Nights", "Spam escondido"]
    );
    assert_eq!(site.titles("").await, ["Rust Nights"]);
    for wish in [
        "q=spam",
        "when=upcoming",
        "technology=rust",
        "from=2027-01-01",
        "city=sao+paulo&q=spam",
    ] {
        assert!(
            !site.titles(wish).await.contains(&"Spam".to_owned()),
            "{wish}"
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

    // Its owner is told, and goes on editing.
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

    let only = look(&site, "/admin?hidden=1").await;
    assert_eq!(only.select(".card-title"), ["Better escondido"]);
    let restored = press(&site, "/admin/restore", &format!("id={}", spam.id)).await;
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
async fn what_came_from_one_network_is_hidden_at_once() {
    let site = site().await;
    given_from(&site, "192.0.2.1", "Spam 1").await;
    site.set_clock("2027-01-01T13:00:00Z");
    given_from(&site, "192.0.2.1", "Spam 2").await;
    given_from(&site, "192.0.2.2", "Rust Nights").await;
    let page = look(&site, "/admin").await;
    let sources = page.attributes("form a[href^='/admin?source=']", "href");
    assert_eq!(sources.len(), 3);
    assert_ne!(sources[0], sources[1]);
    assert_eq!(sources[1], sources[2]);
    assert!(!page.text().contains("192.0.2"));
    let source = sources[1].split_once('?').unwrap().1;
    let of_source = look(&site, &sources[1]).await;
    assert_eq!(of_source.select(".card-title"), ["Spam 2", "Spam 1"]);

    // From 9 h 30 in São Paulo on.
    press(
        &site,
        "/admin/hide",
        &format!("{source}&from=2027-01-01T09:30&to="),
    )
    .await;
    assert_eq!(site.titles("").await, ["Spam 1", "Rust Nights"]);
    let all = press(&site, "/admin/hide", source).await;
    assert_eq!(all.select("[role=status]"), ["Um encontro mudou."]);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
    let again = press(&site, "/admin/restore", source).await;
    assert_eq!(again.select("[role=status]"), ["2 encontros mudaram."]);
    assert_eq!(site.titles("").await.len(), 3);

    // After 30 days nobody knows any more from where they came.
    local_server::purge::purge(&site.db, moment("2027-02-01T12:00:00Z"))
        .await
        .unwrap();
    let page = look(&site, "/admin").await;
    assert_eq!(
        page.attributes("form a[href^='/admin?source=']", "href"),
        [""; 0]
    );
    assert_eq!(site.titles("").await.len(), 3);
}

#[tokio::test]
async fn nobody_else_is_the_operator() {
    let site = site().await;
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
        let mut ask = request(Method::GET, "/admin");
        ask.headers_mut()
            .insert(header::AUTHORIZATION, authorization.parse().unwrap());
        let response = site.send(ask).await;
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
    // A browser sends its password with other sites' forms, too.
    let mut forged = signed(Method::POST, "/admin/hide");
    forged
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(site.send(forged).await.status, 403);
    let page = look(&site, "/admin").await;
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(page.header("x-robots-tag"), "noindex");
}

#[tokio::test]
async fn without_a_token_there_is_no_operators_side() {
    let site = Site::new().await;
    for method in [Method::GET, Method::HEAD, Method::POST, Method::DELETE] {
        for path in ["/admin", "/admin/hide", "/admin/restore"] {
            let response = site.send(signed(method.clone(), path)).await;
            assert_eq!(response.status, 404, "{method} {path}");
            assert_eq!(response.header(header::ALLOW), "", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_wrong_button_says_what_is_missing() {
    let site = site().await;
    for (fields, name) in [("", "id"), ("id=x", "id"), ("source=x&from=soon", "from")] {
        let mut post = signed(Method::POST, "/admin/hide");
        let media_type = "application/x-www-form-urlencoded".parse().unwrap();
        post.headers_mut().insert(header::CONTENT_TYPE, media_type);
        *post.body_mut() = fields.into();
        let refused = site.send(post).await;
        assert_eq!(refused.status, 400, "{fields}");
        assert!(
            refused.text().contains(&format!("O parâmetro {name} ")),
            "{refused}"
        );
    }
    assert_eq!(
        site.send(signed(Method::GET, "/admin?before=x"))
            .await
            .status,
        400
    );
}
