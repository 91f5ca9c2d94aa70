//! `GET /events/{id}`: an event's public page.

use axum::{extract::State, response::Response};
use shared::{
    http::{Error, Path},
    pages::{DetailPage, View},
    store::Db,
};

/// Renders the public page of an event.
pub(crate) async fn page(
    State(db): State<Db>,
    view: View,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let event = crate::public_event(&db, id).await?;
    Ok(view.show(&DetailPage::new(&event, &view))?)
}
