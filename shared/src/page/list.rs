//! The front page: events to come, then events that are over.

use serde::Serialize;

use super::{Lang, Page, View, event::Summary};
use crate::event::Event;

/// What the front page shows.
#[derive(Debug, Default)]
pub struct Listing {
    /// The search as typed.
    pub q: String,
    /// The technology asked for.
    pub technology: String,
    /// Other wishes in force (city, state, range), as the visitor named them.
    pub other_wishes: Vec<String>,
    /// Events to come, soonest first.
    pub upcoming: Vec<Event>,
    /// Events that are over, latest first.
    pub past: Vec<Event>,
    /// Where the next page is, if there is one.
    pub next: Option<String>,
    /// Where the first page is, if this is another.
    pub first: Option<String>,
    /// Whether the visitor comes from deleting an event.
    pub deleted: bool,
}

/// `GET /`.
#[derive(Debug, Serialize)]
pub struct ListPage {
    q: String,
    technology: String,
    other_wishes: Vec<String>,
    filtered: bool,
    upcoming: Vec<Summary>,
    past: Vec<Summary>,
    /// The first page says so when nothing is coming; later pages and searches need not.
    nothing_upcoming: bool,
    nothing: bool,
    next: Option<String>,
    first: Option<String>,
    deleted: bool,
}

impl ListPage {
    /// The page of this listing.
    #[must_use]
    pub fn new(listing: Listing, view: &View) -> Self {
        let summaries = |events: &[Event]| {
            events
                .iter()
                .map(|event| Summary::of(event, view))
                .collect::<Vec<_>>()
        };
        let filtered = !listing.q.is_empty()
            || !listing.technology.is_empty()
            || !listing.other_wishes.is_empty();
        let nothing = listing.upcoming.is_empty() && listing.past.is_empty();
        Self {
            upcoming: summaries(&listing.upcoming),
            past: summaries(&listing.past),
            nothing_upcoming: listing.upcoming.is_empty() && listing.first.is_none() && !nothing,
            nothing,
            filtered,
            q: listing.q,
            technology: listing.technology,
            other_wishes: listing.other_wishes,
            next: listing.next,
            first: listing.first,
            deleted: listing.deleted,
        }
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "list";

    fn title(&self, _: Lang) -> Option<String> {
        None
    }
}
