//! The OpenAPI document (<https://spec.openapis.org/oas/v3.1.0>), put together from the operations, the types that are
//! answered, the limits of the door and the errors as they are told.

use serde_json::{Map, Value, json};
use shared::{
    Tz,
    domain::EditToken,
    domain::{Event, EventForm, ValidationErrors},
    http::Error,
    http::RateLimited,
    pages::{Lang, View},
};
use std::time::Duration;

use crate::{
    operations::{Answer, Body, Content, Operation, TAGS, operations},
    schemas::{self, reference, words},
};

/// The event of the examples, as the export tells it.
const EXAMPLE: &str = r#"{"id": 42, "uid": "3f7c0b52-9d1e-4f57-8a43-6d5f4a1f8b10", "title": "Noite de Rust", "description": "Palestras curtas e café.", "starts_at": "2027-03-18T22:00:00Z", "ends_at": "2027-03-19T01:00:00Z", "timezone": "America/Recife", "location": "Porto Digital, Recife - PE", "city": "Recife", "state": "PE", "attendance": "hybrid", "status": "scheduled", "url": "https://example.org/noite-de-rust", "organizer": "Rust Recife", "technologies": ["Rust", "PostgreSQL"], "version": 1, "created_at": "2027-01-05T12:30:00Z", "updated_at": "2027-01-05T12:30:00Z"}"#;
/// The token of the examples.
const EXAMPLE_TOKEN: &str = "7f6d2a0c-3f0e-4a59-9c6a-1f2f3d4c5b6a";
/// The version of what is promised here: a new number where something is taken back.
const VERSION: &str = "1.0.0";

/// The document in the reader's language.
#[must_use]
pub fn of(view: &View, default_timezone: Tz) -> Value {
    let lang = view.lang;
    let (example, own_example) = examples();
    let problems = problems(default_timezone);
    let mut paths = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_lowercase()] = told(&operation, lang);
    }
    let tags =
        TAGS.map(|tag| json!({"name": tag, "description": words(lang, &format!("group-{tag}"))}));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{} API", view.app_title),
            "version": VERSION,
            "description": about(lang),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": view.base_url}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas::schemas(lang, &example, &own_example),
            "parameters": schemas::parameters(lang),
            "headers": schemas::headers(lang),
            "responses": responses(&problems, lang),
            "securitySchemes": {
                "operator": {"type": "http", "scheme": "basic", "description": words(lang, "operator-scheme")},
                "operatorToken": {"type": "http", "scheme": "bearer", "description": words(lang, "operator-scheme")},
            },
        },
    })
}

/// What holds of the whole, a paragraph each.
const ABOUT: [&str; 7] = [
    "about-board",
    "about-token",
    "about-dates",
    "about-paging",
    "about-etag",
    "about-errors",
    "about-limits",
];

fn about(lang: Lang) -> String {
    ABOUT.map(|key| words(lang, key)).join("\n\n")
}

/// The event of the examples as everyone sees it, and as its owner does.
fn examples() -> (Value, Value) {
    let event = Event::from_json(EXAMPLE).ok();
    let token = EditToken::parse(EXAMPLE_TOKEN);
    let json = |token| {
        let told = event.as_ref().map(|event| event.to_json(token));
        serde_json::to_value(told).unwrap_or_default()
    };
    (json(None), json(Some(&token)))
}

fn told(operation: &Operation, lang: Lang) -> Value {
    let Operation {
        path, id, alias, ..
    } = operation;
    let summary = words(lang, &format!("op-{}", id.to_lowercase()));
    let parameters = operation.parameters.iter();
    let parameters: Vec<Value> = parameters.map(|key| reference("parameters", key)).collect();
    let answers = operation.answers.iter();
    let answers: Map<String, Value> = answers
        .map(|answer| (answer.status.to_string(), response(answer, path, lang)))
        .collect();
    let mut told = json!({
        // Two paths that answer alike are two operations.
        "operationId": if *alias { format!("{id}Alias") } else { (*id).to_owned() },
        "summary": summary,
        "tags": [operation.tag],
        "parameters": parameters,
        "responses": answers,
    });
    if *alias {
        told["description"] = words(lang, "alias").into();
    }
    if let Some(body) = operation.body {
        told["requestBody"] = request_body(body);
    }
    if operation.tag == "operator" {
        told["security"] = json!([{"operator": []}, {"operatorToken": []}]);
    }
    told
}

fn request_body(body: Body) -> Value {
    const FORM: &str = "application/x-www-form-urlencoded";
    let of = |name: &str| json!({"schema": reference("schemas", name)});
    match body {
        Body::Event => json!({"required": true, "content": {"application/json": of("NewEvent")}}),
        Body::Patch => json!({"required": true, "content": {
            "application/merge-patch+json": of("EventPatch"),
            "application/json": of("EventPatch"),
        }}),
        Body::EventForm => json!({"required": true, "content": {FORM: of("EventForm")}}),
        Body::OperatorForm => json!({"required": true, "content": {FORM: of("OperatorForm")}}),
        Body::EmptyForm => json!({"content": {FORM: {"schema": {"type": "object"}}}}),
    }
}

fn response(answer: &Answer, path: &str, lang: Lang) -> Value {
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .map(|name| ((*name).to_owned(), reference("headers", name)))
        .collect();
    let content = match answer.content {
        Content::Problem => return reference("responses", &problem_name(answer.status, path)),
        Content::Nothing => None,
        Content::Json(schema) => {
            Some(json!({"application/json": {"schema": reference("schemas", schema)}}))
        }
        // A line is JSON; the whole is not.
        Content::Lines(schema) => Some(json!({"application/x-ndjson": {"schema": {
            "type": "string",
            "contentMediaType": "application/x-ndjson",
            "description": format!("#/components/schemas/{schema}"),
        }}})),
        Content::Page => Some(json!({"text/html": {"schema": {"type": "string"}}})),
        Content::Other(media_type) => Some(json!({media_type: {}})),
    };
    let description = words(lang, &format!("answer-{}", answer.status));
    let mut response = json!({"description": description});
    if answer.status == 201 {
        response["links"] = links();
    }
    if !headers.is_empty() {
        response["headers"] = headers.into();
    }
    if let Some(content) = content {
        response["content"] = content;
    }
    response
}

/// What can be done next with what was published.
fn links() -> Value {
    let link = |operation: &str, parameter: &str, field: &str| {
        let parameters = json!({parameter: format!("$response.body#/{field}")});
        (
            operation.to_owned(),
            json!({"operationId": operation, "parameters": parameters}),
        )
    };
    let public = ["readEvent", "showEvent", "readCard"].map(|name| link(name, "id", "id"));
    let own = [
        "readOwnEvent",
        "replaceEvent",
        "changeEvent",
        "deleteEvent",
        "rotateToken",
        "enter",
    ]
    .map(|name| link(name, "token", "edit_token"));
    Value::Object(public.into_iter().chain(own).collect())
}

/// The skin goes by path.
fn problem_name(status: u16, path: &str) -> String {
    let skin = if path.starts_with("/api/") {
        "Problem"
    } else {
        "Page"
    };
    format!("{skin}{status}")
}

/// An error of each status.
fn problems(default_timezone: Tz) -> Vec<Error> {
    let invalid = EventForm::default().check(default_timezone);
    vec![
        Error::BadParameter {
            name: "limit",
            allowed: "limit",
        },
        Error::NotOperator,
        Error::CrossSite,
        Error::NotFound,
        Error::BodyLate,
        Error::KeyInUse,
        Error::Changed {
            etag: "\"42-2\"".to_owned(),
        },
        Error::TooLarge,
        Error::AddressTooLong,
        Error::WrongMediaType {
            wanted: "application/json",
        },
        Error::Invalid(
            invalid
                .err()
                .unwrap_or_else(ValidationErrors::not_an_object),
        ),
        Error::TooMany(RateLimited(Duration::from_secs(30))),
        Error::Broken("".into()),
        Error::NotOffered,
        Error::Busy,
    ]
}

/// Each error in both skins, with its words and an example.
fn responses(problems: &[Error], lang: Lang) -> Value {
    let mut responses = Map::new();
    for error in problems {
        let problem = error.problem(lang);
        let status = problem.status;
        let description = match status {
            // Their sentences tell of one case.
            400 | 429 => words(lang, &format!("answer-{status}")),
            _ => format!("{}. {}", problem.title, problem.detail),
        };
        let mut headers = Map::new();
        let mut names = match status {
            401 => vec!["WWW-Authenticate"],
            412 => vec!["ETag"],
            429 | 503 => vec!["Retry-After"],
            _ => Vec::new(),
        };
        for name in names.drain(..) {
            headers.insert(name.to_owned(), reference("headers", name));
        }
        let json = json!({"application/problem+json": {
            "schema": reference("schemas", "Problem"),
            "example": problem,
        }});
        let html = json!({"text/html": {"schema": {"type": "string"}}});
        for (skin, content) in [("Problem", json), ("Page", html)] {
            let mut response = json!({"description": description, "content": content});
            if !headers.is_empty() {
                response["headers"] = headers.clone().into();
            }
            responses.insert(format!("{skin}{status}"), response);
        }
    }
    responses.into()
}
