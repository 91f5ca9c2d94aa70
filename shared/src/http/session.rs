//! The edit session: the event in the path, and the cookie with the event's edit token.

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use super::{cookies::edit_token_cookie, error::Error, extract::Path};
use crate::{
    domain::{EditToken, Event},
    store::{self, Db},
};

/// An extractor of the event in the path and of the edit token for that event in the visitor's cookie.
///
/// A request without a token of the event is rejected with [`Error::NoEditSession`], a request for an event that does
/// not exist with [`Error::NotFound`].
#[derive(Debug)]
pub struct EditSession {
    /// The event in the path.
    pub event: Event,
    /// The edit token from the cookie.
    pub token: EditToken,
}

impl<S: Send + Sync> FromRequestParts<S> for EditSession
where
    Db: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(id) = Path::<i64>::from_request_parts(parts, state).await?;
        let db = Db::from_ref(state);
        if let Some(token) = edit_token_cookie(&parts.headers)
            && let Some(event) = store::event_by_token(&db, &token).await?
            && event.id == id
        {
            return Ok(Self { event, token });
        }
        store::event_by_id(&db, id).await?.ok_or(Error::NotFound)?;
        Err(Error::NoEditSession)
    }
}
