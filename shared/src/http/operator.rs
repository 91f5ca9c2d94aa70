//! Authentication of the operator, who moderates events.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::request::Parts;

use super::{error::Error, view::header_text};
use crate::config::Settings;

/// An extractor that proves that `Authorization` contains `ADMIN_TOKEN`, as the password of any user (Basic, RFC 7617,
/// which browsers offer) or alone (Bearer, RFC 6750). Any other request is rejected with [`Error::Unauthorized`]; if no
/// `ADMIN_TOKEN` is set, every request is rejected with [`Error::NotFound`].
#[derive(Debug)]
pub struct Operator;

impl<S: Send + Sync> FromRequestParts<S> for Operator
where
    Arc<Settings>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let settings = Arc::<Settings>::from_ref(state);
        let token = settings.admin_token.as_ref().ok_or(Error::NotFound)?;
        let credentials = header_text(&parts.headers, "authorization").and_then(password);
        match credentials {
            Some(password) if token.matches(&password) => Ok(Self),
            _ => Err(Error::Unauthorized),
        }
    }
}

/// Returns the password or bearer token in a value of `Authorization`.
fn password(authorization: &str) -> Option<Vec<u8>> {
    let (scheme, credentials) = authorization.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(credentials.trim().as_bytes().to_vec()),
        "basic" => {
            let pair = BASE64_STANDARD.decode(credentials.trim()).ok()?;
            let colon = pair.iter().position(|byte| *byte == b':')?;
            Some(pair[colon + 1..].to_vec())
        }
        _ => None,
    }
}
