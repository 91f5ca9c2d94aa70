//! Renders lists of events as Atom feeds (RFC 4287).

use atom_syndication::{
    Category, Content, Entry, Feed as AtomFeed, FixedDateTime, Link, Person, Text,
};
use chrono::{DateTime, Utc};

use super::{
    feed::{Feed, entry_html, entry_id, entry_url},
    plain_text::{one_line, plain_text},
    size_limit::serialize_within_limit,
};
use crate::{
    domain::Event,
    pages::{alternate::ATOM, render::RenderError, summary::title_with_status, view::View},
    routes::paths,
};

/// Renders `feed` as Atom, in UTF-8. An entry's `id` is the event's `uid` as a URN, its `updated` the time of the
/// event's last change. The text has at most 4 MiB: the last events are omitted if necessary.
///
/// # Errors
/// If a template cannot be rendered, which is a bug.
pub fn atom_feed(feed: &Feed<'_>, view: &View) -> Result<String, RenderError> {
    serialize_within_limit(feed.events, |events| serialize(feed, events, view))
}

fn serialize(feed: &Feed<'_>, events: &[Event], view: &View) -> Result<String, RenderError> {
    let entries = events.iter().map(|event| entry(event, view));
    let url = feed.url(paths::ATOM_FEED, view);
    let updated = events.iter().map(|event| event.updated_at).max();
    let atom = AtomFeed {
        title: Text::plain(one_line(feed.name)),
        id: url.clone(),
        updated: fixed_offset(updated.unwrap_or_default()),
        authors: vec![person(&view.app_title)],
        links: vec![
            link("self", ATOM, &url),
            link("alternate", "text/html", &view.localized_url(feed.page)),
        ],
        lang: Some(view.lang.tag().to_owned()),
        entries: entries.collect::<Result<_, _>>()?,
        ..AtomFeed::default()
    };
    Ok(atom.to_string())
}

fn entry(event: &Event, view: &View) -> Result<Entry, RenderError> {
    let categories = event.technologies.iter().map(|name| Category {
        term: one_line(name),
        ..Category::default()
    });
    let content = Content {
        value: Some(entry_html(event, view)?),
        content_type: Some("html".to_owned()),
        ..Content::default()
    };
    let organizer = event.organizer.as_deref();
    Ok(Entry {
        title: Text::plain(plain_text(&title_with_status(event, view))),
        id: entry_id(event),
        updated: fixed_offset(event.updated_at),
        published: Some(fixed_offset(event.created_at)),
        authors: organizer.map(person).into_iter().collect(),
        categories: categories.collect(),
        links: vec![link("alternate", "text/html", &entry_url(event, view))],
        content: Some(content),
        ..Entry::default()
    })
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

fn fixed_offset(at: DateTime<Utc>) -> FixedDateTime {
    at.fixed_offset()
}
