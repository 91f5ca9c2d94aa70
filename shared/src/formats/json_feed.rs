//! Renders lists of events as JSON Feed 1.1 (<https://jsonfeed.org/version/1.1>).

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{
    feed::{Feed, entry_html, entry_id, entry_url},
    plain_text::{one_line, plain_text},
    size_limit::serialize_within_limit,
};
use crate::{
    domain::Event,
    pages::{render::RenderError, summary::title_with_status, view::View},
    routes::paths,
};

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    language: &'static str,
    authors: [Author<'a>; 1],
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Item {
    id: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<String>,
    title: String,
    content_html: String,
    date_published: String,
    date_modified: String,
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<ItemAuthor>,
}

#[derive(Serialize)]
struct ItemAuthor {
    name: String,
}

/// Renders `feed` as JSON Feed, at most 4 MiB long: the last events are omitted if necessary.
///
/// # Errors
/// If a template cannot be rendered, which is a bug.
pub fn json_feed(feed: &Feed<'_>, view: &View) -> Result<String, RenderError> {
    serialize_within_limit(feed.events, |events| serialize(feed, events, view))
}

fn serialize(feed: &Feed<'_>, events: &[Event], view: &View) -> Result<String, RenderError> {
    let items = events.iter().map(|event| item(event, view));
    let json = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: one_line(feed.name),
        home_page_url: view.localized_url(feed.page),
        feed_url: feed.url(paths::JSON_FEED, view),
        language: view.lang.tag(),
        authors: [Author {
            name: &view.app_title,
        }],
        items: items.collect::<Result<_, _>>()?,
    };
    Ok(serde_json::to_string(&json).unwrap_or_default())
}

fn item(event: &Event, view: &View) -> Result<Item, RenderError> {
    let organizer = event.organizer.as_deref().map(one_line);
    let tags = event.technologies.iter().map(|name| one_line(name));
    Ok(Item {
        id: entry_id(event),
        url: entry_url(event, view),
        external_url: event.url.clone(),
        title: plain_text(&title_with_status(event, view)),
        content_html: entry_html(event, view)?,
        date_published: rfc3339(event.created_at),
        date_modified: rfc3339(event.updated_at),
        tags: tags.collect(),
        authors: organizer
            .map(|name| ItemAuthor { name })
            .into_iter()
            .collect(),
    })
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
