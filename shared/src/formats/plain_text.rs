//! What somebody typed, made fit for formats that take less than a page does.

/// The text with its line breaks as LF and without what no text holds (control characters, and what XML 1.0 §2.2 forbids).
/// What the board takes in today is so already; what it has adopted or imported need not be.
pub(crate) fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let held = |c: &char| match c {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    text.chars().filter(held).collect()
}

/// The text on one line.
pub(crate) fn one_line(text: &str) -> String {
    plain(text).replace(['\n', '\t'], " ")
}

/// The beginning of the text where it has more than `chars_max` characters, with a mark that there is more.
pub(crate) fn cut(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_loses_what_no_text_holds() {
        assert_eq!(
            plain("a\r\nb\rc\nd\te\u{7}\u{0}\u{85}\u{ffff}🦀"),
            "a\nb\nc\nd\te🦀"
        );
        assert_eq!(one_line("a\r\nb"), "a b");
    }

    #[test]
    fn a_cut_text_says_that_there_is_more() {
        assert_eq!(cut("ação", 4), "ação");
        assert_eq!(cut("ação já", 5), "ação…");
    }
}
