//! The error responses (RFC 9457), each as a problem document and as an HTML page.

use std::time::Duration;

use serde_json::{Map, Value, json};
use shared::{
    Tz,
    domain::{EventForm, ValidationErrors},
    http::{Error, RateLimited},
    pages::Lang,
};

use crate::{
    parameters::header_references,
    schemas::{reference, text},
};

/// The name of the component of this error: a problem document under `/api/`, an HTML page elsewhere.
pub(crate) fn name(status: u16, path: &str) -> String {
    let format = if path.starts_with("/api/") {
        "Problem"
    } else {
        "Page"
    };
    format!("{format}{status}")
}

/// Every error in both formats, with its description and an example.
pub(crate) fn responses(lang: Lang, default_timezone: Tz) -> Value {
    let mut responses = Map::new();
    for error in errors(default_timezone) {
        let problem = error.problem(lang);
        let status = problem.status;
        let description = match status {
            // Their details describe only one of their causes.
            400 | 429 => text(lang, &format!("answer-{status}")),
            _ => format!("{}. {}", problem.title, problem.detail),
        };
        let headers: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            412 => &["ETag"],
            429 | 503 => &["Retry-After"],
            _ => &[],
        };
        let json = json!({"application/problem+json": {
            "schema": reference("schemas", "Problem"),
            "example": problem,
        }});
        let html = json!({"text/html": {"schema": {"type": "string"}}});
        for (format, content) in [("Problem", json), ("Page", html)] {
            let mut response = json!({"description": description, "content": content});
            if !headers.is_empty() {
                response["headers"] = header_references(headers);
            }
            responses.insert(format!("{format}{status}"), response);
        }
    }
    responses.into()
}

/// One error of each status.
fn errors(default_timezone: Tz) -> Vec<Error> {
    let invalid = EventForm::default().validate(default_timezone);
    vec![
        Error::BadParameter {
            name: "limit",
            allowed: "limit",
        },
        Error::Unauthorized,
        Error::CrossSite,
        Error::NotFound,
        Error::BodyTimeout,
        Error::IdempotencyKeyInUse,
        Error::PreconditionFailed {
            etag: "\"42-2\"".to_owned(),
        },
        Error::PayloadTooLarge,
        Error::UriTooLong,
        Error::UnsupportedMediaType {
            expected: "application/json",
        },
        Error::Invalid(
            invalid
                .err()
                .unwrap_or_else(ValidationErrors::not_an_object),
        ),
        Error::RateLimited(RateLimited(Duration::from_secs(30))),
        Error::Internal("".into()),
        Error::UnsupportedFormat,
        Error::Overloaded,
    ]
}
