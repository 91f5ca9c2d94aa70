//! Editing and deleting an event and replacing its edit token: pages authorized by a cookie, and an API authorized by
//! the token.

mod api;
mod delete;
mod edit;
mod open;
mod rotate;

use axum::{
    Router,
    routing::{get, post},
};
use shared::{app::App, routes::paths};

/// Returns the routes of the pages and the API that edit and delete events.
pub fn router() -> Router<App> {
    let by_token = get(api::show)
        .put(api::replace)
        .patch(api::patch)
        .delete(api::delete);
    Router::new()
        .route(paths::EDIT_LINK, get(open::open))
        .route(paths::EVENT_EDIT, get(edit::form).post(edit::edit))
        .route(paths::EVENT_DELETE, get(delete::form).post(delete::delete))
        .route(paths::EVENT_ROTATE, post(rotate::rotate))
        .route(paths::API_BY_TOKEN, by_token)
        .route(paths::API_ROTATE, post(api::rotate))
}

/// Counts and logs the update of an event, without its content.
fn record_update(event_id: i64) {
    metrics::counter!("events_updated_total").increment(1);
    tracing::info!(event.id = event_id, "Event updated");
}

/// Counts and logs the deletion of an event, without its content.
fn record_deletion(event_id: i64) {
    metrics::counter!("events_deleted_total").increment(1);
    tracing::info!(event.id = event_id, "Event deleted");
}
