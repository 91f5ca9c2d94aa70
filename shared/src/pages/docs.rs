//! `GET /docs`: shows the OpenAPI document of the API as an HTML page.

use serde::Serialize;
use serde_json::{Value, json};

use super::{i18n::Lang, page::Page, view::View};
use crate::routes::paths;

/// The page with the documentation of the API.
#[derive(Debug, Serialize)]
pub struct DocsPage {
    /// Paragraphs of the introduction.
    about: Vec<String>,
    groups: Vec<Group>,
    /// Descriptions of the fields of an event.
    fields: Vec<Term>,
}

#[derive(Debug, Serialize)]
struct Group {
    id: String,
    text: String,
    operations: Vec<Operation>,
}

#[derive(Debug, Serialize)]
struct Operation {
    id: String,
    method: String,
    /// HTTP method in lower case, for its CSS class.
    css: String,
    path: String,
    text: String,
    /// Whether the path of the operation is an alias of another path, which has the details.
    #[serde(skip)]
    is_alias: bool,
    parameters: Vec<Term>,
    /// Media types of the request body.
    body: Option<String>,
    responses: Vec<Term>,
    /// An example request, as a curl command.
    request_example: Option<String>,
    /// The JSON in the response to the example request.
    response_example: Option<String>,
}

/// A parameter, response or field of the API, with its description.
#[derive(Debug, Serialize)]
struct Term {
    name: String,
    properties: Vec<String>,
    text: String,
}

/// The HTTP methods of a path, in their order on the page.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// OpenAPI tags whose operations are shown with an example.
const GROUPS_WITH_EXAMPLES: [&str; 2] = ["events", "by-token"];
/// Query parameters that the example requests contain.
const EXAMPLE_PARAMETERS: [&str; 2] = ["technology", "when"];

impl DocsPage {
    /// Creates the page from the OpenAPI document `document`, whose texts are in the language of the page.
    #[must_use]
    pub fn new(document: &Value, view: &View) -> Self {
        let reader = DocumentReader { document, view };
        let tags = document["tags"].as_array();
        Self {
            about: text(&document["info"]["description"])
                .split("\n\n")
                .map(str::to_owned)
                .collect(),
            groups: tags
                .into_iter()
                .flatten()
                .map(|tag| reader.group(tag))
                .collect(),
            fields: reader.fields(),
        }
    }
}

/// Converts parts of the OpenAPI document into parts of the page.
struct DocumentReader<'a> {
    document: &'a Value,
    view: &'a View,
}

impl<'a> DocumentReader<'a> {
    fn text(&self, key: &str) -> String {
        self.view.lang.text(key)
    }

    /// Returns the target of a `$ref` in `value`, or `value` itself.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'));
        let found = pointer.and_then(|pointer| self.document.pointer(pointer));
        found.unwrap_or(value)
    }

    fn group(&self, tag: &Value) -> Group {
        let id = text(&tag["name"]);
        let paths = self.document["paths"].as_object();
        let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
            let methods = METHODS.iter();
            methods.filter_map(move |method| Some((path, *method, item.get(*method)?)))
        });
        let mut operations: Vec<_> = operations
            .filter(|(_, _, operation)| operation["tags"][0] == tag["name"])
            .map(|(path, method, operation)| self.operation(path, method, operation, &id))
            .collect();
        // Aliases come last.
        operations.sort_by_key(|operation| operation.is_alias);
        Group {
            text: text(&tag["description"]),
            id,
            operations,
        }
    }

    fn operation(&self, path: &str, method: &str, operation: &'a Value, group: &str) -> Operation {
        let parameters: Vec<&Value> = list(&operation["parameters"])
            .map(|parameter| self.resolve(parameter))
            .collect();
        let is_alias = operation.get("description").is_some();
        let has_example = GROUPS_WITH_EXAMPLES.contains(&group) && !is_alias;
        Operation {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            css: method.to_owned(),
            path: path.to_owned(),
            text: text(&operation[if is_alias { "description" } else { "summary" }]),
            is_alias,
            body: operation["requestBody"]["content"]
                .as_object()
                .map(|content| {
                    let types: Vec<&str> = content.keys().map(String::as_str).collect();
                    types.join(", ")
                }),
            responses: members(&operation["responses"])
                .map(|(status, response)| self.response(status, self.resolve(response)))
                .collect(),
            request_example: has_example
                .then(|| self.request_example(path, method, operation, &parameters)),
            response_example: self.response_example(operation).filter(|_| has_example),
            parameters: parameters
                .into_iter()
                .map(|parameter| self.parameter(parameter))
                .collect(),
        }
    }

    fn parameter(&self, parameter: &Value) -> Term {
        let place = text(&parameter["in"]);
        let mut properties = vec![self.text(&format!("docs-place-{place}"))];
        if parameter["deprecated"] == true {
            properties.push(self.text("docs-deprecated"));
        }
        properties.extend(limits(&parameter["schema"], self.view.lang));
        Term {
            name: text(&parameter["name"]),
            properties,
            text: text(&parameter["description"]),
        }
    }

    fn response(&self, status: &str, response: &Value) -> Term {
        let types = members(&response["content"]).map(|(media_type, _)| media_type.to_owned());
        let headers = members(&response["headers"]).map(|(name, _)| name.to_owned());
        Term {
            name: status.to_owned(),
            properties: types.chain(headers).collect(),
            text: text(&response["description"]),
        }
    }

    /// Returns a curl command that sends the request with the example values of its parameters and body.
    fn request_example(
        &self,
        path: &str,
        method: &str,
        operation: &Value,
        parameters: &[&Value],
    ) -> String {
        let mut url = format!("{}{path}", self.view.base_url);
        let mut query = Vec::new();
        let mut options = String::new();
        if method != "get" {
            options.push_str(&format!(" -X {}", method.to_uppercase()));
        }
        for parameter in parameters {
            let (name, example) = (text(&parameter["name"]), text(&parameter["example"]));
            match parameter["in"].as_str() {
                Some("path") => url = url.replace(&format!("{{{name}}}"), &example),
                Some("query") if EXAMPLE_PARAMETERS.contains(&name.as_str()) => {
                    query.push(format!("{name}={example}"));
                }
                Some("header") if ["If-Match", "Idempotency-Key"].contains(&name.as_str()) => {
                    options.push_str(&format!(" \\\n  -H '{name}: {example}'"));
                }
                _ => {}
            }
        }
        if !query.is_empty() {
            url = format!("{url}?{}", query.join("&"));
        }
        if let Some((media_type, content)) = members(&operation["requestBody"]["content"]).next() {
            let example = &self.resolve(&content["schema"])["examples"][0];
            options.push_str(&format!(
                " \\\n  -H 'Content-Type: {media_type}' \\\n  -d '{example}'"
            ));
        }
        format!("curl '{url}'{options}")
    }

    /// Returns the example JSON of the successful response to `operation`.
    fn response_example(&self, operation: &'a Value) -> Option<String> {
        let (_, response) =
            members(&operation["responses"]).find(|(status, _)| status.starts_with('2'))?;
        let schema = self.resolve(&response["content"]["application/json"]["schema"]);
        let example = match &schema["items"] {
            Value::Null => schema["examples"][0].clone(),
            items => json!([self.resolve(items)["examples"][0]]),
        };
        (!example.is_null()).then(|| serde_json::to_string_pretty(&example).unwrap_or_default())
    }

    /// Describes the fields of an event: those in requests with their limits, the required ones first, then those in
    /// responses only.
    fn fields(&self) -> Vec<Term> {
        let schemas = &self.document["components"]["schemas"];
        let (request, response) = (&schemas["NewEvent"], &schemas["OwnEvent"]);
        let required: Vec<&str> = list(&request["required"])
            .filter_map(Value::as_str)
            .collect();
        let request_fields = members(&request["properties"]).map(|(name, field)| {
            let mut properties = Vec::new();
            if required.contains(&name) {
                properties.push(self.text("docs-required"));
            }
            properties.extend(limits(field, self.view.lang));
            Term {
                name: name.to_owned(),
                properties,
                text: text(&field["description"]),
            }
        });
        let response_fields = members(&response["properties"])
            .filter(|(name, _)| request["properties"].get(*name).is_none())
            .map(|(name, field)| Term {
                name: name.to_owned(),
                properties: vec![self.text("docs-response-only")],
                text: text(&field["description"]),
            });
        let mut fields: Vec<Term> = request_fields.collect();
        fields.sort_by_key(|field| !required.contains(&field.name.as_str()));
        fields.extend(response_fields);
        fields
    }
}

/// Describes the values that `schema` allows, where a brief description is possible.
fn limits(schema: &Value, lang: Lang) -> Vec<String> {
    let mut limits = Vec::new();
    let choices: Vec<&str> = list(&schema["enum"])
        .filter_map(Value::as_str)
        .filter(|choice| !choice.is_empty())
        .collect();
    if !choices.is_empty() {
        limits.push(choices.join(" · "));
    }
    if let Some(max) = schema["maxLength"].as_i64() {
        limits.push(lang.text_with("docs-chars-max", [("max", max.into())]));
    }
    // The range of an id, up to the largest integer, is not useful to a reader.
    if let (Some(min), Some(max)) = (schema["minimum"].as_i64(), schema["maximum"].as_i64())
        && max < i64::from(u32::MAX)
    {
        limits.push(format!("{min}–{max}"));
    }
    limits
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

impl Page for DocsPage {
    const TEMPLATE: &'static str = "docs";

    fn title(&self, lang: Lang) -> Option<String> {
        Some(lang.text("footer-docs"))
    }

    fn path_and_query(&self) -> Option<&str> {
        Some(paths::DOCS)
    }
}
