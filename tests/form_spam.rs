//! Tests of the form's spam protection: form tokens, the honeypot field, the minimum time and the denylist.

use http::header;

use crate::{
    create::REQUIRED_FIELDS,
    site::{Site, event},
};

#[tokio::test]
async fn a_form_submitted_too_fast_or_with_the_honeypot_filled_is_shown_again() {
    let site = Site::with_settings(crate::site::NOW, &[("FORM_MIN_SECONDS", "2")]).await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    assert_eq!(form.attributes("#homepage", "tabindex"), ["-1"]);

    let too_soon = browser.submit(&form, &REQUIRED_FIELDS).await;
    assert_shown_again(&too_soon, "rápido demais");
    site.set_clock("2027-01-01T12:00:02Z");
    let filled = [
        REQUIRED_FIELDS[0],
        REQUIRED_FIELDS[1],
        REQUIRED_FIELDS[2],
        ("homepage", "https://spam.example/"),
    ];
    let honeypot_filled = browser.submit(&too_soon, &filled).await;
    assert_shown_again(&honeypot_filled, "não veem");
    assert_eq!(
        honeypot_filled.attributes("#homepage[value]", "value"),
        [""; 0]
    );
    assert_eq!(site.titles("").await, Vec::<String>::new());

    // A person submits the form again unchanged.
    assert_eq!(browser.submit(&honeypot_filled, &[]).await.status, 303);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn a_forged_or_expired_form_token_is_rejected() {
    let site = Site::with_settings(crate::site::NOW, &[("FORM_MIN_SECONDS", "2")]).await;
    let browser = site.browser();
    let form = browser.get("/events/new").await;
    site.set_clock("2027-01-01T12:01:00Z");
    for forged in ["", "0123456789abcdef", "1.x.y"] {
        let fields = [
            REQUIRED_FIELDS[0],
            REQUIRED_FIELDS[1],
            REQUIRED_FIELDS[2],
            ("key", forged),
        ];
        assert_shown_again(
            &browser.submit(&form, &fields).await,
            "não veio desta página",
        );
    }
    site.set_clock("2027-01-02T12:00:00Z");
    let old = browser.submit(&form, &REQUIRED_FIELDS).await;
    assert_shown_again(&old, "há muito tempo");
    site.set_clock("2027-01-02T12:00:02Z");
    assert_eq!(browser.submit(&old, &[]).await.status, 303);
    assert_eq!(site.titles("").await, ["Rust Nights"]);
}

#[tokio::test]
async fn a_form_post_without_a_browser_needs_no_form_token() {
    let site = Site::with_settings(crate::site::NOW, &[("FORM_MIN_SECONDS", "2")]).await;
    let mut post = crate::client::request(http::Method::POST, "/events/");
    let media_type = "application/x-www-form-urlencoded".parse().unwrap();
    post.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *post.body_mut() = "title=x&date=2027-06-01T19:00&location=y".into();
    assert_eq!(site.send(post).await.status, 303);
}

#[track_caller]
fn assert_shown_again(response: &crate::response::Response, why: &str) {
    assert_eq!(response.status, 422, "{response}");
    assert!(
        response.select("#submit-again").concat().contains(why),
        "{response}"
    );
    let fields = response.form("/events/").fields;
    for (name, typed) in REQUIRED_FIELDS {
        assert!(
            fields.contains(&(name.to_owned(), typed.to_owned())),
            "{name}"
        );
    }
}

#[tokio::test]
async fn text_on_the_denylist_is_rejected() {
    let file = std::env::temp_dir().join(format!("denylist-{}", uuid::Uuid::new_v4()));
    std::fs::write(&file, "cassino\nspam.example\n").unwrap();
    let settings = [("DENYLIST_FILE", file.to_str().unwrap())];
    let site = Site::with_settings(crate::site::NOW, &settings).await;
    let browser = site.browser();
    let typed = [
        ("title", "Noite de CASSINO"),
        REQUIRED_FIELDS[1],
        REQUIRED_FIELDS[2],
    ];

    let rejected = browser
        .submit(&browser.get("/events/new").await, &typed)
        .await;

    assert_eq!(rejected.status, 422);
    let errors = rejected.select(".et-error-summary li");
    assert_eq!(errors, ["Título: Este site não aceita “cassino”."]);
    let spam = event("Rust")
        .with("url", "https://www.spam.example/x")
        .technologies(&["Go", "Cassino"]);
    let response = site
        .post("/api/events/", &serde_json::Value::Object(spam.0))
        .await;
    assert_eq!(response.status, 422);
    assert_eq!(
        response.field_errors(),
        ["/url denied", "/technologies/1 denied"]
    );

    // An existing event can't be changed to contain denied text.
    let published = site.given(event("Rust")).await;
    let denied = serde_json::json!({"description": "spam.example"});
    let response = site
        .json(http::Method::PATCH, &published.api_path(), &denied)
        .await;
    assert_eq!(response.field_errors(), ["/description denied"]);
    let form = browser.open_edit_link(&published.token).await;
    assert_eq!(
        browser
            .submit(&form, &[("organizer", "Cassino")])
            .await
            .status,
        422
    );
    std::fs::remove_file(file).unwrap();
}
