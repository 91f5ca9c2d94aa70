//! What people do on the board by keyboard alone, and that they see where they are.

use serde_json::json;

use crate::{
    stage::Stage,
    visitor::{Scripts, Visitor, keys_of_date},
};

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
/// More than anything is away from the beginning of its page.
const STEPS_MAX: u32 = 60;
/// Whether the focus is outside the page or on a part of a field that the browser itself marks (the button of the calendar);
/// what has it, and how wide the line around it is.
const FOCUS: &str = "const element = document.activeElement, style = getComputedStyle(element); \
     return [element === document.body || !element.matches(':focus'), element.outerHTML.slice(0, 120), \
         style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth), element.getBoundingClientRect().height]";

/// Publishes an event and edits it.
pub(crate) async fn publish_and_edit(stage: &Stage, scripts: Scripts) {
    let visitor = stage.visitor(scripts).await;
    visitor.goto("/").await;
    enter(&visitor, "a[href^='/events/new']").await;
    type_into(&visitor, "title", "Só com o teclado").await;
    step_to(&visitor, "[name='date']").await;
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
    let words = visitor.words().await;
    assert!(words.contains("Só com as teclas"), "{words}");
    assert!(words.contains("São Luís"), "{words}");
    assert_eq!(visitor.clicks.get(), 0);
    visitor.had_no_trouble().await;
}

/// Finds one event among others, and opens it.
pub(crate) async fn search(stage: &Stage, scripts: Scripts) {
    let found = stage.publish(&json!({"title": format!("Quíchua e Zig {scripts:?}")}));
    stage.publish(&json!({"title": "Outro assunto"}));
    let visitor = stage.visitor(scripts).await;
    visitor.goto("/").await;
    step_to(&visitor, "[name='q']").await;
    visitor.press(&format!("quichua {scripts:?}")).await;
    visitor.turn(visitor.press(ENTER)).await;
    let link = |id: i64| format!("main a[href^='/events/{id}']");
    visitor.find(&link(found.id)).await;
    let words = visitor.words().await;
    assert!(!words.contains("Outro assunto"), "{words}");
    enter(&visitor, &link(found.id)).await;
    assert_eq!(visitor.path().await, format!("/events/{}", found.id));
    visitor.had_no_trouble().await;
}

/// Goes to what leads to another page, and there.
async fn enter(visitor: &Visitor<'_>, selector: &str) {
    step_to(visitor, selector).await;
    visitor.turn(visitor.press(ENTER)).await;
}

/// Goes to a field, and types into it instead of what it held.
async fn type_into(visitor: &Visitor<'_>, name: &str, text: &str) {
    step_to(visitor, &format!("[name='{name}']")).await;
    visitor.press(text).await;
    assert_eq!(visitor.value(name).await, text);
}

/// Steps from one thing to the next until this one has the focus; each shows it.
async fn step_to(visitor: &Visitor<'_>, selector: &str) {
    for _ in 0..STEPS_MAX {
        if visitor.is_on(selector).await {
            return;
        }
        visitor.press(TAB).await;
        let focus = visitor.ask(FOCUS).await;
        let (elsewhere, width, height) = (&focus[0], &focus[2], &focus[3]);
        assert!(
            elsewhere == true || (width.as_f64() > Some(0.0) && height.as_f64() > Some(1.0)),
            "nobody sees that the focus is on {}",
            focus[1]
        );
    }
    panic!("{selector} is not to be reached");
}
