//! The OpenAPI schemas of request and response bodies. Response schemas come from the serialized types, limits from the
//! constants of validation.

use serde_json::{Map, Value, json};
use shared::{
    domain::{
        Attendance, DESCRIPTION_CHARS_MAX, LINE_CHARS_MAX, ORGANIZER_CHARS_MAX, PLACE_CHARS_MAX,
        Status, TECHNOLOGY_CHARS_MAX, URL_CHARS_MAX,
    },
    formats::EventJson,
    http::{FieldProblem, ProblemDocument},
    pages::Lang,
};
use utoipa::PartialSchema;

/// The regular expression for a date and time of an event: local, or with an offset.
const DATE_PATTERN: &str = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$";

/// Builds all schemas, as a JSON object by their names. `own_example` is `example` with its edit token.
pub(crate) fn schemas(lang: Lang, example: &Value, own_example: &Value) -> Value {
    let public = event_schema(lang, example, false);
    let own = event_schema(lang, own_example, true);
    json!({
        "Attendance": described(value(&Attendance::schema()), text(lang, "field-attendance")),
        "Status": described(value(&Status::schema()), text(lang, "field-status")),
        "Event": public,
        "OwnEvent": own,
        "EventList": {"type": "array", "items": reference("schemas", "Event")},
        "NewEvent": new_event(lang, true),
        "EventPatch": new_event(lang, false),
        "EventForm": event_form(lang),
        "OperatorForm": operator_form(lang),
        "Problem": problem(lang),
        "FieldProblem": value(&FieldProblem::schema()),
        "Oembed": {
            "type": "object",
            "description": "https://oembed.com",
            "required": ["type", "version", "html", "width", "height"],
            "properties": {
                "type": {"const": "rich"},
                "version": {"const": "1.0"},
                "title": {"type": "string"},
                "author_name": {"type": "string"},
                "provider_name": {"type": "string"},
                "provider_url": {"type": "string"},
                "html": {"type": "string"},
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
        },
        "OpenApi": {
            "type": "object",
            "required": ["openapi", "info", "paths"],
            "properties": {"openapi": {"const": "3.1.0"}},
        },
    })
}

fn value(schema: &impl serde::Serialize) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

/// Returns the translation whose key is `docs-` followed by `key`.
pub(crate) fn text(lang: Lang, key: &str) -> String {
    lang.text(&format!("docs-{key}"))
}

/// Builds a `$ref` to the OpenAPI component `name` of `kind`, such as `schemas`.
pub(crate) fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// Sets the `description` of `schema`.
pub(crate) fn described(mut schema: Value, description: String) -> Value {
    schema["description"] = description.into();
    schema
}

/// Builds the schema of an event in responses, with a description of each field; `own` includes the fields that need
/// the edit token.
fn event_schema(lang: Lang, example: &Value, own: bool) -> Value {
    let mut schema = value(&EventJson::schema());
    if let Some(fields) = schema["properties"].as_object_mut() {
        if !own {
            fields.remove("edit_token");
            fields.remove("hidden");
        }
        for (name, field) in fields {
            field["description"] = text(lang, &format!("field-{name}")).into();
        }
        if own {
            schema["properties"]["edit_token"]["type"] = "string".into();
            if let Some(required) = schema["required"].as_array_mut() {
                required.push("edit_token".into());
            }
        }
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| name != "hidden");
    }
    schema["examples"] = json!([example]);
    schema
}

fn problem(lang: Lang) -> Value {
    let mut schema = value(&ProblemDocument::schema());
    schema["description"] = text(lang, "about-errors").into();
    schema
}

/// Returns the fields of an event in requests, each with the schema of its value and its limits.
fn fields() -> Vec<(&'static str, Value)> {
    // One line without control characters, and not only white space.
    let line = r"^[^\n\r\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\n\r\x00-\x08\x0b-\x1f\x7f-\x9f]*$";
    let optional = |max: usize| json!({"type": "string", "maxLength": max});
    let required =
        |max: usize| json!({"type": "string", "minLength": 1, "maxLength": max, "pattern": line});
    vec![
        ("title", required(LINE_CHARS_MAX)),
        ("description", optional(DESCRIPTION_CHARS_MAX)),
        ("date", json!({"type": "string", "pattern": DATE_PATTERN})),
        (
            "end_date",
            json!({"type": "string", "pattern": format!("^$|{DATE_PATTERN}")}),
        ),
        ("timezone", json!({"type": "string"})),
        ("location", required(LINE_CHARS_MAX)),
        ("city", optional(PLACE_CHARS_MAX)),
        ("state", optional(PLACE_CHARS_MAX)),
        (
            "attendance",
            choices(&Attendance::ALL.map(Attendance::as_str)),
        ),
        ("status", choices(&Status::ALL.map(Status::as_str))),
        (
            "url",
            json!({"type": "string", "maxLength": URL_CHARS_MAX, "pattern": r"^\s*$|^\s*[Hh][Tt][Tt][Pp][Ss]?:"}),
        ),
        ("organizer", optional(ORGANIZER_CHARS_MAX)),
        (
            "technologies",
            json!({"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": TECHNOLOGY_CHARS_MAX}}),
        ),
    ]
}

/// Builds the schema of a string that is one of `values`, or empty for no value.
pub(crate) fn choices(values: &[&str]) -> Value {
    let values = [values, &[""]].concat();
    json!({"type": "string", "enum": values})
}

const REQUIRED: [&str; 3] = ["title", "date", "location"];

/// Builds the schema of an event in JSON requests: a whole event, or a merge patch if `whole` is false. `null` means no
/// value.
fn new_event(lang: Lang, whole: bool) -> Value {
    let mut properties = Map::new();
    for (name, mut schema) in fields() {
        if !REQUIRED.contains(&name) {
            schema["type"] = json!([schema["type"], "null"]);
            if let Some(Value::Array(choices)) = schema.get_mut("enum") {
                choices.push(Value::Null);
            }
        }
        schema["description"] = text(lang, &format!("field-{name}")).into();
        properties.insert(name.to_owned(), schema);
    }
    let example = if whole {
        json!({
            "title": "Noite de Rust",
            "date": "2027-03-18T19:00",
            "location": "Porto Digital, Recife - PE",
            "technologies": ["Rust", "PostgreSQL"],
        })
    } else {
        json!({"date": "2027-03-25T19:00", "status": "scheduled", "organizer": null})
    };
    let required: &[&str] = if whole { &REQUIRED } else { &[] };
    let mut schema = json!({"type": "object", "properties": properties, "examples": [example]});
    if whole {
        schema["required"] = json!(required);
    }
    schema
}

/// Builds the schema of the body that the HTML form of an event sends.
fn event_form(lang: Lang) -> Value {
    let names = fields().into_iter().map(|(name, _)| name);
    let properties: Map<String, Value> = names
        .map(|name| {
            let key = match name {
                "technologies" => "form-technologies".to_owned(),
                name => format!("field-{name}"),
            };
            let field = json!({"type": "string", "description": text(lang, &key)});
            (name.to_owned(), field)
        })
        .collect();
    json!({"type": "object", "properties": properties})
}

fn operator_form(lang: Lang) -> Value {
    json!({
        "type": "object",
        "description": text(lang, "operator-form"),
        "properties": {
            "id": {"type": "string", "pattern": "^-?[0-9]{1,18}$"},
            "source": {"type": "string"},
            // Read only together with `source`.
            "from": {"type": "string"},
            "to": {"type": "string"},
        },
    })
}
