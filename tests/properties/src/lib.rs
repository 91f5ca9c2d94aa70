//! Properties of the site's parsers that hold for any input, one function for each kind of input. A function panics if
//! its property is violated. `tests/fuzz` searches for such inputs, and the ordinary tests run the stored ones.

use std::{fmt::Debug, time::Duration};

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use http::{HeaderMap, HeaderValue, header};
use serde_json::{Map, Value};
use shared::{
    crypto::Secret,
    domain::Denylist,
    domain::EditToken,
    domain::{self, EventDraft, EventForm, ValidationErrors},
    http::Error,
    http::{Cursor, ListParams, edit_token_cookie, form_token},
    pages::Lang,
    query::QueryParams,
};

/// The name of a fuzz target and of its corpus folder, and the function that checks its property.
pub type Property = (&'static str, fn(&[u8]));

/// All properties, by the names of their fuzz targets.
pub const PROPERTIES: [Property; 7] = [
    ("form", form),
    ("json", json),
    ("date", date),
    ("search", search),
    ("query", query),
    ("cursor", cursor),
    ("token", token),
];

/// Checks that an HTML form becomes a draft within every limit, or errors that have a message.
pub fn form(data: &[u8]) {
    let pairs = url::form_urlencoded::parse(data).into_owned();
    let form = EventForm::from_pairs(pairs);
    assert_eq!(form.fingerprint(), form.fingerprint());
    check_limits(form.validate(Tz::America__Sao_Paulo));
}

/// Checks that a JSON object becomes a draft within every limit, or errors that have a message.
pub fn json(data: &[u8]) {
    if let Ok(members) = serde_json::from_slice::<Map<String, Value>>(data) {
        check_limits(EventForm::from_json(&members).validate(Tz::America__Sao_Paulo));
    }
}

/// Checks that a draft is within the limits of the API, or that every error has a message.
fn check_limits(result: Result<EventDraft, ValidationErrors>) {
    let draft = match result {
        Ok(draft) => draft,
        Err(errors) => {
            assert!(errors.iter().len() > 0);
            for error in errors.iter() {
                assert!(error.pointer.is_empty() || error.pointer.starts_with('/'));
                assert!(!Lang::PtBr.field_error(&error.code).is_empty());
            }
            return;
        }
    };
    for (pointer, text) in draft.texts() {
        let field = pointer.split('/').nth(1).unwrap_or_default();
        let chars_max = match field {
            "title" | "location" => 200,
            "description" => 10_000,
            "city" | "state" => 80,
            "url" => 500,
            "organizer" => 120,
            "technologies" => 40,
            other => panic!("{other} has no limit"),
        };
        assert!(
            (1..=chars_max).contains(&text.chars().count()),
            "{pointer}: {text:?}"
        );
        let allowed = |c: char| !c.is_control() || c == '\t' || field == "description" && c == '\n';
        assert!(text.chars().all(allowed), "{pointer}: {text:?}");
        assert!(
            field != "url" || text.to_lowercase().starts_with("http"),
            "{text:?}"
        );
    }
    assert!(
        draft
            .texts()
            .iter()
            .filter(|(pointer, _)| pointer.starts_with("/technologies/"))
            .count()
            <= 20
    );
    assert_eq!(Denylist::default().check(draft.clone()), Ok(draft));
}

/// Checks that a date is a time in the years 0 to 9999, and parses to the same time when formatted. The first byte of
/// `data` selects the time zone.
pub fn date(data: &[u8]) {
    let Some((zone, typed)) = data.split_first() else {
        return;
    };
    let zone = TZ_VARIANTS[usize::from(*zone) * TZ_VARIANTS.len() / 256];
    let typed = String::from_utf8_lossy(typed);
    if let Some(moment) = domain::parse_instant(&typed, zone) {
        assert!((0..=9_999).contains(&moment.year()), "{typed} is {moment}");
        assert_eq!(
            domain::parse_instant(&moment.to_rfc3339(), zone),
            Some(moment)
        );
    }
    let fields = [
        ("title", "x"),
        ("location", "x"),
        ("date", &typed),
        ("timezone", zone.name()),
    ];
    let form =
        EventForm::from_pairs(fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    check_limits(form.validate(Tz::UTC));
}

/// Checks that a search has at most 32 terms, each of at most 1,000 characters and without NUL.
pub fn search(data: &[u8]) {
    let terms = domain::search_terms(&String::from_utf8_lossy(data));
    assert!(terms.len() <= 32);
    for term in terms {
        assert!(term.text.chars().count() <= 1_000 && !term.text.contains('\0'));
    }
}

/// Checks that a query string gives list parameters within their bounds, or an error that names the invalid parameter.
pub fn query(data: &[u8]) {
    let query = QueryParams::parse(data);
    match ListParams::parse(&query, Tz::America__Sao_Paulo) {
        Ok(params) => {
            assert!((1..=100).contains(&params.limit) && (0..=10_000).contains(&params.offset));
            if let Some(cursor) = params.cursor {
                check_round_trip(cursor);
            }
        }
        Err(Error::BadParameter { name, .. }) => assert!(!name.is_empty()),
        Err(other) => panic!("{other:?}"),
    }
}

/// Checks that a pagination cursor is rejected, or is the same after formatting and parsing.
pub fn cursor(data: &[u8]) {
    if let Some(cursor) = Cursor::parse(&String::from_utf8_lossy(data)) {
        check_round_trip(cursor);
    }
}

fn check_round_trip(cursor: Cursor) {
    assert_eq!(Cursor::parse(&cursor.to_text()), Some(cursor));
}

/// Checks that a token from a cookie or a path is redacted in `Debug` output, and that a form token without a valid
/// signature is rejected.
pub fn token(data: &[u8]) {
    let mut headers = HeaderMap::new();
    if let Ok(cookies) = HeaderValue::from_bytes(data) {
        headers.insert(header::COOKIE, cookies);
    }
    let text = String::from_utf8_lossy(data);
    for token in [edit_token_cookie(&headers), Some(EditToken::parse(&text))]
        .into_iter()
        .flatten()
    {
        assert_eq!(token.hash().len(), 32);
        assert_eq!(EditToken::parse(token.expose()), token);
        check_redacted(&token);
    }
    let secret = Secret::new(*b"the key of the server.");
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH + Duration::from_secs(1);
    assert_eq!(form_token::age(&secret, &text, now), None);
}

fn check_redacted(token: &impl Debug) {
    assert_eq!(format!("{token:?}"), "EditToken(..)");
}
