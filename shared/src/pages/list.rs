//! The front page: events to come, then events that are over, by month and day; and the ways to find others.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use quick_cache::{Weighter, sync::Cache};
use serde::Serialize;
use uuid::Uuid;

use super::{
    dates,
    event::Summary,
    i18n::Lang,
    subscription::{Alternate, Subscription, feeds},
    view::{Fragment, Page, RenderError, View},
};
use crate::domain::Event;

/// What the front page shows.
#[derive(Debug, Default)]
pub struct Listing {
    /// Its path and query, without what means nothing to it.
    pub address: String,
    /// Whether search engines are to leave it out, as one of the countless ways to ask for the same events.
    pub unlisted: bool,
    /// The search as typed.
    pub q: String,
    /// The technology asked for.
    pub technology: String,
    /// Other wishes in force, by their parameters, which a new search keeps.
    pub kept: Vec<(String, String)>,
    /// All events, those to come, those that are over.
    pub phases: Vec<FilterLink>,
    /// Events of the next days, and those that one can join from anywhere.
    pub soon: Vec<FilterLink>,
    /// The technologies of the coming weeks.
    pub technologies: Vec<FilterLink>,
    /// The states of the coming weeks.
    pub states: Vec<FilterLink>,
    /// Names of technologies to choose from while typing one.
    pub suggestions: Vec<String>,
    /// The wishes in force; each link drops one.
    pub active: Vec<FilterLink>,
    /// Where the same is asked for without a place, if a place is asked for.
    pub online_instead: Option<String>,
    /// The place asked for, in words.
    pub place: Option<String>,
    /// What the page is called, where it has a short address.
    pub heading: Option<String>,
    /// That address.
    pub canonical: Option<String>,
    /// The query of what is asked for, as calendars and feeds take it.
    pub feed_query: String,
    /// Events to come, soonest first.
    pub upcoming: Vec<Event>,
    /// Events that are over, latest first.
    pub past: Vec<Event>,
    /// Whether only those that are over are wanted.
    pub past_only: bool,
    /// Where the next page is, if there is one.
    pub next: Option<String>,
    /// Where the first page is, if this is another.
    pub first: Option<String>,
    /// Whether the visitor comes from deleting an event.
    pub deleted: bool,
    /// Until when these are the events to come; forever where the moment is that of another page.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A link to other events.
#[derive(Clone, Debug, Serialize)]
pub struct FilterLink {
    /// What it offers.
    pub words: String,
    /// How many events of the coming weeks it finds, in words.
    pub events: Option<String>,
    /// How many they are.
    pub count: Option<i64>,
    /// The address of the front page with it.
    pub href: String,
    /// Whether it is in force.
    pub current: bool,
}

/// `GET /`.
#[derive(Debug, Serialize)]
pub struct ListPage {
    q: String,
    technology: String,
    kept: Vec<Kept>,
    suggestions: Vec<String>,
    phases: Vec<FilterLink>,
    soon: Vec<FilterLink>,
    technologies: Vec<FilterLink>,
    states: Vec<FilterLink>,
    active: Vec<FilterLink>,
    /// On the first page of everything the board says what it is.
    welcoming: bool,
    agendas: Vec<Agenda>,
    /// The first page says so when nothing is coming; later pages and searches need not.
    nothing_upcoming: bool,
    empty: Option<Empty>,
    /// How many events are shown, in words.
    shown: String,
    next: Option<String>,
    first: Option<String>,
    deleted: bool,
    subscription: Subscription,
    heading: Option<String>,
    #[serde(skip)]
    alternates: Vec<Alternate>,
    #[serde(skip)]
    title: Option<String>,
    #[serde(skip)]
    expires_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    address: String,
    /// Whether that is one to keep.
    #[serde(skip)]
    short: bool,
    #[serde(skip)]
    unlisted: bool,
}

#[derive(Debug, Serialize)]
struct Kept {
    name: String,
    value: String,
}

/// Events to come, or events that are over.
#[derive(Debug, Serialize)]
struct Agenda {
    id: &'static str,
    title: String,
    over: bool,
    months: Vec<Month>,
}

#[derive(Debug, Serialize)]
struct Month {
    words: String,
    days: Vec<Day>,
}

#[derive(Debug, Serialize)]
struct Day {
    weekday: String,
    day: String,
    month: String,
    /// A card each.
    events: Vec<Arc<Fragment>>,
}

/// The cards that were shown last: an event looks the same on every page in a language, but for links that keep it, until it is
/// changed.
static CARDS: LazyLock<Cache<CardKey, Arc<Fragment>, CardBytes>> =
    LazyLock::new(|| Cache::with_weighter(CARDS_BYTES / CARD_BYTES, CARDS_BYTES as u64, CardBytes));
/// How much room there is for cards, in bytes.
const CARDS_BYTES: usize = 1024 * 1024;
/// What a card takes, about.
const CARD_BYTES: usize = 1_500;
/// What it takes beside its markup.
const CARD_OVERHEAD: usize = 200;

/// What tells a card from every other.
#[derive(Clone, PartialEq, Eq, Hash)]
struct CardKey {
    id: i64,
    uid: Uuid,
    version: i64,
    updated_at: DateTime<Utc>,
    lang: Lang,
    lang_chosen: bool,
}

#[derive(Clone)]
struct CardBytes;

impl Weighter<CardKey, Arc<Fragment>> for CardBytes {
    fn weight(&self, _: &CardKey, card: &Arc<Fragment>) -> u64 {
        (CARD_OVERHEAD + card.markup.len()) as u64
    }
}

fn card(event: &Event, view: &View) -> Result<Arc<Fragment>, RenderError> {
    let key = CardKey {
        id: event.id,
        uid: event.uid,
        version: event.version,
        updated_at: event.updated_at,
        lang: view.lang,
        lang_chosen: view.lang_chosen,
    };
    CARDS.get_or_insert_with(&key, || {
        let card = view.fragment("card", &Summary::of(event, view))?;
        Ok(Arc::new(card))
    })
}

/// What to say, and where to go, where there is nothing.
#[derive(Debug, Serialize)]
struct Empty {
    title: String,
    detail: String,
    online: Option<String>,
    filtered: bool,
}

impl Agenda {
    fn new(
        id: &'static str,
        title: &str,
        events: &[Event],
        view: &View,
    ) -> Result<Option<Self>, RenderError> {
        let day = |day: &[Event]| {
            let wall = day[0].date();
            Ok(Day {
                weekday: dates::short_weekday(view.lang, wall),
                day: wall.day().to_string(),
                month: dates::short_month(view.lang, wall),
                events: day
                    .iter()
                    .map(|event| card(event, view))
                    .collect::<Result<_, _>>()?,
            })
        };
        let month = |month: &[Event]| {
            let days = month.chunk_by(|one, other| one.date().date() == other.date().date());
            Ok(Month {
                words: month_words(view.lang, month[0].date()),
                days: days.map(day).collect::<Result<_, _>>()?,
            })
        };
        if events.is_empty() {
            return Ok(None);
        }
        let same_month = |one: &Event, other: &Event| {
            let of = |event: &Event| (event.date().year(), event.date().month());
            of(one) == of(other)
        };
        let months = events.chunk_by(same_month).map(month);
        Ok(Some(Self {
            id,
            title: view.lang.text(title),
            over: id == "past",
            months: months.collect::<Result<_, _>>()?,
        }))
    }
}

/// `março de 2027`.
fn month_words(lang: Lang, wall: NaiveDateTime) -> String {
    lang.text_with(
        "month",
        [
            (
                "month",
                lang.text(&format!("month-{}", wall.month())).into(),
            ),
            ("year", wall.year().to_string().into()),
        ],
    )
}

impl Empty {
    fn new(listing: &Listing, filtered: bool, lang: Lang) -> Self {
        let place = listing.place.as_deref();
        let title = match place {
            Some(place) => lang.text_with("nothing-in", [("place", place.into())]),
            None if filtered => lang.text("nothing-found"),
            None => lang.text("nothing-yet"),
        };
        let detail = match place {
            Some(_) => "nothing-in-detail",
            None if filtered => "nothing-found-detail",
            None => "nothing-yet-detail",
        };
        Self {
            title,
            detail: lang.text(detail),
            online: listing.online_instead.clone(),
            filtered,
        }
    }
}

impl ListPage {
    /// The page of this listing.
    ///
    /// # Errors
    /// When the template of a card fails, a fault of ours.
    pub fn new(listing: Listing, view: &View) -> Result<Self, RenderError> {
        let filtered = !listing.active.is_empty();
        let count = listing.upcoming.len() + listing.past.len();
        let titles = listing.active.iter().map(|offer| offer.words.as_str());
        let shown = match listing.next {
            Some(_) => "shown-of-more",
            None => "shown",
        };
        let wishes = filtered.then(|| titles.collect::<Vec<_>>().join(", "));
        let name = feed_name(wishes.as_deref(), view);
        let subscription = Subscription::of_list(&listing.feed_query, &name, view);
        let mut alternates = vec![subscription.alternate(&name)];
        alternates.extend(feeds(&listing.feed_query, &name, view));
        let coming = Agenda::new("upcoming", "upcoming-title", &listing.upcoming, view)?;
        let over = Agenda::new("past", "past-title", &listing.past, view)?;
        Ok(Self {
            title: listing.heading.clone().or(wishes),
            heading: listing.heading.clone(),
            alternates,
            subscription,
            agendas: coming.into_iter().chain(over).collect(),
            nothing_upcoming: listing.upcoming.is_empty()
                && !listing.past.is_empty()
                && listing.first.is_none()
                && !listing.past_only,
            empty: (count == 0).then(|| Empty::new(&listing, filtered, view.lang)),
            welcoming: !filtered && listing.first.is_none() && !listing.past_only,
            shown: view.lang.text_with(shown, [("count", count.into())]),
            short: listing.canonical.is_some(),
            address: listing.canonical.unwrap_or(listing.address),
            unlisted: listing.unlisted,
            q: listing.q,
            technology: listing.technology,
            kept: listing
                .kept
                .into_iter()
                .map(|(name, value)| Kept { name, value })
                .collect(),
            suggestions: listing.suggestions,
            phases: listing.phases,
            soon: listing.soon,
            technologies: listing.technologies,
            states: listing.states,
            active: listing.active,
            next: listing.next,
            first: listing.first,
            deleted: listing.deleted,
            expires_at: listing.expires_at,
        })
    }
}

/// What a calendar or a feed of these wishes is called.
#[must_use]
pub fn feed_name(wishes: Option<&str>, view: &View) -> String {
    match wishes {
        Some(wishes) => format!("{} · {wishes}", view.app_title),
        None => view.app_title.clone(),
    }
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "list";
    const SCRIPT: Option<&'static str> = Some("list.js");

    fn title(&self, _: Lang) -> Option<String> {
        self.title.clone()
    }

    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    fn address(&self) -> Option<&str> {
        Some(&self.address)
    }

    fn canonical(&self) -> Option<&str> {
        (self.short || !self.unlisted).then_some(self.address.as_str())
    }

    fn is_unlisted(&self) -> bool {
        self.unlisted
    }

    fn alternates(&self) -> &[Alternate] {
        &self.alternates
    }
}
