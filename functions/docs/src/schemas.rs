//! The parts of the document that operations share: what an event is, each parameter and each header. Shapes come from the
//! types that are answered, limits from the constants of the door.

use serde_json::{Map, Value, json};
use shared::{
    domain::{
        Attendance, DESCRIPTION_CHARS_MAX, EventJson, LINE_CHARS_MAX, ORGANIZER_CHARS_MAX,
        PLACE_CHARS_MAX, Status, TECHNOLOGY_CHARS_MAX, URL_CHARS_MAX,
    },
    http::{FieldProblem, ProblemDocument},
    pages::Lang,
};
use utoipa::PartialSchema;

/// A date of an event: on the wall clock of its zone, or with an offset.
const DATE_PATTERN: &str = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$";
/// A moment of a query: a day too. An empty one is none.
const MOMENT_PATTERN: &str = r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?)?)?)?$";
/// The largest id of an event.
const ID_MAX: i64 = i64::MAX;

/// Every schema by its name.
pub(crate) fn schemas(lang: Lang, example: &Value, own_example: &Value) -> Value {
    let public = event_schema(lang, example, false);
    let own = event_schema(lang, own_example, true);
    json!({
        "Attendance": told(value(&Attendance::schema()), words(lang, "field-attendance")),
        "Status": told(value(&Status::schema()), words(lang, "field-status")),
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

/// The words of the documentation with this key.
pub(crate) fn words(lang: Lang, key: &str) -> String {
    lang.text(&format!("docs-{key}"))
}

/// A reference to a component.
pub(crate) fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

fn told(mut schema: Value, description: String) -> Value {
    schema["description"] = description.into();
    schema
}

/// What is answered: the type's own schema, with the words of each field; its owner gets to see more.
fn event_schema(lang: Lang, example: &Value, own: bool) -> Value {
    let mut schema = value(&EventJson::schema());
    if let Some(fields) = schema["properties"].as_object_mut() {
        if !own {
            fields.remove("edit_token");
            fields.remove("hidden");
        }
        for (name, field) in fields {
            field["description"] = words(lang, &format!("field-{name}")).into();
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
    schema["description"] = words(lang, "about-errors").into();
    schema
}

/// The fields that are sent, each with what is allowed.
fn fields() -> Vec<(&'static str, Value)> {
    // Something to read in one line, and no control characters.
    let line = r"^[^\n\r\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\n\r\x00-\x08\x0b-\x1f\x7f-\x9f]*$";
    let text = |max: usize| json!({"type": "string", "maxLength": max});
    let required =
        |max: usize| json!({"type": "string", "minLength": 1, "maxLength": max, "pattern": line});
    vec![
        ("title", required(LINE_CHARS_MAX)),
        ("description", text(DESCRIPTION_CHARS_MAX)),
        ("date", json!({"type": "string", "pattern": DATE_PATTERN})),
        (
            "end_date",
            json!({"type": "string", "pattern": optional(DATE_PATTERN)}),
        ),
        ("timezone", json!({"type": "string"})),
        ("location", required(LINE_CHARS_MAX)),
        ("city", text(PLACE_CHARS_MAX)),
        ("state", text(PLACE_CHARS_MAX)),
        (
            "attendance",
            choices(&Attendance::ALL.map(Attendance::as_str)),
        ),
        ("status", choices(&Status::ALL.map(Status::as_str))),
        (
            "url",
            json!({"type": "string", "maxLength": URL_CHARS_MAX, "pattern": r"^\s*$|^\s*[Hh][Tt][Tt][Pp][Ss]?:"}),
        ),
        ("organizer", text(ORGANIZER_CHARS_MAX)),
        (
            "technologies",
            json!({"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": TECHNOLOGY_CHARS_MAX}}),
        ),
    ]
}

/// The pattern, or nothing.
fn optional(pattern: &str) -> String {
    format!("^$|{pattern}")
}

/// One of these words; an empty one is none.
fn choices(words: &[&str]) -> Value {
    let words = [words, &[""]].concat();
    json!({"type": "string", "enum": words})
}

const REQUIRED: [&str; 3] = ["title", "date", "location"];

/// An event as a program sends it, whole or as a merge patch; what is `null` is absent.
fn new_event(lang: Lang, whole: bool) -> Value {
    let mut properties = Map::new();
    for (name, mut schema) in fields() {
        if !REQUIRED.contains(&name) {
            schema["type"] = json!([schema["type"], "null"]);
            if let Some(Value::Array(choices)) = schema.get_mut("enum") {
                choices.push(Value::Null);
            }
        }
        schema["description"] = words(lang, &format!("field-{name}")).into();
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

/// The same, as a browser posts it.
fn event_form(lang: Lang) -> Value {
    let names = fields().into_iter().map(|(name, _)| name);
    let properties: Map<String, Value> = names
        .map(|name| {
            let key = match name {
                "technologies" => "form-technologies".to_owned(),
                name => format!("field-{name}"),
            };
            let field = json!({"type": "string", "description": words(lang, &key)});
            (name.to_owned(), field)
        })
        .collect();
    json!({"type": "object", "properties": properties})
}

fn operator_form(lang: Lang) -> Value {
    json!({
        "type": "object",
        "description": words(lang, "operator-form"),
        "properties": {
            "id": {"type": "string", "pattern": "^-?[0-9]{1,18}$"},
            "source": {"type": "string"},
            // Looked at only where a source is told.
            "from": {"type": "string"},
            "to": {"type": "string"},
        },
    })
}

/// Every parameter by its key. A parameter whose value is only looked up or compared has no wrong value.
pub(crate) fn parameters(lang: Lang) -> Value {
    let any = || json!({"type": "string"});
    let whole = |min: i64, max: i64| json!({"type": "integer", "minimum": min, "maximum": max});
    let moment = || json!({"type": "string", "pattern": MOMENT_PATTERN});
    let all = [
        (
            "id",
            "path",
            json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": ID_MAX}),
            json!(42),
        ),
        (
            "token",
            "path",
            any(),
            json!("7f6d2a0c-3f0e-4a59-9c6a-1f2f3d4c5b6a"),
        ),
        ("file", "path", any(), json!("1.xml")),
        ("uf", "path", any(), json!("pe")),
        ("path-city", "path", any(), json!("recife")),
        ("name", "path", any(), json!("rust")),
        ("q", "query", any(), json!("rust \"mesma sala\"")),
        ("search", "query", any(), Value::Null),
        ("technology", "query", any(), json!("PostgreSQL")),
        ("city", "query", any(), json!("Recife")),
        ("state", "query", any(), json!("PE")),
        (
            "attendance",
            "query",
            json!({"type": "string", "pattern": r"^((in_person|online|hybrid)(,(in_person|online|hybrid))*)?$"}),
            json!("online,hybrid"),
        ),
        (
            "when",
            "query",
            choices(&["all", "upcoming", "past"]),
            json!("upcoming"),
        ),
        (
            "page-when",
            "query",
            choices(&["all", "upcoming", "past", "today", "weekend"]),
            json!("upcoming"),
        ),
        // A feed of what cannot be is empty.
        ("feed-when", "query", any(), json!("upcoming")),
        ("feed-attendance", "query", any(), json!("online,hybrid")),
        ("feed-from", "query", any(), json!("2027-03-01")),
        ("feed-to", "query", any(), json!("2027-04-01")),
        ("query-id", "query", any(), json!("42")),
        (
            "url",
            "query",
            any(),
            json!("https://encontros.example/events/42"),
        ),
        ("maxwidth", "query", whole(0, u32::MAX.into()), json!(480)),
        ("maxheight", "query", whole(0, u32::MAX.into()), json!(200)),
        ("format", "query", any(), json!("json")),
        ("from", "query", moment(), json!("2027-03-01")),
        ("to", "query", moment(), json!("2027-04-01T00:00:00-03:00")),
        (
            "limit",
            "query",
            json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
            json!(50),
        ),
        ("offset", "query", whole(0, 10_000), json!(40)),
        ("skip", "query", whole(0, 10_000), Value::Null),
        ("cursor", "query", any(), Value::Null),
        (
            "after",
            "query",
            json!({"type": "integer", "format": "int64"}),
            json!(0),
        ),
        (
            "before",
            "query",
            json!({"type": "integer", "format": "int64"}),
            Value::Null,
        ),
        ("source", "query", any(), Value::Null),
        ("hidden", "query", any(), Value::Null),
        ("copy", "query", any(), json!("42")),
        ("lang", "query", any(), json!("en")),
        ("v", "query", any(), json!("1")),
        ("Accept-Language", "header", any(), json!("en, pt;q=0.5")),
        ("If-None-Match", "header", any(), json!("\"42-1\"")),
        ("If-Match", "header", any(), json!("\"42-1\"")),
        (
            "Idempotency-Key",
            "header",
            json!({"type": "string", "pattern": "^[!-~]{16,255}$"}),
            json!("5b1f0a3e-8c62-4b0c-9a86-f6a1c1f0f7d2"),
        ),
    ];
    let parameters = all.map(|(component, place, schema, example)| {
        // Some names mean more here than there.
        let name = ["path-", "page-", "feed-", "query-"]
            .iter()
            .find_map(|kind| component.strip_prefix(kind))
            .unwrap_or(component);
        let key = match component {
            "query-id" => component.to_owned(),
            _ => name.to_lowercase(),
        };
        let mut parameter = json!({
            "name": name,
            "in": place,
            "description": words(lang, &format!("parameter-{key}")),
            "schema": schema,
        });
        if place == "path" {
            parameter["required"] = true.into();
        }
        if !example.is_null() {
            parameter["example"] = example;
        }
        if ["search", "skip"].contains(&name) {
            parameter["deprecated"] = true.into();
        }
        (component.to_owned(), parameter)
    });
    Value::Object(parameters.into_iter().collect())
}

/// Every header of an answer by its name.
pub(crate) fn headers(lang: Lang) -> Value {
    let all = [
        (
            "ETag",
            json!({"type": "string", "pattern": "^\".*\"$"}),
            "\"42-1\"",
            true,
        ),
        (
            "Link",
            json!({"type": "string"}),
            "</api/events/?cursor=dS4x>; rel=\"next\"",
            false,
        ),
        (
            "Location",
            json!({"type": "string"}),
            "/api/events/42",
            true,
        ),
        (
            "Retry-After",
            json!({"type": "integer", "minimum": 1}),
            "5",
            true,
        ),
        (
            "WWW-Authenticate",
            json!({"type": "string"}),
            "Basic realm=\"operator\"",
            true,
        ),
    ];
    let headers = all.map(|(name, schema, example, required)| {
        let key = name.to_lowercase();
        let example = match example.parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) => json!(example),
        };
        let header = json!({
            "description": words(lang, &format!("header-{key}")),
            "required": required,
            "schema": schema,
            "example": example,
        });
        (name.to_owned(), header)
    });
    Value::Object(headers.into_iter().collect())
}
