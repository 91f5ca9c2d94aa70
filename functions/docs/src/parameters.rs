//! The OpenAPI definitions of request parameters and response headers.

use serde_json::{Map, Value, json};
use shared::{
    pages::Lang,
    routes::{links, paths},
};

use crate::schemas::{choices, reference, text};

/// The regular expression for a time in a query parameter: a date, or a date and time, local or with an offset; or
/// empty for no value.
const TIME_PATTERN: &str = r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?)?)?)?$";

/// The key of a parameter, its location (`path`, `query` or `header`), its schema, and an example or `null`.
type Definition = (&'static str, &'static str, Value, Value);

/// Builds all request parameters, by their keys. Parameters whose value is only looked up or compared accept any
/// string.
pub(crate) fn parameters(lang: Lang) -> Value {
    let definitions = [path_and_header_parameters(), query_parameters()].concat();
    let parameters = definitions
        .into_iter()
        .map(|(component, location, schema, example)| {
            // The prefix distinguishes parameters of the same name with different allowed values.
            let name = ["path-", "page-", "feed-", "query-"]
                .iter()
                .find_map(|prefix| component.strip_prefix(prefix))
                .unwrap_or(component);
            let key = match component {
                "query-id" => component.to_owned(),
                _ => name.to_lowercase(),
            };
            let mut parameter = json!({
                "name": name,
                "in": location,
                "description": text(lang, &format!("parameter-{key}")),
                "schema": schema,
            });
            if location == "path" {
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
    Value::Object(parameters.collect())
}

fn path_and_header_parameters() -> Vec<Definition> {
    let any = || json!({"type": "string"});
    vec![
        (
            "id",
            "path",
            json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX}),
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
        ("Accept-Language", "header", any(), json!("en, pt;q=0.5")),
        ("If-None-Match", "header", any(), json!("\"42-1\"")),
        ("If-Match", "header", any(), json!("\"42-1\"")),
        (
            "Idempotency-Key",
            "header",
            json!({"type": "string", "pattern": "^[!-~]{16,255}$"}),
            json!("5b1f0a3e-8c62-4b0c-9a86-f6a1c1f0f7d2"),
        ),
    ]
}

fn query_parameters() -> Vec<Definition> {
    let any = || json!({"type": "string"});
    let integer = |min: i64, max: i64| json!({"type": "integer", "minimum": min, "maximum": max});
    let time = || json!({"type": "string", "pattern": TIME_PATTERN});
    vec![
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
        // Feeds accept any value: an invalid one matches no event.
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
        ("maxwidth", "query", integer(0, u32::MAX.into()), json!(480)),
        (
            "maxheight",
            "query",
            integer(0, u32::MAX.into()),
            json!(200),
        ),
        ("format", "query", any(), json!("json")),
        ("from", "query", time(), json!("2027-03-01")),
        ("to", "query", time(), json!("2027-04-01T00:00:00-03:00")),
        (
            "limit",
            "query",
            json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
            json!(50),
        ),
        ("offset", "query", integer(0, 10_000), json!(40)),
        ("skip", "query", integer(0, 10_000), Value::Null),
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
    ]
}

/// Builds all response headers, by their names.
pub(crate) fn headers(lang: Lang) -> Value {
    let text_schema = || json!({"type": "string"});
    let quoted = json!({"type": "string", "pattern": "^\".*\"$"});
    let seconds = json!({"type": "integer", "minimum": 1});
    let next_page = format!("<{}?cursor=dS4x>; rel=\"next\"", paths::API_EVENTS);
    let headers = [
        ("ETag", quoted, json!("\"42-1\""), true),
        ("Link", text_schema(), json!(next_page), false),
        ("Location", text_schema(), json!(links::api_event(42)), true),
        ("Retry-After", seconds, json!(5), true),
        (
            "WWW-Authenticate",
            text_schema(),
            json!("Basic realm=\"operator\""),
            true,
        ),
    ];
    let headers = headers.map(|(name, schema, example, required)| {
        let key = name.to_lowercase();
        let header = json!({
            "description": text(lang, &format!("header-{key}")),
            "required": required,
            "schema": schema,
            "example": example,
        });
        (name.to_owned(), header)
    });
    Value::Object(headers.into_iter().collect())
}

/// Builds the references from a response to the headers `names`.
pub(crate) fn header_references(names: &[&str]) -> Value {
    let headers = names.iter();
    let headers: Map<String, Value> = headers
        .map(|name| ((*name).to_owned(), reference("headers", name)))
        .collect();
    headers.into()
}
