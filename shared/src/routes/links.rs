//! Builds the path of each page from the values of its parameters.
//!
//! The path of a landing page has one canonical spelling, in lower case and without accents. In the name of a city,
//! hyphens replace spaces. The name of a technology is percent-encoded where necessary (`/technology/c%23`), because
//! hyphens and symbols are part of such names.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::paths;
use crate::domain::{BRAZILIAN_STATES, PLACE_CHARS_MAX, TECHNOLOGY_CHARS_MAX, name_key};

/// The characters that are percent-encoded in a path (RFC 3986 §3.3), except the percent sign itself.
pub(crate) const ENCODED_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Replaces the parameters in `path` by `values`, in their order.
fn fill(path: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(path.len());
    let mut rest = path;
    for value in values {
        let Some((before, after)) = rest.split_once('{') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(value);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled + rest
}

/// Returns the path of the front page with a message that an event was deleted.
#[must_use]
pub fn home_after_deletion() -> String {
    format!("{}?deleted=1", paths::HOME)
}

/// Returns the path of the public page of an event.
#[must_use]
pub fn event(id: i64) -> String {
    fill(paths::EVENT, &[&id.to_string()])
}

/// Returns the path of the calendar file of an event.
#[must_use]
pub fn event_calendar(id: i64) -> String {
    fill(paths::EVENT_CALENDAR, &[&id.to_string()])
}

/// Returns the path of the preview image of an event.
#[must_use]
pub fn event_card(id: i64) -> String {
    fill(paths::EVENT_CARD, &[&id.to_string()])
}

/// Returns the path of the page that shows the edit link after an event is published.
#[must_use]
pub fn event_created(id: i64) -> String {
    fill(paths::EVENT_CREATED, &[&id.to_string()])
}

/// Returns the path of the edit form of an event.
#[must_use]
pub fn event_edit(id: i64) -> String {
    fill(paths::EVENT_EDIT, &[&id.to_string()])
}

/// Returns the path of the secret edit link with `token`.
#[must_use]
pub fn edit_link(token: &str) -> String {
    fill(paths::EDIT_LINK, &[token])
}

/// Returns the path of the JSON of an event.
#[must_use]
pub fn api_event(id: i64) -> String {
    fill(paths::API_EVENT, &[&id.to_string()])
}

/// Returns the path of a static file, whose `name` includes the hash.
#[must_use]
pub fn static_file(name: &str) -> String {
    fill(paths::STATIC_FILE, &[name])
}

/// Returns the path of a part of the sitemap, by its number.
#[must_use]
pub fn sitemap_part(number: i64) -> String {
    fill(paths::SITEMAP_PART, &[&format!("{number}.xml")])
}

/// Returns the id of the event whose public page has the given path; `None` for any other path.
#[must_use]
pub fn event_id(path: &str) -> Option<i64> {
    let prefix = paths::EVENT.trim_end_matches("{id}");
    let id = path.strip_prefix(prefix)?;
    let is_plain = id.bytes().all(|byte| byte.is_ascii_digit());
    id.parse().ok().filter(|_| is_plain)
}

/// Finds the code and the name of a Brazilian state by its code, in upper or lower case.
#[must_use]
pub fn brazilian_state(code: &str) -> Option<(&'static str, &'static str)> {
    let code = code.trim().to_uppercase();
    let mut states = BRAZILIAN_STATES.iter().copied();
    states.find(|(known, _)| *known == code)
}

/// Returns the path of the landing page of a Brazilian state, by its code; `None` for any other code.
#[must_use]
pub fn state(code: &str) -> Option<String> {
    let (code, _) = brazilian_state(code)?;
    Some(fill(paths::STATE, &[&code.to_lowercase()]))
}

/// Returns the path of the landing page of a city in a Brazilian state; `None` when a path cannot contain its name.
#[must_use]
pub fn city(code: &str, name: &str) -> Option<String> {
    let (code, _) = brazilian_state(code)?;
    let slug = city_slug(name)?;
    Some(fill(paths::CITY, &[&code.to_lowercase(), &encoded(&slug)]))
}

/// Returns the last segment of the path of a city's landing page: `sao-jose-dos-campos`.
#[must_use]
pub fn city_slug(name: &str) -> Option<String> {
    let slug = normalized(name).replace(' ', "-");
    (slug.chars().count() <= PLACE_CHARS_MAX && is_segment(&slug)).then_some(slug)
}

/// Returns the path of the landing page of a technology; `None` when a path cannot contain its name.
#[must_use]
pub fn technology(name: &str) -> Option<String> {
    let key = technology_key(name)?;
    Some(fill(paths::TECHNOLOGY, &[&encoded(&key)]))
}

/// Returns the last segment of the path of a technology's landing page, before it is percent-encoded: `c++`.
#[must_use]
pub fn technology_key(name: &str) -> Option<String> {
    let key = normalized(name);
    (key.chars().count() <= TECHNOLOGY_CHARS_MAX && is_segment(&key)).then_some(key)
}

/// Returns the key of `name` in Unicode Normalization Form C, since [`name_key`] may return decomposed letters.
fn normalized(name: &str) -> String {
    name_key(name).nfc().collect()
}

fn encoded(segment: &str) -> String {
    utf8_percent_encode(segment, ENCODED_IN_PATHS).to_string()
}

/// Returns whether every client and proxy treats `text` as one segment of a path; some decode a path before splitting
/// it.
fn is_segment(text: &str) -> bool {
    !text.is_empty() && !text.contains(['/', '\\', '%']) && !text.chars().all(|c| c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_filled_in() {
        assert_eq!(event(42), "/events/42");
        assert_eq!(event_calendar(42), "/events/42/event.ics");
        assert_eq!(edit_link("a-b"), "/events/edit/a-b");
        assert_eq!(sitemap_part(2), "/sitemap/2.xml");
        assert_eq!(event_id("/events/42"), Some(42));
        for path in [
            "/events/",
            "/events/+42",
            "/events/42/edit",
            "/events/new",
            "/",
        ] {
            assert_eq!(event_id(path), None, "{path}");
        }
    }

    #[test]
    fn every_spelling_has_one_path() {
        for name in ["Florianópolis", "florianopolis", " FLORIANÓPOLIS "] {
            let path = city("sc", name);
            assert_eq!(path.as_deref(), Some("/city/sc/florianopolis"), "{name}");
        }
        for (name, path) in [
            ("C++", "/technology/c++"),
            ("C#", "/technology/c%23"),
            (".NET", "/technology/.net"),
            ("Machine  Learning", "/technology/machine%20learning"),
            ("Vue-Router", "/technology/vue-router"),
            ("バス", "/technology/%E3%83%90%E3%82%B9"),
        ] {
            assert_eq!(technology(name).as_deref(), Some(path), "{name}");
        }
        let path = city("SP", "São José dos Campos");
        assert_eq!(path.as_deref(), Some("/city/sp/sao-jose-dos-campos"));
        assert_eq!(state("Ac").as_deref(), Some("/state/ac"));
    }

    #[test]
    fn names_that_a_path_cannot_contain_have_no_page() {
        for name in ["CI/CD", "100%", r"a\b", "..", ".", "", " "] {
            assert_eq!(technology(name), None, "{name}");
        }
        assert_eq!(technology(&"x".repeat(41)), None);
        assert_eq!(state("XX"), None);
        assert_eq!(city("XX", "Lisboa"), None);
        assert_eq!(city("SP", "/"), None);
    }
}
