//! Formats for other programs and sites: calendars, Atom and JSON feeds, embeddable lists, and oEmbed.

mod calendar;
mod embed;
mod feed;
mod feed_request;
mod oembed;

use axum::{Extension, Router, routing::get};
use shared::{app::App, routes::paths};

use self::feed::FeedFormat;

/// Returns the routes of calendars, feeds, embeddable lists and oEmbed.
pub fn router() -> Router<App> {
    let feed = |format| get(feed::feed).layer(Extension(format));
    Router::new()
        .route(paths::CALENDAR, get(calendar::calendar))
        .route(paths::ATOM_FEED, feed(FeedFormat::Atom))
        .route(paths::JSON_FEED, feed(FeedFormat::Json))
        .route(paths::EMBED, get(embed::embed))
        .route(paths::OEMBED, get(oembed::oembed))
}
