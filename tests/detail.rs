//! The public page of an event.

use crate::site::{Site, event};

#[tokio::test]
async fn an_event_tells_when_where_and_what() {
    let site = Site::open().await;
    let published = site
        .given(
            event("Python Meetup São Paulo")
                .starts("2027-03-18T19:00")
                .ends("2027-03-18T22:00")
                .about(&["Python", "C++"])
                .with("organizer", "Grupy-SP")
                .with("url", "https://example.org/pysp?ref=agenda&utm=1")
                .with("description", "Primeira linha\n<b>Segunda</b> linha"),
        )
        .await;

    let page = site.get(&format!("/events/{}", published.id)).await;

    insta::assert_snapshot!(page, @"
    200 OK
    Python Meetup São Paulo
    Quando
    quinta-feira, 18 de março de 2027, 19h (horário de Brasília)
    até 22h
    Onde
    São Paulo - SP
    Presencial
    Organização
    Grupy-SP
    Página do encontro
    https://example.org/pysp?ref=agenda&utm=1
    Tecnologias
    Python
    C++
    Sobre o encontro
    Primeira linha <b>Segunda</b> linha
    Todos os encontros
    ");
    assert_eq!(
        page.attributes("dd > a", "href"),
        ["https://example.org/pysp?ref=agenda&utm=1"]
    );
    assert_eq!(page.attributes("dd > a", "rel"), ["ugc nofollow noopener"]);
    assert_eq!(
        page.attributes("dd li a", "href"),
        ["/?technology=Python", "/?technology=C%2B%2B"]
    );
    assert!(
        page.text().contains("Primeira linha\n&lt;b&gt;Segunda"),
        "line breaks are kept"
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
async fn an_hour_is_its_own_zones() {
    let site = Site::open().await;
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
async fn a_cancelled_event_says_so_first() {
    let site = Site::open().await;
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
    let words: Vec<&str> = page.lines().skip(1).take(3).collect();
    assert_eq!(words, ["Cancelado.", "Este encontro foi cancelado.", "Off"]);
}

#[tokio::test]
async fn what_people_type_never_becomes_markup() {
    let site = Site::open().await;
    let nasty = "\"Aspas\" 'apóstrofos' & <script>alert(1)</script> {{isto}} {{{isto}}} ${isto} %s";
    let event = event(nasty)
        .with("description", nasty)
        .with("location", nasty)
        .with("organizer", nasty)
        .about(&["<i>&\"'"]);
    let published = site.given(event).await;
    for path in [
        "/".to_owned(),
        format!("/events/{}", published.id),
        format!("/?q={}", "%22%3E%3Cscript%3E"),
    ] {
        let page = site.get(&path).await;
        assert_eq!(page.select("main script").len(), 0, "{path}");
        assert!(page.select("main i").is_empty());
    }
    let page = site.get(&format!("/events/{}", published.id)).await;
    assert_eq!(page.select("h1"), [nasty]);
    assert_eq!(page.select(".et-description"), [nasty]);
}

#[tokio::test]
async fn a_place_says_its_city_once() {
    let site = Site::open().await;
    let said = async |location: &str, state: &str| {
        let event = event("Where")
            .with("location", location)
            .with("city", "Recife")
            .with("state", state);
        let published = site.given(event).await;
        let page = site.get(&format!("/events/{}", published.id)).await;
        page.to_string().matches("Recife").count()
    };
    assert_eq!(said("Porto Digital, Recife - PE", "PE").await, 1);
    // `PE` is within CAPELA, which says nothing of the state.
    assert_eq!(said("CAPELA", "PE").await, 1);
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
async fn addresses_in_a_description_are_links_and_nothing_else_is() {
    let site = Site::open().await;
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
