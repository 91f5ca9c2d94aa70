//! What people do on the board with a mouse.

use serde_json::json;
use uuid::Uuid;

use crate::{
    stage::Stage,
    visitor::{Scripts, Visitor},
};

/// What is typed before anything else is published, at most.
const FIELDS_TYPED_MAX: u32 = 3;
/// From the front page to the published event, at most.
const CLICKS_MAX: u32 = 2;

/// Publishes an event, comes back to it by the secret link, meets somebody else there, and deletes it.
pub(crate) async fn publish_to_delete(stage: &Stage, scripts: Scripts) {
    let visitor = stage.visitor(scripts).await;
    let id = publish(&visitor).await;
    let token = secret_of(&visitor).await;
    look_at_public_page(&visitor, id, &token).await;

    // Days later: no cookie, only the link.
    visitor.client.delete_all_cookies().await.unwrap();
    visitor.goto(&format!("/events/{id}/edit")).await;
    assert_eq!(visitor.status().await, 403);
    visitor.goto(&format!("/events/edit/{token}")).await;
    assert_eq!(visitor.path().await, format!("/events/{id}/edit"));
    assert_eq!(visitor.value("title").await, "Noite de Rust");

    let theirs = json!({"title": "Noite deles", "description": "A pauta deles"});
    stage.change(&token, &theirs);
    visitor.fill("title", "Noite minha").await;
    visitor.fill("location", "Lugar meu, Olinda - PE").await;
    visitor.submit("title").await;
    let words = visitor.words().await;
    for text in ["Noite deles", "Noite minha", "A pauta deles"] {
        assert!(words.contains(text), "{text} is lost:\n{words}");
    }
    assert_eq!(visitor.value("title").await, "Noite minha");
    assert_eq!(visitor.value("location").await, "Lugar meu, Olinda - PE");
    if scripts == Scripts::Run {
        assert!(
            visitor.is_on("[role='alert']").await,
            "the conflict is read first"
        );
    }

    visitor.submit("title").await;
    assert_eq!(visitor.path().await, format!("/events/{id}"));
    let words = visitor.words().await;
    assert!(words.contains("Noite minha"), "{words}");
    assert!(words.contains("Lugar meu"), "{words}");

    delete(&visitor, id).await;
    visitor.had_no_trouble().await;
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
    let id = id.unwrap_or_else(|| panic!("{path} shows no published event"));
    let (typed, clicks) = (visitor.typed.get(), visitor.clicks.get());
    assert!(
        typed <= FIELDS_TYPED_MAX,
        "{typed} fields had to be typed into"
    );
    assert!(clicks <= CLICKS_MAX, "{clicks} clicks were needed");
    id
}

/// The token in the secret link that the page shows.
pub(crate) async fn secret_of(visitor: &Visitor<'_>) -> String {
    let words = visitor.words().await;
    let (_, rest) = words
        .split_once("/events/edit/")
        .unwrap_or_else(|| panic!("no secret link:\n{words}"));
    let token = rest
        .get(..36)
        .filter(|token| Uuid::try_parse(token).is_ok());
    token
        .unwrap_or_else(|| panic!("no whole secret link:\n{words}"))
        .to_owned()
}

async fn look_at_public_page(visitor: &Visitor<'_>, id: i64, token: &str) {
    visitor
        .follow(&format!("main a[href$='/events/{id}']"))
        .await;
    assert_eq!(visitor.path().await, format!("/events/{id}"));
    assert_eq!(visitor.status().await, 200);
    let words = visitor.words().await;
    assert!(words.contains("Noite de Rust"), "{words}");
    assert!(
        !visitor.source().await.contains(token),
        "the secret is public"
    );
}

async fn delete(visitor: &Visitor<'_>, id: i64) {
    visitor.goto(&format!("/events/{id}/edit")).await;
    visitor
        .follow(&format!("main a[href^='/events/{id}/delete']"))
        .await;
    assert_eq!(visitor.path().await, format!("/events/{id}/delete"));
    assert!(
        visitor.words().await.contains("Noite minha"),
        "it says what goes"
    );
    // Still there: it was only asked.
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

/// Publishes with mistakes, finds all else as it was typed, mends them, and publishes.
pub(crate) async fn wrong_input(stage: &Stage, scripts: Scripts) {
    let visitor = stage.visitor(scripts).await;
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
        // Each mistake leads to its field, which says so itself and can be seen.
        visitor.find(&format!("main a[href$='#{name}']")).await;
        let field = visitor.find(&format!("main [name='{name}']")).await;
        assert_eq!(
            field.attr("aria-invalid").await.unwrap().as_deref(),
            Some("true")
        );
        let described = field.attr("aria-describedby").await.unwrap();
        assert!(described.is_some(), "{name} is not told what is wrong");
    }
    if scripts == Scripts::Run {
        let summary = ":has(a[href$='#title']):has(a[href$='#url'])";
        assert!(
            visitor.is_on(&format!("main {summary}")).await,
            "the focus goes to the mistakes"
        );
    }

    visitor.fill("title", "Tecnologia na ilha").await;
    visitor.fill("url", "https://example.org/ilha").await;
    visitor.submit("title").await;
    let path = visitor.path().await;
    assert!(path.ends_with("/created"), "{path}");
    visitor.had_no_trouble().await;
}
