//! `GET` and `POST /events/{id}/delete`: deletes an event after a confirmation.

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

/// The confirmation page.
pub(crate) async fn form(
    view: View,
    EditSession { event, .. }: EditSession,
) -> Result<Response, Error> {
    Ok(view.show(&DeletePage::new(&event, &view))?)
}

/// Deletes the event and its cookie, and redirects to the front page.
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
