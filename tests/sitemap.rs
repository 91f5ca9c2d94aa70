//! Tests of robots.txt and the sitemap.

use http::{Method, header};

use crate::{
    client::request,
    response::Response,
    site::{Site, event},
};

/// Returns the URLs in a sitemap or a sitemap index.
fn urls(response: &Response) -> Vec<String> {
    assert_eq!(response.status, 200, "{response}");
    assert_eq!(
        response.header(header::CONTENT_TYPE),
        "application/xml; charset=utf-8"
    );
    let text = response.text();
    let parts = text.split("<loc>").skip(1);
    parts
        .map(|part| part.split_once("</loc>").unwrap().0.to_owned())
        .collect()
}

#[tokio::test]
async fn robots_txt_allows_everything_and_names_the_sitemap() {
    let site = Site::with_settings(
        crate::site::NOW,
        &[("PUBLIC_URL", "https://encontros.example")],
    )
    .await;
    let robots = site.get("/robots.txt").await;
    insta::assert_snapshot!(robots.text(), @"
    User-agent: *
    Allow: /

    Sitemap: https://encontros.example/sitemap.xml
    ");
    assert_eq!(
        robots.header(header::CONTENT_TYPE),
        "text/plain; charset=utf-8"
    );
}

#[tokio::test]
async fn the_sitemap_lists_only_public_events() {
    let site = Site::new().await;
    let shown = site.given(event("Shown")).await;
    let deleted = site.given(event("Deleted")).await;
    site.send(request(Method::DELETE, &deleted.api_path()))
        .await;
    let hidden = site.given(event("Hidden")).await;
    let database = site.database.connect().await;
    let hide = format!(
        "update events set hidden_at = now() where id = {}",
        hidden.id
    );
    database.batch_execute(&hide).await.unwrap();
    site.set_clock("2027-01-02T08:30:00Z");
    let patch = serde_json::json!({"organizer": "Nós"});
    site.json(Method::PATCH, &shown.api_path(), &patch).await;

    let sitemap = site.get("/sitemap.xml").await;

    let base = urls(&sitemap)[0].trim_end_matches('/').to_owned();
    let text = sitemap.text();
    assert!(
        text.contains(&format!(
            "<url><loc>{base}/events/{}</loc><lastmod>2027-01-02T08:30:00Z</lastmod></url>",
            shown.id
        )),
        "{text}"
    );
    let events = urls(&sitemap);
    let events: Vec<_> = events
        .iter()
        .filter(|address| address.contains("/events/"))
        .collect();
    assert_eq!(events.len(), 1, "{text}");
    // Search engines fetch it often, and it changes rarely.
    let tag = sitemap.header(header::ETAG).to_owned();
    let mut conditional = request(Method::GET, "/sitemap.xml");
    conditional
        .headers_mut()
        .insert(header::IF_NONE_MATCH, tag.parse().unwrap());
    assert_eq!(site.send(conditional).await.status, 304);
    assert_eq!(site.get("/sitemap/1.xml").await.text(), text);
}

#[tokio::test]
async fn a_large_sitemap_is_split_behind_an_index() {
    let site = Site::new().await;
    let first = site.given(event("First")).await;
    let database = site.database.connect().await;
    for start in [20_000, 20_001, 60_001] {
        let skip = format!("alter table events alter column id restart with {start}");
        database.batch_execute(&skip).await.unwrap();
        site.given(event(&format!("Event {start}"))).await;
    }

    let index = site.get("/sitemap.xml").await;
    let parts = urls(&index);
    assert!(index.text().contains("<sitemapindex "), "{index}");
    let path = |address: &String| address[address.find("/sitemap/").unwrap()..].to_owned();
    let parts: Vec<_> = parts.iter().map(path).collect();
    assert_eq!(
        parts,
        ["/sitemap/1.xml", "/sitemap/2.xml", "/sitemap/4.xml"]
    );
    let mut events = Vec::new();
    for part in &parts {
        let listed = urls(&site.get(part).await).into_iter();
        events.extend(listed.filter_map(|address| {
            let (_, id) = address.split_once("/events/")?;
            Some(id.parse::<i64>().unwrap())
        }));
    }
    assert_eq!(events, [first.id, 20_000, 20_001, 60_001]);
    for path in ["/sitemap/3.xml", "/sitemap/5.xml", "/sitemap/x"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
}
