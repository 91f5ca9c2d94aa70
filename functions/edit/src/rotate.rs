//! `POST /events/{id}/rotate`: replaces an event's edit token.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use shared::{
    clock::Clock,
    domain::EditToken,
    http::{EditSession, Error, SameOriginForm, edit_cookie, response},
    pages::View,
    routes::links,
    store::{self, Db},
};

/// Replaces the event's edit token and redirects to the page with the new edit link.
pub(crate) async fn rotate(
    State(db): State<Db>,
    State(clock): State<Clock>,
    view: View,
    _: SameOriginForm,
    EditSession { event, token }: EditSession,
) -> Result<Response, Error> {
    let new = EditToken::random();
    let event_with_new = store::replace_edit_token(&db, &token, &new, None, clock.now()).await?;
    event_with_new.ok_or(Error::NotFound)?;
    let cookie = [(header::SET_COOKIE, edit_cookie(event.id, &new, &view))];
    let redirect = response::see_other(&links::event_created(event.id));
    Ok((cookie, redirect).into_response())
}
