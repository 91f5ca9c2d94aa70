//! What is told of a page where its address is shared, and to search engines.

use http::header;
use serde_json::{Value, json};

use crate::{
    response::Response,
    site::{NOW, Site, event},
};

const HERE: &[(&str, &str)] = &[("PUBLIC_URL", "https://encontros.example")];

/// The content of the page's only meta of this name.
#[track_caller]
fn meta(page: &Response, name: &str) -> String {
    let selector = format!("head meta[name='{name}'], head meta[property='{name}']");
    let found = page.attributes(&selector, "content");
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].clone()
}

fn canonical(page: &Response) -> Vec<String> {
    page.attributes("link[rel=canonical]", "href")
}

fn robots(page: &Response) -> Vec<String> {
    page.attributes("meta[name=robots]", "content")
}

/// What the page tells programs, as a parser of HTML and one of JSON read it.
#[track_caller]
fn data(page: &Response) -> Value {
    let html = scraper::Html::parse_document(&page.text());
    let selector = scraper::Selector::parse("script[type='application/ld+json']").unwrap();
    let found: Vec<String> = html
        .select(&selector)
        .map(|script| script.inner_html())
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    serde_json::from_str(&found[0]).unwrap()
}

#[tokio::test]
async fn an_event_tells_chats_when_and_where() {
    let site = Site::with_settings(NOW, HERE).await;
    let published = site
        .given(
            event("Python Meetup São Paulo")
                .starts("2027-03-18T19:00")
                .with("description", "Palestras\n  e café. ".repeat(20)),
        )
        .await;
    let path = format!("/events/{}", published.id);

    let page = site.get(&format!("{path}?utm_source=chat")).await;

    let address = format!("https://encontros.example{path}");
    assert_eq!(canonical(&page), [address.as_str()]);
    let card = format!("{address}/card.png?lang=pt-BR&v=1");
    for (name, content) in [
        ("og:url", address.as_str()),
        ("og:type", "website"),
        ("og:site_name", "Encontros Tech"),
        ("og:title", "Python Meetup São Paulo"),
        ("og:locale", "pt_BR"),
        ("og:image", &card),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        (
            "og:image:alt",
            "Python Meetup São Paulo · quinta-feira, 18 de março de 2027, 19h (horário de Brasília) · São Paulo - SP",
        ),
        ("twitter:card", "summary_large_image"),
        ("twitter:title", "Python Meetup São Paulo"),
        ("twitter:image", &card),
    ] {
        assert_eq!(meta(&page, name), content);
    }
    let description = meta(&page, "description");
    assert!(
        description.starts_with(
            "quinta-feira, 18 de março de 2027, 19h (horário de Brasília) · São Paulo - SP. Palestras e café. Palestras"
        ) && description.ends_with('…')
            && description.chars().count() <= 200,
        "{description}"
    );
    assert_eq!(meta(&page, "og:description"), description);
    assert_eq!(
        page.attributes("meta[property='og:locale:alternate']", "content"),
        ["en_US", "es_ES"]
    );
    assert!(robots(&page).is_empty());

    let english = site.get(&format!("{path}?lang=en")).await;
    assert_eq!(canonical(&english), [format!("{address}?lang=en")]);
    assert_eq!(
        meta(&english, "og:image"),
        format!("{address}/card.png?lang=en&v=1")
    );
    assert_eq!(meta(&english, "og:locale"), "en_US");
}

#[tokio::test]
async fn without_an_address_of_its_own_the_board_tells_the_one_it_was_asked_at() {
    let site = Site::new().await;
    let page = site.get("/").await;
    let address = canonical(&page).remove(0);
    assert!(address.ends_with("://site.example/"), "{address}");
    assert!(meta(&page, "og:image").starts_with(&address));
}

#[tokio::test]
async fn search_engines_leave_out_filters_and_deep_pages() {
    let site = Site::with_settings(NOW, HERE).await;
    for number in 0..30 {
        site.given(event(&format!("Event {number}")).technologies(&["Rust"]))
            .await;
    }
    let front = site.get("/").await;
    let next = front.attributes("a[rel=next]", "href").remove(0);
    for path in [
        "/",
        "/?lang=en",
        "/?q=",
        "/?limit=5",
        "/?utm_source=chat",
        "/today",
        "/technology/rust",
        "/events/1",
    ] {
        let page = site.get(path).await;
        assert!(robots(&page).is_empty(), "{path}");
        assert_eq!(page.header("x-robots-tag"), "", "{path}");
    }
    for path in [
        "/?q=rust",
        "/?technology=Rust",
        "/?when=past",
        "/events/new",
        &next,
    ] {
        let page = site.get(path).await;
        assert_eq!(robots(&page), ["noindex"], "{path}");
        assert_eq!(page.header("x-robots-tag"), "noindex", "{path}");
    }
    assert_eq!(canonical(&front), ["https://encontros.example/"]);
    let shared = site.get("/?utm_source=chat").await;
    assert_eq!(canonical(&shared), ["https://encontros.example/"]);
    let english = site.get("/?lang=en").await;
    assert_eq!(canonical(&english), ["https://encontros.example/?lang=en"]);
    let deleted = site.get("/?deleted=1&limit=3&technology=Rust").await;
    assert_eq!(
        canonical(&deleted),
        ["https://encontros.example/technology/rust"]
    );
    let filtered = site.get("/?technology=Rust&q=noite").await;
    assert!(canonical(&filtered).is_empty());
    // A form is one visitor's: nothing of it is told.
    let form = site.get("/events/new").await;
    assert!(form.attributes("meta[property]", "content").is_empty());
    assert!(canonical(&form).is_empty());
}

#[tokio::test]
async fn programs_read_an_event_as_schema_org_has_it() {
    let site = Site::with_settings(NOW, HERE).await;
    let published = site
        .given(
            event("DevOps Days Cuiabá")
                .starts("2027-05-20T08:00")
                .ends("2027-05-21T18:00")
                .technologies(&["Kubernetes", "CI/CD"])
                .with("timezone", "America/Cuiaba")
                .with("location", "Cuiabá - MT")
                .with("attendance", "hybrid")
                .with("url", "https://example.org/devopsdays?a=1&b=2")
                .with("organizer", "DevOps MT")
                .with("description", "Dois dias.\nSem sofrimento."),
        )
        .await;
    let path = format!("/events/{}", published.id);

    let page = site.get(&path).await;

    assert_eq!(
        data(&page),
        json!({
            "@context": "https://schema.org",
            "@type": "Event",
            "name": "DevOps Days Cuiabá",
            "startDate": "2027-05-20T08:00:00-04:00",
            "endDate": "2027-05-21T18:00:00-04:00",
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
            "location": [
                {
                    "@type": "Place",
                    "name": "Cuiabá - MT",
                    "address": {
                        "@type": "PostalAddress",
                        "addressLocality": "Cuiabá",
                        "addressRegion": "MT",
                        "addressCountry": "BR",
                    },
                },
                {"@type": "VirtualLocation", "url": "https://example.org/devopsdays?a=1&b=2"},
            ],
            "image": [format!("https://encontros.example{path}/card.png?lang=pt-BR&v=1")],
            "url": format!("https://encontros.example{path}"),
            "sameAs": "https://example.org/devopsdays?a=1&b=2",
            "organizer": {"@type": "Organization", "name": "DevOps MT"},
            "keywords": ["Kubernetes", "CI/CD"],
            "description": "Dois dias.\nSem sofrimento.",
        })
    );
}

#[tokio::test]
async fn a_status_and_a_way_to_meet_are_told_in_the_words_of_schema_org() {
    let site = Site::with_settings(NOW, HERE).await;
    for (status, attendance, words, mode) in [
        (
            "postponed",
            "online",
            "EventPostponed",
            "OnlineEventAttendanceMode",
        ),
        (
            "cancelled",
            "in_person",
            "EventCancelled",
            "OfflineEventAttendanceMode",
        ),
    ] {
        let lisbon = event("Lisboa")
            .with("location", "Lisboa, Portugal")
            .with("status", status)
            .with("attendance", attendance);
        let published = site.given(lisbon).await;
        let page = site.get(&format!("/events/{}", published.id)).await;
        let told = data(&page);
        assert_eq!(told["eventStatus"], format!("https://schema.org/{words}"));
        assert_eq!(
            told["eventAttendanceMode"],
            format!("https://schema.org/{mode}")
        );
        let location = match attendance {
            // Where there is no link, the event's page is where to find it.
            "online" => json!({
                "@type": "VirtualLocation",
                "url": format!("https://encontros.example/events/{}", published.id),
            }),
            _ => {
                json!({"@type": "Place", "name": "Lisboa, Portugal", "address": "Lisboa, Portugal"})
            }
        };
        assert_eq!(told["location"], location);
    }
}

#[tokio::test]
async fn nothing_that_is_typed_breaks_out_of_what_programs_read() {
    let site = Site::new().await;
    let longest = "ç".repeat(200);
    for typed in [
        "</script><script>alert(1)",
        "<!-- <script> \"aspas\" 'apóstrofos' \\ \\u003c & &amp; ]]>",
        "Festa 🎉👩‍💻 {{isto}} ${isto} %s",
        &longest,
    ] {
        let named = event(typed)
            .with("description", format!("{typed}\n{typed}\u{2028}\u{2029}."))
            .with("organizer", "</script>")
            .technologies(&["</script>"]);
        let published = site.given(named).await;
        let page = site.get(&format!("/events/{}", published.id)).await;
        let told = data(&page);
        assert_eq!(told["name"], typed);
        assert_eq!(
            told["description"],
            format!("{typed}\n{typed}\u{2028}\u{2029}.")
        );
        assert_eq!(told["organizer"]["name"], "</script>");
        assert_eq!(told["keywords"], json!(["</script>"]));
        assert_eq!(meta(&page, "og:title"), typed);
        assert_eq!(
            page.attributes("script:not([src])", "type"),
            ["application/ld+json"]
        );
        assert!(
            page.header(header::CONTENT_SECURITY_POLICY)
                .contains("script-src 'self';")
        );
    }
}
