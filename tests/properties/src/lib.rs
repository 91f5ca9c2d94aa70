//! What holds for any input, a function for each way in. None of them may panic; the fuzzer of `tests/fuzz` looks for an
//! input that makes one, and the ordinary tests try everything it has kept.

use std::{fmt::Debug, time::Duration};

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use http::{HeaderMap, HeaderValue, header};
use list::{
    search,
    wishes::{Cursor, ListParams},
};
use serde_json::{Map, Value};
use shared::{
    crypto::Secret,
    domain::Denylist,
    domain::EditToken,
    domain::{self, EventDraft, EventForm, ValidationErrors},
    http::Error,
    http::Query,
    http::{edit_token_cookie, form_token},
    pages::Lang,
};

/// A property, by the name of its target and of the folder of its inputs.
pub type Property = (&'static str, fn(&[u8]));

/// All of them.
pub const PROPERTIES: [Property; 7] = [
    ("form", form),
    ("json", json),
    ("date", date),
    ("search", search),
    ("query", query),
    ("cursor", cursor),
    ("token", token),
];

/// A form as a browser posts it becomes a draft that keeps every limit, or problems that have words.
pub fn form(data: &[u8]) {
    let pairs = url::form_urlencoded::parse(data).into_owned();
    let form = EventForm::from_pairs(pairs);
    assert_eq!(form.fingerprint(), form.fingerprint());
    weigh(form.validate(Tz::America__Sao_Paulo));
}

/// A JSON object becomes a draft that keeps every limit, or problems that have words.
pub fn json(data: &[u8]) {
    if let Ok(members) = serde_json::from_slice::<Map<String, Value>>(data) {
        weigh(EventForm::from_json(&members).validate(Tz::America__Sao_Paulo));
    }
}

/// The limits of the contract, once more.
fn weigh(checked: Result<EventDraft, ValidationErrors>) {
    let draft = match checked {
        Ok(draft) => draft,
        Err(problems) => {
            assert!(problems.iter().len() > 0);
            for problem in problems.iter() {
                assert!(problem.pointer.is_empty() || problem.pointer.starts_with('/'));
                assert!(!Lang::PtBr.problem(&problem.code).is_empty());
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

/// A date is a moment within the calendar, the same when it is read again; the first byte chooses the zone.
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
    weigh(form.validate(Tz::UTC));
}

/// A search is a bounded number of terms without NUL.
pub fn search(data: &[u8]) {
    let terms = search::terms(&String::from_utf8_lossy(data));
    assert!(terms.len() <= 32);
    for term in terms {
        assert!(term.text.chars().count() <= 1_000 && !term.text.contains('\0'));
    }
}

/// The parameters of a list are wishes within their bounds, or one of them is blamed by its name.
pub fn query(data: &[u8]) {
    let query = Query::parse(&String::from_utf8_lossy(data));
    match ListParams::read(&query, Tz::America__Sao_Paulo) {
        Ok(wishes) => {
            assert!((1..=100).contains(&wishes.limit) && (0..=10_000).contains(&wishes.offset));
            if let Some(cursor) = wishes.cursor {
                comes_back(cursor);
            }
        }
        Err(Error::BadParameter { name, .. }) => assert!(!name.is_empty()),
        Err(other) => panic!("{other:?}"),
    }
}

/// A cursor is none, or the same when it is told and read again.
pub fn cursor(data: &[u8]) {
    if let Some(cursor) = Cursor::from_text(&String::from_utf8_lossy(data)) {
        comes_back(cursor);
    }
}

fn comes_back(cursor: Cursor) {
    assert_eq!(Cursor::from_text(&cursor.to_text()), Some(cursor));
}

/// A cookie or a path holds a token that never prints itself, and nobody makes a stamp but the board.
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
        keeps_its_secret(&token);
    }
    let secret = Secret::new(*b"the board's own secret");
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH + Duration::from_secs(1);
    assert_eq!(form_token::age(&secret, &text, now), None);
}

fn keeps_its_secret(token: &impl Debug) {
    assert_eq!(format!("{token:?}"), "EditToken(..)");
}
