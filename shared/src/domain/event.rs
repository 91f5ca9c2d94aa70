//! A published event, its form of attendance and its status.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::city_and_state;

/// How people attend an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// At a place.
    InPerson,
    /// Over the internet.
    Online,
    /// At a place or over the internet.
    Hybrid,
}

impl Attendance {
    /// All forms of attendance, the default first.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Online, Self::Hybrid];

    /// Returns the name of the value in JSON, forms and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Online => "online",
            Self::Hybrid => "hybrid",
        }
    }
}

/// Whether an event takes place as announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The event takes place as announced.
    Scheduled,
    /// The event takes place later, at a date to be announced.
    Postponed,
    /// The event does not take place.
    Cancelled,
}

impl Status {
    /// All statuses, the default first.
    pub const ALL: [Self; 3] = [Self::Scheduled, Self::Postponed, Self::Cancelled];

    /// Returns the name of the value in JSON, forms and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A published event as it is stored in the database.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the API documents the fields, under the same names"
)]
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
    /// Returns the wall-clock time at which the event starts, in its own time zone.
    #[must_use]
    pub fn date(&self) -> NaiveDateTime {
        self.starts_at.with_timezone(&self.timezone).naive_local()
    }

    /// Returns the wall-clock time at which the event ends, in its own time zone; `None` for an event without an end.
    #[must_use]
    pub fn end_date(&self) -> Option<NaiveDateTime> {
        self.ends_at
            .map(|instant| instant.with_timezone(&self.timezone).naive_local())
    }

    /// Returns whether the event's city and state are the ones at the end of its location.
    #[must_use]
    pub fn city_is_from_location(&self) -> bool {
        self.city.is_some()
            && self.city.clone().zip(self.state.clone()) == city_and_state(&self.location)
    }

    /// Returns the strong entity tag of the event's JSON (RFC 9110 §8.8.3), quotes included.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{}-{}\"", self.id, self.version)
    }
}
