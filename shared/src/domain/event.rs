//! What an event is, and the rules of the door: [`EventForm`] (as typed) → [`EventDraft`] (checked) → [`Event`] (stored).
//!
//! Pure: no clock, no database, no HTTP.

use std::{collections::HashSet, fmt::Display, str::FromStr};

use chrono::{
    DateTime, Datelike, Duration, LocalResult, NaiveDateTime, SecondsFormat, SubsecRound, TimeZone,
    Timelike, Utc,
};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::EditToken;

/// Longest title and place, in characters.
pub const LINE_CHARS_MAX: usize = 200;
/// Longest description, in characters, counted after CRLF became LF.
pub const DESCRIPTION_CHARS_MAX: usize = 10_000;
/// Longest city and state, in characters.
pub const PLACE_CHARS_MAX: usize = 80;
/// Longest address of a page about the event, in characters.
pub const URL_CHARS_MAX: usize = 500;
/// Longest organizer, in characters.
pub const ORGANIZER_CHARS_MAX: usize = 120;
/// Longest name of a technology, in characters.
pub const TECHNOLOGY_CHARS_MAX: usize = 40;
/// Most technologies of one event, counted without duplicates.
pub const TECHNOLOGIES_MAX: usize = 20;
/// Longest event, in days.
pub const DAYS_MAX: i64 = 366;
/// First and last year an event may start or end in, by its own wall clock.
pub const YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

/// The codes of Brazil's 26 states and its federal district, and their names.
pub const BRAZILIAN_STATES: [(&str, &str); 27] = [
    ("AC", "Acre"),
    ("AL", "Alagoas"),
    ("AM", "Amazonas"),
    ("AP", "Amapá"),
    ("BA", "Bahia"),
    ("CE", "Ceará"),
    ("DF", "Distrito Federal"),
    ("ES", "Espírito Santo"),
    ("GO", "Goiás"),
    ("MA", "Maranhão"),
    ("MG", "Minas Gerais"),
    ("MS", "Mato Grosso do Sul"),
    ("MT", "Mato Grosso"),
    ("PA", "Pará"),
    ("PB", "Paraíba"),
    ("PE", "Pernambuco"),
    ("PI", "Piauí"),
    ("PR", "Paraná"),
    ("RJ", "Rio de Janeiro"),
    ("RN", "Rio Grande do Norte"),
    ("RO", "Rondônia"),
    ("RR", "Roraima"),
    ("RS", "Rio Grande do Sul"),
    ("SC", "Santa Catarina"),
    ("SE", "Sergipe"),
    ("SP", "São Paulo"),
    ("TO", "Tocantins"),
];

/// Where people meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// At a place.
    InPerson,
    /// On the net.
    Online,
    /// Both at once.
    Hybrid,
}

impl Attendance {
    /// Every way to meet, the default first.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Online, Self::Hybrid];

    /// The word in JSON, in forms and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Online => "online",
            Self::Hybrid => "hybrid",
        }
    }
}

/// Whether the event will happen as announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As announced.
    Scheduled,
    /// Later, at a date to be told.
    Postponed,
    /// Not at all.
    Cancelled,
}

impl Status {
    /// Every status, the default first.
    pub const ALL: [Self; 3] = [Self::Scheduled, Self::Postponed, Self::Cancelled];

    /// The word in JSON, in forms and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A published event, as it is stored.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are the contract's, named alike")]
pub struct Event {
    pub id: i64,
    pub uid: Uuid,
    pub title: String,
    pub description: Option<String>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    pub timezone: Tz,
    pub location: String,
    pub city: Option<String>,
    pub state: Option<String>,
    pub attendance: Attendance,
    pub status: Status,
    pub url: Option<String>,
    pub organizer: Option<String>,
    pub technologies: Vec<String>,
    pub version: i64,
    pub hidden: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Event {
    /// The event that a line of the export tells. The rules of the door are not asked: what the board once took it takes
    /// back.
    ///
    /// # Errors
    /// What is missing or of the wrong type, or could not be stored, in one line.
    pub fn from_json(line: &str) -> Result<Self, String> {
        let told: ExportedEvent = serde_json::from_str(line).map_err(|error| {
            let (text, column) = (error.to_string(), error.column());
            // It is one line of many to whoever reads this.
            text.replace(
                &format!(" at line 1 column {column}"),
                &format!(", column {column}"),
            )
        })?;
        told.check()
    }

    /// When it starts, on the wall clock of its own zone.
    #[must_use]
    pub fn date(&self) -> NaiveDateTime {
        self.starts_at.with_timezone(&self.timezone).naive_local()
    }

    /// When it ends, on the wall clock of its own zone.
    #[must_use]
    pub fn end_date(&self) -> Option<NaiveDateTime> {
        self.ends_at
            .map(|instant| instant.with_timezone(&self.timezone).naive_local())
    }

    /// Whether it is over: upcoming events are those whose end (or start, where no end is told) is not before `now`.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ends_at.unwrap_or(self.starts_at) < now
    }

    /// Whether its city and state are those that its place ends in.
    #[must_use]
    pub fn city_is_from_location(&self) -> bool {
        self.city.is_some()
            && self.city.clone().zip(self.state.clone()) == city_and_state(&self.location)
    }

    /// The strong validator of its JSON (RFC 9110 §8.8.3), quotes included.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{}-{}\"", self.id, self.version)
    }

    /// The event as the API answers it; with its token only for whoever has just shown or received that token.
    #[must_use]
    pub fn to_json<'a>(&'a self, edit_token: Option<&'a EditToken>) -> EventJson<'a> {
        EventJson {
            id: self.id,
            uid: self.uid.to_string(),
            title: &self.title,
            description: self.description.as_deref(),
            date: naive_text(self.date()),
            end_date: self.end_date().map(naive_text),
            timezone: self.timezone.name(),
            starts_at: instant_text(self.starts_at),
            ends_at: self.ends_at.map(instant_text),
            location: &self.location,
            city: self.city.as_deref(),
            state: self.state.as_deref(),
            attendance: self.attendance,
            status: self.status,
            url: self.url.as_deref(),
            organizer: self.organizer.as_deref(),
            technologies: &self.technologies,
            created_at: instant_text(self.created_at),
            updated_at: instant_text(self.updated_at),
            version: self.version,
            hidden: self.hidden,
            edit_token: edit_token.map(EditToken::expose),
        }
    }
}

/// An event in the API's words.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
#[expect(missing_docs, reason = "the fields are the contract's, named alike")]
pub struct EventJson<'a> {
    pub id: i64,
    /// What calendars and the export call it, for life.
    #[schema(format = "uuid")]
    pub uid: String,
    pub title: &'a str,
    #[schema(required)]
    pub description: Option<&'a str>,
    #[schema(pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$")]
    pub date: String,
    #[schema(required, pattern = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$")]
    pub end_date: Option<String>,
    pub timezone: &'a str,
    #[schema(format = DateTime)]
    pub starts_at: String,
    #[schema(required, format = DateTime)]
    pub ends_at: Option<String>,
    pub location: &'a str,
    #[schema(required)]
    pub city: Option<&'a str>,
    #[schema(required)]
    pub state: Option<&'a str>,
    pub attendance: Attendance,
    pub status: Status,
    #[schema(required, format = "uri")]
    pub url: Option<&'a str>,
    #[schema(required)]
    pub organizer: Option<&'a str>,
    pub technologies: &'a [String],
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub updated_at: String,
    pub version: i64,
    /// Told where it is so, which only its owner gets to see.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_token: Option<&'a str>,
}

/// An event as the export tells it; what is told twice (its dates on the wall clock) is left out.
#[derive(Deserialize)]
struct ExportedEvent {
    id: i64,
    #[serde(deserialize_with = "parsed")]
    uid: Uuid,
    title: String,
    description: Option<String>,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "parsed")]
    timezone: Tz,
    location: String,
    city: Option<String>,
    state: Option<String>,
    attendance: Attendance,
    status: Status,
    url: Option<String>,
    organizer: Option<String>,
    technologies: Vec<String>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl ExportedEvent {
    fn check(self) -> Result<Event, String> {
        let event = Event {
            id: self.id,
            uid: self.uid,
            title: self.title,
            description: self.description,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            timezone: self.timezone,
            location: self.location,
            city: self.city,
            state: self.state,
            attendance: self.attendance,
            status: self.status,
            url: self.url,
            organizer: self.organizer,
            technologies: self.technologies,
            version: self.version,
            hidden: false,
            created_at: self.created_at,
            updated_at: self.updated_at,
        };
        if !(1..=EXPORTED_ID_MAX).contains(&event.id) {
            return Err(format!("id {} is none of a board's", event.id));
        }
        if event.version < 1 {
            return Err("version is less than 1".to_owned());
        }
        if event.ends_at.is_some_and(|end| end < event.starts_at) {
            return Err("ends_at comes before starts_at".to_owned());
        }
        if event.url.as_deref().is_some_and(|url| !is_web_address(url)) {
            return Err("url is no address of the web".to_owned());
        }
        let texts = [
            Some(&event.title),
            event.description.as_ref(),
            Some(&event.location),
            event.city.as_ref(),
            event.state.as_ref(),
            event.url.as_ref(),
            event.organizer.as_ref(),
        ];
        let has_nul = |text: &String| text.contains('\0');
        if texts.into_iter().flatten().any(has_nul) || event.technologies.iter().any(has_nul) {
            return Err("a text holds the character NUL".to_owned());
        }
        Ok(event)
    }
}

/// Largest id that an export can tell: every program reads it as it is (RFC 8259 §6), and ids can go on after it.
const EXPORTED_ID_MAX: i64 = (1 << 53) - 1;

fn parsed<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    String::deserialize(source)?
        .parse()
        .map_err(D::Error::custom)
}

fn naive_text(date: NaiveDateTime) -> String {
    // What chrono writes for programmers is ISO 8601, and five times as fast as by a pattern.
    format!("{:?}", date.with_nanosecond(0).unwrap_or(date))
}

fn instant_text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// An event as somebody typed it; an empty field is one that was left out.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the fields are the contract's, named alike")]
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
    /// JSON values of the wrong type, found while reading.
    mistyped: Vec<FieldError>,
}

impl EventForm {
    /// The form as a browser posts it: the last value of each known name, technologies separated by commas.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if name == "technologies" {
                form.technologies = value.split(',').map(str::to_owned).collect();
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

    /// The form as a program posts it. Unknown members are ignored, `null` is absence, and a value of another type is
    /// remembered for [`EventForm::check`] to report.
    #[must_use]
    pub fn from_json(members: &Map<String, Value>) -> Self {
        let mut form = Self::default();
        let mut mistyped = Vec::new();
        for (name, field) in form.texts_mut() {
            match members.get(name) {
                None | Some(Value::Null) => {}
                Some(Value::String(text)) => *field = text.clone(),
                Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                    mistyped.push(FieldError::new(name, FieldErrorCode::NotText));
                }
            }
        }
        match members.get("technologies") {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => {
                for (place, item) in items.iter().enumerate() {
                    let code = match item.as_str() {
                        Some(name) if name.trim().is_empty() => Some(FieldErrorCode::Required),
                        Some(_) => None,
                        None => Some(FieldErrorCode::NotText),
                    };
                    if let Some(code) = code {
                        mistyped.push(FieldError::at(format!("/technologies/{place}"), code));
                    }
                    // Even a wrong one keeps its place, so that later ones are blamed by theirs.
                    form.technologies
                        .push(item.as_str().unwrap_or_default().to_owned());
                }
            }
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                mistyped.push(FieldError::new("technologies", FieldErrorCode::NotTexts));
            }
        }
        form.mistyped = mistyped;
        form
    }

    /// The form that would publish this event again, filled in.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self {
            title: event.title.clone(),
            description: event.description.clone().unwrap_or_default(),
            date: naive_text(event.date()),
            end_date: event.end_date().map(naive_text).unwrap_or_default(),
            timezone: event.timezone.name().to_owned(),
            location: event.location.clone(),
            city: event.city.clone().unwrap_or_default(),
            state: event.state.clone().unwrap_or_default(),
            attendance: event.attendance.as_str().to_owned(),
            status: event.status.as_str().to_owned(),
            url: event.url.clone().unwrap_or_default(),
            organizer: event.organizer.clone().unwrap_or_default(),
            technologies: event.technologies.clone(),
            mistyped: Vec::new(),
        }
    }

    /// This event with a JSON merge patch (RFC 7396) laid over it: a member that is `null` goes back to its default.
    #[must_use]
    pub fn patched(event: &Event, patch: &Map<String, Value>) -> Self {
        let mut members: Map<String, Value> = Map::new();
        let mut current = Self::of(event);
        for (name, field) in current.texts_mut() {
            members.insert(name.to_owned(), Value::String(std::mem::take(field)));
        }
        members.insert("technologies".to_owned(), event.technologies.clone().into());
        let moved = patch.contains_key("location");
        if moved
            && !patch.contains_key("city")
            && !patch.contains_key("state")
            && event.city_is_from_location()
        {
            members.remove("city");
            members.remove("state");
        }
        members.extend(patch.clone());
        Self::from_json(&members)
    }

    /// The posted form as a change of `event`: names that hold commas survive a form that separates names by commas, and
    /// a city that was taken from the place moves with the place.
    #[must_use]
    pub fn as_change_of(mut self, event: &Event) -> Self {
        let parts = |names: &[String]| {
            names
                .join(",")
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect::<Vec<_>>()
        };
        if parts(&self.technologies) == parts(&event.technologies) {
            self.technologies.clone_from(&event.technologies);
        }
        let same = |typed: &str, stored: &Option<String>| {
            typed.trim() == stored.as_deref().unwrap_or_default()
        };
        let untouched = same(&self.city, &event.city) && same(&self.state, &event.state);
        if untouched && self.location.trim() != event.location && event.city_is_from_location() {
            self.city.clear();
            self.state.clear();
        }
        self
    }

    /// A hash of all that was typed (SHA-256): the same for the same event, however it was written.
    #[must_use]
    pub fn fingerprint(&self) -> Vec<u8> {
        let mut form = self.clone();
        let technologies = std::mem::take(&mut form.technologies);
        let mut members: Map<String, Value> = form
            .texts_mut()
            .map(|(name, text)| (name.to_owned(), std::mem::take(text).into()))
            .into_iter()
            .collect();
        members.insert("technologies".to_owned(), technologies.into());
        Sha256::digest(Value::Object(members).to_string().as_bytes()).to_vec()
    }

    /// Each field in which this form and another do not mean the same, with both texts.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<(&'static str, String, String)> {
        let texts = |form: &Self| {
            let mut form = form.clone();
            let technologies = form.technologies.iter().map(|name| name.trim());
            let technologies = technologies.filter(|name| !name.is_empty());
            let technologies = technologies.collect::<Vec<_>>().join(", ");
            let mut texts: Vec<(&'static str, String)> = form
                .texts_mut()
                .into_iter()
                .map(|(field, text)| (field, text.trim().replace("\r\n", "\n")))
                .collect();
            texts.push(("technologies", technologies));
            texts
        };
        let same = |field: &str, one: &str, other: &str| match field {
            "date" | "end_date" => one.trim_end_matches(":00") == other.trim_end_matches(":00"),
            _ => one == other,
        };
        texts(self)
            .into_iter()
            .zip(texts(other))
            .filter(|((field, one), (_, other))| !same(field, one, other))
            .map(|((field, one), (_, other))| (field, one, other))
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

    /// The draft of a new event that this form makes, or everything that is wrong with it.
    ///
    /// # Errors
    /// Every wrong field, in the order of the form.
    pub fn check(&self, default_timezone: Tz) -> Result<EventDraft, ValidationErrors> {
        self.checked(default_timezone, None)
    }

    /// The draft that takes the place of `event`, or everything that is wrong with it. A wall-clock time that did not
    /// change keeps its instant, even where that is the later of two.
    ///
    /// # Errors
    /// Every wrong field, in the order of the form.
    pub fn check_change(
        &self,
        event: &Event,
        default_timezone: Tz,
    ) -> Result<EventDraft, ValidationErrors> {
        self.checked(default_timezone, Some(event))
    }

    fn checked(
        &self,
        default_timezone: Tz,
        stored: Option<&Event>,
    ) -> Result<EventDraft, ValidationErrors> {
        let mut door = Validator {
            problems: self.mistyped.clone(),
        };

        let title = door.required_line("title", &self.title, LINE_CHARS_MAX);
        let description = door.description(&self.description);
        let timezone = door.timezone(&self.timezone, default_timezone);
        let stored = stored.filter(|event| Some(event.timezone) == timezone);
        let starts_at = match self.date.trim() {
            "" => door.missing("date"),
            typed => door.instant("date", typed, timezone, stored.map(|event| event.starts_at)),
        };
        let ends_at = match self.end_date.trim() {
            "" => None,
            typed => door.instant(
                "end_date",
                typed,
                timezone,
                stored.and_then(|event| event.ends_at),
            ),
        };
        if let (Some(start), Some(end)) = (starts_at, ends_at) {
            if end < start {
                door.problems
                    .push(FieldError::new("end_date", FieldErrorCode::EndsBeforeStart));
            } else if end - start > Duration::days(DAYS_MAX) {
                door.problems.push(FieldError::new(
                    "end_date",
                    FieldErrorCode::EndsTooLate { days: DAYS_MAX },
                ));
            }
        }
        let location = door.required_line("location", &self.location, LINE_CHARS_MAX);
        let mut city = door.line("city", &self.city, PLACE_CHARS_MAX);
        let mut state = door.line("state", &self.state, PLACE_CHARS_MAX);
        if self.city.trim().is_empty() && self.state.trim().is_empty() {
            (city, state) = location.as_deref().and_then(city_and_state).unzip();
        }
        let attendance = door.choice(
            "attendance",
            &self.attendance,
            &Attendance::ALL,
            Attendance::as_str,
        );
        let status = door.choice("status", &self.status, &Status::ALL, Status::as_str);
        let url = door.url(&self.url);
        let organizer = door.line("organizer", &self.organizer, ORGANIZER_CHARS_MAX);
        let technologies = door.technologies(&self.technologies);

        match (title, starts_at, timezone, location, attendance, status) {
            (
                Some(title),
                Some(starts_at),
                Some(timezone),
                Some(location),
                Some(attendance),
                Some(status),
            ) if door.problems.is_empty() => Ok(EventDraft {
                title,
                description,
                starts_at,
                ends_at,
                timezone,
                location,
                city,
                state,
                attendance,
                status,
                url,
                organizer,
                technologies,
            }),
            _ => Err(ValidationErrors(door.problems)),
        }
    }
}

/// An event that may be stored: only [`EventForm::check`] makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDraft {
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
    /// Everything that was typed freely, each with its place in the document (RFC 6901).
    #[must_use]
    pub fn texts(&self) -> Vec<(String, &str)> {
        let fields = [
            ("title", Some(&self.title)),
            ("description", self.description.as_ref()),
            ("location", Some(&self.location)),
            ("city", self.city.as_ref()),
            ("state", self.state.as_ref()),
            ("url", self.url.as_ref()),
            ("organizer", self.organizer.as_ref()),
        ];
        let fields = fields
            .into_iter()
            .filter_map(|(name, text)| Some((format!("/{name}"), text?.as_str())));
        let technologies = self.technologies.iter().enumerate();
        let technologies =
            technologies.map(|(place, name)| (format!("/technologies/{place}"), name.as_str()));
        fields.chain(technologies).collect()
    }
}

/// Everything that is wrong with a form; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationErrors(Vec<FieldError>);

impl ValidationErrors {
    /// One problem of the whole document.
    #[must_use]
    pub fn not_an_object() -> Self {
        Self(vec![FieldError::at(
            String::new(),
            FieldErrorCode::NotAnObject,
        )])
    }

    /// These problems, if there are any.
    #[must_use]
    pub fn of(problems: Vec<FieldError>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// Each problem, in the order of the form.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }
}

/// One thing that is wrong with a form.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// The place in the document, as a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong there.
    pub code: FieldErrorCode,
}

impl FieldError {
    fn new(field: &str, code: FieldErrorCode) -> Self {
        Self::at(format!("/{field}"), code)
    }

    fn at(pointer: String, code: FieldErrorCode) -> Self {
        Self { pointer, code }
    }

    /// The field of the form it belongs to: the first step of the pointer.
    #[must_use]
    pub fn field(&self) -> &str {
        self.pointer.split('/').nth(1).unwrap_or_default()
    }
}

/// What can be wrong with a field, with what is allowed.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "each name says it; the words for people are in templates/locales"
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
    /// The word a program switches on; also the key of the sentence in the translations, after `problem-`.
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

    /// What the sentence wants to know: one name and its value.
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

/// Checks field after field and gathers what is wrong; a field that came with the wrong type is not blamed twice.
struct Validator {
    problems: Vec<FieldError>,
}

impl Validator {
    fn refuse<T>(&mut self, field: &str, code: FieldErrorCode) -> Option<T> {
        self.problems.push(FieldError::new(field, code));
        None
    }

    fn missing<T>(&mut self, field: &str) -> Option<T> {
        if self.problems.iter().any(|problem| problem.field() == field) {
            return None;
        }
        self.refuse(field, FieldErrorCode::Required)
    }

    fn required_line(&mut self, field: &str, typed: &str, chars_max: usize) -> Option<String> {
        if typed.trim().is_empty() {
            return self.missing(field);
        }
        self.line(field, typed, chars_max)
    }

    fn line(&mut self, field: &str, typed: &str, chars_max: usize) -> Option<String> {
        self.line_at(format!("/{field}"), typed, chars_max)
    }

    fn line_at(&mut self, pointer: String, typed: &str, chars_max: usize) -> Option<String> {
        let line: String = typed.trim().nfc().collect();
        let code = if line.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            FieldErrorCode::LineBreak
        } else if line.chars().any(|c| c.is_control() && c != '\t') {
            FieldErrorCode::ControlCharacter
        } else if line.chars().count() > chars_max {
            FieldErrorCode::TooLong { max: chars_max }
        } else {
            return (!line.is_empty()).then_some(line);
        };
        self.problems.push(FieldError::at(pointer, code));
        None
    }

    fn description(&mut self, typed: &str) -> Option<String> {
        let text: String = typed
            .replace("\r\n", "\n")
            .replace('\r', "\n")
            .nfc()
            .collect();
        if text
            .chars()
            .any(|c| c.is_control() && c != '\t' && c != '\n')
        {
            return self.refuse("description", FieldErrorCode::ControlCharacter);
        }
        if text.chars().count() > DESCRIPTION_CHARS_MAX {
            return self.refuse(
                "description",
                FieldErrorCode::TooLong {
                    max: DESCRIPTION_CHARS_MAX,
                },
            );
        }
        (!text.trim().is_empty()).then_some(text)
    }

    fn timezone(&mut self, typed: &str, default: Tz) -> Option<Tz> {
        match typed.trim() {
            "" => Some(default),
            name => match name.parse() {
                Ok(zone) => Some(zone),
                Err(_) => self.refuse("timezone", FieldErrorCode::UnknownTimezone),
            },
        }
    }

    /// Without a zone (it was wrong, and is blamed already) only the form of the date is checked.
    /// A wall-clock time that is the one of `stored` is that instant.
    fn instant(
        &mut self,
        field: &str,
        typed: &str,
        zone: Option<Tz>,
        stored: Option<DateTime<Utc>>,
    ) -> Option<DateTime<Utc>> {
        let Some(date) = TypedDate::parse(typed) else {
            return self.refuse(field, FieldErrorCode::DateFormat);
        };
        let zone = zone?;
        let (wall, instant) = match date {
            TypedDate::Instant(instant) => {
                (instant.with_timezone(&zone).naive_local(), Some(instant))
            }
            TypedDate::Wall(wall) => {
                let shown = |instant: &DateTime<Utc>| {
                    naive_text(instant.with_timezone(&zone).naive_local()) == naive_text(wall)
                };
                (wall, stored.filter(shown).or_else(|| earliest(zone, wall)))
            }
        };
        if !YEARS.contains(&wall.year()) {
            return self.refuse(field, FieldErrorCode::DateRange);
        }
        match instant {
            Some(instant) => Some(instant),
            None => self.refuse(field, FieldErrorCode::TimeSkipped),
        }
    }

    fn choice<T: Copy>(
        &mut self,
        field: &str,
        typed: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<T> {
        match typed.trim() {
            "" => all.first().copied(),
            typed => match all.iter().find(|choice| word(**choice) == typed) {
                Some(choice) => Some(*choice),
                None => {
                    let allowed = all
                        .iter()
                        .map(|choice| word(*choice))
                        .collect::<Vec<_>>()
                        .join(", ");
                    self.refuse(field, FieldErrorCode::NotAChoice { allowed })
                }
            },
        }
    }

    fn url(&mut self, typed: &str) -> Option<String> {
        let text = self.line("url", typed, URL_CHARS_MAX)?;
        if is_web_address(&text) {
            Some(text)
        } else {
            self.refuse("url", FieldErrorCode::NotAUrl)
        }
    }

    fn technologies(&mut self, typed: &[String]) -> Vec<String> {
        let mut keys = HashSet::new();
        let mut names = Vec::new();
        for (place, typed) in typed.iter().enumerate() {
            if let Some(name) = self.line_at(
                format!("/technologies/{place}"),
                typed,
                TECHNOLOGY_CHARS_MAX,
            ) && keys.insert(name_key(&name))
            {
                names.push(name);
            }
        }
        if names.len() > TECHNOLOGIES_MAX {
            self.problems.push(FieldError::new(
                "technologies",
                FieldErrorCode::TooMany {
                    max: TECHNOLOGIES_MAX,
                },
            ));
        }
        names
    }
}

/// Whether this is the whole address of a web page. `http:example.org` parses, but no visitor would read it as one.
#[must_use]
pub fn is_web_address(text: &str) -> bool {
    let web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    web && text
        .split_once(':')
        .is_some_and(|(_, rest)| rest.starts_with("//"))
}

/// A name as it is compared: without case, accents and repeated white space. Only marks of the block of Combining
/// Diacritical Marks are accents, as for `name_key` in the database: without its mark バ would be another letter.
pub(crate) fn name_key(name: &str) -> String {
    folded(name)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text without case and accents.
pub(crate) fn folded(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    bare.collect::<String>().to_lowercase()
}

/// The instant of a wall-clock time: the earlier one where clocks go back, none where they skip it.
pub(crate) fn earliest(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => {
            Some(instant.with_timezone(&Utc))
        }
        LocalResult::None => None,
    }
}

/// The moment that a range begins or ends with: a date (its midnight in `zone`), or what an event's date may be. Where
/// clocks skip a time, the moment they have skipped to. `None` for anything else.
#[must_use]
pub fn moment(typed: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = || {
        let day = typed.len() == "2027-03-18".len();
        TypedDate::parse(&format!("{typed}T00:00")).filter(|_| day)
    };
    match TypedDate::parse(typed).or_else(midnight)? {
        TypedDate::Instant(instant) => Some(instant),
        TypedDate::Wall(wall) => earliest(zone, wall).or_else(|| {
            let skipped = GapInfo::new(&wall, &zone)?;
            Some(skipped.end?.with_timezone(&Utc))
        }),
    }
}

/// A date in one of the two forms that are accepted.
enum TypedDate {
    Wall(NaiveDateTime),
    Instant(DateTime<Utc>),
}

impl TypedDate {
    fn parse(typed: &str) -> Option<Self> {
        // Chrono takes `2027-3-8T9:00` and `+2027-…` too; the shape is checked first.
        let shape: String = typed
            .chars()
            .take(20)
            .map(|c| if c.is_ascii_digit() { '9' } else { c })
            .collect();
        let wall = match shape.as_str() {
            "9999-99-99T99:99" => NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M").ok(),
            "9999-99-99T99:99:99" => NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M:%S").ok(),
            shape
                if shape
                    .to_ascii_uppercase()
                    .starts_with("9999-99-99T99:99:99") =>
            {
                let instant = DateTime::parse_from_rfc3339(typed)
                    .ok()?
                    .with_timezone(&Utc);
                return Some(Self::Instant(instant.trunc_subsecs(0)));
            }
            _ => None,
        }?;
        // A leap second (:60) is no time an event starts at.
        (wall.nanosecond() == 0).then_some(Self::Wall(wall))
    }
}

/// City and state of a place that ends in `City - UF`, with one of Brazil's 27 UFs.
fn city_and_state(location: &str) -> Option<(String, String)> {
    let dash = |text: &str| {
        [" - ", " – ", " — "]
            .iter()
            .filter_map(|dash| text.rfind(dash).map(|at| (at, at + dash.len())))
            .max()
    };
    let (end, start) = dash(location)?;
    let state = location[start..].trim().to_uppercase();
    if !BRAZILIAN_STATES.iter().any(|(code, _)| *code == state) {
        return None;
    }
    let before = &location[..end];
    let before = dash(before).map_or(before, |(_, start)| &before[start..]);
    let city = before.rsplit(',').next()?.trim();
    (!city.is_empty() && city.chars().count() <= PLACE_CHARS_MAX).then(|| (city.to_owned(), state))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAO_PAULO: Tz = chrono_tz::America::Sao_Paulo;

    fn form(fields: &[(&str, &str)]) -> EventForm {
        let defaults = [
            ("title", "Rust Nights"),
            ("date", "2027-03-18T19:00"),
            ("location", "São Paulo - SP"),
        ];
        EventForm::from_pairs(
            defaults
                .iter()
                .chain(fields)
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    /// The draft, or each problem as `pointer code`.
    fn checked(fields: &[(&str, &str)]) -> Result<EventDraft, Vec<String>> {
        form(fields).check(SAO_PAULO).map_err(|problems| {
            problems
                .iter()
                .map(|problem| format!("{} {}", problem.pointer, problem.code.as_str()))
                .collect()
        })
    }

    #[track_caller]
    fn refused(field: &str, value: &str, problem: &str) {
        assert_eq!(
            checked(&[(field, value)]).unwrap_err(),
            [problem],
            "{field} = {value:?}"
        );
    }

    #[track_caller]
    fn starts(date: &str, timezone: &str, instant: &str) {
        let draft = checked(&[("date", date), ("timezone", timezone)]).unwrap();
        assert_eq!(
            instant_text(draft.starts_at),
            instant,
            "{date} in {timezone}"
        );
    }

    #[test]
    fn a_date_is_a_wall_clock_time_in_its_zone_or_an_instant() {
        starts("2027-03-18T19:00", "", "2027-03-18T22:00:00Z");
        starts(
            "2027-03-18T19:00:30",
            "America/Sao_Paulo",
            "2027-03-18T22:00:30Z",
        );
        starts(
            "2027-07-01T10:00",
            "America/Noronha",
            "2027-07-01T12:00:00Z",
        );
        starts("2027-02-06T09:30", "America/Manaus", "2027-02-06T13:30:00Z");
        starts("2027-03-28T18:00", "Europe/Lisbon", "2027-03-28T17:00:00Z");
        starts(
            "2027-03-18T19:00:00-03:00",
            "America/Noronha",
            "2027-03-18T22:00:00Z",
        );
        starts("2027-03-18T22:00:00.750Z", "", "2027-03-18T22:00:00Z");
        starts("  2027-03-18T19:00 ", "", "2027-03-18T22:00:00Z");
    }

    #[test]
    fn a_repeated_hour_is_the_earlier_one_and_a_skipped_hour_is_refused() {
        starts(
            "2026-11-01T01:30",
            "America/New_York",
            "2026-11-01T05:30:00Z",
        );
        starts(
            "2018-02-17T23:30",
            "America/Sao_Paulo",
            "2018-02-18T01:30:00Z",
        );
        refused("date", "2018-11-04T00:30", "/date time-skipped");
    }

    #[test]
    fn a_range_begins_at_midnight_at_a_time_or_where_clocks_have_skipped_to() {
        for (typed, instant) in [
            ("2027-03-18", "2027-03-18T03:00:00Z"),
            ("2027-03-18T19:00", "2027-03-18T22:00:00Z"),
            ("2027-03-18T19:00:30Z", "2027-03-18T19:00:30Z"),
            ("2018-11-04", "2018-11-04T03:00:00Z"),
            ("2018-11-04T00:20", "2018-11-04T03:00:00Z"),
            ("2018-11-04T00:59:59", "2018-11-04T03:00:00Z"),
        ] {
            assert_eq!(
                moment(typed, SAO_PAULO).map(instant_text).as_deref(),
                Some(instant),
                "{typed}"
            );
        }
        for typed in [
            "yesterday",
            "2027-3-18",
            "2027-02-30",
            "+262142-12-31T23:59",
            "27-03-18",
            "2027-03-18T24:00",
        ] {
            assert_eq!(moment(typed, SAO_PAULO), None, "{typed}");
        }
    }

    #[test]
    fn other_dates_are_refused() {
        for typed in [
            "amanhã",
            "2027-03-18",
            "18/03/2027 19:00",
            "2027-3-18T19:00",
            "2027-02-30T10:00",
            "2027-03-18T24:00",
            "2027-03-18T19:00:60",
            "2027-03-18 19:00",
            "+2027-03-18T19:00",
            "2027-03-18T19:00:00+25:00",
            "2027-03-18T19:00:00.5",
            "２０２７-03-18T19:00",
        ] {
            refused("date", typed, "/date date-format");
        }
        refused("date", "1969-12-31T23:59", "/date date-range");
        refused("date", "2101-01-01T00:00", "/date date-range");
        refused("timezone", "Brasília", "/timezone unknown-timezone");
        refused("date", "", "/date required");
    }

    #[test]
    fn the_end_is_after_the_start_and_within_a_leap_year() {
        assert!(checked(&[("end_date", "2027-03-18T19:00")]).is_ok());
        assert!(checked(&[("end_date", "2028-03-18T19:00")]).is_ok());
        refused(
            "end_date",
            "2027-03-18T18:59",
            "/end_date ends-before-start",
        );
        refused("end_date", "2028-03-18T19:01", "/end_date ends-too-late");
    }

    #[test]
    fn city_and_state_come_from_the_place() {
        for (location, expected) in [
            ("São Paulo - SP", Some(("São Paulo", "SP"))),
            ("Porto Digital, Recife - PE", Some(("Recife", "PE"))),
            (
                "Rua das Flores, 10 - Centro - Embu-Guaçu – sp",
                Some(("Embu-Guaçu", "SP")),
            ),
            ("Lisboa, Portugal", None),
            ("Online", None),
            ("Sala 3 - XX", None),
            (" - SP", None),
        ] {
            let expected = expected.map(|(city, state)| (city.to_owned(), state.to_owned()));
            assert_eq!(city_and_state(location), expected, "{location}");
        }
        let typed = checked(&[("city", "Campinas")]).unwrap();
        assert_eq!(
            (typed.city.as_deref(), typed.state),
            (Some("Campinas"), None)
        );
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let problems = checked(&[
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
            problems.unwrap_err(),
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
    fn lengths_are_counted_in_characters_after_normalising() {
        assert!(
            checked(&[
                ("title", &"ã".repeat(200)),
                ("description", &"\r\n".repeat(10_000)),
                ("city", "x")
            ])
            .is_ok()
        );
        assert_eq!(
            checked(&[("title", &"a\u{303}".repeat(200))])
                .unwrap()
                .title,
            "ã".repeat(200)
        );
        refused("title", &"x".repeat(201), "/title too-long");
        refused("description", &"x".repeat(10_001), "/description too-long");
    }

    #[test]
    fn only_web_addresses_are_links() {
        for typed in [
            "https://example.org/a?b=c&d",
            "http://localhost:8000",
            "HTTPS://exemplo.org/ação",
        ] {
            assert_eq!(
                checked(&[("url", typed)]).unwrap().url.as_deref(),
                Some(typed)
            );
        }
        for typed in [
            "example.org",
            "ftp://example.org",
            "//example.org",
            "https://",
            "http:example.org",
            "mailto:a@b",
        ] {
            refused("url", typed, "/url not-a-url");
        }
    }

    #[test]
    fn technologies_keep_their_order_and_lose_their_duplicates() {
        let draft = checked(&[("technologies", "C++, Ação,,  c++ ,ACAO,.NET")]).unwrap();
        assert_eq!(draft.technologies, ["C++", "Ação", ".NET"]);
        let marked = checked(&[("technologies", "バス,パス,ﾊﾞｽ")]).unwrap();
        assert_eq!(marked.technologies, ["バス", "パス"]);
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        refused("technologies", &many.join(","), "/technologies too-many");
    }

    #[test]
    fn a_json_value_of_another_type_is_blamed_once() {
        let Value::Object(members) = serde_json::json!({"title": 5, "date": null, "location": "x", "technologies": "Rust", "extra": {}})
        else {
            unreachable!()
        };
        let problems = EventForm::from_json(&members).check(SAO_PAULO).unwrap_err();
        let told: Vec<_> = problems
            .iter()
            .map(|p| (p.pointer.as_str(), p.code.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("/title", "not-text"),
                ("/technologies", "not-texts"),
                ("/date", "required")
            ]
        );
    }
}
