//! The path of each route as a constant. Routers register these paths, and [`super::links`] fills in their parameters.

#![expect(
    missing_docs,
    reason = "each name says which path it is; the table in routes.rs says what is there"
)]

pub const HOME: &str = "/";
pub const TODAY: &str = "/today";
pub const WEEKEND: &str = "/weekend";
pub const ONLINE: &str = "/online";
pub const STATE: &str = "/state/{uf}";
pub const CITY: &str = "/city/{uf}/{city}";
pub const TECHNOLOGY: &str = "/technology/{name}";

pub const EVENTS: &str = "/events/";
pub const EVENTS_WITHOUT_SLASH: &str = "/events";
pub const NEW_EVENT: &str = "/events/new";
pub const EVENT: &str = "/events/{id}";
pub const EVENT_CALENDAR: &str = "/events/{id}/event.ics";
pub const EVENT_CARD: &str = "/events/{id}/card.png";
pub const EVENT_CREATED: &str = "/events/{id}/created";
pub const EVENT_EDIT: &str = "/events/{id}/edit";
pub const EVENT_DELETE: &str = "/events/{id}/delete";
pub const EVENT_ROTATE: &str = "/events/{id}/rotate";
pub const EDIT_LINK: &str = "/events/edit/{token}";

pub const API_EVENTS: &str = "/api/events/";
pub const API_EVENTS_WITHOUT_SLASH: &str = "/api/events";
pub const API_EXPORT: &str = "/api/events/export";
pub const API_EVENT: &str = "/api/events/{id}";
pub const API_BY_TOKEN: &str = "/api/events/by-token/{token}";
pub const API_ROTATE: &str = "/api/events/by-token/{token}/rotate";
pub const OPENAPI: &str = "/api/openapi.json";

pub const CALENDAR: &str = "/events.ics";
pub const ATOM_FEED: &str = "/feed.atom";
pub const JSON_FEED: &str = "/feed.json";
pub const EMBED: &str = "/embed";
pub const OEMBED: &str = "/oembed";

pub const DOCS: &str = "/docs";
pub const CARD: &str = "/card.png";
pub const ROBOTS_TXT: &str = "/robots.txt";
pub const SITEMAP: &str = "/sitemap.xml";
pub const SITEMAP_PART: &str = "/sitemap/{file}";
pub const STATIC_FILE: &str = "/static/{file}";
pub const WEB_MANIFEST: &str = "/site.webmanifest";
pub const FAVICON: &str = "/favicon.ico";
pub const APPLE_TOUCH_ICON: &str = "/apple-touch-icon.png";
pub const APPLE_TOUCH_ICON_PRECOMPOSED: &str = "/apple-touch-icon-precomposed.png";
pub const SECURITY_TXT: &str = "/.well-known/security.txt";

pub const HEALTHZ: &str = "/healthz";
pub const READYZ: &str = "/readyz";
pub const METRICS: &str = "/metrics";

pub const ADMIN: &str = "/admin";
pub const ADMIN_HIDE: &str = "/admin/hide";
pub const ADMIN_RESTORE: &str = "/admin/restore";
