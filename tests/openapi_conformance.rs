//! What the OpenAPI document promises, held against every answer that a test of the suite gets.

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

/// The document, in no language in particular.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let view = View {
        lang: Lang::En,
        lang_chosen: false,
        here: None,
        now: DateTime::UNIX_EPOCH,
        app_title: "Board".to_owned(),
        base_url: "http://site.example".to_owned(),
    };
    docs::document::build(&view, Tz::America__Sao_Paulo)
});

/// What each schema lets through, by its pointer.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Validator>>> = LazyLock::new(Mutex::default);

/// Every operation of the document, as its method and its path.
pub(crate) fn operations() -> Vec<(String, String)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

/// Holds an answer to what the document says of it: its status, its media type, its headers and its JSON. What no operation
/// answers is not found, or is told which methods there are.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, response: &Response) {
    // OPTIONS and redirects for slashes are the same for every path, and in no document.
    if *method == Method::OPTIONS && response.status == StatusCode::NO_CONTENT
        || routes::with_slash_corrected(path).is_some()
            && response.status == StatusCode::PERMANENT_REDIRECT
    {
        return;
    }
    let asked = match *method {
        Method::HEAD => "get".to_owned(),
        _ => method.as_str().to_lowercase(),
    };
    let route = routes::find(path);
    let operation = route.and_then(|route| DOCUMENT["paths"][route.path].get(&asked));
    let Some(operation) = operation else {
        let known: &[u16] = match route {
            // The operator's paths are not there where there is no operator.
            Some(route) if route.audience == Audience::Operator => &[404, 405],
            Some(_) => &[405],
            None => &[404],
        };
        // Refused before anybody looked which method it is.
        let refused = [414, 429, 503].contains(&response.status.as_u16());
        assert!(
            refused || known.contains(&response.status.as_u16()),
            "{method} {path} is in no document: {response}"
        );
        assert!(
            response.status != StatusCode::METHOD_NOT_ALLOWED
                || !response.header(header::ALLOW).is_empty()
        );
        return;
    };
    let promised = &operation["responses"][response.status.as_str()];
    assert!(
        !promised.is_null(),
        "{method} {path}: no such status in the document: {response}"
    );
    let promised = resolved(promised);
    let empty = Map::new();
    for (name, told) in promised["headers"].as_object().unwrap_or(&empty) {
        let required = resolved(told)["required"] == true;
        assert!(
            !required || response.headers.contains_key(name.as_str()),
            "{method} {path}: no {name}: {response}"
        );
    }
    // The answer to a HEAD has no body to look at.
    if *method == Method::HEAD {
        return;
    }
    let told = response.header(header::CONTENT_TYPE);
    let media_type = told.split(';').next().unwrap_or_default();
    let Some(content) = promised["content"].as_object() else {
        assert_eq!(
            response.bytes.len(),
            0,
            "{method} {path}: a body that is in no document: {response}"
        );
        return;
    };
    let content = content.get(media_type).or_else(|| content.get("*/*"));
    assert!(
        content.is_some(),
        "{method} {path}: {media_type} is in no document: {response}"
    );
    let coded = response.headers.contains_key(header::CONTENT_ENCODING);
    let json = ["application/json", "application/problem+json"];
    if !coded && json.contains(&media_type) {
        let pointer = content.unwrap()["schema"]["$ref"].as_str();
        let pointer =
            pointer.unwrap_or_else(|| panic!("{method} {path}: no schema for {response}"));
        let problems = problems(pointer, &response.json());
        assert!(
            problems.is_empty(),
            "{method} {path}: {problems:#?}\n{response}"
        );
    }
    if !coded && media_type == "application/x-ndjson" {
        for line in response.text().lines() {
            let event = serde_json::from_str(line).unwrap();
            let problems = problems("#/components/schemas/Event", &event);
            assert!(
                problems.is_empty(),
                "{method} {path}: {problems:#?}\n{line}"
            );
        }
    }
}

/// What a reference refers to, or the value itself.
fn resolved(value: &Value) -> &Value {
    let pointer = value["$ref"]
        .as_str()
        .and_then(|place| place.strip_prefix('#'));
    pointer.map_or(value, |pointer| {
        DOCUMENT.pointer(pointer).expect("the reference is right")
    })
}

/// What is wrong with this value by the schema of this pointer, told more strictly than to the public: nothing may be there
/// that the document does not name.
fn problems(pointer: &str, value: &Value) -> Vec<String> {
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
