//! The ways in which the front page leads to events: phases, dates, technologies, states, and out of what was asked for.

use crate::{
    response::Response,
    site::{Site, event},
};

/// A Wednesday.
const WEDNESDAY: &str = "2027-03-17T15:00:00Z";

/// The address behind the words of a link.
#[track_caller]
fn link(page: &Response, words: &str) -> String {
    let found = page.select("main a").into_iter();
    let mut found = found.zip(page.attributes("main a", "href"));
    let (_, href) = found
        .find(|(text, _)| text == words)
        .unwrap_or_else(|| panic!("no link {words} in\n{page}"));
    href
}

#[tokio::test]
async fn events_stand_under_their_month_and_day() {
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
async fn a_card_is_named_by_title_date_place_and_state() {
    let site = Site::at(WEDNESDAY).await;
    site.given(
        event("Called off")
            .starts("2027-03-18T19:00")
            .with("status", "cancelled"),
    )
    .await;
    let page = site.get("/").await;
    let named = page.attributes("h4 a", "aria-labelledby").remove(0);
    let name: Vec<String> = named
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
async fn tabs_show_what_comes_or_what_is_over() {
    let site = Site::at(WEDNESDAY).await;
    site.given(event("Coming").starts("2027-03-18T19:00")).await;
    site.given(event("Over").starts("2027-03-01T19:00")).await;
    let page = site.get("/").await;
    assert_eq!(page.cards(), ["Coming", "Over"]);
    for (tab, titles) in [("Próximos", ["Coming"]), ("Já aconteceram", ["Over"])] {
        let shown = site.get(&link(&page, tab)).await;
        assert_eq!(shown.cards(), titles, "{tab}");
        assert_eq!(shown.select(".et-tabs [aria-current]"), [tab]);
    }
    assert_eq!(site.get("/?when=soon").await.status, 400);
}

#[tokio::test]
async fn what_comes_can_be_paged_by_itself() {
    let site = Site::at(WEDNESDAY).await;
    for number in 0..25 {
        site.given(event(&format!("Coming {number:02}")).starts("2027-03-18T19:00"))
            .await;
    }
    site.given(event("Over").starts("2027-03-01T19:00")).await;
    let first = site.get("/?when=upcoming").await;
    let second = site.get(&first.attributes("a[rel=next]", "href")[0]).await;
    assert_eq!(second.cards(), ["Coming 24"]);
    assert!(second.attributes("a[rel=next]", "href").is_empty());
}

#[tokio::test]
async fn dates_are_a_click_away() {
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
    for (words, titles) in [
        ("Hoje", ["Tonight"].as_slice()),
        ("Este fim de semana", &["Saturday"]),
        ("Este mês", &["Tonight", "Saturday", "Monday"]),
    ] {
        let shown = site.get(&link(&page, words)).await;
        assert_eq!(shown.cards(), titles, "{words}");
        assert_eq!(shown.select(".et-chips [aria-current]"), [words]);
        // The same link takes it back.
        assert_eq!(site.get(&link(&shown, words)).await.cards().len(), 4);
    }
}

#[tokio::test]
async fn technologies_and_states_are_counted_over_the_coming_weeks() {
    let site = Site::at(WEDNESDAY).await;
    for (title, start, technology, place) in [
        ("One", "2027-03-18T19:00", "Rust", "Recife - PE"),
        ("Two", "2027-04-18T19:00", "rust", "Olinda - PE"),
        ("Three", "2027-05-18T19:00", "Rust", "Rio Branco - AC"),
        ("Far", "2028-05-18T19:00", "Fortran", "Belém - PA"),
        ("Over", "2027-03-01T19:00", "COBOL", "Belém - PA"),
    ] {
        let event = event(title).starts(start).technologies(&[technology]);
        site.given(event.with("location", place)).await;
    }
    let page = site.get("/").await;
    assert_eq!(
        page.select(".et-finding .et-chip").split_off(4),
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

    // The count is good enough for a minute, and in a server from then on while it is counted anew.
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

    // One that nobody has asked for in long is waited for.
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
async fn each_wish_in_force_is_shown_and_can_be_dropped_alone() {
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
        page.select(".et-in-force a"),
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
    // Between two commas there is no wish.
    let none = site.get("/?attendance=online,,").await;
    assert_eq!(none.select(".et-in-force a").len(), 2);
    let none = site.get("/?attendance=,").await;
    assert!(none.select(".et-in-force a").is_empty());
    let left = site
        .get(&link(&page, "Remover filtro: Cidade: recife"))
        .await;
    assert_eq!(left.select(".et-in-force a").len(), 7);
    assert_eq!(left.cards(), ["Found"]);
    // A new search keeps what is not typed into it.
    let kept = page.attributes(".et-search input[type=hidden]", "name");
    assert_eq!(kept, ["city", "state", "from", "to", "attendance"]);
}

#[tokio::test]
async fn an_empty_list_says_where_else_to_go() {
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
async fn the_api_knows_ways_to_meet() {
    let site = Site::new().await;
    for way in ["in_person", "online", "hybrid"] {
        site.given(event(way).with("attendance", way)).await;
    }
    assert_eq!(site.titles("attendance=online").await, ["online"]);
    assert_eq!(
        site.titles("attendance=online,hybrid").await,
        ["online", "hybrid"]
    );
    assert_eq!(site.titles("attendance=").await.len(), 3);
    assert_eq!(site.get("/api/events/?attendance=remote").await.status, 400);
}
