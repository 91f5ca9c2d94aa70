//! `GET /` and the landing pages: show upcoming events, then past events, with search and filters.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    agenda::Agenda, alternate::Alternate, filter_links::FilterLink, i18n::Lang, page::Page,
    render::RenderError, subscription::Subscription, view::View,
};
use crate::domain::Event;

/// What to show on a page of the list of events.
#[derive(Debug, Default)]
pub struct Listing {
    /// The search form above the list.
    pub search: SearchForm,
    /// The links that change the filters of the list.
    pub filters: FilterControls,
    /// The links to other pages of the list.
    pub paging: Paging,
    /// Data for the `head` element of the page.
    pub head: ListHead,
    /// The events on the page.
    pub events: ListedEvents,
    /// The city or state in the filter; `None` without such a filter.
    pub place: Option<PlaceFilter>,
    /// Heading of the list, if it has a landing page.
    pub heading: Option<String>,
    /// Whether to show the notice that the visitor's event has been deleted.
    pub deleted: bool,
}

/// The search form of the list.
#[derive(Debug, Default, Serialize)]
pub struct SearchForm {
    /// Search text as typed.
    pub q: String,
    /// Technology in the filter; empty if there is none.
    pub technology: String,
    /// The other filters, as hidden fields, so that a new search retains them.
    pub hidden_fields: Vec<HiddenField>,
    /// Technologies to suggest in the field of technologies.
    pub suggestions: Vec<String>,
}

/// A hidden field of the search form.
#[derive(Debug, Serialize)]
pub struct HiddenField {
    /// Name of the query parameter.
    pub name: String,
    /// The value of the query parameter `name`.
    pub value: String,
}

/// The links that change the filters of the list.
#[derive(Debug, Default, Serialize)]
pub struct FilterControls {
    /// Links to all, upcoming, or past events.
    pub phases: Vec<FilterLink>,
    /// Links to the events of today, this weekend and this month, and to online events.
    pub quick: Vec<FilterLink>,
    /// Links to the most frequent technologies of upcoming events.
    pub technologies: Vec<FilterLink>,
    /// Links to the states of upcoming events.
    pub states: Vec<FilterLink>,
    /// Links that each remove one of the filters in effect.
    pub active: Vec<FilterLink>,
}

/// The links to other pages of the list.
#[derive(Debug, Default, Serialize)]
pub struct Paging {
    /// Path and query of the next page, if there is one.
    pub next: Option<String>,
    /// Path and query of the first page; `None` on the first page.
    pub first: Option<String>,
}

/// The data of a list for search engines and feed readers, in the `head` element of its page.
#[derive(Debug, Default)]
pub struct ListHead {
    /// Path and query of the list, without parameters that it ignores.
    pub path_and_query: String,
    /// Path of the landing page with the same events, if there is one.
    pub canonical: Option<String>,
    /// Whether search engines should not index the page.
    pub noindex: bool,
    /// Query of the calendar and the feeds with the same filters as the list.
    pub feed_query: String,
    /// Instant until which the page may be cached, since upcoming events become past ones; `None` on pages after the
    /// first.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The events on a page of the list.
#[derive(Debug, Default)]
pub struct ListedEvents {
    /// Upcoming events, the soonest first.
    pub upcoming: Vec<Event>,
    /// Past events, the latest first.
    pub past: Vec<Event>,
    /// Whether only past events were requested.
    pub past_only: bool,
}

/// The city or state by which a list is filtered.
#[derive(Debug)]
pub struct PlaceFilter {
    /// Name of the city or state.
    pub name: String,
    /// Path and query of the list with the same filters, but with online events instead of the place.
    pub online_instead: String,
}

/// A page of the list of events.
#[derive(Debug, Serialize)]
pub struct ListPage {
    search: SearchForm,
    filters: FilterControls,
    paging: Paging,
    heading: Option<String>,
    messages: Messages,
    agendas: Vec<Agenda>,
    /// The number of listed events as text: `24 encontros`.
    event_count: String,
    subscription: Subscription,
    #[serde(skip)]
    layout: Layout,
}

/// The messages of the page to the visitor.
#[derive(Debug, Serialize)]
struct Messages {
    /// Whether to show the introduction of the site, which is on the first page without filters.
    is_intro: bool,
    deleted: bool,
    /// Whether to show on the first page the notice that there are only past events.
    no_upcoming: bool,
    /// Message that is shown if there are no events.
    empty: Option<EmptyList>,
}

#[derive(Debug, Serialize)]
struct EmptyList {
    title: String,
    detail: String,
    online_instead: Option<String>,
    is_filtered: bool,
}

/// The data of the page for its layout, outside the list.
#[derive(Debug)]
struct Layout {
    title: Option<String>,
    alternates: Vec<Alternate>,
    head: ListHead,
}

impl ListPage {
    /// Creates the page with the contents of `listing`.
    ///
    /// # Errors
    /// If the card of an event cannot be rendered, which is a bug.
    pub fn new(listing: Listing, view: &View) -> Result<Self, RenderError> {
        let filter_names = listing.filters.names();
        let name = feed_name(filter_names.as_deref(), view);
        let subscription = Subscription::to_list(&listing.head.feed_query, &name, view);
        Ok(Self {
            messages: Messages::new(&listing, view.lang),
            event_count: event_count(&listing, view.lang),
            agendas: agendas(&listing.events, view)?,
            layout: Layout {
                title: listing.heading.clone().or(filter_names),
                alternates: alternates(&listing.head.feed_query, &name, &subscription, view),
                head: listing.head,
            },
            search: listing.search,
            filters: listing.filters,
            paging: listing.paging,
            heading: listing.heading,
            subscription,
        })
    }
}

/// Returns the name of the calendar and the feeds of a list; `filter_names` are the names of its filters.
#[must_use]
pub fn feed_name(filter_names: Option<&str>, view: &View) -> String {
    match filter_names {
        Some(names) => format!("{} · {names}", view.app_title),
        None => view.app_title.clone(),
    }
}

impl FilterControls {
    /// Returns the names of the filters in effect, joined; `None` if there are none.
    fn names(&self) -> Option<String> {
        let names: Vec<_> = self.active.iter().map(|link| link.text.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

impl ListedEvents {
    fn len(&self) -> usize {
        self.upcoming.len() + self.past.len()
    }
}

impl Messages {
    fn new(listing: &Listing, lang: Lang) -> Self {
        let is_filtered = !listing.filters.active.is_empty();
        let (events, is_first) = (&listing.events, listing.paging.first.is_none());
        let only_past = events.upcoming.is_empty() && !events.past.is_empty();
        Self {
            is_intro: !is_filtered && is_first && !events.past_only,
            deleted: listing.deleted,
            no_upcoming: only_past && is_first && !events.past_only,
            empty: (events.len() == 0)
                .then(|| EmptyList::new(listing.place.as_ref(), is_filtered, lang)),
        }
    }
}

impl EmptyList {
    fn new(place: Option<&PlaceFilter>, is_filtered: bool, lang: Lang) -> Self {
        let (title, detail) = match place {
            Some(place) => (
                lang.text_with("empty-place-title", [("place", place.name.as_str().into())]),
                "empty-place-detail",
            ),
            None if is_filtered => (lang.text("no-results-title"), "no-results-detail"),
            None => (lang.text("no-events-title"), "no-events-detail"),
        };
        Self {
            title,
            detail: lang.text(detail),
            online_instead: place.map(|place| place.online_instead.clone()),
            is_filtered,
        }
    }
}

fn event_count(listing: &Listing, lang: Lang) -> String {
    let key = match listing.paging.next {
        Some(_) => "first-events-count",
        None => "events-count",
    };
    lang.text_with(key, [("count", listing.events.len().into())])
}

fn agendas(events: &ListedEvents, view: &View) -> Result<Vec<Agenda>, RenderError> {
    let upcoming = Agenda::upcoming(&events.upcoming, view)?;
    let past = Agenda::past(&events.past, view)?;
    Ok(upcoming.into_iter().chain(past).collect())
}

fn alternates(query: &str, name: &str, subscription: &Subscription, view: &View) -> Vec<Alternate> {
    let calendar = Alternate::calendar(&subscription.url, name);
    let feeds = Alternate::feeds(query, name, view);
    [calendar].into_iter().chain(feeds).collect()
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "list";
    const SCRIPT: Option<&'static str> = Some("list.js");

    fn title(&self, _: Lang) -> Option<String> {
        self.layout.title.clone()
    }

    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.layout.head.expires_at
    }

    fn path_and_query(&self) -> Option<&str> {
        let head = &self.layout.head;
        Some(head.canonical.as_ref().unwrap_or(&head.path_and_query))
    }

    fn canonical(&self) -> Option<&str> {
        let is_indexed = self.layout.head.canonical.is_some() || !self.layout.head.noindex;
        self.path_and_query().filter(|_| is_indexed)
    }

    fn is_noindex(&self) -> bool {
        self.layout.head.noindex
    }

    fn alternates(&self) -> &[Alternate] {
        &self.layout.alternates
    }
}
