//! Tests of landing pages such as `/today` and `/technology/rust`, which are the front page with one filter.

use http::{StatusCode, header};

use crate::{
    response::Response,
    site::{Site, event},
};

/// The current time in the tests, on a Wednesday.
const WEDNESDAY: &str = "2027-03-17T15:00:00Z";

#[track_caller]
fn link(page: &Response, text: &str) -> String {
    let found = page.select("main a").into_iter();
    let mut found = found.zip(page.attributes("main a", "href"));
    let (_, href) = found
        .find(|(found, _)| found == text || found.starts_with(&format!("{text} ")))
        .unwrap_or_else(|| panic!("no link {text} in\n{page}"));
    href
}

#[track_caller]
fn canonical(page: &Response) -> String {
    let mut links = page.attributes("link[rel=canonical]", "href");
    assert_eq!(links.len(), 1, "{links:?}");
    links.remove(0)
}

/// Returns the paths of the calendar and the feeds that the page links to.
fn alternates(page: &Response) -> Vec<String> {
    page.attributes("link[rel=alternate][type]", "href")
        .iter()
        .map(|href| href.replace("http://site.example", ""))
        .collect()
}

async fn site_with_events() -> Site {
    let site = Site::at(WEDNESDAY).await;
    for (title, start, place, attendance, technologies) in [
        (
            "Tonight",
            "2027-03-17T19:00",
            "Florianópolis - SC",
            "in_person",
            &["Rust"][..],
        ),
        (
            "Saturday",
            "2027-03-20T10:00",
            "FLORIANOPOLIS - SC",
            "hybrid",
            &["C++", "rust"],
        ),
        (
            "Monday",
            "2027-03-22T00:00",
            "São José dos Campos - SP",
            "in_person",
            &["C#", ".NET"],
        ),
        (
            "April",
            "2027-04-02T19:00",
            "Ji-Paraná - RO",
            "in_person",
            &["Machine Learning", "CI/CD"],
        ),
        ("Anywhere", "2027-04-03T19:00", "Online", "online", &["C"]),
    ] {
        site.given(
            event(title)
                .starts(start)
                .with("location", place)
                .with("attendance", attendance)
                .technologies(technologies),
        )
        .await;
    }
    site
}

#[tokio::test]
async fn a_landing_page_has_its_own_heading_calendar_and_feeds() {
    let site = site_with_events().await;
    for (path, heading, titles, query) in [
        ("/today", "Encontros hoje", &["Tonight"][..], "when=today"),
        (
            "/weekend",
            "Encontros neste fim de semana",
            &["Saturday"],
            "when=weekend",
        ),
        (
            "/online",
            "Encontros on-line",
            &["Saturday", "Anywhere"],
            "attendance=online%2Chybrid",
        ),
        (
            "/state/sc",
            "Encontros em Santa Catarina",
            &["Tonight", "Saturday"],
            "state=SC",
        ),
        ("/state/ac", "Encontros no Acre", &[], "state=AC"),
        (
            "/city/sc/florianopolis",
            "Encontros em Florianópolis, SC",
            &["Tonight", "Saturday"],
            "city=Florian%C3%B3polis&state=SC",
        ),
        (
            "/city/sp/sao-jose-dos-campos",
            "Encontros em São José dos Campos, SP",
            &["Monday"],
            "city=S%C3%A3o+Jos%C3%A9+dos+Campos&state=SP",
        ),
        (
            "/city/ro/ji-parana",
            "Encontros em Ji-Paraná, RO",
            &["April"],
            "city=Ji-Paran%C3%A1&state=RO",
        ),
        (
            "/city/ba/porto-seguro",
            "Encontros em Porto Seguro, BA",
            &[],
            "city=Porto+Seguro&state=BA",
        ),
        (
            "/technology/rust",
            "Encontros de Rust",
            &["Tonight", "Saturday"],
            "technology=Rust",
        ),
        (
            "/technology/c++",
            "Encontros de C++",
            &["Saturday"],
            "technology=C%2B%2B",
        ),
        (
            "/technology/c%2B%2B",
            "Encontros de C++",
            &["Saturday"],
            "technology=C%2B%2B",
        ),
        (
            "/technology/c%23",
            "Encontros de C#",
            &["Monday"],
            "technology=C%23",
        ),
        (
            "/technology/.net",
            "Encontros de .NET",
            &["Monday"],
            "technology=.NET",
        ),
        (
            "/technology/machine%20learning",
            "Encontros de Machine Learning",
            &["April"],
            "technology=Machine+Learning",
        ),
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, 200, "{page}");
        assert_eq!(page.select("h1"), [heading]);
        assert_eq!(
            page.select("title"),
            [format!("{heading} · Encontros Tech")]
        );
        assert_eq!(page.cards(), titles, "{path}");
        let canonical_path = path.replace("c%2B%2B", "c++");
        assert_eq!(
            canonical(&page),
            format!("http://site.example{canonical_path}")
        );
        let expected =
            ["/events.ics", "/feed.atom", "/feed.json"].map(|kind| format!("{kind}?{query}"));
        assert_eq!(alternates(&page), expected);
        assert!(page.header(header::ETAG).starts_with('"'));
        let feed = site.get(&expected[2]).await.json();
        let count = feed["items"].as_array().unwrap().len();
        assert_eq!(count, titles.len(), "{path}");
        assert_eq!(
            feed["home_page_url"],
            format!("http://site.example{canonical_path}")
        );
    }
}

#[tokio::test]
async fn other_spellings_redirect_permanently_to_the_canonical_path() {
    let site = site_with_events().await;
    for (path, location) in [
        ("/city/sc/Florianopolis", "/city/sc/florianopolis"),
        ("/city/SC/Florian%C3%B3polis", "/city/sc/florianopolis"),
        (
            "/city/sp/s%C3%A3o%20jos%C3%A9%20dos%20campos?lang=en",
            "/city/sp/sao-jose-dos-campos?lang=en",
        ),
        ("/state/SP?q=a%26b", "/state/sp?q=a%26b"),
        ("/technology/Rust", "/technology/rust"),
        ("/technology/C%2B%2B", "/technology/c++"),
        ("/technology/C%23", "/technology/c%23"),
        ("/technology/%C3%81gil", "/technology/agil"),
        (
            "/technology/%E3%83%8F%E3%82%99%E3%82%B9",
            "/technology/%E3%83%90%E3%82%B9",
        ),
    ] {
        let response = site.get(path).await;
        assert_eq!(response.status, StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(response.location(), location);
        assert_eq!(site.get(location).await.status, 200, "{location}");
    }
}

#[tokio::test]
async fn an_unknown_place_or_technology_is_not_found() {
    let site = site_with_events().await;
    for path in [
        "/state/xx",
        "/state/",
        "/city/xx/lisboa",
        "/city/sc",
        "/city/sc/%2F",
        "/technology/ci%2Fcd",
        "/technology/100%25",
        "/technology/%20",
        &format!("/technology/{}", "x".repeat(41)),
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("<h1>"), "{path}");
    }
}

#[tokio::test]
async fn a_filter_link_goes_to_a_landing_page_if_it_is_the_only_filter() {
    let site = site_with_events().await;
    let page = site.get("/").await;
    assert_eq!(canonical(&page), "http://site.example/");
    for (text, address) in [
        ("Hoje", "/today"),
        ("Este fim de semana", "/weekend"),
        ("On-line", "/online"),
        ("Santa Catarina", "/state/sc"),
        ("C++", "/technology/c++"),
        // A slash can't be part of the path.
        ("CI/CD", "/?technology=CI%2FCD"),
    ] {
        assert_eq!(link(&page, text), address);
    }
    let tags = page.attributes(".et-tags a", "href");
    assert!(tags.contains(&"/technology/c%23".to_owned()), "{tags:?}");

    // An active filter links to its removal; a second filter makes the address a query string.
    let state = site.get("/state/sc").await;
    assert_eq!(link(&state, "Santa Catarina"), "/");
    assert_eq!(state.select(".et-chips [aria-current]").len(), 1);
    assert_eq!(link(&state, "C++"), "/?state=SC&technology=C%2B%2B");
    let both = site.get("/?state=SC&technology=C%2B%2B").await;
    assert!(both.attributes("link[rel=canonical]", "href").is_empty());
    assert_eq!(link(&both, "Remover filtro: Estado:"), "/technology/c++");

    // The query string of a single filter has the landing page as canonical URL.
    let query = site.get("/?technology=c%23").await;
    assert_eq!(canonical(&query), "http://site.example/technology/c%23");
}

#[tokio::test]
async fn a_landing_page_can_be_searched_and_filtered() {
    let site = site_with_events().await;
    let page = site.get("/technology/rust").await;
    assert_eq!(page.attributes(".et-search", "action"), ["/"]);
    assert_eq!(page.attributes("#technology", "value"), ["Rust"]);
    assert_eq!(
        site.get("/technology/rust?q=saturday").await.cards(),
        ["Saturday"]
    );
    let page = site.get("/state/sc").await;
    assert_eq!(page.attributes(".et-search [type=hidden]", "value"), ["SC"]);
    assert_eq!(site.get("/today?when=soon").await.status, 400);
    assert_eq!(site.get("/?when=weekend").await.cards(), ["Saturday"]);
}

#[tokio::test]
async fn a_landing_page_has_further_pages() {
    let site = Site::at(WEDNESDAY).await;
    for number in 0..30 {
        site.given(event(&format!("Event {number}")).technologies(&["Rust"]))
            .await;
    }
    let page = site.get("/technology/rust").await;
    let next = page.attributes("a[rel=next]", "href").remove(0);
    let second = site.get(&next).await;
    assert_eq!(second.cards().len(), 6);
    assert_eq!(link(&second, "Voltar ao início"), "/technology/rust");
    assert!(second.attributes("link[rel=canonical]", "href").is_empty());
}

#[tokio::test]
async fn the_weekend_page_works_on_a_sunday() {
    let site = Site::at("2027-03-21T15:00:00Z").await;
    site.given(event("Sunday").starts("2027-03-21T19:00")).await;
    for (path, heading) in [
        ("/weekend", "Encontros neste fim de semana"),
        ("/today", "Encontros hoje"),
    ] {
        let page = site.get(path).await;
        assert_eq!(page.select("h1"), [heading]);
        assert_eq!(page.cards(), ["Sunday"]);
        assert_eq!(canonical(&page), format!("http://site.example{path}"));
    }
}

#[tokio::test]
async fn a_calendar_of_today_follows_the_date() {
    let site = site_with_events().await;
    let titles = |response: Response| {
        let text = response.text();
        let found = ["Tonight", "Saturday", "Monday"];
        found
            .into_iter()
            .filter(|title| text.contains(&format!("SUMMARY:{title}\r\n")))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        titles(site.get("/events.ics?when=today").await),
        ["Tonight"]
    );
    site.set_clock("2027-03-20T23:00:00Z");
    assert_eq!(
        titles(site.get("/events.ics?when=today").await),
        ["Saturday"]
    );
    assert_eq!(
        titles(site.get("/events.ics?when=weekend").await),
        ["Saturday"]
    );
}
