//! Problem documents (RFC 9457), the format of errors in the API.

use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use crate::pages::Lang;

/// A problem document (RFC 9457 §3).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument<'a> {
    /// Always `about:blank`: the status identifies the problem.
    pub r#type: &'static str,
    /// What happened, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// The parameter or header with the invalid value, if that is the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<&'static str>,
    /// The invalid fields, if those are the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem<'a>>,
}

/// What is wrong with a field.
#[derive(Serialize, ToSchema)]
pub struct FieldProblem<'a> {
    /// Where it is in the body (RFC 6901).
    pub pointer: &'a str,
    /// A code for programs.
    pub code: &'static str,
    /// What is allowed, in a sentence.
    pub detail: String,
}

impl Error {
    /// Renders the error as a problem document in the language `lang`.
    #[must_use]
    pub fn problem(&self, lang: Lang) -> ProblemDocument<'_> {
        let errors = match self {
            Self::Invalid(errors) => errors
                .iter()
                .map(|error| FieldProblem {
                    pointer: &error.pointer,
                    code: error.code.as_str(),
                    detail: lang.field_error(&error.code),
                })
                .collect(),
            _ => Vec::new(),
        };
        ProblemDocument {
            r#type: "about:blank",
            title: self.title(lang),
            status: self.status().as_u16(),
            detail: self.detail(lang),
            parameter: if let Self::BadParameter { name, .. } = self {
                Some(name)
            } else {
                None
            },
            errors,
        }
    }
}
