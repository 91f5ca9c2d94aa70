//! Short addresses for what people look for and keep: each has one spelling, in lower case and without accents.
//!
//! In a city the hyphens stand for spaces; a technology is spelled as it is, percent-encoded where a path demands it
//! (`/technology/c%23`, `/technology/machine%20learning`), because hyphens are part of names there.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use crate::domain::{BRAZILIAN_STATES, PLACE_CHARS_MAX, TECHNOLOGY_CHARS_MAX, name_key};

/// The events of today.
pub const TODAY: &str = "/today";
/// The events of this weekend.
pub const WEEKEND: &str = "/weekend";
/// The events that one can join from anywhere.
pub const ONLINE: &str = "/online";

/// What no part of a path holds as it is (RFC 3986 §3.3).
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The code and the name of the Brazilian state that this is the code of, in whatever case.
#[must_use]
pub fn brazilian_state(code: &str) -> Option<(&'static str, &'static str)> {
    let code = code.trim().to_uppercase();
    let known = BRAZILIAN_STATES.iter();
    known.copied().find(|(known, _)| *known == code)
}

/// The address of the events in the state of this code, unless it is none of Brazil's.
#[must_use]
pub fn state(code: &str) -> Option<String> {
    let (code, _) = brazilian_state(code)?;
    Some(format!("/state/{}", code.to_lowercase()))
}

/// The address of the events in this city of a Brazilian state, unless no path can hold its name.
#[must_use]
pub fn city(code: &str, name: &str) -> Option<String> {
    let (code, _) = brazilian_state(code)?;
    let slug = city_slug(name)?;
    Some(format!("/city/{}/{}", code.to_lowercase(), encoded(&slug)))
}

/// The city's name as its address ends: `sao-jose-dos-campos`.
#[must_use]
pub fn city_slug(name: &str) -> Option<String> {
    let slug = spelled(name).replace(' ', "-");
    (slug.chars().count() <= PLACE_CHARS_MAX && is_part(&slug)).then_some(slug)
}

/// The address of the events about this technology, unless no path can hold its name.
#[must_use]
pub fn technology(name: &str) -> Option<String> {
    let key = technology_key(name)?;
    Some(format!("/technology/{}", encoded(&key)))
}

/// The technology's name as its address ends, before it is encoded: `c++`.
#[must_use]
pub fn technology_key(name: &str) -> Option<String> {
    let key = spelled(name);
    (key.chars().count() <= TECHNOLOGY_CHARS_MAX && is_part(&key)).then_some(key)
}

/// The name as it is compared, composed again where folding has taken letters apart that are no accented ones.
fn spelled(name: &str) -> String {
    name_key(name).nfc().collect()
}

fn encoded(part: &str) -> String {
    utf8_percent_encode(part, ENCODED).to_string()
}

/// Whether every way leaves it one part of a path: some decode a path before they take it apart.
fn is_part(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', '\\', '%']) && !text.chars().all(|c| c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_has_one_address() {
        for name in ["Florianópolis", "florianopolis", " FLORIANÓPOLIS "] {
            let address = city("sc", name);
            assert_eq!(address.as_deref(), Some("/city/sc/florianopolis"), "{name}");
        }
        for (name, address) in [
            ("C++", "/technology/c++"),
            ("C#", "/technology/c%23"),
            (".NET", "/technology/.net"),
            ("Machine  Learning", "/technology/machine%20learning"),
            ("Vue-Router", "/technology/vue-router"),
            ("バス", "/technology/%E3%83%90%E3%82%B9"),
        ] {
            assert_eq!(technology(name).as_deref(), Some(address), "{name}");
        }
        let address = city("SP", "São José dos Campos");
        assert_eq!(address.as_deref(), Some("/city/sp/sao-jose-dos-campos"));
        assert_eq!(state("Ac").as_deref(), Some("/state/ac"));
    }

    #[test]
    fn what_no_path_can_hold_has_no_address() {
        for name in ["CI/CD", "100%", r"a\b", "..", ".", "", " "] {
            assert_eq!(technology(name), None, "{name}");
        }
        assert_eq!(technology(&"x".repeat(41)), None);
        assert_eq!(state("XX"), None);
        assert_eq!(city("XX", "Lisboa"), None);
        assert_eq!(city("SP", "/"), None);
    }
}
