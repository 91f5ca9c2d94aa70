//! The errors of requests, each with its HTTP status. No other file sets an error status.
//!
//! A handler returns an [`Error`], which becomes an empty response that carries the error. The middleware renders it
//! where the path and the language are known. A response never contains the cause of a server error; the log does.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::rate_limit::RateLimited;
use crate::{
    domain::ValidationErrors,
    pages::{Lang, RenderError},
    store::StoreError,
};

/// The reasons why a request fails.
#[derive(Debug)]
pub enum Error {
    /// Nothing exists at the requested path.
    NotFound,
    /// The requested path exists, but not with the request's method.
    MethodNotAllowed {
        /// The value of the `Allow` header: the methods of the path.
        allow: String,
    },
    /// A query parameter or header has an invalid value.
    BadParameter {
        /// The name of the parameter or header.
        name: &'static str,
        /// The translation key, after `parameter-`, of the sentence that names the allowed values.
        allowed: &'static str,
    },
    /// The request body is not JSON.
    BadJson {
        /// The message of the JSON parser, with line and column.
        parser: String,
    },
    /// The request body has a media type that is not accepted.
    UnsupportedMediaType {
        /// The accepted media type.
        expected: &'static str,
    },
    /// The requested path with its query is too long.
    UriTooLong,
    /// The request body is too large.
    PayloadTooLarge,
    /// The connection was closed before the request body was complete.
    IncompleteBody,
    /// The request body did not arrive in time.
    BodyTimeout,
    /// Fields of the form or JSON document are invalid.
    Invalid(ValidationErrors),
    /// `If-Match` does not match the current version of the event.
    PreconditionFailed {
        /// The entity tag of the event's current version.
        etag: String,
    },
    /// The idempotency key was used before with another body.
    IdempotencyKeyReused,
    /// Another request with the same idempotency key is running.
    IdempotencyKeyInUse,
    /// The form was posted from another site.
    CrossSite,
    /// An edit page was requested without the cookie that contains the edit token.
    NoEditSession,
    /// An operator's page was requested without the operator's token.
    Unauthorized,
    /// The client exceeded a rate limit.
    RateLimited(RateLimited),
    /// The requested format is not supported.
    UnsupportedFormat,
    /// The database is unavailable.
    DatabaseUnavailable(Box<StoreError>),
    /// The server handles too many concurrent requests.
    Overloaded,
    /// The handler exceeded the time limit.
    Timeout,
    /// A bug or an unexpected failure on the server.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Returns the status of the response (RFC 9110).
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

    /// Returns the translation key of the error: `error-KEY` is the title, `error-KEY-detail` the sentence.
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

    /// Returns what happened, in a few words of the language `lang`.
    pub(super) fn title(&self, lang: Lang) -> String {
        lang.text(&format!("error-{}", self.key()))
    }

    /// Returns what the client can do about the error, in a sentence of the language `lang`.
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
                lang.text_with(&key, [("expected", (*expected).into())])
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

    /// Logs the error with its chain of causes if it is a server error.
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

/// Renders `error` with its causes, outermost first.
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
