//! `GET /events/new`: the HTML form for a new event.

use axum::response::Response;
use shared::{
    domain::EventForm,
    http::{Error, Suggestions},
    pages::{CreatePage, View},
    query::QueryParams,
};

use crate::publisher::Publisher;

/// Renders an empty event form, or one with the values of the event whose id is in the query parameter `copy`.
pub(crate) async fn form(
    publisher: Publisher,
    Suggestions(technologies): Suggestions,
    view: View,
    query: QueryParams,
) -> Result<Response, Error> {
    let id = query.get(&["copy"]).and_then(|id| id.parse().ok());
    let copied = match id {
        Some(id) => publisher.public_event(id).await?,
        None => None,
    };
    let token = publisher.new_form_token().await?;
    let zone = publisher.settings.default_timezone;
    let page = match copied {
        Some(event) => CreatePage::copy_of(&event, token, &view),
        None => CreatePage::new(&EventForm::default(), None, token, zone, &view),
    };
    Ok(view.show(&page.with_suggestions(technologies))?)
}
