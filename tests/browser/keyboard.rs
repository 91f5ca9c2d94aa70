//! Tests of user journeys with the keyboard alone, with a visible focus at every step.

use serde_json::json;

use crate::{
    environment::Environment,
    visitor::{Scripts, Visitor, keys_of_date},
};

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
/// The maximum number of presses of the Tab key to reach an element.
const TABS_MAX: u32 = 60;
/// A script that returns whether the focus is outside the page or on a part of a field that the browser marks itself
/// (the calendar button), the focused element, the width of its outline, and its height.
const FOCUS: &str = "const element = document.activeElement, style = getComputedStyle(element); \
     return [element === document.body || !element.matches(':focus'), element.outerHTML.slice(0, 120), \
         style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth), element.getBoundingClientRect().height]";

/// Publishes an event and edits it, with the keyboard alone.
pub(crate) async fn publish_and_edit(environment: &Environment, scripts: Scripts) {
    let visitor = environment.visitor(scripts).await;
    visitor.goto("/").await;
    enter(&visitor, "a[href^='/events/new']").await;
    type_into(&visitor, "title", "Só com o teclado").await;
    focus(&visitor, "[name='date']").await;
    visitor.press(&keys_of_date("2090-03-18T19:00")).await;
    type_into(&visitor, "location", "São Luís - MA").await;
    enter(&visitor, "main button[type='submit']").await;
    let path = visitor.path().await;
    assert!(path.ends_with("/created"), "{path}");

    let edit = path.replace("/created", "/edit");
    enter(&visitor, &format!("main a[href^='{edit}']")).await;
    assert_eq!(visitor.path().await, edit);
    assert_eq!(visitor.value("date").await, "2090-03-18T19:00");
    type_into(&visitor, "title", "Só com as teclas").await;
    enter(&visitor, "main button[type='submit']").await;
    assert_eq!(visitor.path().await, path.replace("/created", ""));
    let text = visitor.text().await;
    assert!(text.contains("Só com as teclas"), "{text}");
    assert!(text.contains("São Luís"), "{text}");
    assert_eq!(visitor.clicks.get(), 0);
    visitor.assert_no_errors().await;
}

/// Searches for an event and opens it, with the keyboard alone.
pub(crate) async fn search(environment: &Environment, scripts: Scripts) {
    let found = environment.publish(&json!({"title": format!("Quíchua e Zig {scripts:?}")}));
    environment.publish(&json!({"title": "Outro assunto"}));
    let visitor = environment.visitor(scripts).await;
    visitor.goto("/").await;
    focus(&visitor, "[name='q']").await;
    visitor.press(&format!("quichua {scripts:?}")).await;
    visitor.navigate_by(visitor.press(ENTER)).await;
    let link = |id: i64| format!("main a[href^='/events/{id}']");
    visitor.find(&link(found.id)).await;
    let text = visitor.text().await;
    assert!(!text.contains("Outro assunto"), "{text}");
    enter(&visitor, &link(found.id)).await;
    assert_eq!(visitor.path().await, format!("/events/{}", found.id));
    visitor.assert_no_errors().await;
}

/// Moves the focus to a link or button, presses Enter and waits for the next page.
async fn enter(visitor: &Visitor<'_>, selector: &str) {
    focus(visitor, selector).await;
    visitor.navigate_by(visitor.press(ENTER)).await;
}

/// Moves the focus to a field and replaces its value.
async fn type_into(visitor: &Visitor<'_>, name: &str, text: &str) {
    focus(visitor, &format!("[name='{name}']")).await;
    visitor.press(text).await;
    assert_eq!(visitor.value(name).await, text);
}

/// Presses Tab until the element that matches `selector` has the focus, which must be visible at every step.
async fn focus(visitor: &Visitor<'_>, selector: &str) {
    for _ in 0..TABS_MAX {
        if visitor.has_focus(selector).await {
            return;
        }
        visitor.press(TAB).await;
        let focused = visitor.evaluate(FOCUS).await;
        let (elsewhere, width, height) = (&focused[0], &focused[2], &focused[3]);
        assert!(
            elsewhere == true || (width.as_f64() > Some(0.0) && height.as_f64() > Some(1.0)),
            "the focus is not visible on {}",
            focused[1]
        );
    }
    panic!("{selector} cannot be reached with Tab");
}
