//! Checks every response that the tests receive against the OpenAPI document.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

use chrono::DateTime;
use http::{Method, StatusCode, header};
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use shared::{
    Tz,
    pages::{Lang, View},
    routes::{self, Audience},
};

use crate::response::Response;

/// The site's OpenAPI document, in an arbitrary language.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let view = View {
        lang: Lang::En,
        lang_chosen: false,
        path_and_query: None,
        now: DateTime::UNIX_EPOCH,
        app_title: "Site".to_owned(),
        base_url: "http://site.example".to_owned(),
    };
    docs::document::build(&view, Tz::America__Sao_Paulo)
});

/// The compiled schema validators, by the JSON pointer of the schema in the OpenAPI document.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Validator>>> = LazyLock::new(Mutex::default);

/// Returns every operation of the OpenAPI document, as method and path.
pub(crate) fn operations() -> Vec<(String, String)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

/// Asserts that the OpenAPI document describes the response: status, media type, headers and JSON. A request that
/// matches no operation must get 404, or 405 with `Allow`.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, response: &Response) {
    // OPTIONS and the redirects that correct slashes work on every path and are not documented per operation.
    if *method == Method::OPTIONS && response.status == StatusCode::NO_CONTENT
        || routes::with_slash_corrected(path).is_some()
            && response.status == StatusCode::PERMANENT_REDIRECT
    {
        return;
    }
    let method_name = match *method {
        Method::HEAD => "get".to_owned(),
        _ => method.as_str().to_lowercase(),
    };
    let route = routes::find(path);
    let operation = route.and_then(|route| DOCUMENT["paths"][route.path].get(&method_name));
    let Some(operation) = operation else {
        let expected: &[u16] = match route {
            // The operator's paths are 404 without ADMIN_TOKEN.
            Some(route) if route.audience == Audience::Operator => &[404, 405],
            Some(_) => &[405],
            None => &[404],
        };
        // These refusals come before the method is examined.
        let refused = [414, 429, 503].contains(&response.status.as_u16());
        assert!(
            refused || expected.contains(&response.status.as_u16()),
            "{method} {path} is not in the document: {response}"
        );
        assert!(
            response.status != StatusCode::METHOD_NOT_ALLOWED
                || !response.header(header::ALLOW).is_empty()
        );
        return;
    };
    let documented = &operation["responses"][response.status.as_str()];
    assert!(
        !documented.is_null(),
        "{method} {path}: the status is not in the document: {response}"
    );
    let documented = resolved(documented);
    let empty = Map::new();
    for (name, description) in documented["headers"].as_object().unwrap_or(&empty) {
        let required = resolved(description)["required"] == true;
        assert!(
            !required || response.headers.contains_key(name.as_str()),
            "{method} {path}: no {name}: {response}"
        );
    }
    // The response to HEAD has no body.
    if *method == Method::HEAD {
        return;
    }
    let content_type = response.header(header::CONTENT_TYPE);
    let media_type = content_type.split(';').next().unwrap_or_default();
    let Some(content) = documented["content"].as_object() else {
        assert_eq!(
            response.bytes.len(),
            0,
            "{method} {path}: the document describes no body: {response}"
        );
        return;
    };
    let content = content.get(media_type).or_else(|| content.get("*/*"));
    assert!(
        content.is_some(),
        "{method} {path}: {media_type} is not in the document: {response}"
    );
    let compressed = response.headers.contains_key(header::CONTENT_ENCODING);
    let json = ["application/json", "application/problem+json"];
    if !compressed && json.contains(&media_type) {
        let pointer = content.unwrap()["schema"]["$ref"].as_str();
        let pointer =
            pointer.unwrap_or_else(|| panic!("{method} {path}: no schema for {response}"));
        let errors = schema_errors(pointer, &response.json());
        assert!(
            errors.is_empty(),
            "{method} {path}: {errors:#?}\n{response}"
        );
    }
    if !compressed && media_type == "application/x-ndjson" {
        for line in response.text().lines() {
            let event = serde_json::from_str(line).unwrap();
            let errors = schema_errors("#/components/schemas/Event", &event);
            assert!(errors.is_empty(), "{method} {path}: {errors:#?}\n{line}");
        }
    }
}

/// Returns the target of a `$ref`, or `value` itself if it is no reference.
fn resolved(value: &Value) -> &Value {
    let pointer = value["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(value, |pointer| {
        DOCUMENT.pointer(pointer).expect("the reference resolves")
    })
}

/// Returns how `value` violates the schema at `pointer` in the OpenAPI document. Stricter than the document: properties
/// that a schema does not name are violations, too.
fn schema_errors(pointer: &str, value: &Value) -> Vec<String> {
    let mut validators = VALIDATORS.lock().unwrap();
    let validator = validators.entry(pointer.to_owned()).or_insert_with(|| {
        let mut schemas = DOCUMENT["components"]["schemas"].clone();
        for (name, schema) in schemas.as_object_mut().unwrap() {
            if schema["properties"].is_object() && name != "OpenApi" {
                schema["additionalProperties"] = false.into();
            }
        }
        let schema = json!({"$ref": pointer, "components": {"schemas": schemas}});
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap()
    });
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}
