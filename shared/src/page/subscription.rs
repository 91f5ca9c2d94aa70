//! How programs follow what a page shows: its calendar and its feeds, and the links with which people take them along.

use serde::Serialize;

use super::{Lang, View, links::address, with_lang};

/// The media type of a calendar (RFC 5545 §8.1).
const CALENDAR: &str = "text/calendar";

/// What a page can be read as by programs instead: for its head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternate {
    media_type: &'static str,
    title: String,
    href: String,
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
}

impl Subscription {
    /// The calendar at this path, under this name.
    pub(super) fn new(path: &str, name: &str, view: &View) -> Self {
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
        }
    }

    pub(super) fn alternate(&self, title: &str) -> Alternate {
        Alternate {
            media_type: CALENDAR,
            title: title.to_owned(),
            href: self.address.clone(),
        }
    }
}

/// The address with the language of this visitor, where it is not the board's own: whoever fetches it later says none.
pub(super) fn in_language(path: &str, view: &View) -> String {
    if view.lang_chosen || view.lang != Lang::default() {
        with_lang(path, view.lang.tag())
    } else {
        path.to_owned()
    }
}
