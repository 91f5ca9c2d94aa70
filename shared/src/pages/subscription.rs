//! How programs follow what a page shows: its calendar and its feeds, and the links with which people take them along.

use serde::Serialize;

use super::{
    external_links::address,
    i18n::Lang,
    view::{View, with_lang},
};

/// The media type of Atom (RFC 4287 §7).
pub(crate) const ATOM: &str = "application/atom+xml";
/// The media type of a JSON Feed.
pub(crate) const JSON_FEED: &str = "application/feed+json";
/// The media type of a calendar (RFC 5545 §8.1).
const CALENDAR: &str = "text/calendar";

/// What a page can be read as by programs instead: for its head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternate {
    media_type: &'static str,
    title: String,
    href: String,
}

impl Alternate {
    /// What oEmbed tells of the page, at this address.
    pub(crate) fn oembed(title: &str, href: String) -> Self {
        Self {
            media_type: "application/json+oembed",
            title: title.to_owned(),
            href,
        }
    }
}

/// The links to a calendar that goes on changing.
#[derive(Debug, Serialize)]
pub struct Subscription {
    /// For the calendar of the visitor's own machine.
    webcal: String,
    google: String,
    outlook: String,
    /// Its address, to copy.
    address: String,
    /// The same on this host, to open.
    file: String,
    /// The feed for readers of news, where it is a list.
    feed: Option<String>,
}

impl Subscription {
    /// The calendar and the feed of the list with this query, under this name.
    pub(crate) fn of_list(query: &str, name: &str, view: &View) -> Self {
        Self {
            feed: Some(in_language(&feed_path("/feed.atom", query), view)),
            ..Self::new(&feed_path("/events.ics", query), name, view)
        }
    }

    /// The calendar at this path, under this name.
    pub(crate) fn new(path: &str, name: &str, view: &View) -> Self {
        let file = in_language(path, view);
        let whole = format!("{}{file}", view.base_url);
        let webcal = match whole.split_once("://") {
            Some((_, rest)) => format!("webcal://{rest}"),
            None => whole.clone(),
        };
        Self {
            google: address(
                "https://calendar.google.com/calendar/r",
                &[("cid", &webcal)],
            ),
            outlook: address(
                "https://outlook.live.com/calendar/0/addfromweb",
                &[("url", &whole), ("name", name)],
            ),
            webcal,
            address: whole,
            file,
            feed: None,
        }
    }

    /// The calendar, for a page's head.
    pub(crate) fn alternate(&self, title: &str) -> Alternate {
        Alternate {
            media_type: CALENDAR,
            title: title.to_owned(),
            href: self.address.clone(),
        }
    }
}

/// The path of a calendar or a feed with this query.
pub(crate) fn feed_path(path: &str, query: &str) -> String {
    match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The feeds of the list with this query, for a page's head.
pub(crate) fn feeds(query: &str, title: &str, view: &View) -> [Alternate; 2] {
    [(ATOM, "/feed.atom"), (JSON_FEED, "/feed.json")].map(|(media_type, path)| Alternate {
        media_type,
        title: title.to_owned(),
        href: format!(
            "{}{}",
            view.base_url,
            in_language(&feed_path(path, query), view)
        ),
    })
}

/// The address with the language of this visitor, where it is not the board's own: whoever fetches it later says none.
pub(crate) fn in_language(path: &str, view: &View) -> String {
    if view.lang_chosen || view.lang != Lang::default() {
        with_lang(path, view.lang.tag())
    } else {
        path.to_owned()
    }
}
