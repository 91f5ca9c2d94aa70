//! Tests of page metadata for link previews and search engines: Open Graph, canonical URLs, robots and schema.org.

use http::header;
use serde_json::{Value, json};

use crate::{
    response::Response,
    site::{NOW, Site, event},
};

const SETTINGS: &[(&str, &str)] = &[("PUBLIC_URL", "https://encontros.example")];

/// Returns the content of the page's only `meta` element whose name or property is `name`.
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

/// Returns the JSON-LD object in the page.
#[track_caller]
fn json_ld(page: &Response) -> Value {
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
async fn a_link_preview_of_an_event_has_date_and_location() {
    let site = Site::with_settings(NOW, SETTINGS).await;
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
async fn without_a_public_url_absolute_urls_use_the_host_of_the_request() {
    let site = Site::new().await;
    let page = site.get("/").await;
    let address = canonical(&page).remove(0);
    assert!(address.ends_with("://site.example/"), "{address}");
    assert!(meta(&page, "og:image").starts_with(&address));
}

#[tokio::test]
async fn filtered_and_further_pages_are_not_indexed() {
    let site = Site::with_settings(NOW, SETTINGS).await;
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
    // A form is private and has no metadata.
    let form = site.get("/events/new").await;
    assert!(form.attributes("meta[property]", "content").is_empty());
    assert!(canonical(&form).is_empty());
}

#[tokio::test]
async fn an_event_page_contains_a_schema_org_event() {
    let site = Site::with_settings(NOW, SETTINGS).await;
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
        json_ld(&page),
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
async fn status_and_attendance_use_the_schema_org_terms() {
    let site = Site::with_settings(NOW, SETTINGS).await;
    for (status, attendance, term, mode) in [
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
        let event = json_ld(&page);
        assert_eq!(event["eventStatus"], format!("https://schema.org/{term}"));
        assert_eq!(
            event["eventAttendanceMode"],
            format!("https://schema.org/{mode}")
        );
        let location = match attendance {
            // Without a link, the event's page is the virtual location.
            "online" => json!({
                "@type": "VirtualLocation",
                "url": format!("https://encontros.example/events/{}", published.id),
            }),
            _ => {
                json!({"@type": "Place", "name": "Lisboa, Portugal", "address": "Lisboa, Portugal"})
            }
        };
        assert_eq!(event["location"], location);
    }
}

#[tokio::test]
async fn user_text_cannot_break_out_of_the_json_ld() {
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
        let event = json_ld(&page);
        assert_eq!(event["name"], typed);
        assert_eq!(
            event["description"],
            format!("{typed}\n{typed}\u{2028}\u{2029}.")
        );
        assert_eq!(event["organizer"]["name"], "</script>");
        assert_eq!(event["keywords"], json!(["</script>"]));
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
