//! Renders the cards of events in lists, and caches them.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use quick_cache::{Weighter, sync::Cache};
use serde::Serialize;
use uuid::Uuid;

use super::{
    i18n::Lang,
    render::{Fragment, RenderError},
    summary::EventSummary,
    view::View,
};
use crate::domain::Event;

/// Cache of the cards that were used most recently. Until its event changes, a card is the same on every page in a
/// language.
static CARDS: LazyLock<Cache<CardKey, Arc<Fragment>, CardWeighter>> = LazyLock::new(|| {
    let capacity = CACHE_BYTES / AVERAGE_CARD_BYTES;
    Cache::with_weighter(capacity, CACHE_BYTES as u64, CardWeighter)
});
/// Maximum memory of the cache of cards, in bytes.
const CACHE_BYTES: usize = 1024 * 1024;
/// Estimated size of a card's HTML, in bytes, from which the cache derives its initial capacity.
const AVERAGE_CARD_BYTES: usize = 1_500;
/// Memory of a cached card apart from its HTML, in bytes.
const ENTRY_OVERHEAD_BYTES: usize = 200;

/// All inputs of a card that can change its HTML.
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
struct CardWeighter;

impl Weighter<CardKey, Arc<Fragment>> for CardWeighter {
    fn weight(&self, _: &CardKey, card: &Arc<Fragment>) -> u64 {
        (ENTRY_OVERHEAD_BYTES + card.html.len()) as u64
    }
}

#[derive(Serialize)]
struct CardContext {
    event: EventSummary,
}

/// Returns the card of `event`, from the cache or newly rendered.
pub(super) fn event_card(event: &Event, view: &View) -> Result<Arc<Fragment>, RenderError> {
    let key = CardKey {
        id: event.id,
        uid: event.uid,
        version: event.version,
        updated_at: event.updated_at,
        lang: view.lang,
        lang_chosen: view.lang_chosen,
    };
    CARDS.get_or_insert_with(&key, || {
        let event = EventSummary::new(event, view);
        Ok(Arc::new(view.fragment("card", &CardContext { event })?))
    })
}
