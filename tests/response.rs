//! A received HTTP response: status, headers and body, with accessors for JSON and HTML. `Display` prints the visible
//! text.

use std::fmt;

use axum::body::Body;
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use scraper::{ElementRef, Html, Node, Selector};
use serde_json::Value;

/// An HTTP response with its complete body.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// A form of an HTML page, with the initial values of its fields.
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Response {
    pub(crate) async fn of(response: http::Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body
            .collect()
            .await
            .expect("the body is complete")
            .to_bytes()
            .to_vec();
        Self {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("the body is UTF-8")
    }

    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// Asserts that the page defines every icon it uses.
    #[track_caller]
    pub(crate) fn assert_icons_defined(&self) {
        let page = self.header(header::CONTENT_TYPE).starts_with("text/html");
        if !page || self.headers.contains_key(header::CONTENT_ENCODING) {
            return;
        }
        let page = self.text();
        for rest in page.split("href=\"#icon-").skip(1) {
            let icon = rest.split('"').next().unwrap();
            let symbol = format!("<symbol id=\"icon-{icon}\"");
            assert!(
                page.contains(&symbol),
                "the icon {icon} is missing in\n{self}"
            );
        }
    }

    pub(crate) fn location(&self) -> String {
        self.header(header::LOCATION).to_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error} in\n{self}"))
    }

    /// Returns the field errors in a 422 response of the API, each as `pointer code`.
    pub(crate) fn field_errors(&self) -> Vec<String> {
        let document = self.json();
        let errors = document["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors
            .iter()
            .map(|error| format!("{} {}", text(&error["pointer"]), text(&error["code"])))
            .collect()
    }

    /// Returns the texts of the elements that match the CSS selector, with white space collapsed.
    pub(crate) fn select(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text());
        let text = |element: ElementRef<'_>| {
            collapse_whitespace(element.text().collect::<String>().as_str())
        };
        html.select(&Selector::parse(selector).unwrap())
            .map(text)
            .collect()
    }

    /// Returns the titles of the event cards on the page.
    pub(crate) fn cards(&self) -> Vec<String> {
        self.select("article h4")
    }

    /// Returns the values of the attribute `name` of the elements that match the CSS selector.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text());
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector)
            .filter_map(|element| element.attr(name))
            .map(str::to_owned)
            .collect()
    }

    /// Returns the form of the page whose action ends with `action`.
    pub(crate) fn form(&self, action: &str) -> Form {
        let html = Html::parse_document(&self.text());
        let posts = Selector::parse("form[method=post]").unwrap();
        let form = html
            .select(&posts)
            .find(|form| form.attr("action").unwrap_or_default().ends_with(action));
        let form = form.unwrap_or_else(|| panic!("no form {action} in\n{self}"));
        let controls = Selector::parse("input[name], select[name], textarea[name]").unwrap();
        let fields = form
            .select(&controls)
            .map(|control| (control.attr("name").unwrap().to_owned(), value(control)));
        Form {
            action: form.attr("action").unwrap().to_owned(),
            fields: fields.collect(),
        }
    }
}

fn value(control: ElementRef<'_>) -> String {
    match control.value().name() {
        "textarea" => control.text().collect(),
        "select" => {
            // Browsers send the first option when none is selected.
            let [selected, first] =
                ["option[selected]", "option"].map(|s| Selector::parse(s).unwrap());
            let option = control
                .select(&selected)
                .chain(control.select(&first))
                .next()
                .and_then(|option| option.attr("value"));
            option.unwrap_or_default().to_owned()
        }
        _ => control.attr("value").unwrap_or_default().to_owned(),
    }
}

fn collapse_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Appends the text nodes of an element to `lines`, one per line; a form control is written as `[value]`.
fn lines(element: ElementRef<'_>, lines: &mut Vec<String>) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => {
                let text = collapse_whitespace(text);
                if !text.is_empty() {
                    lines.push(text);
                }
            }
            Node::Element(_) => {
                let Some(child) = ElementRef::wrap(child) else {
                    continue;
                };
                match child.value().name() {
                    "input" | "textarea" | "select" => {
                        lines.push(format!("[{}]", collapse_whitespace(&value(child))));
                    }
                    _ => self::lines(child, lines),
                }
            }
            _ => {}
        }
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if self.headers.contains_key(header::LOCATION) {
            write!(f, " → {}", self.location())?;
        }
        if self.header(header::CONTENT_TYPE).starts_with("text/html") {
            let html = Html::parse_document(&self.text());
            let mut text = Vec::new();
            if let Some(main) = html.select(&Selector::parse("main").unwrap()).next() {
                lines(main, &mut text);
            }
            for line in text {
                write!(f, "\n{line}")?;
            }
        } else if !self.bytes.is_empty() {
            write!(f, "\n{}", String::from_utf8_lossy(&self.bytes))?;
        }
        Ok(())
    }
}
