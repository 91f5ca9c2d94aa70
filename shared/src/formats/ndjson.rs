//! Writes and parses the export format: one event per line, as JSON (NDJSON).

use std::{fmt::Display, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, de::Error as _};
use uuid::Uuid;

use super::json::event_json;
use crate::{
    Tz,
    domain::{Attendance, Event, Status, is_web_address},
};

/// Largest event id in an export: the largest integer that every JSON implementation reads exactly (RFC 8259 §6), so
/// that new events can still get larger ids.
const ID_MAX: i64 = (1 << 53) - 1;

/// Returns the line of `event` in an export, in UTF-8, with the final LF.
#[must_use]
pub fn export_line(event: &Event) -> Vec<u8> {
    // Serialization fails only for maps with keys that are not strings, and an event has none.
    let mut line = serde_json::to_vec(&event_json(event, None)).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Parses one line of an export. Validates only what the database requires, so that events published under older rules
/// can still be imported.
///
/// # Errors
/// A message in one line that names the missing field, the field of the wrong type, or the value that can't be stored.
pub fn parse_export_line(line: &str) -> Result<Event, String> {
    let mut deserializer = serde_json::Deserializer::from_str(line);
    let event = ExportedEvent::deserialize(&mut deserializer)
        .and_then(|event| deserializer.end().map(|()| event))
        .map_err(|error| {
            // The caller adds the number of the line in the file; here it is always 1.
            let (text, column) = (error.to_string(), error.column());
            text.replace(
                &format!(" at line 1 column {column}"),
                &format!(", column {column}"),
            )
        })?;
    validate(event)
}

/// The fields of an event in an export. The wall-clock times, which follow from the instants and the zone, are ignored.
#[derive(Deserialize)]
#[serde(remote = "Event")]
struct ExportedEvent {
    id: i64,
    #[serde(deserialize_with = "from_text")]
    uid: Uuid,
    title: String,
    description: Option<String>,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "from_text")]
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
    #[serde(skip)]
    hidden: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Deserializes a value from the text that its `FromStr` parses.
fn from_text<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
    source: D,
) -> Result<T, D::Error> {
    String::deserialize(source)?
        .parse()
        .map_err(D::Error::custom)
}

/// Returns `event` if the database can store it; otherwise a message with the reason.
fn validate(event: Event) -> Result<Event, String> {
    if !(1..=ID_MAX).contains(&event.id) {
        return Err(format!("id {} is not from 1 to 9007199254740991", event.id));
    }
    if event.version < 1 {
        return Err("version is less than 1".to_owned());
    }
    if event.ends_at.is_some_and(|end| end < event.starts_at) {
        return Err("ends_at comes before starts_at".to_owned());
    }
    if event.url.as_deref().is_some_and(|url| !is_web_address(url)) {
        return Err("url is not an http or https URL".to_owned());
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
        return Err("a text contains the character NUL".to_owned());
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const LINE: &str = r#"{"id":42,"uid":"3f7c0b52-9d1e-4f57-8a43-6d5f4a1f8b10","title":"Noite de Rust","description":null,"date":"2027-03-18T19:00:00","end_date":null,"timezone":"America/Recife","starts_at":"2027-03-18T22:00:00Z","ends_at":null,"location":"Recife - PE","city":"Recife","state":"PE","attendance":"hybrid","status":"scheduled","url":"https://example.org/","organizer":null,"technologies":["Rust"],"created_at":"2027-01-05T12:30:00Z","updated_at":"2027-01-05T12:30:00.250Z","version":1}"#;

    #[test]
    fn an_imported_line_is_exported_unchanged() {
        let event = parse_export_line(LINE).unwrap();
        assert!(!event.hidden);
        let line = String::from_utf8(export_line(&event)).unwrap();
        assert_eq!(line, format!("{LINE}\n"));
    }

    #[test]
    fn an_event_that_cannot_be_stored_is_an_error() {
        for (field, value, expected) in [
            ("id", json!(0), "id 0 is not from 1 to 9007199254740991"),
            ("version", json!(0), "version is less than 1"),
            (
                "ends_at",
                json!("1999-01-01T00:00:00Z"),
                "ends_at comes before starts_at",
            ),
            (
                "url",
                json!("example.org"),
                "url is not an http or https URL",
            ),
            (
                "technologies",
                json!(["a\0b"]),
                "a text contains the character NUL",
            ),
        ] {
            let mut event: Value = serde_json::from_str(LINE).unwrap();
            event[field] = value;
            assert_eq!(parse_export_line(&event.to_string()).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_json_error_names_the_column_but_no_line() {
        assert_eq!(
            parse_export_line("{} x").unwrap_err(),
            "missing field `id`, column 2"
        );
        assert_eq!(
            parse_export_line(&format!("{LINE} x")).unwrap_err(),
            format!("trailing characters, column {}", LINE.len() + 2)
        );
    }
}
