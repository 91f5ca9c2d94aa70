//! `GET /events/edit/{token}`: the edit link of an event.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use shared::{
    http::{Error, Token, edit_cookie, response},
    pages::View,
    routes::links,
    store::{self, Db},
};

/// Stores the edit token in a cookie and redirects to the event's form, so that the token does not stay in the address
/// bar.
pub(crate) async fn open(
    State(db): State<Db>,
    view: View,
    Token(token): Token,
) -> Result<Response, Error> {
    let event = store::event_by_token(&db, &token).await?;
    let event = event.ok_or(Error::NotFound)?;
    let cookie = [(header::SET_COOKIE, edit_cookie(event.id, &token, &view))];
    let form = response::see_other(&links::event_edit(event.id));
    Ok((cookie, form).into_response())
}
