//! Builds the links that subscribe to a calendar or a feed.

use serde::Serialize;

use super::{
    external_links::url_with_query,
    view::{View, append_query},
};
use crate::routes::paths;

/// Links that subscribe to a calendar, so that calendar applications receive later changes.
#[derive(Debug, Serialize)]
pub struct Subscription {
    /// The calendar's `webcal:` URL, for the calendar application of the device.
    webcal: String,
    google: String,
    outlook: String,
    /// Absolute URL of the calendar.
    pub(crate) url: String,
    /// Path of the same calendar, for download.
    file: String,
    /// Path of the Atom feed, if the calendar is that of a list.
    feed: Option<String>,
}

impl Subscription {
    /// Creates links to the calendar and the feed of the list with the filters in `query`. `name` is the calendar's
    /// name.
    pub(crate) fn to_list(query: &str, name: &str, view: &View) -> Self {
        Self {
            feed: Some(view.localized(&append_query(paths::ATOM_FEED, query))),
            ..Self::to_calendar(&append_query(paths::CALENDAR, query), name, view)
        }
    }

    /// Creates links to the calendar at `path`. `name` is the calendar's name.
    pub(crate) fn to_calendar(path: &str, name: &str, view: &View) -> Self {
        let file = view.localized(path);
        let url = format!("{}{file}", view.base_url);
        let webcal = match url.split_once("://") {
            Some((_, rest)) => format!("webcal://{rest}"),
            None => url.clone(),
        };
        Self {
            google: url_with_query(
                "https://calendar.google.com/calendar/r",
                &[("cid", &webcal)],
            ),
            outlook: url_with_query(
                "https://outlook.live.com/calendar/0/addfromweb",
                &[("url", &url), ("name", name)],
            ),
            webcal,
            url,
            file,
            feed: None,
        }
    }
}
