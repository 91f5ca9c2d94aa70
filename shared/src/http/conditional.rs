//! Entity tags (RFC 9110 §8.8.3): which of the tags that a caller knows names what there is now.

use http::{HeaderMap, header};

/// The tags that a caller has already (`If-None-Match`, RFC 9110 §13.1.2), if it says so.
#[must_use]
pub fn if_none_match(headers: &HeaderMap) -> Option<String> {
    if !headers.contains_key(header::IF_NONE_MATCH) {
        return None;
    }
    let tags = headers.get_all(header::IF_NONE_MATCH).iter();
    let tags: Vec<_> = tags.filter_map(|tags| tags.to_str().ok()).collect();
    Some(tags.join(","))
}

/// The suffix that a content coding adds to the tag of what it codes.
const CODINGS: [&str; 2] = ["-gzip", "-br"];

/// The tag of `If-None-Match` that names this representation, whatever its coding (RFC 9110 §13.1.2: weak comparison).
#[must_use]
pub fn matching(listed: &str, tag: &str) -> Option<String> {
    tags(listed).find_map(|listed| {
        let opaque = listed.trim_start_matches("W/").trim_matches('"');
        if listed == "*" {
            Some(tag.to_owned())
        } else {
            (bare(opaque) == bare(tag.trim_matches('"'))).then(|| format!("\"{opaque}\""))
        }
    })
}

/// Whether `If-Match` lists this tag, whatever its coding (RFC 9110 §13.1.1: strong comparison).
pub(crate) fn if_match_allows(listed: &str, tag: &str) -> bool {
    tags(listed).any(|listed| {
        let opaque = listed
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        listed == "*" || opaque.is_some_and(|opaque| bare(opaque) == tag.trim_matches('"'))
    })
}

fn tags(listed: &str) -> impl Iterator<Item = &str> {
    listed.split(',').map(str::trim)
}

fn bare(opaque: &str) -> &str {
    CODINGS
        .iter()
        .find_map(|coding| opaque.strip_suffix(coding))
        .unwrap_or(opaque)
}

#[cfg(test)]
mod tests {
    use super::{if_match_allows, matching};

    #[test]
    fn a_reader_has_a_representation_in_any_coding() {
        for (listed, found) in [
            ("\"42-1\"", Some("\"42-1\"")),
            ("W/\"x\", \"42-1-gzip\"", Some("\"42-1-gzip\"")),
            ("W/\"42-1\"", Some("\"42-1\"")),
            ("*", Some("\"42-1\"")),
            ("\"42-10\", \"42-1-x\"", None),
            ("", None),
        ] {
            assert_eq!(matching(listed, "\"42-1\"").as_deref(), found, "{listed}");
        }
    }

    #[test]
    fn a_writer_names_the_version_strongly() {
        for listed in ["\"42-1\"", "\"x\", \"42-1-br\"", "*"] {
            assert!(if_match_allows(listed, "\"42-1\""), "{listed}");
        }
        for listed in ["W/\"42-1\"", "42-1", "\"42-2\"", "\"42-1-x\"", "\"42\"", ""] {
            assert!(!if_match_allows(listed, "\"42-1\""), "{listed}");
        }
    }
}
