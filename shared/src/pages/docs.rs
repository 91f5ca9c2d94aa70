//! The documentation of the API: the OpenAPI document as people read it.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    i18n::Lang,
    view::{Page, View},
};

/// `GET /docs`.
#[derive(Debug, Serialize)]
pub struct DocsPage {
    /// What holds of the whole, a paragraph each.
    about: Vec<String>,
    groups: Vec<Group>,
    /// What an event has.
    fields: Vec<Term>,
}

#[derive(Debug, Serialize)]
struct Group {
    id: String,
    words: String,
    operations: Vec<Operation>,
}

#[derive(Debug, Serialize)]
struct Operation {
    id: String,
    method: String,
    /// The method as the stylesheet has it.
    kind: String,
    path: String,
    words: String,
    /// Whether it is told in full at another path.
    #[serde(skip)]
    alias: bool,
    parameters: Vec<Term>,
    /// The media types of what it takes.
    body: Option<String>,
    answers: Vec<Term>,
    /// How to ask, from a shell.
    request: Option<String>,
    /// What comes back.
    answer: Option<String>,
}

/// A name, what kind of thing it is, and what it means.
#[derive(Debug, Serialize)]
struct Term {
    name: String,
    kinds: Vec<String>,
    words: String,
}

/// The methods of a path, in the order they are told.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Groups whose operations are shown with an example.
const WITH_EXAMPLES: [&str; 2] = ["events", "by-token"];
/// What an example asks for.
const EXAMPLE_PARAMETERS: [&str; 2] = ["technology", "when"];

impl DocsPage {
    /// The page of this OpenAPI document, whose words are in the reader's language already.
    #[must_use]
    pub fn new(document: &Value, view: &View) -> Self {
        let reader = Reader { document, view };
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

/// The document, and who reads it.
struct Reader<'a> {
    document: &'a Value,
    view: &'a View,
}

impl<'a> Reader<'a> {
    fn words(&self, key: &str) -> String {
        self.view.lang.text(key)
    }

    /// What a reference refers to, or the value itself.
    fn resolve(&self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"]
            .as_str()
            .and_then(|place| place.strip_prefix('#'));
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
        // What is told twice comes last.
        operations.sort_by_key(|operation| operation.alias);
        Group {
            words: text(&tag["description"]),
            id,
            operations,
        }
    }

    fn operation(&self, path: &str, method: &str, told: &'a Value, group: &str) -> Operation {
        let parameters: Vec<&Value> = list(&told["parameters"])
            .map(|parameter| self.resolve(parameter))
            .collect();
        let alias = told.get("description").is_some();
        let shown = WITH_EXAMPLES.contains(&group) && !alias;
        Operation {
            id: text(&told["operationId"]),
            method: method.to_uppercase(),
            kind: method.to_owned(),
            path: path.to_owned(),
            words: text(&told[if alias { "description" } else { "summary" }]),
            alias,
            body: told["requestBody"]["content"].as_object().map(|content| {
                let types: Vec<&str> = content.keys().map(String::as_str).collect();
                types.join(", ")
            }),
            answers: members(&told["responses"])
                .map(|(status, answer)| self.answer(status, self.resolve(answer)))
                .collect(),
            request: shown.then(|| self.request(path, method, told, &parameters)),
            answer: self.example(told).filter(|_| shown),
            parameters: parameters
                .into_iter()
                .map(|parameter| self.parameter(parameter))
                .collect(),
        }
    }

    fn parameter(&self, parameter: &Value) -> Term {
        let place = text(&parameter["in"]);
        let mut kinds = vec![self.words(&format!("docs-place-{place}"))];
        if parameter["deprecated"] == true {
            kinds.push(self.words("docs-deprecated"));
        }
        kinds.extend(limits(&parameter["schema"], self.view.lang));
        Term {
            name: text(&parameter["name"]),
            kinds,
            words: text(&parameter["description"]),
        }
    }

    fn answer(&self, status: &str, answer: &Value) -> Term {
        let types = members(&answer["content"]).map(|(media_type, _)| media_type.to_owned());
        let headers = members(&answer["headers"]).map(|(name, _)| name.to_owned());
        Term {
            name: status.to_owned(),
            kinds: types.chain(headers).collect(),
            words: text(&answer["description"]),
        }
    }

    /// The request as curl sends it, with the values of the examples.
    fn request(&self, path: &str, method: &str, told: &Value, parameters: &[&Value]) -> String {
        let mut address = format!("{}{path}", self.view.base_url);
        let mut query = Vec::new();
        let mut options = String::new();
        if method != "get" {
            options.push_str(&format!(" -X {}", method.to_uppercase()));
        }
        for parameter in parameters {
            let (name, example) = (text(&parameter["name"]), text(&parameter["example"]));
            match parameter["in"].as_str() {
                Some("path") => address = address.replace(&format!("{{{name}}}"), &example),
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
            address = format!("{address}?{}", query.join("&"));
        }
        if let Some((media_type, content)) = members(&told["requestBody"]["content"]).next() {
            let example = &self.resolve(&content["schema"])["examples"][0];
            options.push_str(&format!(
                " \\\n  -H 'Content-Type: {media_type}' \\\n  -d '{example}'"
            ));
        }
        format!("curl '{address}'{options}")
    }

    /// The JSON that comes back when all goes well.
    fn example(&self, told: &'a Value) -> Option<String> {
        let (_, answer) =
            members(&told["responses"]).find(|(status, _)| status.starts_with('2'))?;
        let schema = self.resolve(&answer["content"]["application/json"]["schema"]);
        let example = match &schema["items"] {
            Value::Null => schema["examples"][0].clone(),
            items => json!([self.resolve(items)["examples"][0]]),
        };
        let shown = !example.is_null();
        shown.then(|| serde_json::to_string_pretty(&example).unwrap_or_default())
    }

    /// Every field of an event: those that are sent, with what is allowed, then those that only come back.
    fn fields(&self) -> Vec<Term> {
        let schemas = &self.document["components"]["schemas"];
        let (sent, answered) = (&schemas["NewEvent"], &schemas["OwnEvent"]);
        let required: Vec<&str> = list(&sent["required"]).filter_map(Value::as_str).collect();
        let sent_fields = members(&sent["properties"]).map(|(name, field)| {
            let mut kinds = Vec::new();
            if required.contains(&name) {
                kinds.push(self.words("docs-required"));
            }
            kinds.extend(limits(field, self.view.lang));
            Term {
                name: name.to_owned(),
                kinds,
                words: text(&field["description"]),
            }
        });
        let answered = members(&answered["properties"])
            .filter(|(name, _)| sent["properties"].get(*name).is_none())
            .map(|(name, field)| Term {
                name: name.to_owned(),
                kinds: vec![self.words("docs-answer-only")],
                words: text(&field["description"]),
            });
        let mut fields: Vec<Term> = sent_fields.collect();
        fields.sort_by_key(|field| !required.contains(&field.name.as_str()));
        fields.extend(answered);
        fields
    }
}

/// What values a schema lets through, as far as that is said in a few words.
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
    // An id is as large as it is.
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

    fn address(&self) -> Option<&str> {
        Some("/docs")
    }
}
