//! Edit tokens in the JSON API: rotation and invalid tokens.

use http::{Method, header};
use serde_json::json;

use crate::{
    client::request,
    site::{Site, event},
};

#[tokio::test]
async fn rotating_the_token_revokes_the_old_one() {
    let site = Site::new().await;
    let published = site.given(event("Rotated")).await;

    let response = site
        .send(request(
            Method::POST,
            &format!("{}/rotate", published.api_path()),
        ))
        .await;

    assert_eq!(response.status, 200);
    let new = response.json()["edit_token"].as_str().unwrap().to_owned();
    assert_ne!(new, published.token);
    assert_eq!(site.get(&published.api_path()).await.status, 404);
    assert_eq!(
        site.get(&format!("/api/events/by-token/{new}"))
            .await
            .json()["title"],
        "Rotated"
    );
    assert_eq!(
        site.get(&format!("/api/events/by-token/{}", new.to_uppercase()))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn an_invalid_token_is_not_found_in_any_form() {
    let site = Site::new().await;
    let published = site.given(event("Locked")).await;
    let id = published.id.to_string();
    for token in [
        "x",
        "00000000-0000-4000-8000-000000000000",
        "%00",
        "%FF",
        "a%2Fb",
        &id,
        "%F0%9F%94%91",
        "' or 1=1 --",
    ] {
        let token = token.replace(' ', "%20");
        for method in [Method::GET, Method::DELETE] {
            let response = site
                .send(request(method, &format!("/api/events/by-token/{token}")))
                .await;
            assert_eq!(response.status, 404, "{token}");
            assert_eq!(
                response.header(header::CONTENT_TYPE),
                "application/problem+json"
            );
        }
        let put = site
            .json(
                Method::PUT,
                &format!("/api/events/by-token/{token}"),
                &json!({}),
            )
            .await;
        assert_eq!(put.status, 404, "{token}");
    }
}
