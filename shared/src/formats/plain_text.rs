//! Removes or replaces characters of users' texts that iCalendar, feeds and other formats do not allow.

/// Returns `text` with line breaks as LF, and without control characters and the characters that XML 1.0 §2.2 forbids.
/// Forms reject these characters, but older and imported events can contain them.
pub(crate) fn plain_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_allowed = |c: &char| match c {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    text.chars().filter(is_allowed).collect()
}

/// Returns `text` as [`plain_text`] does, with line breaks and tabs replaced by spaces.
pub(crate) fn one_line(text: &str) -> String {
    plain_text(text).replace(['\n', '\t'], " ")
}

/// Returns `text`, or if it is longer, its first `chars_max` characters and an ellipsis.
pub(crate) fn truncate(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_line_breaks_but_no_control_characters() {
        assert_eq!(
            plain_text("a\r\nb\rc\nd\te\u{7}\u{0}\u{85}\u{ffff}🦀"),
            "a\nb\nc\nd\te🦀"
        );
        assert_eq!(one_line("a\r\nb"), "a b");
    }

    #[test]
    fn a_truncated_text_ends_with_an_ellipsis() {
        assert_eq!(truncate("ação", 4), "ação");
        assert_eq!(truncate("ação já", 5), "ação…");
    }
}
