//! Tests of the preview images (Open Graph) of events and of the site.

use http::{Method, header};

use crate::{
    client::request,
    response::Response,
    site::{Site, event},
};

/// The maximum size of a preview image that all common chat applications display, in bytes.
const BYTES_MAX: usize = 200 * 1024;

/// Returns the width and height of a PNG image, in pixels, from its header.
#[track_caller]
fn size(response: &Response) -> (u32, u32) {
    assert_eq!(response.status, 200, "{:?}", response.headers);
    assert_eq!(response.header(header::CONTENT_TYPE), "image/png");
    assert!(response.bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert!(
        response.bytes.len() <= BYTES_MAX,
        "{}",
        response.bytes.len()
    );
    let number =
        |from: usize| u32::from_be_bytes(response.bytes[from..from + 4].try_into().unwrap());
    (number(16), number(20))
}

#[tokio::test]
async fn every_event_has_a_preview_image_of_1200_by_630_pixels() {
    let site = Site::new().await;
    let titles = [
        "Python Meetup São Paulo".to_owned(),
        "\"Aspas\", 'apóstrofos' & <script>alert(1)</script> ]]>".to_owned(),
        "🎉👩‍💻🇧🇷".to_owned(),
        "日本語 العربية עברית".to_owned(),
        "um título comprido ".repeat(20).chars().take(199).collect(),
        "W".repeat(200),
        "ﷺ".repeat(200),
        "Z̴a̷l̸g̶o̵\u{300}\u{301}\u{302}\u{303}".to_owned(),
    ];
    for title in titles {
        let event = event(&title)
            .with("location", title.as_str())
            .with("status", "cancelled");
        let published = site.given(event).await;
        let card = site
            .get(&format!("/events/{}/card.png", published.id))
            .await;
        assert_eq!(size(&card), (1200, 630), "{title}");
    }
    assert_eq!(size(&site.get("/card.png").await), (1200, 630));
}

#[tokio::test]
async fn a_preview_image_is_immutable_only_at_the_address_of_its_version() {
    let site = Site::new().await;
    let published = site.given(event("Cached")).await;
    let page = site.get(&format!("/events/{}", published.id)).await;
    let address = page
        .attributes("meta[property='og:image']", "content")
        .remove(0);
    let path = address.split_once("site.example").unwrap().1;

    let card = site.get(path).await;

    assert_eq!(size(&card), (1200, 630));
    let cache = "public, max-age=31536000, immutable";
    assert_eq!(card.header(header::CACHE_CONTROL), cache);
    assert_eq!(card.header("cross-origin-resource-policy"), "cross-origin");
    let mut conditional = request(Method::GET, path);
    let tag = card.header(header::ETAG).parse().unwrap();
    conditional.headers_mut().insert(header::IF_NONE_MATCH, tag);
    assert_eq!(site.send(conditional).await.status, 304);
    // A new version of the event has a new address.
    let patch = serde_json::json!({"status": "postponed"});
    site.json(Method::PATCH, &published.api_path(), &patch)
        .await;
    let old = site.get(path).await;
    assert_eq!(old.header(header::CACHE_CONTROL), "no-cache");
    assert_ne!(old.bytes, card.bytes, "the image shows the new status");
    let page = site.get(&format!("/events/{}", published.id)).await;
    assert!(!page.text().contains(path));
}

#[tokio::test]
async fn a_preview_image_is_available_in_each_language() {
    let site = Site::new().await;
    let published = site.given(event("Translated")).await;
    let path = format!("/events/{}/card.png", published.id);
    let mut images = Vec::new();
    for lang in ["pt-BR", "en", "es"] {
        let card = site.get(&format!("{path}?lang={lang}")).await;
        assert_eq!(card.header(header::CONTENT_LANGUAGE), lang);
        images.push(card.bytes);
    }
    images.dedup();
    assert_eq!(images.len(), 3);
    let plain = site.get(&path).await;
    assert!(plain.header(header::VARY).contains("accept-language"));
    assert_eq!(plain.header(header::CACHE_CONTROL), "no-cache");
}

#[tokio::test]
async fn an_unknown_or_deleted_event_has_no_preview_image() {
    let site = Site::new().await;
    let published = site.given(event("Gone")).await;
    site.send(request(Method::DELETE, &published.api_path()))
        .await;
    for id in [published.id.to_string(), "0".to_owned(), "x".to_owned()] {
        assert_eq!(
            site.get(&format!("/events/{id}/card.png")).await.status,
            404
        );
    }
}
