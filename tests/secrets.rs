//! After a whole life of an event its token is nowhere but with its holder.

use http::Method;

use crate::{
    board::request,
    log,
    site::{Site, event},
};

#[tokio::test]
async fn nothing_public_holds_a_token() {
    let site = Site::open().await;
    let published = site.given(event("Secret life").about(&["Rust"])).await;
    let browser = site.browser();
    let form = browser.enter(&published.token).await;
    browser
        .submit(&form, &[("title", "Secret life, edited")])
        .await;
    let id = published.id;

    let mut seen = String::new();
    for path in [
        "/".to_owned(),
        "/?q=secret".to_owned(),
        "/?technology=rust".to_owned(),
        format!("/events/{id}"),
        format!("/events/{id}/edit"),
        format!("/events/{id}/delete"),
        format!("/events/{id}/created"),
        "/events/new".to_owned(),
        "/api/events/".to_owned(),
        "/api/events/?q=secret".to_owned(),
        format!("/api/events/{id}"),
        "/api/events/export".to_owned(),
        "/metrics".to_owned(),
        "/nope".to_owned(),
    ] {
        let answer = site.get(&path).await;
        seen.push_str(&format!("{path} {:?}\n{}", answer.headers, answer.text()));
    }
    let form = browser.get(&format!("/events/{id}/edit")).await;
    let question = browser.get(&format!("/events/{id}/delete")).await;
    seen.push_str(&form.text());
    seen.push_str(&question.text());
    for (method, path) in [
        (Method::DELETE, published.by_token()),
        (Method::GET, published.by_token()),
    ] {
        seen.push_str(&site.send(request(method, &path)).await.text());
    }
    seen.push_str(&site.get("/metrics").await.text());
    seen.push_str(&site.database.dump().await);
    let logged = log::text();
    assert!(
        logged.contains("Event created") && logged.contains("route=/api/events/by-token/{token}"),
        "{logged}"
    );
    seen.push_str(&logged);

    assert!(seen.contains("Secret life, edited"));
    assert!(!seen.to_lowercase().contains(&published.token));
}

#[tokio::test]
async fn an_error_by_token_does_not_repeat_the_token() {
    let site = Site::open().await;
    let published = site.given(event("Quoted")).await;
    for (method, body) in [
        (Method::PUT, "{"),
        (Method::PATCH, "[]"),
        (Method::PUT, "{}"),
    ] {
        let mut broken = request(method, &published.by_token());
        broken
            .headers_mut()
            .insert("content-type", "application/json".parse().unwrap());
        *broken.body_mut() = body.into();
        let answer = site.send(broken).await;
        assert!(answer.status.is_client_error());
        assert!(!answer.text().contains(&published.token));
    }
    site.database.let_in(false).await;
    assert!(
        !site
            .get(&published.by_token())
            .await
            .text()
            .contains(&published.token)
    );
}
