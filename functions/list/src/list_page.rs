//! `GET /`: upcoming events, then past events.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::NaiveDate;
use shared::{
    config::Settings,
    domain::Event,
    http::{
        Cursor, Error, ListParams, When,
        expiry::{MINUTE, truncate_time},
    },
    pages::{FilterLinks, LandingPage, ListPage, Listing, View, resolve_relative_dates},
    query::QueryParams,
    routes::{FEED_PARAMS, PAGE_PARAMS, links, paths},
    store::{Db, Facets, Filter, RecentFacets},
};

use crate::page::Page;

/// How many events a page shows: divisible by one, two and three columns.
const EVENTS_PER_PAGE: usize = 24;

/// The front page, or the list with the requested filters.
pub(crate) async fn list_page(
    State(db): State<Db>,
    State(facets): State<RecentFacets>,
    State(settings): State<Arc<Settings>>,
    view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    render(&db, &facets, &settings, view, &query, None).await
}

/// The list of the landing page, or of the query alone.
pub(crate) async fn render(
    db: &Db,
    facets: &RecentFacets,
    settings: &Settings,
    mut view: View,
    query: &QueryParams,
    landing_page: Option<LandingPage>,
) -> Result<Response, Error> {
    let now = view.now;
    let request = ListRequest::parse(query, landing_page, settings, &view)?;
    // All pages of one listing use the time of the first one, so that no event is repeated or missing.
    view.now = request.start.now;
    let filter = request.params.filter(db).await?;
    let events = ListEvents::fetch(db, &filter, request.start, request.params.when).await?;
    let facets = facets.get(db, now).await;
    let listing = request.listing(events, &facets, &view);
    Ok(view.show(&ListPage::new(listing, &view)?)?)
}

/// The parsed request for a page of the list.
struct ListRequest {
    /// The page's parameters, with the landing page's filter and with dates instead of `when=today`.
    query: QueryParams,
    params: ListParams,
    landing_page: Option<LandingPage>,
    start: Cursor,
    /// The date of `start` in the site's time zone.
    start_date: NaiveDate,
    /// Whether the request has any parameters of its own: such pages are not indexed by search engines.
    has_params: bool,
}

impl ListRequest {
    fn parse(
        query: &QueryParams,
        landing_page: Option<LandingPage>,
        settings: &Settings,
        view: &View,
    ) -> Result<Self, Error> {
        let zone = settings.default_timezone;
        let today = view.now.with_timezone(&zone).date_naive();
        let requested = query.only(&PAGE_PARAMS);
        let query = with_filters(&requested, landing_page.as_ref(), today);
        let params = ListParams::parse(&query, zone)?;
        let start = match params.cursor {
            // Such a cursor belongs to the API: this page shows upcoming and past events separately.
            Some(Cursor {
                when: When::All, ..
            }) => {
                return Err(Error::BadParameter {
                    name: "cursor",
                    allowed: "cursor",
                });
            }
            Some(cursor) => cursor,
            None => Cursor {
                when: match params.when {
                    When::Past => When::Past,
                    When::All | When::Upcoming => When::Upcoming,
                },
                now: truncate_time(view.now, MINUTE),
                after: None,
            },
        };
        Ok(Self {
            query,
            params,
            landing_page,
            start,
            start_date: start.now.with_timezone(&zone).date_naive(),
            has_params: !requested.is_empty(),
        })
    }

    /// What the page shows.
    fn listing(self, events: ListEvents, facets: &Facets, view: &View) -> Listing {
        let filters = self.filters(facets, &events);
        let links = FilterLinks::new(&filters, view.lang, self.start_date);
        let landing_page = self.shown_landing_page(&links);
        let feed_query = landing_page.as_ref().and_then(LandingPage::feed_query);
        let canonical = landing_page.as_ref().and_then(LandingPage::path);
        let value = |names| filters.get(names).unwrap_or_default().to_owned();
        let hidden_fields = filters.without(&["q", "search", "technology"]);
        let cursor = self.query.get(&["cursor"]);
        let is_first = self.params.cursor.is_none();
        Listing {
            address: filters.with("cursor", cursor).append_to(paths::HOME),
            unlisted: self.has_params,
            q: value(&["q", "search"]),
            technology: value(&["technology"]),
            kept: hidden_fields.into_iter().collect(),
            heading: landing_page.as_ref().map(|page| page.heading(view.lang)),
            canonical: canonical.filter(|_| is_first),
            feed_query: feed_query.map_or_else(|| filters.to_string(), str::to_owned),
            past_only: self.params.when == When::Past,
            next: events.next.map(|next| next_page(&filters, next)),
            first: (!is_first).then(|| links.current()),
            deleted: self.query.get(&["deleted"]).is_some(),
            expires_at: is_first.then(|| self.start.now + MINUTE),
            upcoming: events.upcoming,
            past: events.past,
            ..filter_controls(&links, facets)
        }
    }

    /// The filters in effect, with a landing page's technology as its events spell it.
    fn filters(&self, facets: &Facets, events: &ListEvents) -> QueryParams {
        let filters = self.query.only(&FEED_PARAMS);
        match &self.landing_page {
            Some(LandingPage::Technology { name }) => {
                filters.with("technology", Some(events.spelling_of(name, facets)))
            }
            _ => filters,
        }
    }

    /// The landing page whose heading and canonical address the page has.
    fn shown_landing_page(&self, links: &FilterLinks<'_>) -> Option<LandingPage> {
        let matching = links.landing_page();
        match &self.landing_page {
            // On a weekend `/today` and `/weekend` can have the same dates.
            Some(page @ (LandingPage::Today | LandingPage::Weekend)) if matching.is_some() => {
                Some(page.clone())
            }
            _ => matching,
        }
    }
}

/// The query with the landing page's filter, with dates instead of relative ones, and without `when=all`, the default.
fn with_filters(
    query: &QueryParams,
    landing_page: Option<&LandingPage>,
    today: NaiveDate,
) -> QueryParams {
    let mut query = resolve_relative_dates(query, today);
    if let Some(page) = landing_page {
        query = page.add_filter(&query, today);
    }
    if query.get(&["when"]) == Some("all") {
        query = query.without(&["when"]);
    }
    query
}

fn next_page(filters: &QueryParams, next: Cursor) -> String {
    let query = filters.with("cursor", Some(&next.to_text()));
    query.append_to(paths::HOME)
}

/// The part of the listing that changes filters.
fn filter_controls(links: &FilterLinks<'_>, facets: &Facets) -> Listing {
    Listing {
        phases: links.phases(),
        soon: links.quick_filters(),
        technologies: links.technologies(facets),
        states: links.states(facets),
        suggestions: facets.technology_names(),
        active: links.active(),
        online_instead: links.online_instead(),
        place: links.place(),
        ..Listing::default()
    }
}

/// The events of one page: upcoming ones and, where those run out, past ones.
struct ListEvents {
    upcoming: Vec<Event>,
    past: Vec<Event>,
    next: Option<Cursor>,
}

impl ListEvents {
    async fn fetch(db: &Db, filter: &Filter, start: Cursor, when: When) -> Result<Self, Error> {
        let mut upcoming = Vec::new();
        let mut past_after = start.after;
        if start.when != When::Past {
            let page = Page::fetch(db, filter, start, 0, EVENTS_PER_PAGE).await?;
            let next = page.next(start);
            upcoming = page.events;
            if next.is_some() || when == When::Upcoming {
                return Ok(Self {
                    upcoming,
                    past: Vec::new(),
                    next,
                });
            }
            past_after = None;
        }
        let past_start = Cursor {
            when: When::Past,
            after: past_after,
            ..start
        };
        let remaining = EVENTS_PER_PAGE - upcoming.len();
        let page = Page::fetch(db, filter, past_start, 0, remaining).await?;
        Ok(Self {
            next: page.next(past_start),
            upcoming,
            past: page.events,
        })
    }

    /// The technology's name as the facets or these events spell it, else the key itself.
    fn spelling_of<'a>(&'a self, key: &'a str, facets: &'a Facets) -> &'a str {
        let facets = facets.technologies.iter().map(|facet| &facet.name);
        let events = self.upcoming.iter().chain(&self.past);
        let mut names = facets.chain(events.flat_map(|event| &event.technologies));
        let name = names.find(|name| links::technology_key(name).as_deref() == Some(key));
        name.map_or(key, String::as_str)
    }
}
