//! What other programs and sites follow: calendars, Atom and JSON feeds, embeddable lists, and oEmbed.

mod calendar;
mod embed;
mod feed;
mod feed_request;
mod oembed;

use axum::{Extension, Router, routing::get};
use shared::app::App;

use self::feed::FeedFormat;

/// This function's routes.
pub fn router() -> Router<App> {
    let feed = |format| get(feed::feed).layer(Extension(format));
    Router::new()
        .route("/events.ics", get(calendar::calendar))
        .route("/feed.atom", feed(FeedFormat::Atom))
        .route("/feed.json", feed(FeedFormat::Json))
        .route("/embed", get(embed::embed))
        .route("/oembed", get(oembed::oembed))
}
