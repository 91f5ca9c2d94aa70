//! The events on a page of the list: upcoming ones, then past ones.

use shared::{
    domain::Event,
    http::{Cursor, Error, TimeFilter},
    routes::links,
    store::{Db, Facets, Filter},
};

use crate::page::Page;

/// Number of events on a page of the list, divisible by one, two and three columns.
const EVENTS_PER_PAGE: usize = 24;

/// The events on a page of the list: upcoming ones and, when no more of those follow, past ones.
pub(crate) struct ListEvents {
    pub(crate) upcoming: Vec<Event>,
    pub(crate) past: Vec<Event>,
    pub(crate) next: Option<Cursor>,
}

impl ListEvents {
    pub(crate) async fn fetch(
        db: &Db,
        filter: &Filter,
        start: Cursor,
        when: TimeFilter,
    ) -> Result<Self, Error> {
        let mut upcoming = Vec::new();
        let mut past_after = start.after;
        if start.when != TimeFilter::Past {
            let page = Page::fetch(db, filter, start, 0, EVENTS_PER_PAGE).await?;
            let next = page.next(start);
            upcoming = page.events;
            if next.is_some() || when == TimeFilter::Upcoming {
                return Ok(Self {
                    upcoming,
                    past: Vec::new(),
                    next,
                });
            }
            past_after = None;
        }
        let past_start = Cursor {
            when: TimeFilter::Past,
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

    /// Returns the name of the technology `key` as `facets` or the events on the page spell it, else `key`.
    pub(crate) fn spelling_of<'a>(&'a self, key: &'a str, facets: &'a Facets) -> &'a str {
        let facets = facets.technologies.iter().map(|facet| &facet.name);
        let events = self.upcoming.iter().chain(&self.past);
        let mut names = facets.chain(events.flat_map(|event| &event.technologies));
        let name = names.find(|name| links::technology_key(name).as_deref() == Some(key));
        name.map_or(key, String::as_str)
    }
}
