//! `GET /events.ics`: the events of a list as a calendar to subscribe to; `GET /feed.atom` and `GET /feed.json`: the same for
//! readers of news.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, TimeDelta, Utc};
use shared::{
    config::Settings,
    domain::Event,
    formats::Feed,
    http::Error,
    http::Query,
    pages::{View, feed_name},
    routes::FEED_PARAMS,
    store::{self, Db, Filter, ListQuery, PageRequest, Phase},
};

use crate::{
    SECOND, beginning,
    finding::{self, FilterLinks},
    fresh_for,
    wishes::{ListParams, When},
};

/// Most events of a calendar or a feed.
const EVENTS_MAX: usize = 500;
/// How long an event stays in a calendar that asks for no time after it is over, so that who was there, or was told that it
/// is cancelled, still finds it.
const LINGERS: TimeDelta = TimeDelta::days(30);

/// What a calendar or a feed is asked for.
pub(crate) struct FeedRequest {
    /// `None` where the wishes cannot be: whoever subscribes to them gets nothing, not an error.
    pub(crate) wishes: Option<ListParams>,
    /// What it is called.
    name: String,
    /// What a page of it is called.
    pub(crate) heading: String,
    /// The query of the wishes.
    query: String,
    /// The page that shows the same.
    pub(crate) page: String,
}

impl FeedRequest {
    pub(crate) fn read(query: &Query, settings: &Settings, view: &View) -> Result<Self, Error> {
        let today = view
            .now
            .with_timezone(&settings.default_timezone)
            .date_naive();
        // What it is asked for, whenever; and what that is today.
        let asked = query.only(&FEED_PARAMS);
        let query = finding::dated(&asked, today);
        let finding = FilterLinks::new(&query, view.lang, today);
        let words: Vec<String> = finding
            .active()
            .into_iter()
            .map(|wish| wish.words)
            .collect();
        let words = (!words.is_empty()).then(|| words.join(", "));
        let wishes = match ListParams::read(&query, settings.default_timezone) {
            Ok(wishes) => Some(wishes),
            Err(Error::BadParameter { .. }) => None,
            Err(other) => return Err(other),
        };
        Ok(Self {
            wishes,
            name: feed_name(words.as_deref(), view),
            heading: match finding.short() {
                Some(short) => short.heading(view.lang),
                None => view.lang.text("list-title"),
            },
            page: finding.here(),
            query: asked.with("", None),
        })
    }
}

/// Answers the calendar of these wishes: what is to come, soonest first, and in what room that leaves what is over, the
/// latest first; without `when`, what is over only of the last 30 days.
pub(crate) async fn calendar(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    mut view: View,
    query: Query,
) -> Result<Response, Error> {
    view.now = beginning(view.now, SECOND);
    let asked = FeedRequest::read(&query, &settings, &view)?;
    let now = view.now;
    let mut events = match &asked.wishes {
        Some(wishes) => {
            let since = query.get(&["when"]).is_none().then(|| now - LINGERS);
            let filter = wishes.filter(&db).await?;
            agenda(&db, &filter, wishes.when, EVENTS_MAX, since, now).await?
        }
        None => Vec::new(),
    };
    events.sort_by_key(|event| (event.starts_at, event.id));
    let calendar = view.events_calendar(&asked.name, &events, settings.default_timezone);
    Ok(fresh_for(calendar, view.now, SECOND))
}

/// At most so many events: those to come, soonest first, and those that are over, the latest first, if not before `since`.
pub(crate) async fn agenda(
    db: &Db,
    filter: &Filter,
    when: When,
    count: usize,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Error> {
    let query = |filter, phase, room: usize| ListQuery {
        filter,
        phase,
        page: PageRequest::first(i64::try_from(room).unwrap_or(i64::MAX)),
    };
    let mut events = match when {
        When::Past => Vec::new(),
        When::All | When::Upcoming => {
            let query = query(filter, Phase::Upcoming(now), count);
            store::list_events(db, &query).await?
        }
    };
    let room = count - events.len();
    if when != When::Upcoming && room > 0 {
        let filter = Filter {
            from: filter.from.max(since),
            ..filter.clone()
        };
        let query = query(&filter, Phase::Past(now), room);
        events.extend(store::list_events(db, &query).await?);
    }
    Ok(events)
}

/// Answers the feed of these wishes in Atom.
pub(crate) async fn atom(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: Query,
) -> Result<Response, Error> {
    feed(&db, &settings, view, &query, |view, feed| {
        Ok(view.atom_feed(feed)?)
    })
    .await
}

/// Answers the feed of these wishes as a JSON Feed.
pub(crate) async fn json(
    State(db): State<Db>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: Query,
) -> Result<Response, Error> {
    feed(&db, &settings, view, &query, |view, feed| {
        Ok(view.json_feed(feed)?)
    })
    .await
}

/// Answers the feed of these wishes as `write` writes it.
async fn feed(
    db: &Db,
    settings: &Settings,
    mut view: View,
    query: &Query,
    write: impl FnOnce(&View, &Feed<'_>) -> Result<Response, Error>,
) -> Result<Response, Error> {
    view.now = beginning(view.now, SECOND);
    let asked = FeedRequest::read(query, settings, &view)?;
    let events = publications(db, &asked, view.now).await?;
    let feed = write(&view, &asked.feed(&events))?;
    Ok(fresh_for(feed, view.now, SECOND))
}

impl FeedRequest {
    fn feed<'a>(&'a self, events: &'a [Event]) -> Feed<'a> {
        Feed {
            name: &self.name,
            page: &self.page,
            query: &self.query,
            events,
        }
    }
}

/// The events published last, the latest first.
async fn publications(
    db: &Db,
    asked: &FeedRequest,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Error> {
    let Some(wishes) = &asked.wishes else {
        return Ok(Vec::new());
    };
    let phase = wishes.when.phase(now);
    let filter = wishes.filter(db).await?;
    let limit = i64::try_from(EVENTS_MAX).unwrap_or(i64::MAX);
    Ok(store::published_events(db, &filter, phase, limit).await?)
}
