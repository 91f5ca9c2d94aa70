//! Tests of `/events/new?copy=ID`, the form filled in from a published event.

use http::header;

use crate::{
    create::REQUIRED_FIELDS,
    site::{Site, event},
};

#[tokio::test]
async fn a_copy_has_all_values_but_the_dates() {
    let site = Site::new().await;
    let browser = site.browser();
    let typed = [
        REQUIRED_FIELDS[0],
        REQUIRED_FIELDS[1],
        REQUIRED_FIELDS[2],
        ("end_date", "2027-06-01T22:00"),
        ("timezone", "America/Recife"),
        ("description", "Linha um\r\n\r\nLinha dois"),
        ("attendance", "hybrid"),
        ("status", "postponed"),
        ("url", "https://rust.example/"),
        ("organizer", "Rust & Recife"),
        ("technologies", "Rust, C++"),
    ];
    let sent = browser
        .submit(&browser.get("/events/new").await, &typed)
        .await;
    let created = browser.follow(&sent).await;
    let again = created.attributes("a[href*='copy=']", "href").remove(0);

    let form = site.get(&again).await;

    assert_eq!(form.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(
        form.select("#copied"),
        ["Copiado de “Rust Nights”. Falta a data."]
    );
    assert_eq!(form.attributes("[autofocus]", "id"), ["date"]);
    assert_eq!(form.attributes("form[data-draft]", "data-draft"), ["keep"]);
    let fields = form.form("/events/").fields;
    for (name, value) in typed {
        let expected = match name {
            "date" | "end_date" => "",
            "status" => "scheduled",
            "description" => "\nLinha um\n\nLinha dois",
            _ => value,
        };
        let found = fields.iter().find(|(field, _)| field == name);
        let found = found.map(|(_, value)| value.trim_start());
        assert_eq!(found, Some(expected.trim_start()), "{name}");
    }
    let moved = [("date", "2027-07-01T19:00"), ("location", "Olinda - PE")];
    let sent = site.browser().submit(&form, &moved).await;
    assert_eq!(sent.status, 303);
    // The derived city changes with the location.
    assert_eq!(site.titles("city=olinda").await, ["Rust Nights"]);
    assert_eq!(site.titles("").await, ["Rust Nights", "Rust Nights"]);
}

#[tokio::test]
async fn markup_in_the_copied_title_is_escaped() {
    let site = Site::new().await;
    let published = site.given(event("<b id=bold>\"x\" & 'y'</b>")).await;
    let form = site
        .get(&format!("/events/new?copy={}", published.id))
        .await;
    assert_eq!(
        form.select("#copied"),
        ["Copiado de “<b id=bold>\"x\" & 'y'</b>”. Falta a data."]
    );
    assert!(form.select("#bold").is_empty());
}

#[tokio::test]
async fn copying_an_unknown_or_deleted_event_shows_an_empty_form() {
    let site = Site::new().await;
    let gone = site.given(event("Gone")).await;
    site.json(
        http::Method::DELETE,
        &gone.api_path(),
        &serde_json::json!({}),
    )
    .await;
    for id in [gone.id.to_string(), "999".to_owned(), "x".to_owned()] {
        let form = site.get(&format!("/events/new?copy={id}")).await;
        assert_eq!(form.status, 200);
        assert_eq!(form.attributes("#title", "value"), [""], "{id}");
        assert_eq!(
            form.attributes("form[data-draft]", "data-draft"),
            ["restore"]
        );
        assert!(form.select("#copied").is_empty());
    }
}
