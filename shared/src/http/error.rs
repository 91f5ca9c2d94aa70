//! The errors of requests, each with its HTTP status. No other file sets an error status.
//!
//! A handler returns an [`Error`]. It becomes an empty response that carries the error, which the middleware renders where the
//! path and the language are known. A response never contains the cause of a server error; the log does.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::rate_limit::RateLimited;
use crate::{
    domain::ValidationErrors,
    pages::{Lang, RenderError},
    store::StoreError,
};

/// Why a request failed.
#[derive(Debug)]
pub enum Error {
    /// Nothing exists at this path.
    NotFound,
    /// The path exists, but not with this method.
    MethodNotAllowed {
        /// The value of `Allow`.
        allow: String,
    },
    /// A query parameter or header has an invalid value.
    BadParameter {
        /// Its name.
        name: &'static str,
        /// The translation key of the sentence that names the allowed values, after `parameter-`.
        allowed: &'static str,
    },
    /// The body is not JSON.
    BadJson {
        /// The message of the parser, with line and column.
        parser: String,
    },
    /// The body has a media type that is not accepted.
    UnsupportedMediaType {
        /// The accepted one.
        expected: &'static str,
    },
    /// The path with its query is too long.
    UriTooLong,
    /// The body is too large.
    PayloadTooLarge,
    /// The connection was closed before the body was complete.
    IncompleteBody,
    /// The body did not arrive in time.
    BodyTimeout,
    /// Fields are invalid.
    Invalid(ValidationErrors),
    /// `If-Match` does not match the current version of the event.
    PreconditionFailed {
        /// The tag of the current version.
        etag: String,
    },
    /// The idempotency key was used with another body.
    IdempotencyKeyReused,
    /// A request with the same idempotency key is running.
    IdempotencyKeyInUse,
    /// A form that another site posted.
    CrossSite,
    /// An edit page without the cookie with the edit token.
    NoEditSession,
    /// An operator's page without the operator's token.
    Unauthorized,
    /// The client exceeded a rate limit.
    RateLimited(RateLimited),
    /// The requested format is not supported.
    UnsupportedFormat,
    /// The database is unavailable.
    DatabaseUnavailable(Box<StoreError>),
    /// Too many concurrent requests.
    Overloaded,
    /// The handler exceeded the time limit.
    Timeout,
    /// A bug or an unexpected failure on the server.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The status of the response (RFC 9110).
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadParameter { .. } | Self::BadJson { .. } | Self::IncompleteBody => {
                StatusCode::BAD_REQUEST
            }
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(_) | Self::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::IdempotencyKeyInUse => StatusCode::CONFLICT,
            Self::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::PreconditionFailed { .. } => StatusCode::PRECONDITION_FAILED,
            Self::CrossSite | Self::NoEditSession => StatusCode::FORBIDDEN,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::UnsupportedFormat => StatusCode::NOT_IMPLEMENTED,
            Self::DatabaseUnavailable(_) | Self::Overloaded | Self::Timeout => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The translation key: `error-KEY` is the title, `error-KEY-detail` the sentence.
    fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::MethodNotAllowed { .. } => "method-not-allowed",
            Self::BadParameter { .. } => "bad-parameter",
            Self::BadJson { .. } => "bad-json",
            Self::UnsupportedMediaType { .. } => "unsupported-media-type",
            Self::UriTooLong => "uri-too-long",
            Self::PayloadTooLarge => "payload-too-large",
            Self::IncompleteBody => "incomplete-body",
            Self::BodyTimeout => "body-timeout",
            Self::Invalid(_) => "invalid",
            Self::PreconditionFailed { .. } => "precondition-failed",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
            Self::IdempotencyKeyInUse => "idempotency-key-in-use",
            Self::RateLimited(_) => "rate-limited",
            Self::CrossSite => "cross-site",
            Self::NoEditSession => "no-edit-session",
            Self::Unauthorized => "unauthorized",
            Self::UnsupportedFormat => "unsupported-format",
            Self::Overloaded => "overloaded",
            Self::DatabaseUnavailable(_) | Self::Timeout => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// What happened, in a few words of this language.
    pub(super) fn title(&self, lang: Lang) -> String {
        lang.text(&format!("error-{}", self.key()))
    }

    /// What the client can do about it, in a sentence of this language.
    pub(super) fn detail(&self, lang: Lang) -> String {
        let key = format!("error-{}-detail", self.key());
        match self {
            Self::MethodNotAllowed { allow } => {
                lang.text_with(&key, [("allow", allow.as_str().into())])
            }
            Self::BadParameter { name, allowed } => {
                let allowed = lang.text(&format!("parameter-{allowed}"));
                lang.text_with(
                    &key,
                    [("name", (*name).into()), ("allowed", allowed.into())],
                )
            }
            Self::BadJson { parser } => lang.text_with(&key, [("parser", parser.as_str().into())]),
            Self::RateLimited(wait) => lang.text_with(&key, [("seconds", wait.seconds().into())]),
            Self::UnsupportedMediaType { expected } => {
                lang.text_with(&key, [("wanted", (*expected).into())])
            }
            Self::NotFound
            | Self::UriTooLong
            | Self::PayloadTooLarge
            | Self::Overloaded
            | Self::IncompleteBody
            | Self::BodyTimeout
            | Self::Invalid(_)
            | Self::PreconditionFailed { .. }
            | Self::IdempotencyKeyReused
            | Self::IdempotencyKeyInUse
            | Self::CrossSite
            | Self::NoEditSession
            | Self::Unauthorized
            | Self::UnsupportedFormat
            | Self::DatabaseUnavailable(_)
            | Self::Timeout
            | Self::Internal(_) => lang.text(&key),
        }
    }

    /// Logs server errors, with the chain of causes.
    pub(super) fn log(&self, request_id: &str) {
        match self {
            Self::DatabaseUnavailable(error) => tracing::warn!(
                request_id,
                cause = with_causes(error.as_ref()),
                "The database is unavailable"
            ),
            Self::Timeout => tracing::warn!(request_id, "A request timed out"),
            Self::Internal(error) => tracing::error!(
                request_id,
                cause = with_causes(error.as_ref()),
                "A request failed"
            ),
            Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::BadParameter { .. }
            | Self::BadJson { .. }
            | Self::UnsupportedMediaType { .. }
            | Self::UriTooLong
            | Self::PayloadTooLarge
            | Self::Overloaded
            | Self::IncompleteBody
            | Self::BodyTimeout
            | Self::Invalid(_)
            | Self::PreconditionFailed { .. }
            | Self::IdempotencyKeyReused
            | Self::IdempotencyKeyInUse
            | Self::RateLimited(_)
            | Self::CrossSite
            | Self::NoEditSession
            | Self::Unauthorized
            | Self::UnsupportedFormat => {}
        }
    }
}

/// An error with its causes, outermost first.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Overloaded => Self::Overloaded,
            StoreError::Unavailable(_) => Self::DatabaseUnavailable(Box::new(error)),
            StoreError::AlreadyExists(_) | StoreError::Failed(_) => Self::Internal(error.into()),
        }
    }
}

impl From<RateLimited> for Error {
    fn from(wait: RateLimited) -> Self {
        Self::RateLimited(wait)
    }
}

impl From<RenderError> for Error {
    fn from(error: RenderError) -> Self {
        Self::Internal(error.into())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
