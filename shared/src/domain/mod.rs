//! What an event is: pure types and rules, without async, SQL, HTTP, clock or environment.

mod denylist;
mod draft;
mod event;
mod field_error;
mod form;
mod link;
mod place;
mod search_terms;
mod technology;
mod text;
mod time;
mod token;
mod validate;

pub use self::{
    denylist::Denylist,
    draft::EventDraft,
    event::{Attendance, Event, Status},
    field_error::{FieldError, FieldErrorCode, ValidationErrors},
    form::EventForm,
    link::{URL_CHARS_MAX, is_web_address},
    place::{BRAZILIAN_STATES, PLACE_CHARS_MAX},
    search_terms::{SearchTerm, search_terms},
    technology::{TECHNOLOGIES_MAX, TECHNOLOGY_CHARS_MAX},
    time::parse_instant,
    token::EditToken,
    validate::{
        DESCRIPTION_CHARS_MAX, DURATION_DAYS_MAX, LINE_CHARS_MAX, ORGANIZER_CHARS_MAX, YEARS,
    },
};
pub(crate) use self::{
    text::{fold, name_key},
    time::{earliest_instant, instant_text, wall_time_text},
};
