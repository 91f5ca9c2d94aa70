//! The fields of an event as a visitor typed them or an API client sent them, before validation.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{
    event::Event,
    field_error::{FieldError, FieldErrorCode},
    technology::{are_equal_when_joined, split_names},
    time::wall_time_text,
};

/// The unvalidated fields of an event, as typed; an empty field is the same as an absent one.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    missing_docs,
    reason = "the API documents the fields, under the same names"
)]
pub struct EventForm {
    pub title: String,
    pub description: String,
    pub date: String,
    pub end_date: String,
    pub timezone: String,
    pub location: String,
    pub city: String,
    pub state: String,
    pub attendance: String,
    pub status: String,
    pub url: String,
    pub organizer: String,
    pub technologies: Vec<String>,
    /// Errors for JSON values of the wrong type.
    type_errors: Vec<FieldError>,
}

impl EventForm {
    /// Reads the fields that a browser posted: the last value of each known name, and technologies separated by commas.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if name == "technologies" {
                form.technologies = split_names(&value);
            } else if let Some((_, field)) = form
                .texts_mut()
                .into_iter()
                .find(|(field, _)| *field == name)
            {
                *field = value;
            }
        }
        form
    }

    /// Reads the members of an API request's JSON object. Unknown members are ignored, `null` is the same as absent,
    /// and values of the wrong type become errors, which [`EventForm::validate`] reports.
    #[must_use]
    pub fn from_json(members: &Map<String, Value>) -> Self {
        let mut form = Self::default();
        let mut errors = Vec::new();
        for (name, field) in form.texts_mut() {
            match members.get(name) {
                None | Some(Value::Null) => {}
                Some(Value::String(text)) => *field = text.clone(),
                Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                    errors.push(FieldError::new(name, FieldErrorCode::NotText));
                }
            }
        }
        match members.get("technologies") {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let code = match item.as_str() {
                        Some(name) if name.trim().is_empty() => Some(FieldErrorCode::Required),
                        Some(_) => None,
                        None => Some(FieldErrorCode::NotText),
                    };
                    if let Some(code) = code {
                        errors.push(FieldError::at(format!("/technologies/{index}"), code));
                    }
                    // An invalid item is stored as "" so that the errors of later items have the right index.
                    form.technologies
                        .push(item.as_str().unwrap_or_default().to_owned());
                }
            }
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                errors.push(FieldError::new("technologies", FieldErrorCode::NotTexts));
            }
        }
        form.type_errors = errors;
        form
    }

    /// Creates a form filled in with the values of `event`.
    #[must_use]
    pub fn from_event(event: &Event) -> Self {
        Self {
            title: event.title.clone(),
            description: event.description.clone().unwrap_or_default(),
            date: wall_time_text(event.date()),
            end_date: event.end_date().map(wall_time_text).unwrap_or_default(),
            timezone: event.timezone.name().to_owned(),
            location: event.location.clone(),
            city: event.city.clone().unwrap_or_default(),
            state: event.state.clone().unwrap_or_default(),
            attendance: event.attendance.as_str().to_owned(),
            status: event.status.as_str().to_owned(),
            url: event.url.clone().unwrap_or_default(),
            organizer: event.organizer.clone().unwrap_or_default(),
            technologies: event.technologies.clone(),
            type_errors: Vec::new(),
        }
    }

    /// Applies a JSON merge patch (RFC 7396) to the values of `event`; a member that is `null` is reset to its default.
    /// A city that was derived from the location is derived again when only the location changes.
    #[must_use]
    pub fn from_merge_patch(event: &Event, patch: &Map<String, Value>) -> Self {
        let mut members = Self::from_event(event).into_members();
        let only_location_changes = patch.contains_key("location")
            && !patch.contains_key("city")
            && !patch.contains_key("state");
        if only_location_changes && event.city_is_from_location() {
            members.remove("city");
            members.remove("state");
        }
        members.extend(patch.clone());
        Self::from_json(&members)
    }

    /// Corrects a form that a browser posted to change `event`: unchanged technologies whose names contain commas stay
    /// whole, although the form separates names by commas; and an unchanged city that was derived from the old location
    /// is derived from the new location.
    #[must_use]
    pub fn into_change_of(mut self, event: &Event) -> Self {
        if are_equal_when_joined(&self.technologies, &event.technologies) {
            self.technologies.clone_from(&event.technologies);
        }
        let is_unchanged = |typed: &str, stored: &Option<String>| {
            typed.trim() == stored.as_deref().unwrap_or_default()
        };
        let is_same_city =
            is_unchanged(&self.city, &event.city) && is_unchanged(&self.state, &event.state);
        if is_same_city && self.location.trim() != event.location && event.city_is_from_location() {
            self.city.clear();
            self.state.clear();
        }
        self
    }

    /// Returns the SHA-256 hash of all fields, equal for HTML forms and JSON documents with equal fields.
    #[must_use]
    pub fn fingerprint(&self) -> Vec<u8> {
        let members = Value::Object(self.clone().into_members());
        Sha256::digest(members.to_string().as_bytes()).to_vec()
    }

    /// Returns the name, the text in this form and the text in `other` of each field that differs. Surrounding white
    /// space, the kind of line endings, and seconds that are zero make no difference.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<(&'static str, String, String)> {
        let is_same = |field: &str, one: &str, other: &str| match field {
            "date" | "end_date" => one.trim_end_matches(":00") == other.trim_end_matches(":00"),
            _ => one == other,
        };
        let fields = self.comparable_texts().into_iter();
        fields
            .zip(other.comparable_texts())
            .filter(|((field, one), (_, other))| !is_same(field, one, other))
            .map(|((field, one), (_, other))| (field, one, other))
            .collect()
    }

    /// Returns the errors for JSON values of the wrong type, which were found while the form was read.
    pub(super) fn type_errors(&self) -> &[FieldError] {
        &self.type_errors
    }

    /// Returns the name and the text of each field, trimmed, with LF as line ending.
    fn comparable_texts(&self) -> Vec<(&'static str, String)> {
        let names = self.technologies.iter().map(|name| name.trim());
        let names: Vec<_> = names.filter(|name| !name.is_empty()).collect();
        let technologies = names.join(", ");
        let mut form = self.clone();
        let texts = form.texts_mut().into_iter();
        texts
            .map(|(field, text)| (field, text.trim().replace("\r\n", "\n")))
            .chain([("technologies", technologies)])
            .collect()
    }

    /// Converts the fields to members of a JSON object.
    fn into_members(mut self) -> Map<String, Value> {
        let technologies = std::mem::take(&mut self.technologies);
        let texts = self.texts_mut().into_iter();
        texts
            .map(|(name, text)| (name.to_owned(), std::mem::take(text).into()))
            .chain([("technologies".to_owned(), technologies.into())])
            .collect()
    }

    fn texts_mut(&mut self) -> [(&'static str, &mut String); 12] {
        [
            ("title", &mut self.title),
            ("description", &mut self.description),
            ("date", &mut self.date),
            ("end_date", &mut self.end_date),
            ("timezone", &mut self.timezone),
            ("location", &mut self.location),
            ("city", &mut self.city),
            ("state", &mut self.state),
            ("attendance", &mut self.attendance),
            ("status", &mut self.status),
            ("url", &mut self.url),
            ("organizer", &mut self.organizer),
        ]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_values_of_another_type_are_errors() {
        for (document, expected) in [
            (json!({"title": 5}), vec!["/title not-text"]),
            (json!({"title": null, "date": "x", "extra": {}}), vec![]),
            (
                json!({"technologies": "Rust"}),
                vec!["/technologies not-texts"],
            ),
            (
                json!({"technologies": ["Rust", " ", 7]}),
                vec!["/technologies/1 required", "/technologies/2 not-text"],
            ),
        ] {
            let form = EventForm::from_json(document.as_object().unwrap());
            let errors: Vec<_> = form
                .type_errors()
                .iter()
                .map(|error| format!("{} {}", error.pointer, error.code.as_str()))
                .collect();
            assert_eq!(errors, expected, "{document}");
        }
    }

    #[test]
    fn the_last_value_of_a_field_counts_and_unknown_fields_are_ignored() {
        let pairs = [
            ("title", "Old"),
            ("unknown", "x"),
            ("technologies", "Rust,C++"),
            ("title", "New"),
        ];
        let form = EventForm::from_pairs(pairs.map(|(name, value)| (name.into(), value.into())));
        let document = json!({"title": "New", "technologies": ["Rust", "C++"]});
        let same = EventForm::from_json(document.as_object().unwrap());
        assert_eq!(form, same);
        assert_eq!(form.fingerprint(), same.fingerprint());
    }

    #[test]
    fn white_space_line_endings_and_zero_seconds_make_no_difference() {
        let one = EventForm {
            title: " Rust Nights".to_owned(),
            date: "2027-03-18T19:00:00".to_owned(),
            description: "a\r\nb".to_owned(),
            technologies: split_names("Rust, ,C"),
            ..EventForm::default()
        };
        let other = EventForm {
            title: "Rust Nights".to_owned(),
            date: "2027-03-18T19:00".to_owned(),
            description: "a\nb".to_owned(),
            technologies: split_names("Rust,C"),
            location: "Recife".to_owned(),
            ..EventForm::default()
        };
        assert_eq!(
            one.differences(&other),
            [("location", String::new(), "Recife".to_owned())]
        );
    }
}
