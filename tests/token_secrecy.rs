//! Tests that edit tokens and other secrets appear in no public response, log line or database row.

use std::collections::BTreeSet;

use http::{Method, header};
use serde_json::{Value, json};
use shared::routes::ROUTES;

use crate::{
    client::request,
    log,
    site::{NOW, Site, event},
};

const ADMIN_TOKEN: &str = "correct horse battery staple";
const SECRET_KEY: &str = "the operator's own secret key";
const IDEMPOTENCY_KEY: &str = "one-of-a-kind-0123456789";

/// Returns everything that an anonymous client can read, headers included: the responses of every route and of every
/// linked page.
async fn crawl(site: &Site, id: i64) -> String {
    let mut output = String::new();
    let values = [
        ("{id}", id.to_string()),
        ("{token}", "guess".to_owned()),
        ("{file}", "x".to_owned()),
    ];
    let fill = |template: &str| {
        values
            .iter()
            .fold(template.to_owned(), |path, (name, value)| {
                path.replace(name, value)
            })
    };
    let mut visited = BTreeSet::new();
    let mut to_visit: Vec<_> = ROUTES.iter().map(|route| fill(route.path)).collect();
    to_visit.extend([
        "/?q=vida".to_owned(),
        "/api/events/?q=vida".to_owned(),
        "/nope".to_owned(),
    ]);
    while let Some(path) = to_visit.pop() {
        if !visited.insert(path.clone()) {
            continue;
        }
        let response = site.get(&path).await;
        output.push_str(&format!(
            "{path} {} {:?}\n",
            response.status, response.headers
        ));
        output.push_str(&String::from_utf8_lossy(&response.bytes));
        if response
            .header(header::CONTENT_TYPE)
            .starts_with("text/html")
        {
            for (selector, name) in [
                ("a[href]", "href"),
                ("link[href]", "href"),
                ("script[src]", "src"),
            ] {
                let links = response.attributes(selector, name).into_iter();
                to_visit.extend(links.filter(|link| link.starts_with('/')));
            }
        }
    }
    assert!(visited.len() > ROUTES.len() + 5, "{visited:?}");
    output
}

#[tokio::test]
async fn no_secret_appears_in_responses_logs_or_the_database() {
    let settings = [("ADMIN_TOKEN", ADMIN_TOKEN), ("SECRET_KEY", SECRET_KEY)];
    let site = Site::with_settings(NOW, &settings).await;
    let browser = site.browser();
    let mut secrets = vec![
        ADMIN_TOKEN.to_owned(),
        SECRET_KEY.to_owned(),
        IDEMPOTENCY_KEY.to_owned(),
    ];
    let mut output = String::new();

    // Published with the form, edited, edited with a conflict, token rotated.
    let form = browser.get("/events/new").await;
    secrets.push(form.attributes("[name=key]", "value").remove(0));
    let typed = [
        ("title", "Uma vida"),
        ("date", "2027-06-01T19:00"),
        ("location", "Recife - PE"),
    ];
    let created = browser.follow(&browser.submit(&form, &typed).await).await;
    let link = created.select("#secret-link").remove(0);
    let token = link.rsplit('/').next().unwrap().to_owned();
    let id: i64 = created.attributes("[data-my-event]", "data-my-event")[0]
        .parse()
        .unwrap();
    let edit = browser.open_edit_link(&token).await;
    browser.submit(&edit, &[("title", "Uma vida nova")]).await;
    output.push_str(
        &browser
            .submit(&edit, &[("title", "Uma vida velha")])
            .await
            .text(),
    );
    let page = browser.get(&format!("/events/{id}/edit")).await;
    let rotated = browser.submit_to(&page, "/rotate", &[]).await;
    let link = browser
        .follow(&rotated)
        .await
        .select("#secret-link")
        .remove(0);
    secrets.extend([token, link.rsplit('/').next().unwrap().to_owned()]);

    // Another event through the API, sent twice, then invalid requests.
    let mut by_token = String::new();
    for _ in 0..2 {
        let mut post = request(Method::POST, "/api/events/");
        post.headers_mut()
            .insert("idempotency-key", IDEMPOTENCY_KEY.parse().unwrap());
        post.headers_mut()
            .insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        *post.body_mut() = Value::Object(event("Outra vida").0).to_string().into();
        let published = site.send(post).await.json();
        let token = published["edit_token"].as_str().unwrap();
        by_token = format!("/api/events/by-token/{token}");
        secrets.push(token.to_owned());
    }
    output.push_str(
        &site
            .json(Method::PATCH, &by_token, &json!({"title": ""}))
            .await
            .text(),
    );
    output.push_str(&site.json(Method::POST, &by_token, &json!({})).await.text());

    // The operator lists, hides and restores events.
    for (method, path, fields) in [
        (Method::GET, "/admin", String::new()),
        (Method::POST, "/admin/hide", format!("id={id}")),
        (Method::POST, "/admin/restore", format!("id={id}")),
    ] {
        let mut request = request(method, path);
        let bearer = format!("Bearer {ADMIN_TOKEN}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let media_type = "application/x-www-form-urlencoded".parse().unwrap();
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
        *request.body_mut() = fields.into();
        let response = site.send(request).await;
        assert!(
            response.status == 200 || response.status == 303,
            "{response}"
        );
        output.push_str(&format!("{:?}{}", response.headers, response.text()));
    }

    output.push_str(&crawl(&site, id).await);
    // Even for the publisher, only one page shows the secret link.
    for page in ["edit", "delete"] {
        output.push_str(&browser.get(&format!("/events/{id}/{page}")).await.text());
    }
    let confirmation = browser.get(&format!("/events/{id}/delete")).await;
    browser.submit(&confirmation, &[]).await;
    output.push_str(&site.send(request(Method::DELETE, &by_token)).await.text());
    output.push_str(&site.send(request(Method::DELETE, &by_token)).await.text());
    output.push_str(&crawl(&site, id).await);
    output.push_str(&site.database.dump().await);
    let logged = log::text();
    assert!(
        logged.contains("Event created") && logged.contains("route=/api/events/by-token/{token}"),
        "{logged}"
    );
    output.push_str(&logged);

    assert!(output.contains("Uma vida nova") && output.contains("Outra vida"));
    let output = output.to_lowercase();
    for secret in secrets {
        assert!(!output.contains(&secret.to_lowercase()), "{secret}");
    }
}

#[tokio::test]
async fn an_error_response_does_not_contain_the_token() {
    let site = Site::new().await;
    let published = site.given(event("Quoted")).await;
    for (method, body) in [
        (Method::PUT, "{"),
        (Method::PATCH, "[]"),
        (Method::PUT, "{}"),
    ] {
        let mut broken = request(method, &published.api_path());
        broken
            .headers_mut()
            .insert("content-type", "application/json".parse().unwrap());
        *broken.body_mut() = body.into();
        let response = site.send(broken).await;
        assert!(response.status.is_client_error());
        assert!(!response.text().contains(&published.token));
    }
    site.database.allow_connections(false).await;
    assert!(
        !site
            .get(&published.api_path())
            .await
            .text()
            .contains(&published.token)
    );
}
