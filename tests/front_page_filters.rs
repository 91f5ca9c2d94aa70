//! Tests of the front page's filters: tabs, dates, technologies, states, and the links that remove them.

use crate::{
    response::Response,
    site::{Site, event},
};

/// The current time in the tests, on a Wednesday.
const WEDNESDAY: &str = "2027-03-17T15:00:00Z";

/// Returns the target of the link whose text is `text`.
#[track_caller]
fn link(page: &Response, text: &str) -> String {
    let found = page.select("main a").into_iter();
    let mut found = found.zip(page.attributes("main a", "href"));
    let (_, href) = found
        .find(|(found, _)| found == text)
        .unwrap_or_else(|| panic!("no link {text} in\n{page}"));
    href
}

#[tokio::test]
async fn events_are_grouped_by_month_and_show_their_day() {
    let site = Site::at(WEDNESDAY).await;
    for (title, start) in [
        ("Morning", "2027-03-18T09:00"),
        ("Evening", "2027-03-18T19:00"),
        ("Later", "2027-03-20T19:00"),
        ("April", "2027-04-02T19:00"),
    ] {
        site.given(event(title).starts(start)).await;
    }
    let page = site.get("/").await;
    assert_eq!(page.select("h3"), ["março de 2027", "abril de 2027"]);
    let days: Vec<usize> = ["qui18mar", "sáb20mar", "sex2abr"]
        .into_iter()
        .map(|day| {
            page.select(".et-date")
                .iter()
                .filter(|date| *date == day)
                .count()
        })
        .collect();
    assert_eq!(days, [1, 1, 1]);
    assert_eq!(page.cards(), ["Morning", "Evening", "Later", "April"]);
}

#[tokio::test]
async fn the_accessible_name_of_a_card_has_title_date_location_and_status() {
    let site = Site::at(WEDNESDAY).await;
    site.given(
        event("Called off")
            .starts("2027-03-18T19:00")
            .with("status", "cancelled"),
    )
    .await;
    let page = site.get("/").await;
    let ids = page.attributes("h4 a", "aria-labelledby").remove(0);
    let name: Vec<String> = ids
        .split(' ')
        .map(|id| page.select(&format!("#{id}")).remove(0))
        .collect();
    let name = name.join(" ");
    for part in [
        "Called off",
        "quinta-feira, 18 de março de 2027, 19h",
        "Cancelado",
        "São Paulo - SP",
    ] {
        assert!(name.contains(part), "{part} in {name}");
    }
}

#[tokio::test]
async fn tabs_show_upcoming_or_past_events() {
    let site = Site::at(WEDNESDAY).await;
    site.given(event("Upcoming").starts("2027-03-18T19:00"))
        .await;
    site.given(event("Past").starts("2027-03-01T19:00")).await;
    let page = site.get("/").await;
    assert_eq!(page.cards(), ["Upcoming", "Past"]);
    for (tab, titles) in [("Próximos", ["Upcoming"]), ("Já aconteceram", ["Past"])] {
        let shown = site.get(&link(&page, tab)).await;
        assert_eq!(shown.cards(), titles, "{tab}");
        assert_eq!(shown.select(".et-tabs [aria-current]"), [tab]);
    }
    assert_eq!(site.get("/?when=soon").await.status, 400);
}

#[tokio::test]
async fn upcoming_events_can_be_paged_alone() {
    let site = Site::at(WEDNESDAY).await;
    for number in 0..25 {
        site.given(event(&format!("Upcoming {number:02}")).starts("2027-03-18T19:00"))
            .await;
    }
    site.given(event("Past").starts("2027-03-01T19:00")).await;
    let first = site.get("/?when=upcoming").await;
    let second = site.get(&first.attributes("a[rel=next]", "href")[0]).await;
    assert_eq!(second.cards(), ["Upcoming 24"]);
    assert!(second.attributes("a[rel=next]", "href").is_empty());
}

#[tokio::test]
async fn date_filters_are_links_that_switch_on_and_off() {
    let site = Site::at(WEDNESDAY).await;
    for (title, start) in [
        ("Tonight", "2027-03-17T19:00"),
        ("Saturday", "2027-03-20T10:00"),
        ("Monday", "2027-03-22T00:00"),
        ("Next month", "2027-04-01T19:00"),
    ] {
        site.given(event(title).starts(start)).await;
    }
    let page = site.get("/").await;
    for (text, titles) in [
        ("Hoje", ["Tonight"].as_slice()),
        ("Este fim de semana", &["Saturday"]),
        ("Este mês", &["Tonight", "Saturday", "Monday"]),
    ] {
        let shown = site.get(&link(&page, text)).await;
        assert_eq!(shown.cards(), titles, "{text}");
        assert_eq!(shown.select(".et-chips [aria-current]"), [text]);
        // The same link removes the filter.
        assert_eq!(site.get(&link(&shown, text)).await.cards().len(), 4);
    }
}

#[tokio::test]
async fn technologies_and_states_are_counted_over_the_next_ninety_days() {
    let site = Site::at(WEDNESDAY).await;
    for (title, start, technology, place) in [
        ("One", "2027-03-18T19:00", "Rust", "Recife - PE"),
        ("Two", "2027-04-18T19:00", "rust", "Olinda - PE"),
        ("Three", "2027-05-18T19:00", "Rust", "Rio Branco - AC"),
        ("Far", "2028-05-18T19:00", "Fortran", "Belém - PA"),
        ("Past", "2027-03-01T19:00", "COBOL", "Belém - PA"),
    ] {
        let event = event(title).starts(start).technologies(&[technology]);
        site.given(event.with("location", place)).await;
    }
    let page = site.get("/").await;
    assert_eq!(
        page.select(".et-filters .et-chip").split_off(4),
        [
            "Rust 3, 3 encontros nos próximos 90 dias",
            "Pernambuco 2, 2 encontros nos próximos 90 dias",
            "Acre 1, 1 encontro nos próximos 90 dias",
        ]
    );
    let rust = site.get("/?technology=RUST&state=pe").await;
    assert_eq!(rust.cards(), ["One", "Two"]);
    assert_eq!(
        site.get(&link(
            &page,
            "Pernambuco 2, 2 encontros nos próximos 90 dias"
        ))
        .await
        .cards(),
        ["One", "Two"]
    );

    // Counts are cached for a minute. After that the server still returns them while it recounts in the background.
    site.given(
        event("Four")
            .starts("2027-03-19T19:00")
            .technologies(&["Zig"]),
    )
    .await;
    let counted = async || {
        let chips = site.get("/").await.select(".et-chip");
        chips.iter().any(|chip| chip.starts_with("Zig"))
    };
    assert!(!counted().await);
    site.set_clock("2027-03-17T15:01:00Z");
    while !counted().await {}

    // Counts that are much older are not returned: the request waits for the recount.
    site.given(
        event("Five")
            .starts("2027-03-19T19:00")
            .technologies(&["Ada"]),
    )
    .await;
    site.set_clock("2027-03-17T15:06:00Z");
    let chips = site.get("/").await.select(".et-chip");
    assert!(
        chips.iter().any(|chip| chip.starts_with("Ada")),
        "{chips:?}"
    );
}

#[tokio::test]
async fn each_active_filter_is_shown_and_can_be_removed_alone() {
    let site = Site::at(WEDNESDAY).await;
    let event = event("Found")
        .starts("2027-03-18T19:00")
        .technologies(&["Rust"]);
    site.given(event.with("location", "Recife - PE")).await;
    let page = site
        .get("/?q=found&technology=Rust&city=recife&state=PE&from=2027-03-01&to=2027-04-01&attendance=in_person&limit=1")
        .await;
    assert_eq!(page.cards(), ["Found"]);
    assert_eq!(
        page.select(".et-active-filters a"),
        [
            "Remover filtro: “found”",
            "Remover filtro: Tecnologia: Rust",
            "Remover filtro: Cidade: recife",
            "Remover filtro: Estado: Pernambuco",
            "Remover filtro: Presencial",
            "Remover filtro: A partir de segunda-feira, 1º de março de 2027",
            "Remover filtro: Antes de quinta-feira, 1º de abril de 2027",
            "Limpar tudo",
        ]
    );
    // Empty list items are ignored.
    let none = site.get("/?attendance=online,,").await;
    assert_eq!(none.select(".et-active-filters a").len(), 2);
    let none = site.get("/?attendance=,").await;
    assert!(none.select(".et-active-filters a").is_empty());
    let remaining = site
        .get(&link(&page, "Remover filtro: Cidade: recife"))
        .await;
    assert_eq!(remaining.select(".et-active-filters a").len(), 7);
    assert_eq!(remaining.cards(), ["Found"]);
    // The search form carries the other filters as hidden fields.
    let hidden = page.attributes(".et-search input[type=hidden]", "name");
    assert_eq!(hidden, ["city", "state", "from", "to", "attendance"]);
}

#[tokio::test]
async fn an_empty_result_links_to_online_events_and_to_publishing() {
    let site = Site::at(WEDNESDAY).await;
    let event = event("From anywhere").starts("2027-03-18T19:00");
    site.given(event.with("attendance", "hybrid")).await;
    let page = site.get("/?state=AC&q=anywhere").await;
    assert_eq!(
        page.select("h2").last().unwrap(),
        "Ainda não há encontros em Acre"
    );
    let online = site.get(&link(&page, "Ver os on-line")).await;
    assert_eq!(online.cards(), ["From anywhere"]);
    assert_eq!(link(&page, "Publicar o primeiro"), "/events/new");
}

#[tokio::test]
async fn the_api_filters_by_attendance() {
    let site = Site::new().await;
    for attendance in ["in_person", "online", "hybrid"] {
        site.given(event(attendance).with("attendance", attendance))
            .await;
    }
    assert_eq!(site.titles("attendance=online").await, ["online"]);
    assert_eq!(
        site.titles("attendance=online,hybrid").await,
        ["online", "hybrid"]
    );
    assert_eq!(site.titles("attendance=").await.len(), 3);
    assert_eq!(site.get("/api/events/?attendance=remote").await.status, 400);
}
