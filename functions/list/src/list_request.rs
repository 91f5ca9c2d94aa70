//! A request for a page of the list: its filters, where it starts, and what the page shows.

use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    config::Settings,
    http::{
        Cursor, Error, ListParams, TimeFilter,
        expiry::{MINUTE, truncate_time},
    },
    pages::{
        FilterControls, FilterLinks, HiddenField, LandingPage, ListHead, ListedEvents, Listing,
        Paging, PlaceFilter, SearchForm, View, resolve_relative_dates,
    },
    query::QueryParams,
    routes::{FEED_PARAMS, PAGE_PARAMS, paths},
    store::Facets,
};

use crate::list_events::ListEvents;

/// A parsed request for a page of the list.
pub(crate) struct ListRequest {
    /// The request's parameters, with the landing page's filter, and with dates instead of relative ones such as
    /// `when=today`.
    query: QueryParams,
    pub(crate) params: ListParams,
    landing_page: Option<LandingPage>,
    pub(crate) start: Cursor,
    /// The date of the cursor `start` in the site's time zone.
    start_date: NaiveDate,
    /// Whether the request has any parameter of the list: search engines must not index such pages.
    has_params: bool,
}

impl ListRequest {
    pub(crate) fn parse(
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
        let start = start(&params, view.now)?;
        Ok(Self {
            query,
            params,
            landing_page,
            start,
            start_date: start.now.with_timezone(&zone).date_naive(),
            has_params: !requested.is_empty(),
        })
    }

    /// Builds the content of the page with `events`.
    pub(crate) fn listing(self, events: ListEvents, facets: &Facets, view: &View) -> Listing {
        let filters = self.filters(facets, &events);
        let links = FilterLinks::new(&filters, view.lang, self.start_date);
        let landing_page = self.shown_landing_page(&links);
        let feed_query = landing_page.as_ref().and_then(LandingPage::feed_query);
        let canonical = landing_page.as_ref().and_then(LandingPage::path);
        let is_first = self.params.cursor.is_none();
        let cursor = self.query.get(&["cursor"]);
        Listing {
            search: search_form(&filters, facets),
            filters: filter_controls(&links, facets),
            paging: Paging {
                next: events.next.map(|next| next_page(&filters, next)),
                first: (!is_first).then(|| links.current()),
            },
            head: ListHead {
                path_and_query: filters.with("cursor", cursor).append_to(paths::HOME),
                canonical: canonical.filter(|_| is_first),
                noindex: self.has_params,
                feed_query: feed_query.map_or_else(|| filters.to_string(), str::to_owned),
                expires_at: is_first.then(|| self.start.now + MINUTE),
            },
            events: ListedEvents {
                upcoming: events.upcoming,
                past: events.past,
                past_only: self.params.when == TimeFilter::Past,
            },
            place: place_filter(&links),
            heading: landing_page.as_ref().map(|page| page.heading(view.lang)),
            deleted: self.query.get(&["deleted"]).is_some(),
        }
    }

    /// Returns the filters in effect, with the landing page's technology spelled as its events spell it.
    fn filters(&self, facets: &Facets, events: &ListEvents) -> QueryParams {
        let filters = self.query.only(&FEED_PARAMS);
        match &self.landing_page {
            Some(LandingPage::Technology { name }) => {
                filters.with("technology", Some(events.spelling_of(name, facets)))
            }
            _ => filters,
        }
    }

    /// Returns the landing page whose heading and canonical address the list page shows, if there is one.
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

/// Returns the cursor of the request, else the start of the list at `now`.
fn start(params: &ListParams, now: DateTime<Utc>) -> Result<Cursor, Error> {
    match params.cursor {
        // Such a cursor is from the API: this page lists upcoming and past events separately.
        Some(Cursor {
            when: TimeFilter::All,
            ..
        }) => Err(Error::BadParameter {
            name: "cursor",
            allowed: "cursor",
        }),
        Some(cursor) => Ok(cursor),
        None => Ok(Cursor {
            when: match params.when {
                TimeFilter::Past => TimeFilter::Past,
                TimeFilter::All | TimeFilter::Upcoming => TimeFilter::Upcoming,
            },
            now: truncate_time(now, MINUTE),
            after: None,
        }),
    }
}

/// Returns `query` with the landing page's filter, with dates instead of relative ones, and without the default
/// `when=all`.
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

fn search_form(filters: &QueryParams, facets: &Facets) -> SearchForm {
    let value = |names| filters.get(names).unwrap_or_default().to_owned();
    let other_filters = filters.without(&["q", "search", "technology"]);
    let hidden_fields = other_filters.into_iter();
    SearchForm {
        q: value(&["q", "search"]),
        technology: value(&["technology"]),
        hidden_fields: hidden_fields
            .map(|(name, value)| HiddenField { name, value })
            .collect(),
        suggestions: facets.technology_names(),
    }
}

fn filter_controls(links: &FilterLinks<'_>, facets: &Facets) -> FilterControls {
    FilterControls {
        phases: links.phases(),
        quick: links.quick_filters(),
        technologies: links.technologies(facets),
        states: links.states(facets),
        active: links.active(),
    }
}

fn place_filter(links: &FilterLinks<'_>) -> Option<PlaceFilter> {
    Some(PlaceFilter {
        name: links.place()?,
        online_instead: links.online_instead()?,
    })
}
