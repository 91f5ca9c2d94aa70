//! One page of events from the store, and the cursor of the next page.

use shared::{
    domain::Event,
    http::{Cursor, Error},
    store::{self, Db, Filter, ListQuery, PageRequest, SortKey},
};

/// The events of one page.
pub(crate) struct Page {
    pub(crate) events: Vec<Event>,
    /// Whether more events follow.
    pub(crate) has_more: bool,
}

impl Page {
    /// Fetches up to `limit` events after the cursor, without the first `offset` of them.
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

    /// The position after the last event, if more events follow. `start` is the cursor that this page was fetched with.
    pub(crate) fn next(&self, start: Cursor) -> Option<Cursor> {
        let after = self.events.last().map(SortKey::of).or(start.after);
        self.has_more.then_some(Cursor { after, ..start })
    }
}
