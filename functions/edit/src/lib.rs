//! Editing and deleting an event and rotating its edit token, by cookie and by token.

mod api;
mod pages;

use axum::{
    Router,
    routing::{get, post},
};
use shared::app::App;
use shared::routes::paths;

/// This function's routes.
pub fn router() -> Router<App> {
    let by_token = get(api::show)
        .put(api::replace)
        .patch(api::patch)
        .delete(api::delete);
    Router::new()
        .route(paths::EDIT_LINK, get(pages::enter))
        .route(paths::EVENT_EDIT, get(pages::form).post(pages::edit))
        .route(paths::EVENT_DELETE, get(pages::ask).post(pages::delete))
        .route(paths::EVENT_ROTATE, post(pages::rotate))
        .route(paths::API_BY_TOKEN, by_token)
        .route(paths::API_ROTATE, post(api::rotate))
}

/// Counts and logs a change; nothing of its content.
fn told(what: &'static str, counter: &'static str, event_id: i64) {
    metrics::counter!(counter).increment(1);
    tracing::info!(event.id = event_id, "{what}");
}

fn record_update(event_id: i64) {
    told("Event updated", "events_updated_total", event_id);
}

fn record_deletion(event_id: i64) {
    told("Event deleted", "events_deleted_total", event_id);
}
