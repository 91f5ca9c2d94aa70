//! What can go wrong with a request, with its status and both skins: `application/problem+json` (RFC 9457) under `/api`,
//! a page everywhere else. The only place with error statuses.
//!
//! A handler returns an [`Error`]; it becomes an empty response that carries the error, and [`render_error`] gives it its skin
//! where path and language are known. What a visitor reads never holds a cause; the log does.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{rate_limit::RateLimited, response};
use crate::{
    domain::ValidationErrors,
    pages::{ErrorPage, Lang, RenderError, View},
    store::StoreError,
};

/// Seconds after which a visitor may try again when the database is away.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Why a request has no answer.
#[derive(Debug)]
pub enum Error {
    /// There is nothing here.
    NotFound,
    /// The path has other methods, these.
    MethodNotAllowed {
        /// The value of `Allow`.
        allow: String,
    },
    /// A query parameter has a value it cannot have.
    BadParameter {
        /// Its name.
        name: &'static str,
        /// The key of the sentence that says what is allowed, after `parameter-`.
        allowed: &'static str,
    },
    /// The body is no JSON.
    BadJson {
        /// Where the parser stopped, in its words.
        parser: String,
    },
    /// The body is of another media type than the ones accepted.
    WrongMediaType {
        /// The accepted one.
        wanted: &'static str,
    },
    /// The address is longer than any that the board gives out.
    AddressTooLong,
    /// The body is larger than a form of this board can be.
    TooLarge,
    /// The body broke off.
    BodyBroken,
    /// The body did not arrive in time.
    BodyLate,
    /// The fields are wrong.
    Invalid(ValidationErrors),
    /// The event is no longer as the caller believes it to be.
    Changed {
        /// The tag of what it is now.
        etag: String,
    },
    /// The idempotency key has published something else.
    KeyReused,
    /// A request with the same idempotency key is running.
    KeyInUse,
    /// A form that another site made.
    CrossSite,
    /// The editing side, without the key to it.
    NoEditSession,
    /// The operator's side, without the operator's token.
    NotOperator,
    /// Asked too often.
    TooMany(RateLimited),
    /// There is no answer in the format asked for.
    NotOffered,
    /// The database is away.
    Away(Box<StoreError>),
    /// Too many are being answered at once.
    Busy,
    /// The answer took too long.
    TooSlow,
    /// A fault of ours.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The status of the answer (RFC 9110).
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadParameter { .. } | Self::BadJson { .. } | Self::BodyBroken => {
                StatusCode::BAD_REQUEST
            }
            Self::BodyLate => StatusCode::REQUEST_TIMEOUT,
            Self::WrongMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(_) | Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::KeyInUse => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Changed { .. } => StatusCode::PRECONDITION_FAILED,
            Self::CrossSite | Self::NoEditSession => StatusCode::FORBIDDEN,
            Self::NotOperator => StatusCode::UNAUTHORIZED,
            Self::NotOffered => StatusCode::NOT_IMPLEMENTED,
            Self::Away(_) | Self::Busy | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of the visitor's words: `error-KEY` is the title, `error-KEY-detail` the sentence.
    fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::MethodNotAllowed { .. } => "method-not-allowed",
            Self::BadParameter { .. } => "bad-parameter",
            Self::BadJson { .. } => "bad-json",
            Self::WrongMediaType { .. } => "wrong-media-type",
            Self::AddressTooLong => "address-too-long",
            Self::TooLarge => "too-large",
            Self::BodyBroken => "body-broken",
            Self::BodyLate => "body-late",
            Self::Invalid(_) => "invalid",
            Self::Changed { .. } => "changed",
            Self::KeyReused => "key-reused",
            Self::KeyInUse => "key-in-use",
            Self::TooMany(_) => "too-many",
            Self::CrossSite => "cross-site",
            Self::NoEditSession => "no-key",
            Self::NotOperator => "not-operator",
            Self::NotOffered => "not-offered",
            Self::Busy => "busy",
            Self::Away(_) | Self::TooSlow => "away",
            Self::Broken(_) => "broken",
        }
    }

    fn detail(&self, lang: Lang) -> String {
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
            Self::TooMany(wait) => lang.text_with(&key, [("seconds", wait.seconds().into())]),
            Self::WrongMediaType { wanted } => lang.text_with(&key, [("wanted", (*wanted).into())]),
            Self::NotFound
            | Self::AddressTooLong
            | Self::TooLarge
            | Self::Busy
            | Self::BodyBroken
            | Self::BodyLate
            | Self::Invalid(_)
            | Self::Changed { .. }
            | Self::KeyReused
            | Self::KeyInUse
            | Self::CrossSite
            | Self::NoEditSession
            | Self::NotOperator
            | Self::NotOffered
            | Self::Away(_)
            | Self::TooSlow
            | Self::Broken(_) => lang.text(&key),
        }
    }

    /// Tells the operator, once, with the whole chain of causes.
    fn log(&self, request_id: &str) {
        match self {
            Self::Away(error) => tracing::warn!(
                request_id,
                cause = chain(error.as_ref()),
                "The database is away"
            ),
            Self::TooSlow => tracing::warn!(request_id, "An answer took too long"),
            Self::Broken(error) => tracing::error!(
                request_id,
                cause = chain(error.as_ref()),
                "A request failed"
            ),
            Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::BadParameter { .. }
            | Self::BadJson { .. }
            | Self::WrongMediaType { .. }
            | Self::AddressTooLong
            | Self::TooLarge
            | Self::Busy
            | Self::BodyBroken
            | Self::BodyLate
            | Self::Invalid(_)
            | Self::Changed { .. }
            | Self::KeyReused
            | Self::KeyInUse
            | Self::TooMany(_)
            | Self::CrossSite
            | Self::NoEditSession
            | Self::NotOperator
            | Self::NotOffered => {}
        }
    }
}

/// An error with its causes, outermost first.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Overloaded => Self::Busy,
            StoreError::Unavailable(_) => Self::Away(Box::new(error)),
            StoreError::AlreadyExists(_) | StoreError::Failed(_) => Self::Broken(error.into()),
        }
    }
}

impl From<RateLimited> for Error {
    fn from(wait: RateLimited) -> Self {
        Self::TooMany(wait)
    }
}

impl From<RenderError> for Error {
    fn from(error: RenderError) -> Self {
        Self::Broken(error.into())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// The response in its skin, if it carries an error; as it is, if it does not.
#[must_use]
pub fn render_error(mut response: Response, path: &str, view: &View, request_id: &str) -> Response {
    let Some(error) = response.extensions_mut().remove::<Arc<Error>>() else {
        return response;
    };
    error.log(request_id);
    let mut dressed = if path.starts_with("/api/") || path == "/api" {
        problem_json(&error, view.lang)
    } else {
        let (title, detail) = (
            view.lang.text(&format!("error-{}", error.key())),
            error.detail(view.lang),
        );
        let status = error.status();
        let page = ErrorPage {
            status: status.as_u16(),
            title,
            detail,
        };
        match view.show(&page) {
            Ok(page) => (status, page).into_response(),
            // The page that says sorry is itself broken: plain words are left.
            Err(_) => (status, page.detail).into_response(),
        }
    };
    add_headers(dressed.headers_mut(), &error);
    dressed
}

fn add_headers(headers: &mut HeaderMap, error: &Error) {
    if let Error::TooMany(wait) = error {
        headers.insert(header::RETRY_AFTER, wait.seconds().into());
    }
    if let Error::Changed { etag } = error
        && let Ok(etag) = HeaderValue::from_str(etag)
    {
        headers.insert(header::ETAG, etag);
    }
    if matches!(error, Error::NotOperator) {
        let scheme = HeaderValue::from_static("Basic realm=\"operator\", charset=\"UTF-8\"");
        headers.insert(header::WWW_AUTHENTICATE, scheme);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if error.status() == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    if let Error::MethodNotAllowed { allow } = error
        && let Ok(allow) = HeaderValue::from_str(allow)
    {
        headers.insert(header::ALLOW, allow);
    }
}

/// A problem document (RFC 9457 §3).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument<'a> {
    /// Always `about:blank`: the status says it all.
    pub r#type: &'static str,
    /// What happened, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// The parameter or header with a value it cannot have, if that is the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<&'static str>,
    /// The wrong fields, if those are the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem<'a>>,
}

/// What is wrong with a field.
#[derive(Serialize, ToSchema)]
pub struct FieldProblem<'a> {
    /// Where it is in the body (RFC 6901).
    pub pointer: &'a str,
    /// The word that a program switches on.
    pub code: &'static str,
    /// What is allowed, in a sentence.
    pub detail: String,
}

impl Error {
    /// The problem as programs are told of it, in this language.
    #[must_use]
    pub fn problem(&self, lang: Lang) -> ProblemDocument<'_> {
        let errors = match self {
            Self::Invalid(problems) => problems
                .iter()
                .map(|problem| FieldProblem {
                    pointer: &problem.pointer,
                    code: problem.code.as_str(),
                    detail: lang.problem(&problem.code),
                })
                .collect(),
            _ => Vec::new(),
        };
        ProblemDocument {
            r#type: "about:blank",
            title: lang.text(&format!("error-{}", self.key())),
            status: self.status().as_u16(),
            detail: self.detail(lang),
            parameter: if let Self::BadParameter { name, .. } = self {
                Some(name)
            } else {
                None
            },
            errors,
        }
    }
}

fn problem_json(error: &Error, lang: Lang) -> Response {
    let bytes = serde_json::to_vec(&error.problem(lang)).unwrap_or_default();
    (
        error.status(),
        response::with_type(bytes, "application/problem+json"),
    )
        .into_response()
}
