//! A sample event and a sample view for the unit tests of this crate.

use chrono::DateTime;

use super::{i18n::Lang, view::View};
use crate::domain::{Attendance, Event, Status};

/// Returns an in-person event on 18 March 2027 at 19:00 in the time zone of São Paulo, without an end.
pub(crate) fn sample_event() -> Event {
    Event {
        id: 42,
        uid: uuid::Uuid::nil(),
        title: "Rust & Café".to_owned(),
        description: None,
        starts_at: "2027-03-18T22:00:00Z".parse().unwrap(),
        ends_at: None,
        timezone: chrono_tz::America::Sao_Paulo,
        location: "Porto Digital, Recife - PE".to_owned(),
        city: Some("Recife".to_owned()),
        state: Some("PE".to_owned()),
        attendance: Attendance::InPerson,
        status: Status::Scheduled,
        url: None,
        organizer: None,
        technologies: Vec::new(),
        version: 1,
        hidden: false,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

/// Returns a view in Portuguese; `now` is the current time (RFC 3339).
pub(crate) fn sample_view(now: &str) -> View {
    View {
        lang: Lang::PtBr,
        lang_chosen: false,
        path_and_query: None,
        now: now.parse().unwrap(),
        app_title: "Encontros Tech".to_owned(),
        base_url: "https://site.example".to_owned(),
    }
}
