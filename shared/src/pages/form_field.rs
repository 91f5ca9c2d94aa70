//! A field of the event form.

use serde::Serialize;

use super::{date_preview::DatePreview, i18n::Lang, select_options::OptionGroup};

/// A field of the event form with its label, hint and errors.
#[derive(Debug, Default, Serialize)]
pub(super) struct FormField {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    /// Error messages of the field, joined by spaces; empty if there are none.
    pub(super) error: String,
    /// Ids of the elements that describe the field, for `aria-describedby`.
    pub(super) described_by: String,
    /// The `type` of the `input` element; empty for a `select` or `textarea`.
    pub(super) input_type: &'static str,
    pub(super) value: String,
    /// Options of the `select` element.
    pub(super) option_groups: Vec<OptionGroup>,
    /// Whether the field is a `textarea`.
    pub(super) multiline: bool,
    pub(super) required: bool,
    pub(super) autofocus: bool,
    /// Whether the field shares its row with another field.
    pub(super) half_width: bool,
    /// Maximum length in characters, if a script counts them.
    pub(super) chars_max: Option<usize>,
    /// Whether seconds can be typed (`step="1"`).
    pub(super) with_seconds: bool,
    /// Latest allowed time. With a maximum, browsers also move the cursor after four digits of the year.
    pub(super) max: String,
    /// Name of the time zone of a date and time; empty for other fields.
    pub(super) zone: String,
    pub(super) preview: Option<DatePreview>,
    /// Whether the technologies in use are suggested in the field.
    pub(super) has_suggestions: bool,
}

/// An error of a field of the event form.
#[derive(Debug, Serialize)]
pub(super) struct FieldErrorView {
    pub(super) field: String,
    pub(super) label: String,
    pub(super) message: String,
}

impl FormField {
    /// Creates the field `name` with its label, hint, and those of `errors` that concern it.
    pub(super) fn new(
        lang: Lang,
        errors: &[FieldErrorView],
        name: &'static str,
        input_type: &'static str,
        value: &str,
    ) -> Self {
        let errors = errors.iter().filter(|error| error.field == name);
        let messages: Vec<_> = errors.map(|error| error.message.as_str()).collect();
        Self {
            name,
            input_type,
            label: lang.text(&format!("field-{name}")),
            hint: lang.try_text(&format!("field-{name}-hint")),
            error: messages.join(" "),
            value: value.to_owned(),
            ..Self::default()
        }
    }

    /// Returns the field with the ids of its hint, zone and error in `described_by`.
    pub(super) fn with_description_ids(mut self) -> Self {
        let suffixes = [
            ("hint", self.hint.is_some()),
            ("zone", !self.zone.is_empty()),
            ("error", !self.error.is_empty()),
        ];
        let ids: Vec<_> = suffixes
            .into_iter()
            .filter(|(_, is_shown)| *is_shown)
            .map(|(suffix, _)| format!("{}-{suffix}", self.name))
            .collect();
        self.described_by = ids.join(" ");
        self
    }
}
