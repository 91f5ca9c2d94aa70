//! The description of one API operation, and a builder for it.

/// An API operation: one method of one path (OpenAPI: Operation Object).
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    pub(crate) method: &'static str,
    /// The operation id; its lower-case form, after `docs-op-`, is the translation key of the summary.
    pub(crate) id: &'static str,
    pub(crate) tag: &'static str,
    /// Whether the operation is a copy of an operation at another path.
    pub(crate) is_alias: bool,
    /// The path, query and header parameters, as keys into the document's parameters.
    pub(crate) parameters: Vec<&'static str>,
    pub(crate) body: Option<Body>,
    pub(crate) responses: Vec<Response>,
}

/// The kinds of request body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// A whole event as JSON.
    Event,
    /// A merge patch (RFC 7396) as JSON.
    Patch,
    /// The HTML form of an event.
    EventForm,
    /// The HTML form on the operator's pages.
    OperatorForm,
    /// An HTML form without fields.
    EmptyForm,
}

/// A response of an operation with one status.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content: Content,
    /// The response headers, as names in the document's headers.
    pub(crate) headers: Vec<&'static str>,
}

/// The kinds of response body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content {
    /// No body.
    Empty,
    /// JSON of the schema with this name.
    Json(&'static str),
    /// NDJSON, each line of the schema with this name.
    Lines(&'static str),
    /// An HTML page.
    Page,
    /// A body of this media type, without a schema.
    Other(&'static str),
    /// A problem document (RFC 9457) under `/api/`, elsewhere an HTML page with the same content.
    Problem,
}

pub(crate) const EVENTS: &str = "events";
pub(crate) const BY_TOKEN: &str = "by-token";
pub(crate) const FILES: &str = "files";
pub(crate) const PAGES: &str = "pages";
pub(crate) const OPERATIONS: &str = "operations";
pub(crate) const OPERATOR: &str = "operator";
/// The tags of the operations, in the order of the documentation.
pub(crate) const TAGS: [&str; 6] = [EVENTS, BY_TOKEN, FILES, PAGES, OPERATIONS, OPERATOR];

/// Returns the names of the headers that error responses with `status` have.
pub(crate) fn error_headers(status: u16) -> &'static [&'static str] {
    match status {
        401 => &["WWW-Authenticate"],
        412 => &["ETag"],
        429 | 503 => &["Retry-After"],
        _ => &[],
    }
}

impl Operation {
    /// Creates an operation with the parameters in `path` and the errors that every operation can return.
    pub(crate) fn new(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        tag: &'static str,
    ) -> Self {
        let parameter = |part: &&'static str| match part.strip_prefix('{')?.strip_suffix('}')? {
            // The query has a parameter of the same name.
            "city" => Some("path-city"),
            name => Some(name),
        };
        let mut operation = Self {
            path,
            method,
            id,
            tag,
            is_alias: false,
            parameters: path
                .split('/')
                .filter_map(|part| parameter(&part))
                .collect(),
            body: None,
            responses: Vec::new(),
        };
        if path.contains('{') {
            operation = operation.with_errors(&[404]);
        }
        operation.with_errors(&[414, 429, 500, 503])
    }

    pub(crate) fn get(path: &'static str, id: &'static str, tag: &'static str) -> Self {
        Self::new("GET", path, id, tag)
    }

    pub(crate) fn post(path: &'static str, id: &'static str, tag: &'static str) -> Self {
        Self::new("POST", path, id, tag)
    }

    /// Creates the operation of a translated HTML page.
    pub(crate) fn page(path: &'static str, id: &'static str) -> Self {
        Self::get(path, id, PAGES)
            .with_parameters(&["lang", "Accept-Language"])
            .with_response(200, Content::Page, &[])
    }

    pub(crate) fn with_parameters(mut self, parameters: &[&'static str]) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// Sets the request body, and adds the errors of reading and validating it.
    pub(crate) fn with_body(mut self, body: Body) -> Self {
        self.body = Some(body);
        match body {
            Body::Event | Body::Patch => self.with_errors(&[400, 408, 413, 415, 422]),
            Body::EventForm | Body::OperatorForm => self.with_errors(&[400, 403, 408, 413, 415]),
            Body::EmptyForm => self.with_errors(&[403]),
        }
    }

    pub(crate) fn with_response(
        mut self,
        status: u16,
        content: Content,
        headers: &[&'static str],
    ) -> Self {
        self.responses.push(Response {
            status,
            content,
            headers: headers.to_vec(),
        });
        self
    }

    /// Adds a 200 response with an ETag, and the 304 response for `If-None-Match`.
    pub(crate) fn conditional(self, content: Content) -> Self {
        self.with_parameters(&["If-None-Match"])
            .with_response(200, content, &["ETag"])
            .with_response(304, Content::Empty, &["ETag"])
    }

    /// Makes the 200 response of a page conditional (ETag and 304), for pages that are the same for every client with
    /// the same language.
    pub(crate) fn conditional_page(self) -> Self {
        self.without_responses(&[200]).conditional(Content::Page)
    }

    /// Adds the error responses with `statuses` that the operation does not have yet.
    pub(crate) fn with_errors(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            let headers = error_headers(*status);
            if self.responses.iter().all(|known| known.status != *status) {
                self = self.with_response(*status, Content::Problem, headers);
            }
        }
        self
    }

    pub(crate) fn without_responses(mut self, statuses: &[u16]) -> Self {
        self.responses
            .retain(|response| !statuses.contains(&response.status));
        self
    }

    pub(crate) fn tagged(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// Copies the operation to another path.
    pub(crate) fn alias_at(&self, path: &'static str) -> Self {
        Self {
            path,
            is_alias: true,
            ..self.clone()
        }
    }

    /// Adds the parameter `Accept-Language` if the operation can return a problem document, which is translated.
    pub(crate) fn with_language_of_problems(self) -> Self {
        let mut responses = self.responses.iter();
        let has_problem = responses.any(|response| matches!(response.content, Content::Problem));
        if has_problem && !self.parameters.contains(&"Accept-Language") {
            return self.with_parameters(&["Accept-Language"]);
        }
        self
    }
}
