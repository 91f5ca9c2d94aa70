//! After a whole life of an event its token is nowhere but with its holder.

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

/// Everything a stranger is told, headers included: what every route answers, and whatever is linked from there.
async fn crawl(site: &Site, id: i64) -> String {
    let mut told = String::new();
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
    let mut asked = BTreeSet::new();
    let mut to_ask: Vec<_> = ROUTES.iter().map(|route| fill(route.path)).collect();
    to_ask.extend([
        "/?q=vida".to_owned(),
        "/api/events/?q=vida".to_owned(),
        "/nope".to_owned(),
    ]);
    while let Some(path) = to_ask.pop() {
        if !asked.insert(path.clone()) {
            continue;
        }
        let response = site.get(&path).await;
        told.push_str(&format!(
            "{path} {} {:?}\n",
            response.status, response.headers
        ));
        told.push_str(&String::from_utf8_lossy(&response.bytes));
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
                to_ask.extend(links.filter(|link| link.starts_with('/')));
            }
        }
    }
    assert!(asked.len() > ROUTES.len() + 5, "{asked:?}");
    told
}

#[tokio::test]
async fn a_whole_life_leaves_no_secret_with_anybody_else() {
    let settings = [("ADMIN_TOKEN", ADMIN_TOKEN), ("SECRET_KEY", SECRET_KEY)];
    let site = Site::with_settings(NOW, &settings).await;
    let browser = site.browser();
    let mut secrets = vec![
        ADMIN_TOKEN.to_owned(),
        SECRET_KEY.to_owned(),
        IDEMPOTENCY_KEY.to_owned(),
    ];
    let mut told = String::new();

    // Published by a form, edited, overtaken; the link is exchanged.
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
    told.push_str(
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

    // Another one by the API, sent twice, with mistakes.
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
    told.push_str(
        &site
            .json(Method::PATCH, &by_token, &json!({"title": ""}))
            .await
            .text(),
    );
    told.push_str(&site.json(Method::POST, &by_token, &json!({})).await.text());

    // The operator looks, hides and shows again.
    for (method, path, fields) in [
        (Method::GET, "/admin", String::new()),
        (Method::POST, "/admin/hide", format!("id={id}")),
        (Method::POST, "/admin/restore", format!("id={id}")),
    ] {
        let mut press = request(method, path);
        let bearer = format!("Bearer {ADMIN_TOKEN}").parse().unwrap();
        press.headers_mut().insert(header::AUTHORIZATION, bearer);
        let media_type = "application/x-www-form-urlencoded".parse().unwrap();
        press.headers_mut().insert(header::CONTENT_TYPE, media_type);
        *press.body_mut() = fields.into();
        let response = site.send(press).await;
        assert!(
            response.status == 200 || response.status == 303,
            "{response}"
        );
        told.push_str(&format!("{:?}{}", response.headers, response.text()));
    }

    told.push_str(&crawl(&site, id).await);
    // Even the owner is shown the link on one page only.
    for page in ["edit", "delete"] {
        told.push_str(&browser.get(&format!("/events/{id}/{page}")).await.text());
    }
    let question = browser.get(&format!("/events/{id}/delete")).await;
    browser.submit(&question, &[]).await;
    told.push_str(&site.send(request(Method::DELETE, &by_token)).await.text());
    told.push_str(&site.send(request(Method::DELETE, &by_token)).await.text());
    told.push_str(&crawl(&site, id).await);
    told.push_str(&site.database.dump().await);
    let logged = log::text();
    assert!(
        logged.contains("Event created") && logged.contains("route=/api/events/by-token/{token}"),
        "{logged}"
    );
    told.push_str(&logged);

    assert!(told.contains("Uma vida nova") && told.contains("Outra vida"));
    let told = told.to_lowercase();
    for secret in secrets {
        assert!(!told.contains(&secret.to_lowercase()), "{secret}");
    }
}

#[tokio::test]
async fn an_error_by_token_does_not_repeat_the_token() {
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
