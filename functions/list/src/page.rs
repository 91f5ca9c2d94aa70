//! A page of events from the database, and the cursor of the next page.

use shared::{
    domain::Event,
    http::{Cursor, Error},
    store::{self, Db, Filter, ListQuery, PageRequest, SortKey},
};

/// A page of events.
pub(crate) struct Page {
    pub(crate) events: Vec<Event>,
    /// Whether more events follow after those on the page.
    pub(crate) has_more: bool,
}

impl Page {
    /// Fetches up to `limit` events after the cursor `start`, skipping the first `offset` of them.
    pub(crate) async fn fetch(
        db: &Db,
        filter: &Filter,
        start: Cursor,
        offset: i64,
        limit: usize,
    ) -> Result<Self, Error> {
        let query = ListQuery {
            filter,
            phase: start.when.phase(start.now),
            page: PageRequest {
                after: start.after,
                offset,
                // One more event than is returned shows whether there are more.
                limit: i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1,
            },
        };
        let mut events = store::list_events(db, &query).await?;
        let has_more = events.len() > limit;
        events.truncate(limit);
        Ok(Self { events, has_more })
    }

    /// Returns the cursor of the next page, or `None` if no events follow. `start` is the cursor of the current page.
    pub(crate) fn next(&self, start: Cursor) -> Option<Cursor> {
        let after = self.events.last().map(SortKey::of).or(start.after);
        self.has_more.then_some(Cursor { after, ..start })
    }
}
