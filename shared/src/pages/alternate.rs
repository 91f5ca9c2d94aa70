//! Links to the content of a page in other formats, for its `head` element (`<link rel="alternate">`).

use serde::Serialize;

use super::{
    external_links::{public_url, url_with_query},
    view::{View, append_query},
};
use crate::{domain::Event, routes::paths};

/// The media type of Atom (RFC 4287 §7).
pub(crate) const ATOM: &str = "application/atom+xml";
const JSON_FEED: &str = "application/feed+json";
const ICALENDAR: &str = "text/calendar";
const OEMBED: &str = "application/json+oembed";

/// A link to the content of a page in another format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternate {
    media_type: &'static str,
    title: String,
    href: String,
}

impl Alternate {
    /// Creates a link to the iCalendar feed at `url`.
    pub(crate) fn calendar(url: &str, title: &str) -> Self {
        Self {
            media_type: ICALENDAR,
            title: title.to_owned(),
            href: url.to_owned(),
        }
    }

    /// Creates links to the Atom and JSON feeds of the list of events with the filters in `query`.
    pub(crate) fn feeds(query: &str, title: &str, view: &View) -> [Self; 2] {
        [(ATOM, paths::ATOM_FEED), (JSON_FEED, paths::JSON_FEED)].map(|(media_type, path)| Self {
            media_type,
            title: title.to_owned(),
            href: view.localized_url(&append_query(path, query)),
        })
    }

    /// Creates a link to the oEmbed description of the page of `event`.
    pub(crate) fn oembed(event: &Event, title: &str, view: &View) -> Self {
        let page = public_url(event, view);
        let path = url_with_query(paths::OEMBED, &[("url", &page), ("format", "json")]);
        Self {
            media_type: OEMBED,
            title: title.to_owned(),
            href: view.localized_url(&path),
        }
    }
}
