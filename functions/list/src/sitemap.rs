//! `GET /robots.txt`, `GET /sitemap.xml` and `GET /sitemap/{file}`: what search engines are told
//! (RFC 9309, <https://www.sitemaps.org/protocol.html>).

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::SecondsFormat;
use http::{HeaderValue, header};
use shared::{
    http::Error,
    http::Path,
    pages::View,
    routes::links,
    store::{self, Db, SitemapEvent},
};

/// How many ids a part spans. The protocol allows 50,000 addresses; with fewer, a part fits into the largest answer of AWS
/// Lambda, whatever the board's name.
const SPAN: i64 = 20_000;
/// The pages that are there without any event.
const PAGES: [&str; 5] = ["/", links::TODAY, links::WEEKEND, links::ONLINE, "/docs"];

/// Lets every search engine in, and tells where the sitemap is. It names no address to be left out: those that are nobody's
/// business say so themselves where they are asked for.
pub(crate) async fn robots_txt(view: View) -> Response {
    let text = format!(
        "User-agent: *\nAllow: /\n\nSitemap: {}/sitemap.xml\n",
        view.base_url
    );
    answer("text/plain; charset=utf-8", text)
}

/// Tells the address of every event, or of the parts that do where one file cannot.
pub(crate) async fn sitemap(State(db): State<Db>, view: View) -> Result<Response, Error> {
    let parts = store::sitemap_parts(&db, SPAN).await?;
    if parts.iter().any(|part| *part > 1) {
        return Ok(xml(index(&view, &parts)));
    }
    Ok(xml(addresses(&view, 1, &events(&db, 1).await?)))
}

/// Tells the addresses of a part, `{number}.xml`.
pub(crate) async fn part(
    State(db): State<Db>,
    view: View,
    Path(file): Path<String>,
) -> Result<Response, Error> {
    let number = number(&file).ok_or(Error::NotFound)?;
    let events = events(&db, number).await?;
    // The first is always there: it holds the pages that are no event's.
    if events.is_empty() && number > 1 {
        return Err(Error::NotFound);
    }
    Ok(xml(addresses(&view, number, &events)))
}

/// The number in a part's name, as the index writes it.
fn number(file: &str) -> Option<i64> {
    let number = file.strip_suffix(".xml")?.parse().ok()?;
    let fits = (1..=i64::MAX / SPAN).contains(&number) && file == format!("{number}.xml");
    fits.then_some(number)
}

async fn events(db: &Db, number: i64) -> Result<Vec<SitemapEvent>, Error> {
    Ok(store::sitemap_events(db, (number - 1) * SPAN, number * SPAN).await?)
}

fn index(view: &View, parts: &[i64]) -> String {
    // With the first, whether or not it has events left.
    let others = parts.iter().filter(|part| **part > 1);
    let parts = [1].into_iter().chain(others.copied()).map(|part| {
        let address = escaped(&format!("{}/sitemap/{part}.xml", view.base_url));
        format!("<sitemap><loc>{address}</loc></sitemap>\n")
    });
    document("sitemapindex", parts)
}

fn addresses(view: &View, number: i64, events: &[SitemapEvent]) -> String {
    let base = escaped(&view.base_url);
    let pages = PAGES.iter().filter(|_| number == 1);
    let pages = pages.map(|path| format!("<url><loc>{base}{path}</loc></url>\n"));
    let events = events.iter().map(|event| {
        let changed = event.updated_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!(
            "<url><loc>{base}/events/{}</loc><lastmod>{changed}</lastmod></url>\n",
            event.id
        )
    });
    document("urlset", pages.chain(events))
}

fn document(root: &str, entries: impl Iterator<Item = String>) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
    );
    xml.extend(entries);
    xml.push_str(&format!("</{root}>\n"));
    xml
}

/// Escapes what has a meaning in XML: the host is what the request says it is.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

fn xml(text: String) -> Response {
    answer("application/xml; charset=utf-8", text)
}

fn answer(media_type: &'static str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_part_has_one_name() {
        assert_eq!(number("12.xml"), Some(12));
        for file in [
            "0.xml",
            "-1.xml",
            "+1.xml",
            "01.xml",
            "1",
            "x.xml",
            ".xml",
            "1.xml.xml",
            "9223372036854775807.xml",
        ] {
            assert_eq!(number(file), None, "{file}");
        }
    }
}
