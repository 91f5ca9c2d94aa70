//! Tests of `/events.ics`, the calendar of a list of events: its content, its filters and the links to it.

use http::{Method, StatusCode, header};

use crate::{
    calendar::{change, path, read, titles},
    client::request,
    site::{Site, event},
};

#[tokio::test]
async fn the_calendar_supports_every_filter_of_the_list() {
    let site = Site::at("2027-03-17T15:00:00Z").await;
    for (title, start, place, attendance, technologies) in [
        (
            "Tonight",
            "2027-03-17T19:00",
            "Recife - PE",
            "in_person",
            &["Rust"][..],
        ),
        (
            "April",
            "2027-04-02T19:00",
            "Olinda - PE",
            "hybrid",
            &["C++"],
        ),
        (
            "May",
            "2027-05-02T19:00",
            "Natal - RN",
            "online",
            &["Go", "Rust"],
        ),
        (
            "Recent",
            "2027-03-01T19:00",
            "Recife - PE",
            "in_person",
            &[],
        ),
        (
            "Long ago",
            "2026-03-01T19:00",
            "Recife - PE",
            "in_person",
            &["Rust"],
        ),
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
    for (query, expected) in [
        ("", &["Recent", "Tonight", "April", "May"][..]),
        (
            "?when=all",
            &["Long ago", "Recent", "Tonight", "April", "May"],
        ),
        ("?when=upcoming", &["Tonight", "April", "May"]),
        ("?when=past", &["Long ago", "Recent"]),
        ("?technology=rust", &["Tonight", "May"]),
        ("?technology=C%2B%2B", &["April"]),
        ("?q=tonight", &["Tonight"]),
        ("?city=recife", &["Recent", "Tonight"]),
        ("?state=pe&when=upcoming", &["Tonight", "April"]),
        ("?attendance=online,hybrid", &["April", "May"]),
        ("?from=2027-04-01&to=2027-05-01", &["April"]),
        (
            "?limit=1&offset=3&cursor=x&unknown=1",
            &["Recent", "Tonight", "April", "May"],
        ),
    ] {
        let calendar = read(&site, &format!("/events.ics{query}")).await;
        assert_eq!(titles(&calendar), expected, "{query}");
    }
}

#[tokio::test]
async fn an_invalid_filter_gives_an_empty_calendar() {
    let site = Site::new().await;
    site.given(event("There")).await;
    for query in [
        "when=soon",
        "attendance=sometimes",
        "from=yesterday",
        "to=2027-13-01",
        "technology=Nothing",
        "state=XX",
        "q=%25",
    ] {
        let calendar = read(&site, &format!("/events.ics?{query}")).await;
        assert!(titles(&calendar).is_empty(), "{query}");
        // A calendar needs at least one component (RFC 5545 §3.6): the time zone.
        assert_eq!(calendar.components.len(), 1, "{query}");
    }
}

#[tokio::test]
async fn a_calendar_contains_at_most_the_five_hundred_soonest_events() {
    let site = Site::at("2027-01-01T12:00:00Z").await;
    let database = site.database.connect().await;
    let first = site.given(event("First").starts("2027-01-02T12:00")).await;
    site.given(event("Past").starts("2026-12-31T12:00")).await;
    database
        .execute(
            "insert into events (uid, title, starts_at, timezone, location, attendance, status, technologies, created_at, updated_at)
             select gen_random_uuid(), 'Event ' || n, starts_at + n * interval '1 hour', timezone, location, attendance, status,
                 technologies, created_at, updated_at
             from events, generate_series(1, 600) as n where id = $1",
            &[&first.id],
        )
        .await
        .unwrap();
    let calendar = read(&site, "/events.ics").await;
    let titles = titles(&calendar);
    assert_eq!(titles.len(), 500);
    assert_eq!(
        (titles[0], titles[1], titles[499]),
        ("First", "Event 1", "Event 499")
    );
}

#[tokio::test]
async fn a_calendar_has_a_name_and_a_refresh_interval() {
    let site = Site::new().await;
    let calendar = read(&site, "/events.ics?technology=C%2B%2B&lang=en").await;
    for (name, expected) in [
        ("VERSION", "2.0"),
        ("METHOD", "PUBLISH"),
        ("CALSCALE", "GREGORIAN"),
        ("PRODID", "-//Encontros Tech//Encontros Tech//PT"),
        ("NAME", "Encontros Tech · Technology: C++"),
        ("X-WR-CALNAME", "Encontros Tech · Technology: C++"),
        ("X-WR-TIMEZONE", "America/Sao_Paulo"),
        ("REFRESH-INTERVAL", "PT1H"),
        ("X-PUBLISHED-TTL", "PT1H"),
    ] {
        assert_eq!(calendar.property_value(name), Some(expected), "{name}");
    }
}

#[tokio::test]
async fn the_etag_of_a_calendar_changes_only_with_its_events() {
    let site = Site::new().await;
    let published = site.given(event("Same")).await;
    for path in ["/events.ics".to_owned(), path(&published)] {
        let first = site.get(&path).await;
        let tag = first.header(header::ETAG).to_owned();
        assert!(tag.starts_with('"'), "{tag}");
        assert_eq!(first.header(header::CACHE_CONTROL), "no-cache");
        assert!(first.header(header::VARY).contains("accept-language"));
        site.set_clock("2027-01-20T00:00:00Z");
        let mut conditional = request(Method::GET, &path);
        conditional
            .headers_mut()
            .insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        assert_eq!(
            site.send(conditional).await.status,
            StatusCode::NOT_MODIFIED
        );
        site.set_clock(crate::site::NOW);
    }
    let before = site
        .get("/events.ics")
        .await
        .header(header::ETAG)
        .to_owned();
    change(&site, &published, serde_json::json!({"organizer": "Nós"})).await;
    assert_ne!(site.get("/events.ics").await.header(header::ETAG), before);
}

#[tokio::test]
async fn pages_link_to_their_calendar_without_a_script() {
    let site = Site::with_settings(
        "2027-01-01T12:00:00Z",
        &[("PUBLIC_URL", "https://encontros.example")],
    )
    .await;
    let published = site
        .given(event("Rust Nights").technologies(&["Rust"]))
        .await;
    let list = site.get("/?technology=Rust&when=upcoming").await;
    let query = "technology=Rust&when=upcoming";
    let webcal = format!("webcal://encontros.example/events.ics?{query}");
    let links = list.attributes("main details a", "href");
    assert_eq!(links[0], webcal);
    let url: String = url::form_urlencoded::byte_serialize(webcal.as_bytes()).collect();
    assert_eq!(
        links[1],
        format!("https://calendar.google.com/calendar/r?cid={url}")
    );
    assert!(links[2].starts_with("https://outlook.live.com/calendar/0/addfromweb?url=https%3A%2F%2Fencontros.example%2Fevents.ics%3F"));
    assert_eq!(links[3], format!("/events.ics?{query}"));
    assert_eq!(titles(&read(&site, &links[3]).await), ["Rust Nights"]);
    assert_eq!(
        list.attributes("link[type='text/calendar']", "href"),
        [format!("https://encontros.example/events.ics?{query}")]
    );

    let detail = site.get(&format!("/events/{}", published.id)).await;
    let address = format!("encontros.example{}", path(&published));
    let links = detail.attributes("main details a", "href");
    assert!(links.contains(&format!("webcal://{address}")), "{links:?}");
    assert!(links.contains(&path(&published)));
    assert_eq!(
        detail.attributes("link[type='text/calendar']", "href"),
        [format!("https://{address}")]
    );
    // Calendar clients send no Accept-Language, so the address contains the language.
    let detail = site.get(&format!("/events/{}?lang=en", published.id)).await;
    assert_eq!(
        detail.attributes("link[type='text/calendar']", "href"),
        [format!("https://{address}?lang=en")]
    );
}
