//! `GET /` and `GET /api/events/`: the lists, under short addresses too, as a calendar, as feeds, and for a frame;
//! `GET /api/events/export`: everything, a line an event; `GET /sitemap.xml` and `/robots.txt`: what search engines are told;
//! `GET /static/{file}`: what pages are dressed in, here because whoever asks for it has just been to a page, most often this
//! one.

mod discovery;
mod embed;
mod export;
mod feeds;
mod finding;
pub mod search;
mod sitemap;
mod static_files;
mod web_manifest;
pub mod wishes;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, Duration, DurationRound, Utc};
use http::header;
use shared::{
    app::App,
    clock::Clock,
    config::Settings,
    domain::Event,
    formats::event_json,
    http::Error,
    http::Query,
    http::response,
    pages::{ExpiresAt, ListPage, Listing, View},
    routes::links,
    routes::{FEED_PARAMS, LIST_PARAMS, PAGE_PARAMS},
    store::{self, Db, Facets, Filter, ListQuery, PageRequest, RecentFacets, SortKey},
};

use self::{
    finding::{FilterLinks, LandingPage},
    wishes::{Cursor, ListParams, When},
};

/// How many cards a page has: rows of one, two and three come out even.
const CARDS: usize = 24;
const MINUTE: Duration = Duration::minutes(1);
const SECOND: Duration = Duration::seconds(1);

/// This function's routes.
pub fn router() -> Router<App> {
    Router::new()
        .route("/", get(list))
        .route(links::TODAY, get(discovery::today))
        .route(links::WEEKEND, get(discovery::weekend))
        .route(links::ONLINE, get(discovery::online))
        .route("/state/{uf}", get(discovery::state))
        .route("/city/{uf}/{city}", get(discovery::city))
        .route("/technology/{name}", get(discovery::technology))
        .route("/events", get(front_page))
        .route("/events/", get(front_page))
        .route("/api/events", get(list_json))
        .route("/api/events/", get(list_json))
        .route("/api/events/export", get(export::export))
        .route("/robots.txt", get(sitemap::robots_txt))
        .route("/sitemap.xml", get(sitemap::sitemap))
        .route("/sitemap/{file}", get(sitemap::part))
        .route("/events.ics", get(feeds::calendar))
        .route("/embed", get(embed::embed))
        .route("/feed.atom", get(feeds::atom))
        .route("/feed.json", get(feeds::json))
        .route("/static/{file}", get(static_files::file))
        .route("/site.webmanifest", get(web_manifest::web_manifest))
}

/// Sends the old address of the list to the new one.
async fn front_page() -> Response {
    response::permanent_redirect("/")
}

/// Shows events to come and then those that are over, from where the cursor says.
async fn list(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: Query,
) -> Result<Response, Error> {
    show(&db, &facets, &settings, view, query, None).await
}

/// Shows the events of these wishes, and of the one that the address is short for.
async fn show(
    db: &Db,
    facets: &RecentFacets,
    settings: &Settings,
    mut view: View,
    query: Query,
    asked: Option<LandingPage>,
) -> Result<Response, Error> {
    let now = view.now;
    let today = now.with_timezone(&settings.default_timezone).date_naive();
    let query = query.only(&PAGE_PARAMS);
    let unlisted = !query.with("", None).is_empty();
    let query = finding::dated(&query, today);
    let query = match &asked {
        Some(short) => short.added(&query, today),
        None => query,
    };
    let query = match query.get(&["when"]) {
        Some("all") => query.without(&["when"]),
        _ => query,
    };
    let wishes = ListParams::read(&query, settings.default_timezone)?;
    // Such a cursor is the API's: the page has its events in two phases.
    if wishes.cursor.is_some_and(|cursor| cursor.when == When::All) {
        return Err(Error::BadParameter {
            name: "cursor",
            allowed: "cursor",
        });
    }
    let start = wishes.cursor.unwrap_or(Cursor {
        when: match wishes.when {
            When::Past => When::Past,
            When::All | When::Upcoming => When::Upcoming,
        },
        now: beginning(now, MINUTE),
        after: None,
    });
    // What is over stays what was over on page one, so that nothing repeats or vanishes on the next.
    view.now = start.now;
    let filter = wishes.filter(db).await?;
    let agenda = agenda(db, &filter, start, wishes.when).await?;
    let facets = facets.get(db, now).await;

    let kept = query.only(&FEED_PARAMS);
    let kept = match &asked {
        Some(LandingPage::Technology { name }) => {
            let name = as_written(name, &facets, &agenda);
            kept.changed("technology", Some(&name))
        }
        _ => kept,
    };
    let shown_on = start.now.with_timezone(&settings.default_timezone);
    let finding = FilterLinks::new(&kept, view.lang, shown_on.date_naive());
    let short = match asked {
        // It may be on the same days as another, or be written more nicely than it is asked for.
        Some(LandingPage::Today | LandingPage::Weekend) if finding.short().is_some() => asked,
        _ => finding.short(),
    };
    let listing = Listing {
        address: match kept.with("cursor", query.get(&["cursor"])) {
            query if query.is_empty() => "/".to_owned(),
            query => format!("/?{query}"),
        },
        unlisted,
        q: kept.get(&["q", "search"]).unwrap_or_default().to_owned(),
        technology: kept.get(&["technology"]).unwrap_or_default().to_owned(),
        kept: kept.without(&["q", "search", "technology"]).into(),
        phases: finding.phases(),
        soon: finding.soon(),
        technologies: finding.technologies(&facets),
        states: finding.states(&facets),
        suggestions: facets.technology_names(),
        active: finding.active(),
        online_instead: finding.online_instead(),
        place: finding.place(),
        heading: short.as_ref().map(|short| short.heading(view.lang)),
        canonical: short
            .as_ref()
            .and_then(LandingPage::address)
            .filter(|_| wishes.cursor.is_none()),
        feed_query: match short.as_ref().and_then(LandingPage::feed_query) {
            Some(query) => query.to_owned(),
            None => kept.with("", None),
        },
        upcoming: agenda.upcoming,
        past: agenda.past,
        past_only: wishes.when == When::Past,
        next: agenda.next.map(|cursor| {
            let cursor = cursor.to_text();
            format!("/?{}", kept.with("cursor", Some(&cursor)))
        }),
        first: wishes.cursor.map(|_| finding.here()),
        deleted: query.get(&["deleted"]).is_some(),
        expires_at: wishes.cursor.is_none().then(|| start.now + MINUTE),
    };
    Ok(view.show(&ListPage::new(listing, &view)?)?)
}

/// The name of a technology as most write it, as far as is known here.
fn as_written(name: &str, facets: &Facets, agenda: &Agenda) -> String {
    let events = agenda.upcoming.iter().chain(&agenda.past);
    let names = facets.technologies.iter().map(|facet| &facet.name);
    let mut names = names.chain(events.flat_map(|event| &event.technologies));
    let known = names.find(|known| links::technology_key(known).as_deref() == Some(name));
    known.map_or(name, String::as_str).to_owned()
}

/// A moment that stands for all of its minute, or its second: events end on the minute, or the second, and those that are
/// over now are over then. The link to the next page holds it, so that a page asked for again within the minute is the same
/// to the byte.
fn beginning(now: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
    let moment = Duration::microseconds(1);
    (now - moment)
        .duration_trunc(span)
        .map_or(now, |beginning| beginning + moment)
}

/// The answer, which is true for as long as this from then on.
fn fresh_for(mut response: Response, then: DateTime<Utc>, span: Duration) -> Response {
    response.extensions_mut().insert(ExpiresAt(then + span));
    response
}

/// A page's worth of events to come and, where those run out, of events that are over.
struct Agenda {
    upcoming: Vec<Event>,
    past: Vec<Event>,
    next: Option<Cursor>,
}

async fn agenda(db: &Db, filter: &Filter, start: Cursor, wanted: When) -> Result<Agenda, Error> {
    let mut agenda = Agenda {
        upcoming: Vec::new(),
        past: Vec::new(),
        next: None,
    };
    let mut past_after = start.after;
    if start.when != When::Past {
        let mut upcoming = events(db, filter, start, CARDS).await?;
        let more = cut(&mut upcoming, CARDS);
        agenda.upcoming = upcoming;
        if more {
            agenda.next = Some(Cursor {
                after: agenda.upcoming.last().map(SortKey::of),
                ..start
            });
        }
        if more || wanted == When::Upcoming {
            return Ok(agenda);
        }
        past_after = None;
    }
    let room = CARDS - agenda.upcoming.len();
    let past_start = Cursor {
        when: When::Past,
        after: past_after,
        ..start
    };
    let mut past = events(db, filter, past_start, room).await?;
    let more = cut(&mut past, room);
    agenda.past = past;
    if more {
        agenda.next = Some(Cursor {
            after: agenda.past.last().map(SortKey::of).or(past_after),
            ..past_start
        });
    }
    Ok(agenda)
}

/// Answers events as an array, and in `Link` where the next ones are.
async fn list_json(
    State(db): State<Db>,
    State(clock): State<Clock>,
    State(settings): State<Arc<Settings>>,
    query: Query,
) -> Result<Response, Error> {
    let query = query.only(&LIST_PARAMS);
    let wishes = ListParams::read(&query, settings.default_timezone)?;
    let start = wishes.cursor.unwrap_or(Cursor {
        when: wishes.when,
        now: beginning(clock.now(), SECOND),
        after: None,
    });
    let slice = PageRequest {
        after: start.after,
        offset: wishes.offset,
        limit: one_more(wishes.limit),
    };
    let filter = wishes.filter(&db).await?;
    let mut events = select(&db, &filter, start, slice).await?;
    let more = cut(&mut events, wishes.limit);

    let shown: Vec<_> = events.iter().map(|event| event_json(event, None)).collect();
    let mut response = response::json(&shown);
    if let Some(last) = events.last().filter(|_| more) {
        let next = Cursor {
            after: Some(SortKey::of(last)),
            ..start
        }
        .to_text();
        let query = query
            .without(&["cursor", "offset", "skip"])
            .with("cursor", Some(&next));
        response = (
            [(
                header::LINK,
                format!("</api/events/?{query}>; rel=\"next\""),
            )],
            response,
        )
            .into_response();
    }
    if start.when != When::All && wishes.cursor.is_none() {
        response = fresh_for(response, start.now, SECOND);
    }
    Ok(response)
}

async fn events(
    db: &Db,
    filter: &Filter,
    start: Cursor,
    count: usize,
) -> Result<Vec<Event>, Error> {
    select(
        db,
        filter,
        start,
        PageRequest {
            after: start.after,
            offset: 0,
            limit: one_more(count),
        },
    )
    .await
}

async fn select(
    db: &Db,
    filter: &Filter,
    start: Cursor,
    page: PageRequest,
) -> Result<Vec<Event>, Error> {
    let query = ListQuery {
        filter,
        phase: start.when.phase(start.now),
        page,
    };
    Ok(store::list_events(db, &query).await?)
}

/// One event more than is shown tells whether there are more.
fn one_more(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX - 1) + 1
}

/// Cuts the list to what is shown, and tells whether there was more.
fn cut(events: &mut Vec<Event>, count: usize) -> bool {
    let more = events.len() > count;
    events.truncate(count);
    more
}
