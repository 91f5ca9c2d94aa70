//! What an event is: pure types and rules, without async, SQL, HTTP, clock or environment.

mod denylist;
mod event;
mod token;

pub(crate) use self::event::{earliest, folded, name_key};
pub use self::{
    denylist::Denylist,
    event::{
        Attendance, BRAZILIAN_STATES, DAYS_MAX, DESCRIPTION_CHARS_MAX, Event, EventDraft,
        EventForm, EventJson, FieldError, FieldErrorCode, LINE_CHARS_MAX, ORGANIZER_CHARS_MAX,
        PLACE_CHARS_MAX, Status, TECHNOLOGIES_MAX, TECHNOLOGY_CHARS_MAX, URL_CHARS_MAX,
        ValidationErrors, YEARS, is_web_address, moment,
    },
    token::EditToken,
};
