//! Queries and statements on the PostgreSQL database. Each file of `sql/queries` has a function of the same name.

mod bulk;
mod changes;
mod cities;
mod connection_check;
mod counts;
mod deadline;
mod error;
mod events;
mod facets;
mod filter;
mod idempotency;
mod index_hits;
mod lists;
pub mod migrations;
mod moderation;
mod paging;
mod pool;
mod row;
mod scan_limits;
mod search;
mod search_patterns;
mod secret;
mod shared_connections;
mod sitemap;
mod tls;
mod tokens;

pub use tokio_postgres::types::Timestamp;

pub use self::bulk::{BulkLoad, BulkLoader, CopiedEvent, Index};
pub use self::changes::{listen_for_changes, notify_change};
pub use self::cities::city_by_slug;
pub use self::counts::{EventCounts, event_counts};
pub use self::deadline::{DEADLINE, within_deadline};
pub use self::error::StoreError;
pub use self::events::{
    DELETED_EVENT_TTL, delete_event, event_by_id, events_after, insert_event, purge_deleted_events,
    update_event,
};
pub use self::facets::{Facet, Facets, RecentFacets, facets};
pub use self::filter::{Filter, Phase};
pub use self::idempotency::{
    IDEMPOTENCY_KEY_TTL, IdempotencyRecord, IdempotentInsert, idempotency_record,
    purge_idempotency_keys,
};
pub use self::index_hits::IndexHits;
pub use self::lists::{ListQuery, list_events, published_events};
pub use self::moderation::{
    AdminEvent, AdminEventsQuery, EVENT_SOURCE_TTL, hide_event, hide_source, latest_events,
    purge_event_sources,
};
pub use self::paging::{PageRequest, SortKey};
pub use self::pool::{Db, PoolStatus, check_connection};
pub use self::scan_limits::ScanLimits;
pub use self::search_patterns::{SearchPatterns, search_patterns};
pub use self::secret::site_secret;
pub use self::sitemap::{SitemapEvent, sitemap_events, sitemap_parts};
pub use self::tokens::{event_by_token, replace_edit_token};
