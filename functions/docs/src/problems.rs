//! The documentation of error responses (RFC 9457), each as a problem document and as an HTML page.

use std::time::Duration;

use serde_json::{Map, Value, json};
use shared::{
    Tz,
    domain::{EventForm, ValidationErrors},
    http::{Error, RateLimited},
    pages::Lang,
    routes::is_api,
};

use crate::{
    operation::error_headers,
    parameters::header_references,
    schemas::{reference, text},
};

/// Returns the name of the OpenAPI component for the error `status` at `path`: a problem document under `/api`, else an
/// HTML page.
pub(crate) fn name(status: u16, path: &str) -> String {
    let format = if is_api(path) { "Problem" } else { "Page" };
    format!("{format}{status}")
}

/// Builds the OpenAPI components of all errors in both formats, each with its description and an example.
pub(crate) fn responses(lang: Lang, default_timezone: Tz) -> Value {
    let mut responses = Map::new();
    for error in errors(default_timezone) {
        let problem = error.problem(lang);
        let status = problem.status;
        let description = match status {
            // The detail of such an error describes only one of the causes of its status.
            400 | 429 => text(lang, &format!("response-{status}")),
            _ => format!("{}. {}", problem.title, problem.detail),
        };
        let headers = error_headers(status);
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

/// Returns one example error for each status.
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
