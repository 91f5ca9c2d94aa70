//! A valid event that is not stored yet, and the validation that turns a form into it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    event::{Attendance, Event, Status},
    field_error::ValidationErrors,
    form::EventForm,
    place::{PLACE_CHARS_MAX, city_and_state},
    validate::{LINE_CHARS_MAX, ORGANIZER_CHARS_MAX, Validator},
};

/// A valid event, ready to be stored; only [`EventForm::validate`] and [`EventForm::validate_change`] create one.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDraft(DraftFields);

/// The fields of an [`EventDraft`], which the store reads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DraftFields {
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: Option<DateTime<Utc>>,
    pub(crate) timezone: Tz,
    pub(crate) location: String,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) attendance: Attendance,
    pub(crate) status: Status,
    pub(crate) url: Option<String>,
    pub(crate) organizer: Option<String>,
    pub(crate) technologies: Vec<String>,
}

impl EventDraft {
    pub(crate) fn fields(&self) -> &DraftFields {
        &self.0
    }

    /// Returns every text that the client can choose freely, each with its JSON Pointer (RFC 6901).
    #[must_use]
    pub fn texts(&self) -> Vec<(String, &str)> {
        let draft = &self.0;
        let fields = [
            ("title", Some(&draft.title)),
            ("description", draft.description.as_ref()),
            ("location", Some(&draft.location)),
            ("city", draft.city.as_ref()),
            ("state", draft.state.as_ref()),
            ("url", draft.url.as_ref()),
            ("organizer", draft.organizer.as_ref()),
        ];
        let fields = fields
            .into_iter()
            .filter_map(|(name, text)| Some((format!("/{name}"), text?.as_str())));
        let technologies = draft.technologies.iter().enumerate();
        let technologies =
            technologies.map(|(index, name)| (format!("/technologies/{index}"), name.as_str()));
        fields.chain(technologies).collect()
    }
}

impl EventForm {
    /// Validates the form of a new event. `default_timezone` applies where the form names no time zone.
    ///
    /// # Errors
    /// Returns every invalid field, in the order of the form.
    pub fn validate(&self, default_timezone: Tz) -> Result<EventDraft, ValidationErrors> {
        self.validate_against(None, default_timezone)
    }

    /// Validates the form of a change to `event`. A wall-clock time that the form leaves unchanged keeps its instant,
    /// even where a clock change repeats that time and the stored instant is the later one.
    ///
    /// # Errors
    /// Returns every invalid field, in the order of the form.
    pub fn validate_change(
        &self,
        event: &Event,
        default_timezone: Tz,
    ) -> Result<EventDraft, ValidationErrors> {
        self.validate_against(Some(event), default_timezone)
    }

    fn validate_against(
        &self,
        stored: Option<&Event>,
        default_timezone: Tz,
    ) -> Result<EventDraft, ValidationErrors> {
        // The fields are validated in the order of the form, which is the order of the errors.
        let mut validator = Validator::new(self.type_errors().to_vec());
        let title = validator.required_line("title", &self.title, LINE_CHARS_MAX);
        let description = validator.description(&self.description);
        let timezone = validator.timezone(&self.timezone, default_timezone);
        let stored = stored.filter(|event| Some(event.timezone) == timezone);
        let stored_start = stored.map(|event| event.starts_at);
        let starts_at = validator.required_instant("date", &self.date, timezone, stored_start);
        let stored_end = stored.and_then(|event| event.ends_at);
        let ends_at = validator.instant("end_date", &self.end_date, timezone, stored_end);
        validator.duration(starts_at, ends_at);
        let location = validator.required_line("location", &self.location, LINE_CHARS_MAX);
        let (city, state) = self.validate_place(&mut validator, location.as_deref());
        let attendance = validator.choice(
            "attendance",
            &self.attendance,
            &Attendance::ALL,
            Attendance::as_str,
        );
        let status = validator.choice("status", &self.status, &Status::ALL, Status::as_str);
        let url = validator.url(&self.url);
        let organizer = validator.line("organizer", &self.organizer, ORGANIZER_CHARS_MAX);
        let technologies = validator.technologies(&self.technologies);

        let fields = || {
            Some(DraftFields {
                title: title?,
                description,
                starts_at: starts_at?,
                ends_at,
                timezone: timezone?,
                location: location?,
                city,
                state,
                attendance: attendance?,
                status: status?,
                url,
                organizer,
                technologies,
            })
        };
        validator.into_result(fields()).map(EventDraft)
    }

    /// Validates city and state as typed or, if both are blank, takes them from the end of the location.
    fn validate_place(
        &self,
        validator: &mut Validator,
        location: Option<&str>,
    ) -> (Option<String>, Option<String>) {
        if self.city.trim().is_empty() && self.state.trim().is_empty() {
            return location.and_then(city_and_state).unzip();
        }
        (
            validator.line("city", &self.city, PLACE_CHARS_MAX),
            validator.line("state", &self.state, PLACE_CHARS_MAX),
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::America::Sao_Paulo;

    use super::*;

    /// Validates a valid form after replacing `fields` in it; returns each error as `pointer code`.
    fn validate(fields: &[(&str, &str)]) -> Result<EventDraft, Vec<String>> {
        let valid = [
            ("title", "Rust Nights"),
            ("date", "2027-03-18T19:00"),
            ("location", "São Paulo - SP"),
        ];
        let pairs = valid.iter().chain(fields);
        let form = EventForm::from_pairs(
            pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        form.validate(Sao_Paulo).map_err(|errors| {
            let errors = errors.iter();
            errors
                .map(|error| format!("{} {}", error.pointer, error.code.as_str()))
                .collect()
        })
    }

    #[test]
    fn all_invalid_fields_are_reported_together() {
        let result = validate(&[
            ("title", " "),
            ("date", "?"),
            ("location", &"x".repeat(201)),
            ("attendance", "maybe"),
            ("status", "gone"),
            ("url", "javascript:alert(1)"),
            ("organizer", "a\u{7}b"),
            ("technologies", "ok,line\nbreak"),
        ]);
        assert_eq!(
            result.unwrap_err(),
            [
                "/title required",
                "/date date-format",
                "/location too-long",
                "/attendance not-a-choice",
                "/status not-a-choice",
                "/url not-a-url",
                "/organizer control-character",
                "/technologies/1 line-break",
            ]
        );
    }

    #[test]
    fn a_value_of_another_type_is_reported_once() {
        let document =
            serde_json::json!({"title": 5, "date": null, "location": "x", "technologies": "Rust"});
        let form = EventForm::from_json(document.as_object().unwrap());
        let errors = form.validate(Sao_Paulo).unwrap_err();
        let codes: Vec<_> = errors
            .iter()
            .map(|error| (error.pointer.as_str(), error.code.as_str()))
            .collect();
        assert_eq!(
            codes,
            [
                ("/title", "not-text"),
                ("/technologies", "not-texts"),
                ("/date", "required")
            ]
        );
    }

    #[test]
    fn city_and_state_are_derived_only_if_both_are_blank() {
        for (fields, city, state) in [
            (&[][..], Some("São Paulo"), Some("SP")),
            (&[("city", "Campinas")], Some("Campinas"), None),
            (&[("state", "SP")], None, Some("SP")),
        ] {
            let EventDraft(draft) = validate(fields).unwrap();
            assert_eq!(
                (draft.city.as_deref(), draft.state.as_deref()),
                (city, state)
            );
        }
    }

    #[test]
    fn an_end_before_the_start_is_an_error() {
        assert!(validate(&[("end_date", "2027-03-18T19:00")]).is_ok());
        assert_eq!(
            validate(&[("end_date", "2027-03-18T18:59")]).unwrap_err(),
            ["/end_date ends-before-start"]
        );
    }
}
