//! Tests of the public page of an event.

use crate::site::{EventJson, Site, event};

#[tokio::test]
async fn an_event_page_shows_date_location_and_description() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Python Meetup São Paulo")
                .starts("2027-03-18T19:00")
                .ends("2027-03-18T22:00")
                .technologies(&["Python", "C++"])
                .with("organizer", "Grupy-SP")
                .with("url", "https://example.org/pysp?ref=agenda&utm=1")
                .with("description", "Primeira linha\n<b>Segunda</b> linha"),
        )
        .await;

    let page = site.get(&format!("/events/{}", published.id)).await;

    insta::assert_snapshot!(page, @"
    200 OK
    mar
    18
    qui 19h
    em 2 meses
    Python Meetup São Paulo
    Organização: Grupy-SP
    Quando
    quinta-feira, 18 de março de 2027, 19h (horário de Brasília)
    até 22h
    Onde
    São Paulo - SP
    Presencial
    Ver no mapa
    Página do encontro
    example.org
    Adicionar à agenda
    Google Agenda
    Outlook.com
    Arquivo .ics
    Acompanhar mudanças
    Copiar endereço
    Compartilhar
    WhatsApp
    Telegram
    LinkedIn
    Copiar link
    Outro app
    Sobre o encontro
    Primeira linha <b>Segunda</b> linha
    Tecnologias
    Python
    C++
    Todos os encontros
    Página deste encontro: http://site.example/events/1
    ");
    assert_eq!(
        page.attributes(".et-open a", "href"),
        ["https://example.org/pysp?ref=agenda&utm=1"]
    );
    assert_eq!(
        page.attributes(".et-open a", "rel"),
        ["ugc nofollow noopener"]
    );
    assert_eq!(
        page.attributes("dd li a", "href"),
        ["/technology/python", "/technology/c++"]
    );
    assert!(
        page.text().contains("Primeira linha\n&lt;b&gt;Segunda"),
        "line breaks are preserved"
    );
    assert_eq!(
        page.attributes("time", "datetime"),
        ["2027-03-18T19:00:00-03:00"]
    );
    assert_eq!(
        page.select("title"),
        ["Python Meetup São Paulo · Encontros Tech"]
    );
}

#[tokio::test]
async fn times_are_shown_in_the_events_time_zone() {
    let site = Site::new().await;
    let noronha = event("Noronha")
        .starts("2027-07-01T10:00")
        .ends("2027-07-02T00:30")
        .with("timezone", "America/Noronha");
    let published = site.given(noronha).await;
    let page = site.get(&format!("/events/{}", published.id)).await;
    assert_eq!(
        page.select("dd")[0],
        "quinta-feira, 1º de julho de 2027, 10h (horário de Fernando de Noronha)até sexta-feira, 2 de julho de 2027, 0h30"
    );
}

#[tokio::test]
async fn a_cancelled_event_begins_with_a_notice() {
    let site = Site::new().await;
    let published = site
        .given(
            event("Off")
                .with("status", "cancelled")
                .with("attendance", "hybrid"),
        )
        .await;
    let page = site
        .get(&format!("/events/{}", published.id))
        .await
        .to_string();
    let notice: Vec<&str> = page.lines().skip(1).take(1).collect();
    assert_eq!(notice, ["Este encontro foi cancelado."]);
    assert!(page.contains("\nCancelado\nOff\n"), "{page}");
}

#[tokio::test]
async fn relative_dates_change_with_the_clock() {
    let site = Site::at("2027-03-15T12:00:00Z").await;
    let published = site
        .given(
            event("Rust ao vivo")
                .starts("2027-03-18T19:00")
                .ends("2027-03-18T22:00")
                .technologies(&["Rust"]),
        )
        .await;
    let path = format!("/events/{}", published.id);
    for (now, text) in [
        ("2027-03-16T02:59:59Z", "em 3 dias"),
        ("2027-03-16T03:00:00Z", "em 2 dias"),
        ("2027-03-18T12:00:00Z", "hoje, às 19h"),
        ("2027-03-18T21:30:00Z", "começa em 30 minutos"),
        ("2027-03-18T22:00:00Z", "acontecendo agora"),
        ("2027-03-19T12:00:00Z", "ontem"),
    ] {
        site.set_clock(now);
        assert_eq!(site.get(&path).await.select(".et-pill"), [text], "{now}");
    }

    let past = site.get(&path).await;
    assert_eq!(past.select(".et-notice p"), ["Este encontro já aconteceu."]);
    assert_eq!(
        past.select(".et-notice a"),
        [
            "Próximos encontros de Rust",
            "Próximos encontros em São Paulo"
        ]
    );
    assert_eq!(
        past.attributes(".et-notice a", "href"),
        ["/technology/rust", "/city/sp/sao-paulo"]
    );
    assert!(past.attributes("a[href*=calendar]", "href").is_empty());
}

/// Splits a URL into the part before its query, and the decoded name–value pairs of its query.
fn parts(address: &str) -> (String, Vec<(String, String)>) {
    let mut url = url::Url::parse(address).unwrap();
    let pairs = url.query_pairs().into_owned().collect();
    assert!(!address.contains('+'), "{address}");
    url.set_query(None);
    (url.to_string(), pairs)
}

#[tokio::test]
async fn calendar_links_contain_all_data_of_the_event() {
    let site = Site::new().await;
    let calendar_links = async |event: EventJson| {
        let published = site.given(event).await;
        let page = site.get(&format!("/events/{}", published.id)).await;
        let links = page.attributes("details a[href*=calendar]", "href");
        let mut lines: Vec<String> = Vec::new();
        for link in links {
            let (address, pairs) = parts(&link);
            lines.push(address);
            lines.extend(pairs.iter().map(|(name, value)| format!("{name}={value}")));
        }
        lines
            .join("\n")
            .replace(&format!("/events/{}", published.id), "/events/{id}")
    };
    let evening = event("Rust & Café: 100%").starts("2027-03-18T19:00");
    insta::assert_snapshot!(calendar_links(evening.clone()).await, @"
    https://calendar.google.com/calendar/render
    action=TEMPLATE
    text=Rust & Café: 100%
    dates=20270318T220000Z/20270319T000000Z
    ctz=America/Sao_Paulo
    location=São Paulo - SP
    details=http://site.example/events/{id}
    https://outlook.live.com/calendar/0/deeplink/compose
    path=/calendar/action/compose
    rru=addevent
    subject=Rust & Café: 100%
    startdt=2027-03-18T22:00:00Z
    enddt=2027-03-19T00:00:00Z
    location=São Paulo - SP
    body=http://site.example/events/{id}
    ");
    let online = evening
        .ends("2027-03-18T22:30")
        .with("attendance", "online")
        .with("location", "Online")
        .with("url", "https://meet.example.org/a?b=c&d");
    insta::assert_snapshot!(calendar_links(online).await, @"
    https://calendar.google.com/calendar/render
    action=TEMPLATE
    text=Rust & Café: 100%
    dates=20270318T220000Z/20270319T013000Z
    ctz=America/Sao_Paulo
    location=https://meet.example.org/a?b=c&d
    details=https://meet.example.org/a?b=c&d
    http://site.example/events/{id}
    https://outlook.live.com/calendar/0/deeplink/compose
    path=/calendar/action/compose
    rru=addevent
    subject=Rust & Café: 100%
    startdt=2027-03-18T22:00:00Z
    enddt=2027-03-19T01:30:00Z
    location=https://meet.example.org/a?b=c&d
    body=https://meet.example.org/a?b=c&d
    http://site.example/events/{id}
    ");
}

#[tokio::test]
async fn share_links_work_without_a_script() {
    let site = Site::new().await;
    let published = site
        .given(event("Rust & Café: 100%").starts("2027-03-18T19:00"))
        .await;
    let page = site.get(&format!("/events/{}", published.id)).await;
    let address = format!("http://site.example/events/{}", published.id);
    let summary =
        "Rust & Café: 100% · quinta-feira, 18 de março de 2027, 19h (horário de Brasília)";
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let shares = page.attributes("details:last-of-type a", "href");
    let shares: Vec<_> = shares.iter().map(|link| parts(link)).collect();
    assert_eq!(
        shares,
        [
            (
                "https://wa.me/".to_owned(),
                vec![text("text", &format!("{summary}\n{address}"))]
            ),
            (
                "https://t.me/share/url".to_owned(),
                vec![text("url", &address), text("text", summary)]
            ),
            (
                "https://www.linkedin.com/sharing/share-offsite/".to_owned(),
                vec![text("url", &address)]
            ),
        ]
    );
    let rels = page.attributes("details a", "rel");
    assert!(rels.iter().all(|rel| rel == "noopener"), "{rels:?}");
    // Buttons that need a script are hidden without one.
    assert_eq!(page.select("details li:not([hidden]) button").len(), 0);
}

#[tokio::test]
async fn a_venue_links_to_a_map_and_an_online_event_to_its_url() {
    let site = Site::new().await;
    let shown = async |event: EventJson| {
        let published = site.given(event).await;
        let page = site.get(&format!("/events/{}", published.id)).await;
        let maps = page.attributes(".et-map", "href");
        let maps: Vec<_> = maps.iter().map(|map| parts(map).1[1].1.clone()).collect();
        (maps, page.select(".et-open a"))
    };
    let venue = event("At a place")
        .with("location", "Porto Digital")
        .with("city", "Recife")
        .with("state", "PE");
    assert_eq!(
        shown(venue.clone()).await,
        (vec!["Porto Digital, Recife, PE".to_owned()], vec![])
    );
    let hybrid = venue
        .with("attendance", "hybrid")
        .with("location", "Porto Digital, Recife - PE")
        .with("url", "https://example.org");
    assert_eq!(
        shown(hybrid.clone()).await,
        (
            vec!["Porto Digital, Recife - PE".to_owned()],
            vec!["Página do encontro".to_owned()]
        )
    );
    assert_eq!(
        shown(hybrid.with("attendance", "online")).await,
        (vec![], vec!["Participar on-line".to_owned()])
    );
}

#[tokio::test]
async fn dates_follow_the_conventions_of_each_language() {
    let site = Site::new().await;
    let published = site.given(event("Early").starts("2027-01-02T09:05")).await;
    for (lang, date, relative) in [
        (
            "en",
            "Saturday, 2 January 2027, 09:05 (Brasília time)",
            "tomorrow at 09:05",
        ),
        (
            "es",
            "sábado, 2 de enero de 2027, 09:05 (hora de Brasilia)",
            "mañana a las 09:05",
        ),
        (
            "pt-BR",
            "sábado, 2 de janeiro de 2027, 9h05 (horário de Brasília)",
            "amanhã, às 9h05",
        ),
    ] {
        let page = site
            .get(&format!("/events/{}?lang={lang}", published.id))
            .await;
        assert_eq!(page.select("time"), [date]);
        assert_eq!(page.select(".et-pill"), [relative]);
    }
}

#[tokio::test]
async fn user_text_is_escaped() {
    let site = Site::new().await;
    let markup =
        "\"Aspas\" 'apóstrofos' & <script>alert(1)</script> {{isto}} {{{isto}}} ${isto} %s";
    let event = event(markup)
        .with("description", markup)
        .with("location", markup)
        .with("organizer", markup)
        .technologies(&["<i>&\"'"]);
    let published = site.given(event).await;
    for path in [
        "/".to_owned(),
        format!("/events/{}", published.id),
        format!("/?q={}", "%22%3E%3Cscript%3E"),
    ] {
        let page = site.get(&path).await;
        assert_eq!(page.select("main script:not([src])").len(), 0, "{path}");
        assert!(page.select("main i").is_empty());
    }
    let page = site.get(&format!("/events/{}", published.id)).await;
    assert_eq!(page.select("h1"), [markup]);
    assert_eq!(page.select(".et-description"), [markup]);
}

#[tokio::test]
async fn the_city_is_not_repeated_after_the_location() {
    let site = Site::new().await;
    let city_mentions = async |location: &str, state: &str| {
        let event = event("Where")
            .with("location", location)
            .with("city", "Recife")
            .with("state", state);
        let published = site.given(event).await;
        let page = site.get(&format!("/events/{}", published.id)).await;
        page.to_string().matches("Recife").count()
    };
    assert_eq!(city_mentions("Porto Digital, Recife - PE", "PE").await, 1);
    // `PE` inside CAPELA does not count as the state.
    assert_eq!(city_mentions("CAPELA", "PE").await, 1);
    let published = site
        .given(
            event("Ceará")
                .with("location", "CESAR School")
                .with("state", "CE"),
        )
        .await;
    let page = site.get(&format!("/events/{}", published.id)).await;
    assert!(page.to_string().contains("CESAR School, CE\n"), "{page}");
}

#[tokio::test]
async fn only_http_urls_in_a_description_become_links() {
    let site = Site::new().await;
    let description =
        "Inscrição: https://example.org/vaga?a=1&b=\"2\"\nou javascript:alert(1) <b>aqui</b>";
    let published = site
        .given(event("Linked").with("description", description))
        .await;
    let page = site.get(&format!("/events/{}", published.id)).await;
    assert_eq!(
        page.attributes(".et-description a", "href"),
        ["https://example.org/vaga?a=1&b="]
    );
    assert_eq!(
        page.attributes(".et-description a", "rel"),
        ["ugc nofollow noopener"]
    );
    assert_eq!(
        page.select(".et-description"),
        [description.replace('\n', " ")]
    );
    assert!(page.select(".et-description b").is_empty());
}
