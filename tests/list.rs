//! Tests of the front page, and of paging on the front page and in the API's list.

use http::{Method, header};

use crate::{
    client::request,
    site::{Site, event},
};

#[tokio::test]
async fn an_empty_list_invites_visitors_to_publish() {
    let site = Site::new().await;
    insta::assert_snapshot!(site.get("/").await, @"
    200 OK
    Encontros de tecnologia
    Meetups, oficinas e conferências das comunidades, no Brasil e on-line. Encontre o seu ou publique um em um minuto, sem conta.
    Buscar
    []
    Tecnologia
    []
    Buscar
    Hoje
    Este fim de semana
    Este mês
    On-line
    Todos
    Próximos
    Já aconteceram
    Assinar estes encontros
    Novos encontros, mudanças e cancelamentos aparecem automaticamente na sua agenda.
    Minha agenda
    Google Agenda
    Outlook.com
    Arquivo .ics
    Leitor de feeds (Atom)
    Copiar endereço
    Ainda não há encontros
    Publique o primeiro: leva um minuto e não precisa de conta.
    Publicar o primeiro
    ");
}

#[tokio::test]
async fn upcoming_events_are_listed_before_past_events() {
    let site = Site::at("2027-06-01T12:00:00Z").await;
    site.given(event("Later").starts("2027-08-01T19:00")).await;
    site.given(
        event("Soon")
            .starts("2027-07-01T19:30")
            .technologies(&["C++"])
            .with("status", "postponed"),
    )
    .await;
    site.given(event("Long ago").starts("2026-01-01T19:00"))
        .await;
    site.given(
        event("Recent")
            .starts("2027-05-01T19:00")
            .with("attendance", "online"),
    )
    .await;

    insta::assert_snapshot!(site.get("/").await, @"
    200 OK
    Encontros de tecnologia
    Meetups, oficinas e conferências das comunidades, no Brasil e on-line. Encontre o seu ou publique um em um minuto, sem conta.
    Buscar
    []
    Tecnologia
    []
    Buscar
    Hoje
    Este fim de semana
    Este mês
    On-line
    Tecnologias
    C++
    1
    , 1 encontro nos próximos 90 dias
    Estados
    São Paulo
    2
    , 2 encontros nos próximos 90 dias
    Todos
    Próximos
    Já aconteceram
    Assinar estes encontros
    Novos encontros, mudanças e cancelamentos aparecem automaticamente na sua agenda.
    Minha agenda
    Google Agenda
    Outlook.com
    Arquivo .ics
    Leitor de feeds (Atom)
    Copiar endereço
    Próximos encontros
    julho de 2027
    qui
    1
    jul
    quinta-feira, 1º de julho de 2027, 19h30 (horário de Brasília)
    19h30
    Adiado
    Soon
    São Paulo - SP
    Presencial
    Tecnologia:
    C++
    agosto de 2027
    dom
    1
    ago
    domingo, 1º de agosto de 2027, 19h (horário de Brasília)
    19h
    Later
    São Paulo - SP
    Presencial
    Já aconteceram
    maio de 2027
    sáb
    1
    mai
    sábado, 1º de maio de 2027, 19h (horário de Brasília)
    19h
    Recent
    São Paulo - SP
    On-line
    janeiro de 2026
    qui
    1
    jan
    quinta-feira, 1º de janeiro de 2026, 19h (horário de Brasília)
    19h
    Long ago
    São Paulo - SP
    Presencial
    ");
}

#[tokio::test]
async fn an_event_moves_to_the_past_events_when_it_ends() {
    let site = Site::at("2027-06-01T12:00:00Z").await;
    site.given(
        event("Hackathon")
            .starts("2027-06-01T08:00")
            .ends("2027-06-03T18:00"),
    )
    .await;
    let shown = async || {
        let page = site.get("/").await;
        (
            page.select("#upcoming, #past").join(" "),
            site.titles("when=upcoming").await.len(),
            site.titles("when=past").await.len(),
        )
    };
    assert_eq!(shown().await, ("Próximos encontros".to_owned(), 1, 0));
    site.set_clock("2027-06-03T21:00:00Z");
    assert_eq!(shown().await.1, 1);
    site.set_clock("2027-06-03T21:00:01Z");
    assert_eq!(
        shown().await,
        ("Próximos encontros Já aconteceram".to_owned(), 0, 1)
    );
}

#[tokio::test]
async fn a_card_links_to_its_event_and_technologies() {
    let site = Site::new().await;
    let published = site
        .given(event("Linked").technologies(&["C++ & co"]))
        .await;
    let page = site.get("/").await;
    assert_eq!(
        page.attributes("article h4 a", "href"),
        [format!("/events/{}", published.id)]
    );
    assert_eq!(
        page.attributes("article ul a", "href"),
        ["/technology/c++%20&%20co"]
    );
    let filtered = site.get("/technology/c++%20&%20co").await;
    assert_eq!(filtered.cards(), ["Linked"]);
}

#[tokio::test]
async fn paging_the_front_page_shows_each_event_once() {
    let site = Site::at("2027-06-01T12:00:00Z").await;
    let mut expected = Vec::new();
    for number in 0..30 {
        site.given(event(&format!("Upcoming {number:02}")).starts("2027-07-01T19:00"))
            .await;
        expected.push(format!("Upcoming {number:02}"));
    }
    for number in 0..30 {
        site.given(event(&format!("Past {number:02}")).starts("2027-01-01T19:00"))
            .await;
    }
    expected.extend((0..30).rev().map(|number| format!("Past {number:02}")));

    let (mut path, mut shown, mut pages) = ("/?q=".to_owned(), Vec::new(), 0);
    loop {
        let page = site.get(&path).await;
        assert_eq!(page.status, 200);
        shown.extend(page.cards());
        pages += 1;
        // An event that ends between two page requests is neither repeated nor lost.
        site.set_clock("2027-07-01T23:00:00Z");
        match page.attributes("a[rel=next]", "href").pop() {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!((shown, pages), (expected, 3));
}

#[tokio::test]
async fn no_event_is_lost_at_the_page_boundary_between_upcoming_and_past() {
    let site = Site::at("2027-06-01T12:00:00Z").await;
    for number in 0..24 {
        site.given(event(&format!("Upcoming {number:02}")).starts("2027-07-01T19:00"))
            .await;
    }
    site.given(event("Past").starts("2027-01-01T19:00")).await;
    let first = site.get("/").await;
    assert_eq!(first.cards().len(), 24);
    let second = site.get(&first.attributes("a[rel=next]", "href")[0]).await;
    assert_eq!(second.cards(), ["Past"]);
    assert!(second.attributes("a[rel=next]", "href").is_empty());
}

#[tokio::test]
async fn the_api_pages_by_cursor() {
    let site = Site::at("2027-06-01T12:00:00Z").await;
    for number in 0..7 {
        let start = if number % 2 == 0 {
            "2027-07-01T19:00"
        } else {
            "2027-01-01T19:00"
        };
        site.given(event(&format!("Event {number}")).starts(start))
            .await;
    }
    for (when, expected) in [
        (
            "all",
            [
                "Event 1", "Event 3", "Event 5", "Event 0", "Event 2", "Event 4", "Event 6",
            ]
            .as_slice(),
        ),
        ("upcoming", &["Event 0", "Event 2", "Event 4", "Event 6"]),
        ("past", &["Event 5", "Event 3", "Event 1"]),
    ] {
        let (mut path, mut titles) = (
            format!("/api/events/?limit=2&when={when}&q=event"),
            Vec::new(),
        );
        loop {
            let response = site.get(&path).await;
            let events = response.json();
            titles.extend(
                events
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|event| event["title"].as_str().unwrap().to_owned()),
            );
            match response
                .header(header::LINK)
                .strip_prefix('<')
                .and_then(|link| link.split_once(">; rel=\"next\""))
            {
                Some((next, _)) => path = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(titles, expected, "{when}");
    }
}

#[tokio::test]
async fn the_front_page_rejects_a_cursor_of_the_api() {
    let site = Site::new().await;
    site.given(event("One")).await;
    site.given(event("Two")).await;
    let link = site
        .get("/api/events/?limit=1")
        .await
        .header(header::LINK)
        .to_owned();
    let cursor = link
        .split("cursor=")
        .nth(1)
        .unwrap()
        .split('>')
        .next()
        .unwrap();
    assert_eq!(site.get(&format!("/?cursor={cursor}")).await.status, 400);
}

#[tokio::test]
async fn the_api_pages_by_offset() {
    let site = Site::new().await;
    for number in 0..5 {
        site.given(event(&format!("Event {number}"))).await;
    }
    assert_eq!(
        site.titles("limit=2&offset=1").await,
        ["Event 1", "Event 2"]
    );
    assert_eq!(site.titles("limit=2&skip=4").await, ["Event 4"]);
    assert_eq!(site.titles("offset=10000").await, Vec::<String>::new());
    let link = site
        .get("/api/events/?limit=2&offset=1")
        .await
        .header(header::LINK)
        .to_owned();
    assert!(
        link.contains("limit=2&cursor=") && !link.contains("offset"),
        "{link}"
    );
}

#[tokio::test]
async fn the_old_path_of_the_list_redirects_permanently() {
    let site = Site::new().await;
    for path in ["/events/", "/events"] {
        let response = site.send(request(Method::GET, path)).await;
        assert_eq!(
            (response.status.as_u16(), response.location().as_str()),
            (308, "/")
        );
    }
}

#[tokio::test]
async fn an_event_without_a_title_still_has_a_link() {
    let site = Site::new().await;
    let published = site.given(event("Adopted")).await;
    site.database
        .connect()
        .await
        .execute(
            "update events set title = '' where id = $1",
            &[&published.id],
        )
        .await
        .unwrap();
    assert_eq!(site.get("/").await.cards(), ["(sem título)"]);
    assert_eq!(
        site.get(&format!("/events/{}", published.id))
            .await
            .select("h1"),
        ["(sem título)"]
    );
}

#[tokio::test]
async fn the_front_page_ignores_the_paging_parameters_of_the_api() {
    let site = Site::new().await;
    for _ in 0..25 {
        site.given(event("Paged")).await;
    }
    for query in ["when=all", "offset=7", "skip=7", "limit=1"] {
        let page = site.get(&format!("/?{query}")).await;
        assert_eq!(page.cards().len(), 24, "{query}");
        let next = site.get(&page.attributes("a[rel=next]", "href")[0]).await;
        assert_eq!(next.cards().len(), 1, "{query}");
    }
}

#[tokio::test]
async fn the_site_title_is_configurable() {
    let site = Site::with_settings(crate::site::NOW, &[("APP_TITLE", "Agenda <Tech>")]).await;
    assert_eq!(site.get("/").await.select("title"), ["Agenda <Tech>"]);
}
