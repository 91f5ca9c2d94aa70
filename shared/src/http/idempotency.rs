//! Idempotency keys (draft-ietf-httpapi-idempotency-key-header): a request that is sent twice publishes once.

use std::{fmt, ops::RangeInclusive};

use axum::extract::FromRequestParts;
use http::request::Parts;
use sha2::{Digest, Sha256};

use super::error::Error;

/// Allowed length of an idempotency key, in visible ASCII characters.
const KEY_CHARS: RangeInclusive<usize> = 16..=255;

/// The idempotency key of a request. `Debug` prints `IdempotencyKey(..)`, because the key decrypts the stored edit
/// token.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Returns `text` as a key, if it has 16 to 255 visible ASCII characters.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_valid =
            KEY_CHARS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_valid.then(|| Self(text.to_owned()))
    }

    /// Returns the text of the key, for the form that contains it and for encryption.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the SHA-256 of the key, which is stored instead of the key.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey(..)")
    }
}

/// An extractor of the `Idempotency-Key` header; `None` without that header.
#[derive(Debug)]
pub struct Idempotency(pub Option<IdempotencyKey>);

impl<S: Send + Sync> FromRequestParts<S> for Idempotency {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = value.to_str().ok().and_then(IdempotencyKey::parse);
        key.map(|key| Self(Some(key))).ok_or(Error::BadParameter {
            name: "Idempotency-Key",
            allowed: "idempotency-key",
        })
    }
}
