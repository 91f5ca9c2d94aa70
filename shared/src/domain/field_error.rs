//! The errors that validating the fields of an event form or API document can produce.

/// All validation errors of one form or JSON document; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationErrors(Vec<FieldError>);

impl ValidationErrors {
    /// Creates the single error of a JSON document that is not an object.
    #[must_use]
    pub fn not_an_object() -> Self {
        Self(vec![FieldError::at(
            String::new(),
            FieldErrorCode::NotAnObject,
        )])
    }

    /// Creates the list from `errors`. An empty `errors` is a programming error, as an invalid form has at least one.
    pub(super) fn new(errors: Vec<FieldError>) -> Self {
        debug_assert!(!errors.is_empty(), "an invalid form has an error");
        Self(errors)
    }

    /// Iterates over the errors, in the order of the fields in the form.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }
}

/// A validation error of one field of a form or JSON document.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// Position of the invalid value in the document, as a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong with the value at `pointer`.
    pub code: FieldErrorCode,
}

impl FieldError {
    /// Creates the error `code` of the whole field named `field`.
    pub(super) fn new(field: &str, code: FieldErrorCode) -> Self {
        Self::at(format!("/{field}"), code)
    }

    /// Creates the error `code` of the value at `pointer`, a JSON Pointer (RFC 6901).
    pub(super) fn at(pointer: String, code: FieldErrorCode) -> Self {
        Self { pointer, code }
    }

    /// Returns the name of the invalid form field: the first token of `pointer`.
    #[must_use]
    pub fn field(&self) -> &str {
        self.pointer.split('/').nth(1).unwrap_or_default()
    }
}

/// The reasons why a field is invalid, with the exceeded limit where there is one (`max` in characters or items).
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "templates/locales has a sentence for each, under its code"
)]
pub enum FieldErrorCode {
    Required,
    NotAnObject,
    NotText,
    NotTexts,
    TooLong { max: usize },
    TooMany { max: usize },
    LineBreak,
    ControlCharacter,
    DateFormat,
    DateRange,
    TimeSkipped,
    UnknownTimezone,
    EndsBeforeStart,
    EndsTooLate { days: i64 },
    NotAChoice { allowed: String },
    NotAUrl,
    Denied { word: String },
}

impl FieldErrorCode {
    /// Returns the code in API responses; prefixed with `field-error-`, it is the key of the translated message.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::NotAnObject => "not-an-object",
            Self::NotText => "not-text",
            Self::NotTexts => "not-texts",
            Self::TooLong { .. } => "too-long",
            Self::TooMany { .. } => "too-many",
            Self::LineBreak => "line-break",
            Self::ControlCharacter => "control-character",
            Self::DateFormat => "date-format",
            Self::DateRange => "date-range",
            Self::TimeSkipped => "time-skipped",
            Self::UnknownTimezone => "unknown-timezone",
            Self::EndsBeforeStart => "ends-before-start",
            Self::EndsTooLate { .. } => "ends-too-late",
            Self::NotAChoice { .. } => "not-a-choice",
            Self::NotAUrl => "not-a-url",
            Self::Denied { .. } => "denied",
        }
    }

    /// Returns the name and value of the variable in the translated message, or `None` if the message has no variable.
    #[must_use]
    pub fn argument(&self) -> Option<(&'static str, String)> {
        match self {
            Self::TooLong { max } | Self::TooMany { max } => Some(("max", max.to_string())),
            Self::EndsTooLate { days } => Some(("days", days.to_string())),
            Self::NotAChoice { allowed } => Some(("allowed", allowed.clone())),
            Self::Denied { word } => Some(("word", word.clone())),
            Self::Required
            | Self::NotAnObject
            | Self::NotText
            | Self::NotTexts
            | Self::LineBreak
            | Self::ControlCharacter
            | Self::DateFormat
            | Self::DateRange
            | Self::TimeSkipped
            | Self::UnknownTimezone
            | Self::EndsBeforeStart
            | Self::NotAUrl => None,
        }
    }
}
