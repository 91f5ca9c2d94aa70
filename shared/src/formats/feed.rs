//! Events as readers of news take them in: Atom (RFC 4287) and JSON Feed 1.1 (<https://jsonfeed.org/version/1.1>).

use atom_syndication::{Category, Content, Entry, Feed as Atom, FixedDateTime, Link, Person, Text};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderValue, header};
use serde::Serialize;

use super::plain_text::{cut, one_line, plain};
use crate::{
    domain::Event,
    pages::{
        event::Summary,
        external_links,
        i18n::Lang,
        subscription::{ATOM, feed_path, in_language},
        view::{Page, RenderError, View},
    },
};

/// How much of a description a feed tells, in characters. The rest is a click away.
const DESCRIPTION_CHARS_MAX: usize = 1_000;

/// Most that a calendar or a feed weighs, in bytes: less than every way carries, Lambda's 6 MB included.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// A list of events, as feeds tell it.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The path and query of the page that shows the same.
    pub page: &'a str,
    /// The query of what is asked for.
    pub query: &'a str,
    /// The events, in the order of the feed.
    pub events: &'a [Event],
}

/// What a feed says of an event, as markup.
#[derive(Debug, Serialize)]
struct FeedEntry {
    event: Summary,
    place: String,
    organizer: Option<String>,
    paragraphs: Vec<Paragraph>,
    url: Option<String>,
}

#[derive(Debug, Serialize)]
struct Paragraph {
    lines: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    text: String,
    /// Whether another follows.
    breaks: bool,
}

impl Paragraph {
    fn new(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let line = |(place, text): (usize, &&str)| Line {
            text: (*text).to_owned(),
            breaks: place + 1 < lines.len(),
        };
        Self {
            lines: lines.iter().enumerate().map(line).collect(),
        }
    }
}

impl FeedEntry {
    fn new(event: &Event, view: &View) -> Self {
        let description = plain(event.description.as_deref().unwrap_or_default());
        let description = cut(&description, DESCRIPTION_CHARS_MAX);
        let paragraphs = description
            .split("\n\n")
            .filter(|text| !text.trim().is_empty());
        Self {
            event: Summary::of(event, view),
            place: plain(&external_links::place(event)),
            organizer: event.organizer.as_deref().map(plain),
            paragraphs: paragraphs.map(Paragraph::new).collect(),
            url: event.url.clone(),
        }
    }
}

impl Page for FeedEntry {
    const TEMPLATE: &'static str = "feed_entry";

    fn title(&self, _: Lang) -> Option<String> {
        None
    }
}

/// A JSON Feed.
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

impl View {
    /// The feed in Atom. An entry's id is made of the event's `uid`, and its `updated` is when the event was changed last.
    ///
    /// # Errors
    /// When a template fails, a fault of ours.
    pub fn atom_feed(&self, feed: &Feed<'_>) -> Result<Response, RenderError> {
        let text = fitting(feed.events, |events| self.atom_text(feed, events))?;
        Ok(self.feed_response(ATOM_IN_UTF_8, text))
    }

    fn atom_text(&self, feed: &Feed<'_>, events: &[Event]) -> Result<String, RenderError> {
        let entries = events.iter().map(|event| self.atom_entry(event));
        let address = self.feed_address("/feed.atom", feed.query);
        let changed = events.iter().map(|event| event.updated_at).max();
        let atom = Atom {
            title: Text::plain(one_line(feed.name)),
            id: address.clone(),
            updated: fixed(changed.unwrap_or_default()),
            authors: vec![person(&self.app_title)],
            links: vec![
                link("self", ATOM, &address),
                link("alternate", "text/html", &self.page_address(feed.page)),
            ],
            lang: Some(self.lang.tag().to_owned()),
            entries: entries.collect::<Result<_, _>>()?,
            ..Atom::default()
        };
        Ok(atom.to_string())
    }

    fn atom_entry(&self, event: &Event) -> Result<Entry, RenderError> {
        let categories = event.technologies.iter().map(|name| Category {
            term: one_line(name),
            ..Category::default()
        });
        let content = Content {
            value: Some(self.html(&FeedEntry::new(event, self))?),
            content_type: Some("html".to_owned()),
            ..Content::default()
        };
        let organizer = event.organizer.as_deref();
        Ok(Entry {
            title: Text::plain(plain(&self.marked_title(event))),
            id: urn(event),
            updated: fixed(event.updated_at),
            published: Some(fixed(event.created_at)),
            authors: organizer.map(person).into_iter().collect(),
            categories: categories.collect(),
            links: vec![link(
                "alternate",
                "text/html",
                &self.page_address(&external_links::path(event)),
            )],
            content: Some(content),
            ..Entry::default()
        })
    }

    /// The feed in JSON.
    ///
    /// # Errors
    /// When a template fails, a fault of ours.
    pub fn json_feed(&self, feed: &Feed<'_>) -> Result<Response, RenderError> {
        let text = fitting(feed.events, |events| self.json_text(feed, events))?;
        Ok(self.feed_response(JSON_FEED_IN_UTF_8, text))
    }

    fn json_text(&self, feed: &Feed<'_>, events: &[Event]) -> Result<String, RenderError> {
        let items = events.iter().map(|event| self.json_item(event));
        let json = JsonFeed {
            version: "https://jsonfeed.org/version/1.1",
            title: one_line(feed.name),
            home_page_url: self.page_address(feed.page),
            feed_url: self.feed_address("/feed.json", feed.query),
            language: self.lang.tag(),
            authors: [Author {
                name: &self.app_title,
            }],
            items: items.collect::<Result<_, _>>()?,
        };
        Ok(serde_json::to_string(&json).unwrap_or_default())
    }

    fn json_item(&self, event: &Event) -> Result<Item, RenderError> {
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let organizer = event.organizer.as_deref().map(one_line);
        Ok(Item {
            id: urn(event),
            url: self.page_address(&external_links::path(event)),
            external_url: event.url.clone(),
            title: plain(&self.marked_title(event)),
            content_html: self.html(&FeedEntry::new(event, self))?,
            date_published: instant(event.created_at),
            date_modified: instant(event.updated_at),
            tags: event
                .technologies
                .iter()
                .map(|name| one_line(name))
                .collect(),
            authors: organizer
                .map(|name| ItemAuthor { name })
                .into_iter()
                .collect(),
        })
    }

    fn feed_response(&self, media_type: &'static str, text: String) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (
                header::CONTENT_LANGUAGE,
                HeaderValue::from_static(self.lang.tag()),
            ),
        ];
        (headers, text).into_response()
    }

    fn feed_address(&self, path: &str, query: &str) -> String {
        self.page_address(&feed_path(path, query))
    }

    fn page_address(&self, path: &str) -> String {
        format!("{}{}", self.base_url, in_language(path, self))
    }
}

const ATOM_IN_UTF_8: &str = "application/atom+xml; charset=utf-8";
const JSON_FEED_IN_UTF_8: &str = "application/feed+json; charset=utf-8";

/// The text of as many of the first events as weigh no more than every way carries: all of them, but where somebody has
/// filled the board with texts that grow when they are escaped.
pub(crate) fn fitting<E>(
    events: &[Event],
    text: impl Fn(&[Event]) -> Result<String, E>,
) -> Result<String, E> {
    let mut count = events.len();
    loop {
        let whole = text(&events[..count])?;
        if whole.len() <= BYTES_MAX || count <= 1 {
            return Ok(whole);
        }
        count /= 2;
    }
}

/// What a feed calls the event for life (RFC 9562 §4).
fn urn(event: &Event) -> String {
    format!("urn:uuid:{}", event.uid)
}

fn person(name: &str) -> Person {
    Person {
        name: one_line(name),
        ..Person::default()
    }
}

fn link(rel: &str, media_type: &str, href: &str) -> Link {
    Link {
        rel: rel.to_owned(),
        mime_type: Some(media_type.to_owned()),
        href: href.to_owned(),
        ..Link::default()
    }
}

fn fixed(at: DateTime<Utc>) -> FixedDateTime {
    at.fixed_offset()
}
