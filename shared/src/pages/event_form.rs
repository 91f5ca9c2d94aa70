//! The form with the fields of an event, used by the pages that publish and edit an event.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::{
    date_preview::DatePreview,
    date_text::zone_text,
    form_field::{FieldErrorView, FormField},
    i18n::Lang,
    select_options::{OptionGroup, SelectOption},
    summary::attendance_key,
    view::View,
    zone_options::zone_options,
};
use crate::domain::{
    Attendance, DESCRIPTION_CHARS_MAX, EventForm, FieldError, LINE_CHARS_MAX, ORGANIZER_CHARS_MAX,
    Status, ValidationErrors, YEARS, parse_instant,
};

/// Names of the form fields outside the collapsible details.
const REQUIRED_FIELDS: [&str; 3] = ["title", "date", "location"];
/// Maximum length of a technology quoted in an error message, in characters.
const QUOTED_CHARS_MAX: usize = 60;
/// Length of a date and time without seconds, as browsers send it, in bytes.
const MINUTES_LEN: usize = "2027-03-18T19:00".len();

/// The event form as its template renders it: fields with typed values and errors.
#[derive(Debug, Serialize)]
pub(super) struct EventFormView {
    errors: Vec<FieldErrorView>,
    required_fields: Vec<FormField>,
    /// Optional fields, in the collapsible details.
    groups: Vec<FieldGroup>,
    /// Whether the collapsible details are open, because they contain an error or a typed value.
    details_open: bool,
    /// Technologies in use, suggested in the field of technologies.
    suggestions: Vec<String>,
}

/// Fields of the event form under a common heading.
#[derive(Debug, Serialize)]
struct FieldGroup {
    legend: String,
    hint: Option<String>,
    fields: Vec<FormField>,
}

impl EventFormView {
    /// Creates the form with the values of `form` and their `errors`. Times without a zone are in `default_timezone`.
    pub(super) fn new(
        form: &EventForm,
        errors: Option<&ValidationErrors>,
        default_timezone: Tz,
        view: &View,
    ) -> Self {
        let errors = errors.iter().flat_map(|errors| errors.iter());
        let errors: Vec<_> = errors
            .map(|error| field_error(view.lang, form, error))
            .collect();
        let fields = FieldBuilder {
            form,
            view,
            start: TypedStart::parse(form, &errors, default_timezone),
            errors: &errors,
        };
        let is_optional = |error: &FieldErrorView| !REQUIRED_FIELDS.contains(&error.field.as_str());
        Self {
            required_fields: fields.required(),
            groups: vec![
                fields.about(),
                fields.when(),
                fields.location(),
                fields.contact(),
            ],
            details_open: has_details(form) || errors.iter().any(is_optional),
            suggestions: Vec::new(),
            errors,
        }
    }

    /// Adds `technologies` as suggestions for the field of technologies.
    pub(super) fn suggest(&mut self, technologies: Vec<String>) {
        let fields = self.groups.iter_mut().flat_map(|group| &mut group.fields);
        for field in fields.filter(|field| field.name == "technologies") {
            field.has_suggestions = !technologies.is_empty();
        }
        self.suggestions = technologies;
    }

    /// Makes the required field `name` have the focus when the page opens.
    pub(super) fn focus(&mut self, name: &str) {
        for field in &mut self.required_fields {
            field.autofocus = field.name == name;
        }
    }

    /// Opens the collapsible details.
    pub(super) fn open_details(&mut self) {
        self.details_open = true;
    }

    /// Returns the title of the page with the form: `title`, preceded by `Erro:` if there are errors.
    pub(super) fn page_title(&self, title: String, lang: Lang) -> String {
        if self.errors.is_empty() {
            return title;
        }
        lang.text_with("form-errors-page-title", [("title", title.into())])
    }
}

fn field_error(lang: Lang, form: &EventForm, error: &FieldError) -> FieldErrorView {
    let field = error.field().to_owned();
    let message = lang.field_error(&error.code);
    FieldErrorView {
        label: lang.text(&format!("field-{field}")),
        message: match quoted_technology(form, &error.pointer) {
            Some(name) => format!("{name}: {message}"),
            None => message,
        },
        field,
    }
}

/// Returns the technology that the JSON pointer `pointer` of an error refers to, quoted.
fn quoted_technology(form: &EventForm, pointer: &str) -> Option<String> {
    let index: usize = pointer.strip_prefix("/technologies/")?.parse().ok()?;
    let name = form.technologies.get(index)?.trim().chars();
    let name: String = name.take(QUOTED_CHARS_MAX).collect();
    Some(format!("“{name}”"))
}

/// Whether a field in the collapsible details has a value other than its default. City and state are ignored: the
/// server derives them.
fn has_details(form: &EventForm) -> bool {
    let texts = [
        &form.description,
        &form.end_date,
        &form.url,
        &form.organizer,
    ];
    let differs = |typed: &str, default: &str| !typed.trim().is_empty() && typed.trim() != default;
    texts.into_iter().any(|text| !text.trim().is_empty())
        || form.technologies.iter().any(|name| !name.trim().is_empty())
        || differs(&form.attendance, Attendance::InPerson.as_str())
        || differs(&form.status, Status::Scheduled.as_str())
}

/// The typed start of the event and its time zone, as far as they are valid.
struct TypedStart<'a> {
    zone_name: &'a str,
    zone: Option<Tz>,
    at: Option<DateTime<Utc>>,
}

impl<'a> TypedStart<'a> {
    fn parse(form: &'a EventForm, errors: &[FieldErrorView], default_timezone: Tz) -> Self {
        let zone_name = Some(form.timezone.trim()).filter(|name| !name.is_empty());
        let zone_name = zone_name.unwrap_or(default_timezone.name());
        let zone: Option<Tz> = zone_name.parse().ok();
        let is_valid = errors.iter().all(|error| error.field != "date");
        let at = zone.and_then(|zone| parse_instant(form.date.trim(), zone));
        Self {
            zone_name,
            zone,
            at: at.filter(|_| is_valid),
        }
    }

    fn local(&self) -> Option<NaiveDateTime> {
        let (at, zone) = self.at.zip(self.zone)?;
        Some(at.with_timezone(&zone).naive_local())
    }

    /// Returns the name of the zone's time at the typed start, or at the current time if the start is not valid.
    fn zone_text(&self, view: &View) -> String {
        match self.zone {
            Some(zone) => zone_text(view.lang, zone, self.at.unwrap_or(view.now)),
            None => self.zone_name.to_owned(),
        }
    }
}

/// Builds the fields of the event form.
struct FieldBuilder<'a> {
    form: &'a EventForm,
    view: &'a View,
    start: TypedStart<'a>,
    errors: &'a [FieldErrorView],
}

impl FieldBuilder<'_> {
    fn required(&self) -> Vec<FormField> {
        let start = without_zero_seconds(&self.form.date);
        let zone = self.start.zone_text(self.view);
        let fields = [
            self.line("title", &self.form.title, LINE_CHARS_MAX),
            FormField {
                preview: Some(DatePreview::new(self.view.lang, self.start.local(), &zone)),
                ..self.date_time("date", start)
            },
            self.line("location", &self.form.location, LINE_CHARS_MAX),
        ];
        let required = fields.map(|field| FormField {
            required: true,
            ..field.with_description_ids()
        });
        required.into()
    }

    fn about(&self) -> FieldGroup {
        let names = self.form.technologies.iter().map(|name| name.trim());
        let names: Vec<_> = names.collect();
        let description = FormField {
            multiline: true,
            chars_max: Some(DESCRIPTION_CHARS_MAX),
            ..self.field("description", "", &self.form.description)
        };
        let technologies = self.field("technologies", "text", &names.join(", "));
        self.group("group-about", vec![description, technologies])
    }

    fn when(&self) -> FieldGroup {
        let end = without_zero_seconds(&self.form.end_date);
        let zones = zone_options(self.view, self.start.zone_name);
        let status = self.options(&Status::ALL, Status::as_str, &self.form.status, |status| {
            format!("status-{}", status.as_str())
        });
        let fields = vec![
            self.date_time("end_date", end),
            self.select("timezone", zones),
            self.select("status", status),
        ];
        self.group("group-when", fields)
    }

    fn location(&self) -> FieldGroup {
        let half_width = |name, value| FormField {
            half_width: true,
            ..self.field(name, "text", value)
        };
        let attendance = self.options(
            &Attendance::ALL,
            Attendance::as_str,
            &self.form.attendance,
            |attendance| attendance_key(attendance).to_owned(),
        );
        let fields = vec![
            half_width("city", &self.form.city),
            half_width("state", &self.form.state),
            self.select("attendance", attendance),
        ];
        FieldGroup {
            hint: Some(self.view.lang.text("group-where-hint")),
            ..self.group("group-where", fields)
        }
    }

    fn contact(&self) -> FieldGroup {
        let organizer = self.line("organizer", &self.form.organizer, ORGANIZER_CHARS_MAX);
        let url = self.field("url", "url", &self.form.url);
        self.group("group-contact", vec![organizer, url])
    }

    fn group(&self, legend: &str, fields: Vec<FormField>) -> FieldGroup {
        let fields = fields.into_iter().map(FormField::with_description_ids);
        FieldGroup {
            legend: self.view.lang.text(legend),
            hint: None,
            fields: fields.collect(),
        }
    }

    fn field(&self, name: &'static str, input_type: &'static str, value: &str) -> FormField {
        FormField::new(self.view.lang, self.errors, name, input_type, value)
    }

    /// Builds a text field of one line with a maximum length of `chars_max` characters.
    fn line(&self, name: &'static str, value: &str, chars_max: usize) -> FormField {
        FormField {
            chars_max: Some(chars_max),
            ..self.field(name, "text", value)
        }
    }

    fn date_time(&self, name: &'static str, value: &str) -> FormField {
        let times = [&self.form.date, &self.form.end_date];
        let has_seconds = |time: &&String| without_zero_seconds(time).len() > MINUTES_LEN;
        FormField {
            with_seconds: times.iter().any(has_seconds),
            max: format!("{}-12-31T23:59", YEARS.end()),
            zone: self.start.zone_text(self.view),
            ..self.field(name, "datetime-local", value)
        }
    }

    fn select(&self, name: &'static str, option_groups: Vec<OptionGroup>) -> FormField {
        FormField {
            option_groups,
            ..self.field(name, "", "")
        }
    }

    /// Builds an option for each of `values`. If `typed` is empty, the first one is selected.
    fn options<T: Copy>(
        &self,
        values: &[T],
        as_str: fn(T) -> &'static str,
        typed: &str,
        key: impl Fn(T) -> String,
    ) -> Vec<OptionGroup> {
        let typed = typed.trim();
        let options = values
            .iter()
            .enumerate()
            .map(|(index, value)| SelectOption {
                value: as_str(*value).to_owned(),
                text: self.view.lang.text(&key(*value)),
                selected: as_str(*value) == typed || typed.is_empty() && index == 0,
                zone: None,
            });
        vec![OptionGroup {
            label: None,
            options: options.collect(),
        }]
    }
}

/// Returns the typed time without its seconds if they are zero.
fn without_zero_seconds(typed: &str) -> &str {
    let typed = typed.trim();
    typed
        .strip_suffix(":00")
        .filter(|short| short.len() == MINUTES_LEN)
        .unwrap_or(typed)
}
