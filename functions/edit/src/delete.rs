//! `GET` and `POST /events/{id}/delete`: deletes an event after confirmation.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use shared::{
    clock::Clock,
    http::{EditSession, Error, SameOriginForm, expired_edit_cookie, response},
    pages::{DeletePage, View},
    routes::links,
    store::{self, Db},
};

/// Renders the page that asks for confirmation before the event is deleted.
pub(crate) async fn form(
    view: View,
    EditSession { event, .. }: EditSession,
) -> Result<Response, Error> {
    Ok(view.show(&DeletePage::new(&event, &view))?)
}

/// Deletes the event and the cookie with its edit token, and redirects to the front page.
pub(crate) async fn delete(
    State(db): State<Db>,
    State(clock): State<Clock>,
    view: View,
    _: SameOriginForm,
    EditSession { event, token }: EditSession,
) -> Result<Response, Error> {
    let deleted = store::delete_event(&db, &token, None, clock.now()).await?;
    deleted.ok_or(Error::NotFound)?;
    crate::record_deletion(event.id);
    let cookie = [(header::SET_COOKIE, expired_edit_cookie(event.id, &view))];
    Ok((cookie, response::see_other(&links::home_after_deletion())).into_response())
}
