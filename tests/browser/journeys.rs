//! Tests of user journeys with the mouse.

use serde_json::json;
use uuid::Uuid;

use crate::{
    environment::Environment,
    visitor::{Scripts, Visitor},
};

/// The maximum number of fields that a visitor fills in to publish an event.
const FIELDS_TYPED_MAX: u32 = 3;
/// The maximum number of clicks from the front page to the published event.
const CLICKS_MAX: u32 = 2;

/// Publishes an event, edits it through the secret link, resolves an edit conflict, and deletes it.
pub(crate) async fn publish_to_delete(environment: &Environment, scripts: Scripts) {
    let visitor = environment.visitor(scripts).await;
    let id = publish(&visitor).await;
    let token = edit_token_of(&visitor).await;
    check_public_page(&visitor, id, &token).await;

    // Without the cookie, only with the link.
    visitor.client.delete_all_cookies().await.unwrap();
    visitor.goto(&format!("/events/{id}/edit")).await;
    assert_eq!(visitor.status().await, 403);
    visitor.goto(&format!("/events/edit/{token}")).await;
    assert_eq!(visitor.path().await, format!("/events/{id}/edit"));
    assert_eq!(visitor.value("title").await, "Noite de Rust");

    let theirs = json!({"title": "Noite deles", "description": "A pauta deles"});
    environment.change(&token, &theirs);
    visitor.fill("title", "Noite minha").await;
    visitor.fill("location", "Lugar meu, Olinda - PE").await;
    visitor.submit("title").await;
    let text = visitor.text().await;
    for expected in ["Noite deles", "Noite minha", "A pauta deles"] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    assert_eq!(visitor.value("title").await, "Noite minha");
    assert_eq!(visitor.value("location").await, "Lugar meu, Olinda - PE");
    if scripts == Scripts::Run {
        assert!(
            visitor.has_focus("[role='alert']").await,
            "the alert of the conflict has no focus"
        );
    }

    visitor.submit("title").await;
    assert_eq!(visitor.path().await, format!("/events/{id}"));
    let text = visitor.text().await;
    assert!(text.contains("Noite minha"), "{text}");
    assert!(text.contains("Lugar meu"), "{text}");

    delete(&visitor, id).await;
    visitor.assert_no_errors().await;
}

async fn publish(visitor: &Visitor<'_>) -> i64 {
    visitor.goto("/").await;
    visitor.follow("a[href^='/events/new']").await;
    visitor.fill("title", "Noite de Rust").await;
    visitor.fill("date", "2090-03-18T19:00").await;
    visitor.fill("location", "Porto Digital, Recife - PE").await;
    visitor.submit("title").await;
    let path = visitor.path().await;
    let id = path
        .strip_prefix("/events/")
        .and_then(|rest| rest.strip_suffix("/created"))
        .and_then(|id| id.parse().ok());
    let id = id.unwrap_or_else(|| panic!("{path} is not the page of a published event"));
    let (typed, clicks) = (visitor.typed.get(), visitor.clicks.get());
    assert!(typed <= FIELDS_TYPED_MAX, "{typed} fields were filled in");
    assert!(clicks <= CLICKS_MAX, "{clicks} clicks were needed");
    id
}

/// Returns the edit token in the secret link on the visitor's current page.
pub(crate) async fn edit_token_of(visitor: &Visitor<'_>) -> String {
    let text = visitor.text().await;
    let (_, rest) = text
        .split_once("/events/edit/")
        .unwrap_or_else(|| panic!("no secret link:\n{text}"));
    let token = rest
        .get(..36)
        .filter(|token| Uuid::try_parse(token).is_ok());
    token
        .unwrap_or_else(|| panic!("incomplete secret link:\n{text}"))
        .to_owned()
}

async fn check_public_page(visitor: &Visitor<'_>, id: i64, token: &str) {
    visitor
        .follow(&format!("main a[href$='/events/{id}']"))
        .await;
    assert_eq!(visitor.path().await, format!("/events/{id}"));
    assert_eq!(visitor.status().await, 200);
    let text = visitor.text().await;
    assert!(text.contains("Noite de Rust"), "{text}");
    assert!(
        !visitor.source().await.contains(token),
        "the public page contains the edit token"
    );
}

async fn delete(visitor: &Visitor<'_>, id: i64) {
    visitor.goto(&format!("/events/{id}/edit")).await;
    visitor
        .follow(&format!("main a[href^='/events/{id}/delete']"))
        .await;
    assert_eq!(visitor.path().await, format!("/events/{id}/delete"));
    assert!(
        visitor.text().await.contains("Noite minha"),
        "the confirmation does not name the event"
    );
    // Not deleted before the confirmation.
    assert_eq!(status_of(visitor, id).await, 200);
    visitor.goto(&format!("/events/{id}/delete")).await;
    visitor
        .follow(&format!(
            "//form[starts-with(@action, '/events/{id}/delete')]//button[@type='submit']"
        ))
        .await;
    assert_eq!(visitor.status().await, 200);
    assert_eq!(status_of(visitor, id).await, 404);
}

async fn status_of(visitor: &Visitor<'_>, id: i64) -> u64 {
    visitor.goto(&format!("/events/{id}")).await;
    visitor.status().await
}

/// Submits the form with errors, finds the other fields unchanged, corrects the errors, and publishes the event.
pub(crate) async fn wrong_input(environment: &Environment, scripts: Scripts) {
    let visitor = environment.visitor(scripts).await;
    visitor.goto("/events/new").await;
    let typed = [
        ("title", ""),
        ("date", "2090-07-01T09:30"),
        ("location", "Fernando de Noronha - PE"),
        (
            "description",
            "Primeira linha\n\n  <b>terceira</b> & última",
        ),
        ("end_date", "2090-07-01T12:00"),
        ("timezone", "America/Noronha"),
        ("attendance", "hybrid"),
        ("url", "isto não é um endereço"),
        ("organizer", "Comunidade \"Ilha\""),
        ("technologies", "Rust, C++, .NET"),
    ];
    for (name, text) in typed {
        visitor.fill(name, text).await;
    }
    visitor.submit("title").await;
    assert_eq!(visitor.status().await, 422);
    for (name, text) in typed {
        assert_eq!(visitor.value(name).await, text, "{name}");
    }
    for name in ["title", "url"] {
        // Each error links to its field, which is visible and marked as invalid.
        visitor.find(&format!("main a[href$='#{name}']")).await;
        let field = visitor.find(&format!("main [name='{name}']")).await;
        assert_eq!(
            field.attr("aria-invalid").await.unwrap().as_deref(),
            Some("true")
        );
        let described = field.attr("aria-describedby").await.unwrap();
        assert!(
            described.is_some(),
            "{name} has no description of its error"
        );
    }
    if scripts == Scripts::Run {
        let summary = ":has(a[href$='#title']):has(a[href$='#url'])";
        assert!(
            visitor.has_focus(&format!("main {summary}")).await,
            "the summary of the errors has no focus"
        );
    }

    visitor.fill("title", "Tecnologia na ilha").await;
    visitor.fill("url", "https://example.org/ilha").await;
    visitor.submit("title").await;
    let path = visitor.path().await;
    assert!(path.ends_with("/created"), "{path}");
    visitor.assert_no_errors().await;
}
