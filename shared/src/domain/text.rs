//! Unicode rules for text: normalization, forbidden characters, and comparison without case and accents.

use unicode_normalization::UnicodeNormalization;

/// Trims `text` and converts it to Unicode Normalization Form C.
pub(super) fn normalize_line(text: &str) -> String {
    text.trim().nfc().collect()
}

/// Converts `text` to Unicode Normalization Form C with LF as its only line ending.
pub(super) fn normalize_paragraphs(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .nfc()
        .collect()
}

/// Returns whether `text` contains a line break: LF, CR, or Unicode's line or paragraph separator.
pub(super) fn has_line_break(text: &str) -> bool {
    text.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
}

/// Returns whether `text` contains a control character other than TAB and LF.
pub(super) fn has_control_character(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_control() && c != '\t' && c != '\n')
}

/// Removes case and accents from `text`, for comparison. Only marks of the block Combining Diacritical Marks count as
/// accents, as in the database's function `name_key`: without its mark, バ would be another letter.
pub(crate) fn fold(text: &str) -> String {
    let without_accents = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    without_accents.collect::<String>().to_lowercase()
}

/// Returns the key by which names are compared: `name` without case and accents, with single spaces between words. The
/// database's function `name_key` returns the same key.
pub(crate) fn name_key(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_accents_and_repeated_spaces() {
        for (name, key) in [
            ("C++", "c++"),
            ("  São   Paulo ", "sao paulo"),
            ("AÇÃO", "acao"),
            ("ﾊﾞｽ", "バス".nfkd().collect::<String>().as_str()),
        ] {
            assert_eq!(name_key(name), key, "{name}");
        }
        assert_ne!(name_key("バス"), name_key("パス"));
    }

    #[test]
    fn line_breaks_and_control_characters_are_found() {
        for (text, breaks, controls) in [
            ("one line\twith a tab", false, false),
            ("two\nlines", true, false),
            ("two\rlines", true, true),
            ("two\u{2028}lines", true, false),
            ("a bell \u{7}", false, true),
            ("a C1 control \u{85}", false, true),
        ] {
            assert_eq!(has_line_break(text), breaks, "{text:?}");
            assert_eq!(has_control_character(text), controls, "{text:?}");
        }
    }

    #[test]
    fn normalized_text_is_composed_and_has_unix_line_endings() {
        assert_eq!(normalize_line(" a\u{303} "), "ã");
        assert_eq!(normalize_paragraphs("a\u{303}\r\nb\rc\n"), "ã\nb\nc\n");
    }
}
