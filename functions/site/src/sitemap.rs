//! `GET /sitemap.xml` and `GET /sitemap/{file}`: the addresses of all pages (<https://www.sitemaps.org/protocol.html>).

use axum::{extract::State, response::Response};
use chrono::SecondsFormat;
use shared::{
    http::{Error, Path, response},
    pages::View,
    routes::{links, paths},
    store::{self, Db, SitemapEvent},
};

/// Number of event ids that one part of the sitemap covers. The protocol allows 50,000 addresses; with 20,000, a part
/// fits into the largest response of AWS Lambda (6 MB) with a host name of any length.
const IDS_PER_PART: i64 = 20_000;
/// The paths of the indexable pages that belong to no event.
const PAGES: [&str; 5] = [
    paths::HOME,
    paths::TODAY,
    paths::WEEKEND,
    paths::ONLINE,
    paths::DOCS,
];

/// Responds with the sitemap, or with an index of its parts if one file cannot contain all events.
pub(crate) async fn sitemap(State(db): State<Db>, view: View) -> Result<Response, Error> {
    let parts = store::sitemap_parts(&db, IDS_PER_PART).await?;
    if parts.iter().any(|part| *part > 1) {
        return Ok(xml(index(&view, &parts)));
    }
    Ok(xml(addresses(&view, 1, &events(&db, 1).await?)))
}

/// Responds with the part of the sitemap whose file name is `file`, such as `2.xml`.
pub(crate) async fn part(
    State(db): State<Db>,
    view: View,
    Path(file): Path<String>,
) -> Result<Response, Error> {
    let number = number(&file).ok_or(Error::NotFound)?;
    let events = events(&db, number).await?;
    // Part 1 always exists: it contains the pages that belong to no event.
    if events.is_empty() && number > 1 {
        return Err(Error::NotFound);
    }
    Ok(xml(addresses(&view, number, &events)))
}

/// Parses the number of a sitemap's part from its file name, which must be spelled as in the sitemap's index.
fn number(file: &str) -> Option<i64> {
    let number = file.strip_suffix(".xml")?.parse().ok()?;
    let fits = (1..=i64::MAX / IDS_PER_PART).contains(&number) && file == format!("{number}.xml");
    fits.then_some(number)
}

async fn events(db: &Db, number: i64) -> Result<Vec<SitemapEvent>, Error> {
    Ok(store::sitemap_events(db, (number - 1) * IDS_PER_PART, number * IDS_PER_PART).await?)
}

fn index(view: &View, parts: &[i64]) -> String {
    // Part 1 is always listed, even without events.
    let others = parts.iter().filter(|part| **part > 1);
    let base = escaped(&view.base_url);
    let parts = [1].into_iter().chain(others.copied()).map(|part| {
        let path = links::sitemap_part(part);
        format!("<sitemap><loc>{base}{path}</loc></sitemap>\n")
    });
    document("sitemapindex", parts)
}

fn addresses(view: &View, number: i64, events: &[SitemapEvent]) -> String {
    let base = escaped(&view.base_url);
    let pages = PAGES.iter().filter(|_| number == 1);
    let pages = pages.map(|path| format!("<url><loc>{base}{path}</loc></url>\n"));
    let events = events.iter().map(|event| {
        let changed = event.updated_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let path = links::event(event.id);
        format!("<url><loc>{base}{path}</loc><lastmod>{changed}</lastmod></url>\n")
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

/// Escapes XML's special characters in `text`, such as a host name, which comes from the request.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

fn xml(text: String) -> Response {
    response::with_type(text, "application/xml; charset=utf-8")
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_part_has_one_file_name() {
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
