//! Tests of embedding in other sites: the list of events for an iframe, and oEmbed.

use http::{StatusCode, header};

use crate::{
    response::Response,
    site::{Site, event},
};

/// The maximum size of the page for iframes with all its resources, in bytes.
const BYTES_MAX: usize = 20 * 1024;

#[track_caller]
fn titles(page: &Response) -> Vec<String> {
    assert_eq!(page.status, 200, "{page}");
    page.select("h2")
}

#[tokio::test]
async fn the_embedded_list_shows_the_next_events() {
    let site = Site::at("2027-03-17T15:00:00Z").await;
    for (title, start, technology, status) in [
        ("Past", "2027-03-01T19:00", "Rust", "scheduled"),
        ("April", "2027-04-02T19:00", "C++", "cancelled"),
        ("March", "2027-03-18T19:00", "Rust", "scheduled"),
    ] {
        site.given(
            event(title)
                .starts(start)
                .technologies(&[technology])
                .with("status", status),
        )
        .await;
    }
    insta::assert_snapshot!(site.get("/embed").await, @r"
    200 OK
    Encontros de tecnologia
    quinta-feira, 18 de março de 2027, 19h (horário de Brasília)
    March
    São Paulo - SP · Presencial
    sexta-feira, 2 de abril de 2027, 19h (horário de Brasília)
    April
    Cancelado
    · São Paulo - SP · Presencial
    Ver todos
    ");
    for (query, heading, expected) in [
        ("technology=rust", "Encontros de rust", &["March"][..]),
        ("when=past", "Encontros de tecnologia", &["Past"]),
        (
            "when=all&lang=en",
            "Tech events",
            &["March", "April", "Past"],
        ),
        ("when=today", "Encontros hoje", &[]),
        (
            "state=SP&technology=C%2B%2B",
            "Encontros de tecnologia",
            &["April"],
        ),
        ("when=soon", "Encontros de tecnologia", &[]),
        ("q=april", "Encontros de tecnologia", &["April"]),
    ] {
        let page = site.get(&format!("/embed?{query}")).await;
        assert_eq!(titles(&page), expected, "{query}");
        assert_eq!(page.select("h1"), [heading]);
    }
}

#[tokio::test]
async fn the_embedded_page_may_be_framed_has_no_script_and_opens_links_outside() {
    let site = Site::new().await;
    let published = site.given(event("Framed")).await;
    let page = site.get("/embed?state=SP").await;
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(policy.contains("frame-ancestors *"), "{policy}");
    assert!(!policy.contains("script-src"), "{policy}");
    for name in ["x-frame-options", "set-cookie"] {
        assert_eq!(page.header(name), "", "{name}");
    }
    assert_eq!(page.header("x-robots-tag"), "noindex");
    assert_eq!(page.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(page.header(header::CACHE_CONTROL), "no-cache");
    assert!(page.header(header::VARY).contains("accept-language"));
    assert!(page.attributes("script", "src").is_empty());
    let links = page.attributes("a", "href");
    assert_eq!(
        links,
        [
            "/state/sp".to_owned(),
            format!("/events/{}", published.id),
            "/state/sp".to_owned()
        ]
    );
    for name in ["target", "rel"] {
        assert_eq!(page.attributes("a", name).len(), links.len());
    }
    // No other page may be framed.
    let list = site.get("/").await;
    assert!(
        list.header(header::CONTENT_SECURITY_POLICY)
            .contains("frame-ancestors 'none'")
    );
}

#[tokio::test]
async fn the_embedded_page_is_small_even_with_long_titles() {
    let site = Site::new().await;
    for _ in 0..12 {
        let long = "🦀".repeat(200);
        site.given(event(&long).with("location", long.clone()))
            .await;
    }
    let page = site.get("/embed?lang=en").await;
    assert_eq!(titles(&page).len(), 8);
    let mut bytes = page.bytes.len();
    for asset in page.attributes("link", "href") {
        bytes += site.get(&asset).await.bytes.len();
    }
    assert!(bytes <= BYTES_MAX, "{bytes}");
}

#[tokio::test]
async fn the_embedded_page_can_show_one_event() {
    let site = Site::new().await;
    let published = site.given(event("One")).await;
    site.given(event("Other")).await;
    let page = site.get(&format!("/embed?id={}", published.id)).await;
    assert_eq!(titles(&page), ["One"]);
    assert_eq!(page.select("h1"), ["Encontros Tech"]);
    for path in ["/embed?id=999", "/embed?id=x"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn oembed_describes_the_page_of_an_event() {
    let site = Site::with_settings(
        "2027-01-01T12:00:00Z",
        &[("PUBLIC_URL", "https://encontros.example")],
    )
    .await;
    let title = r#"Rust "Nights" & <b>"#;
    let published = site.given(event(title).with("organizer", "Nós")).await;
    let page = site.get(&format!("/events/{}", published.id)).await;
    let discovered = page.attributes("link[type='application/json+oembed']", "href");
    let path = discovered[0]
        .strip_prefix("https://encontros.example")
        .unwrap();
    let response = site.get(path).await;
    assert_eq!(response.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    let oembed = response.json();
    let frame = format!(
        "<iframe src=\"https://encontros.example/embed?id={}\" width=\"480\" height=\"200\" \
         title=\"Rust &quot;Nights&quot; &amp; &lt;b&gt;\" loading=\"lazy\"></iframe>",
        published.id
    );
    assert_eq!(
        oembed,
        serde_json::json!({
            "version": "1.0",
            "type": "rich",
            "title": title,
            "author_name": "Nós",
            "provider_name": "Encontros Tech",
            "provider_url": "https://encontros.example",
            "html": frame,
            "width": 480,
            "height": 200,
        })
    );
    let small = site
        .get(&format!("{path}&maxwidth=300&maxheight=100"))
        .await
        .json();
    assert_eq!(
        (&small["width"], &small["height"]),
        (&300.into(), &100.into())
    );
    assert!(
        small["html"]
            .as_str()
            .unwrap()
            .contains("width=\"300\" height=\"100\"")
    );
    for (query, status) in [
        ("url=https://encontros.example/events/999", 404),
        ("url=https://elsewhere.example/events/1", 404),
        (
            "url=https://encontros.example.elsewhere.example/events/1",
            404,
        ),
        ("url=https://encontros.example/", 404),
        ("url=https://encontros.example/events/new", 404),
        ("url=javascript:alert(1)", 404),
        ("", 404),
        ("url=https://encontros.example/events/1&format=xml", 501),
        ("url=https://encontros.example/events/1&maxwidth=-1", 400),
        (
            "url=http://encontros.example/events/1%3Flang=en&format=json",
            200,
        ),
    ] {
        let response = site.get(&format!("/oembed?{query}")).await;
        assert_eq!(response.status.as_u16(), status, "{query}");
    }
}
