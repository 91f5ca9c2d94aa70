//! `GET /events/{id}/created`: the page with an event's edit link, shown after publishing.

use axum::response::Response;
use shared::{
    http::{EditSession, Error, Path, response},
    pages::{CreatedPage, View},
    routes::links,
};

/// Renders the page with the edit link for a client with the event's cookie; redirects other clients to the public
/// page.
pub(crate) async fn created(
    view: View,
    Path(id): Path<i64>,
    session: Result<EditSession, Error>,
) -> Result<Response, Error> {
    match session {
        Ok(EditSession { event, token }) => {
            Ok(view.show(&CreatedPage::new(&event, &token, &view))?)
        }
        Err(Error::NoEditSession) => Ok(response::see_other(&links::event(id))),
        Err(error) => Err(error),
    }
}
