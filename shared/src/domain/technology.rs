//! The limits and the comparison of the names of an event's technologies.

use std::collections::HashSet;

use super::text::name_key;

/// Maximum length of the name of a technology, in characters.
pub const TECHNOLOGY_CHARS_MAX: usize = 40;
/// Maximum number of distinct technologies of one event.
pub const TECHNOLOGIES_MAX: usize = 20;

/// Splits a comma-separated list into names, without trimming them.
pub(super) fn split_names(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

/// Returns whether both lists are the same text once their names are joined by commas, as a form field joins them.
pub(super) fn are_equal_when_joined(names: &[String], others: &[String]) -> bool {
    let parts = |names: &[String]| -> Vec<String> {
        let joined = names.join(",");
        joined
            .split(',')
            .map(|name| name.trim().to_owned())
            .collect()
    };
    parts(names) == parts(others)
}

/// Removes duplicate names and preserves the order; names that differ only by case, accents or spaces are duplicates.
pub(super) fn unique_names(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut keys = HashSet::new();
    names
        .into_iter()
        .filter(|name| keys.insert(name_key(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_order_without_duplicates() {
        for (names, expected) in [
            ("C++,Ação,c++,ACAO,.NET", "C++,Ação,.NET"),
            ("バス,パス,ﾊﾞｽ", "バス,パス"),
        ] {
            assert_eq!(unique_names(split_names(names)), split_names(expected));
        }
    }

    #[test]
    fn a_name_with_a_comma_equals_its_parts_in_a_form_field() {
        let names = ["a, b".to_owned(), "c".to_owned()];
        assert!(are_equal_when_joined(&split_names("a,b , c"), &names));
        assert!(!are_equal_when_joined(&split_names("a,c"), &names));
    }
}
