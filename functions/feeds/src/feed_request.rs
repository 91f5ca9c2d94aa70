//! A parsed request for a calendar, feed or embedded list, and the database query for its events.

use chrono::{DateTime, Utc};
use shared::{
    config::Settings,
    domain::Event,
    http::{Error, ListParams, TimeFilter},
    pages::{FilterLinks, View, feed_name, resolve_relative_dates},
    query::QueryParams,
    routes::FEED_PARAMS,
    store::{self, Db, Filter, ListQuery, PageRequest, Phase},
};

/// Maximum number of events in a calendar or a feed.
pub(crate) const EVENTS_MAX: usize = 500;

/// A parsed request for a calendar, feed or embedded list.
pub(crate) struct FeedRequest {
    /// The parsed filters; `None` when a parameter is invalid: subscribers get an empty feed instead of an error.
    params: Option<ListParams>,
    /// The value of the parameter `when`: upcoming or past events, or both.
    pub(crate) when: Option<TimeFilter>,
    /// The name of the calendar or feed, for its subscribers.
    pub(crate) name: String,
    /// The heading of an embedded list.
    pub(crate) heading: String,
    /// The request's filter parameters, with relative dates such as `today` unchanged.
    pub(crate) query: QueryParams,
    /// The path and query of the list page with the same events.
    pub(crate) page: String,
}

/// Which events [`FeedRequest::events`] returns, in addition to the request's filters.
pub(crate) struct Selection {
    pub(crate) when: TimeFilter,
    /// The instant before which past events are left out; `None` includes all past events.
    pub(crate) past_since: Option<DateTime<Utc>>,
    pub(crate) events_max: usize,
}

impl FeedRequest {
    /// Parses a calendar's, feed's or embedded list's query. An invalid filter is not an error: no event matches then.
    pub(crate) fn parse(
        query: &QueryParams,
        settings: &Settings,
        view: &View,
    ) -> Result<Self, Error> {
        let zone = settings.default_timezone;
        let today = view.now.with_timezone(&zone).date_naive();
        let requested = query.only(&FEED_PARAMS);
        let resolved = resolve_relative_dates(&requested, today);
        let params = match ListParams::parse(&resolved, zone) {
            Ok(params) => Some(params),
            Err(Error::BadParameter { .. }) => None,
            Err(other) => return Err(other),
        };
        let has_when = requested.get(&["when"]).is_some();
        let links = FilterLinks::new(&resolved, view.lang, today);
        Ok(Self {
            when: params.as_ref().map(|p| p.when).filter(|_| has_when),
            params,
            name: feed_name(filter_names(&links).as_deref(), view),
            heading: match links.landing_page() {
                Some(page) => page.heading(view.lang),
                None => view.lang.text("list-title"),
            },
            page: links.current(),
            query: requested,
        })
    }

    /// Fetches the matching events of `selection`: upcoming ones, soonest first, then past ones, latest first.
    pub(crate) async fn events(
        &self,
        db: &Db,
        selection: Selection,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Error> {
        let Some(params) = &self.params else {
            return Ok(Vec::new());
        };
        let filter = params.filter(db).await?;
        let mut events = Vec::new();
        if selection.when != TimeFilter::Past {
            let phase = Phase::Upcoming(now);
            events = first_events(db, &filter, phase, selection.events_max).await?;
        }
        let remaining = selection.events_max - events.len();
        if selection.when != TimeFilter::Upcoming && remaining > 0 {
            let filter = Filter {
                from: filter.from.max(selection.past_since),
                ..filter
            };
            events.extend(first_events(db, &filter, Phase::Past(now), remaining).await?);
        }
        Ok(events)
    }

    /// Fetches the matching events that were published last, latest first.
    pub(crate) async fn published_events(
        &self,
        db: &Db,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, Error> {
        let Some(params) = &self.params else {
            return Ok(Vec::new());
        };
        let filter = params.filter(db).await?;
        let phase = params.when.phase(now);
        Ok(store::published_events(db, &filter, phase, to_limit(EVENTS_MAX)).await?)
    }
}

/// Returns the names of the filters in effect, separated by commas; `None` without filters.
fn filter_names(links: &FilterLinks<'_>) -> Option<String> {
    let names: Vec<String> = links.active().into_iter().map(|link| link.text).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

async fn first_events(
    db: &Db,
    filter: &Filter,
    phase: Phase,
    count: usize,
) -> Result<Vec<Event>, Error> {
    let query = ListQuery {
        filter,
        phase,
        page: PageRequest::first(to_limit(count)),
    };
    Ok(store::list_events(db, &query).await?)
}

fn to_limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
