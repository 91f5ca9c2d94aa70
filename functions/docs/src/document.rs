//! The OpenAPI 3.1 document (<https://spec.openapis.org/oas/v3.1.0>), built from the operations, the types of the
//! response bodies, the limits of validation and the error responses.

use serde_json::{Map, Value, json};
use shared::{
    Tz,
    domain::EditToken,
    formats::{event_json, parse_export_line},
    pages::{Lang, View},
};

use crate::{
    operation::{Body, Content, OPERATOR, Operation, Response, TAGS},
    operations::operations,
    parameters, problems,
    schemas::{self, described, reference, text},
};

/// The event in the documentation's examples, in the format of the export.
const EXAMPLE: &str = r#"{"id": 42, "uid": "3f7c0b52-9d1e-4f57-8a43-6d5f4a1f8b10", "title": "Noite de Rust", "description": "Palestras curtas e café.", "starts_at": "2027-03-18T22:00:00Z", "ends_at": "2027-03-19T01:00:00Z", "timezone": "America/Recife", "location": "Porto Digital, Recife - PE", "city": "Recife", "state": "PE", "attendance": "hybrid", "status": "scheduled", "url": "https://example.org/noite-de-rust", "organizer": "Rust Recife", "technologies": ["Rust", "PostgreSQL"], "version": 1, "created_at": "2027-01-05T12:30:00Z", "updated_at": "2027-01-05T12:30:00Z"}"#;
/// The edit token in the documentation's examples.
const EXAMPLE_TOKEN: &str = "7f6d2a0c-3f0e-4a59-9c6a-1f2f3d4c5b6a";
/// The version of the API: its major number increases with each incompatible change.
const VERSION: &str = "1.0.0";

/// Builds the OpenAPI document in the language of `view`.
#[must_use]
pub fn build(view: &View, default_timezone: Tz) -> Value {
    let lang = view.lang;
    let (example, own_example) = examples();
    let mut paths = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_lowercase()] = operation_object(&operation, lang);
    }
    let tags =
        TAGS.map(|tag| json!({"name": tag, "description": text(lang, &format!("group-{tag}"))}));
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
            "parameters": parameters::parameters(lang),
            "headers": parameters::headers(lang),
            "responses": problems::responses(lang, default_timezone),
            "securitySchemes": {
                "operator": {"type": "http", "scheme": "basic", "description": text(lang, "operator-scheme")},
                "operatorToken": {"type": "http", "scheme": "bearer", "description": text(lang, "operator-scheme")},
            },
        },
    })
}

/// The keys of the texts in the introduction of the document, one per paragraph.
const ABOUT: [&str; 7] = [
    "about-api",
    "about-token",
    "about-dates",
    "about-paging",
    "about-etag",
    "about-errors",
    "about-limits",
];

fn about(lang: Lang) -> String {
    ABOUT.map(|key| text(lang, key)).join("\n\n")
}

/// Returns the example event without and with its edit token.
fn examples() -> (Value, Value) {
    let event = parse_export_line(EXAMPLE).ok();
    let token = EditToken::parse(EXAMPLE_TOKEN);
    let json = |token| {
        let event = event.as_ref().map(|event| event_json(event, token));
        serde_json::to_value(event).unwrap_or_default()
    };
    (json(None), json(Some(&token)))
}

fn operation_object(operation: &Operation, lang: Lang) -> Value {
    let Operation {
        path, id, is_alias, ..
    } = operation;
    let parameters = operation.parameters.iter();
    let parameters: Vec<Value> = parameters.map(|key| reference("parameters", key)).collect();
    let responses = operation.responses.iter();
    let responses: Map<String, Value> = responses
        .map(|response| {
            let object = response_object(response, path, lang);
            (response.status.to_string(), object)
        })
        .collect();
    let mut object = json!({
        // Operation ids are unique: an alias needs its own.
        "operationId": if *is_alias { format!("{id}Alias") } else { (*id).to_owned() },
        "summary": text(lang, &format!("op-{}", id.to_lowercase())),
        "tags": [operation.tag],
        "parameters": parameters,
        "responses": responses,
    });
    if *is_alias {
        object = described(object, text(lang, "alias"));
    }
    if let Some(body) = operation.body {
        object["requestBody"] = request_body(body);
    }
    if operation.tag == OPERATOR {
        object["security"] = json!([{"operator": []}, {"operatorToken": []}]);
    }
    object
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

fn response_object(response: &Response, path: &str, lang: Lang) -> Value {
    let content = match response.content {
        Content::Problem => {
            return reference("responses", &problems::name(response.status, path));
        }
        Content::Empty => None,
        Content::Json(schema) => {
            Some(json!({"application/json": {"schema": reference("schemas", schema)}}))
        }
        // Each line is JSON, the whole body is not: the schema of a line can only be named.
        Content::Lines(schema) => Some(json!({"application/x-ndjson": {"schema": {
            "type": "string",
            "contentMediaType": "application/x-ndjson",
            "description": format!("#/components/schemas/{schema}"),
        }}})),
        Content::Page => Some(json!({"text/html": {"schema": {"type": "string"}}})),
        Content::Other(media_type) => Some(json!({media_type: {}})),
    };
    let mut object = json!({"description": text(lang, &format!("response-{}", response.status))});
    if response.status == 201 {
        object["links"] = links();
    }
    if !response.headers.is_empty() {
        object["headers"] = parameters::header_references(&response.headers);
    }
    if let Some(content) = content {
        object["content"] = content;
    }
    object
}

/// Returns the OpenAPI links from a published event to the operations that take its id or edit token.
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
