//! `GET /events/{id}/created`: the edit link of an event, after it was published.

use axum::response::Response;
use shared::{
    http::{EditSession, Error, Path, response},
    pages::{CreatedPage, View},
    routes::links,
};

/// The page with the edit link, for the client with the event's cookie; other clients are redirected to the public page.
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
