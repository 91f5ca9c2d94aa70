//! Splits a search text into terms: quoted phrases, and words between white space.

/// Maximum number of characters of a search text that are read; the rest is ignored.
const SEARCH_CHARS_MAX: usize = 1_000;
/// Maximum number of terms of a search text that are used; the rest are ignored.
const TERMS_MAX: usize = 32;

/// A word or phrase to search for. How it matches is decided by the SQL function that also normalizes the stored text.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchTerm {
    /// Text of the term as typed, without quotes and without surrounding punctuation.
    pub text: String,
    /// Whether the term was in quotes, which makes it a phrase.
    pub quoted: bool,
}

/// Splits the first 1,000 characters of a search text into at most 32 terms. A quote without a closing quote is
/// ignored.
#[must_use]
pub fn search_terms(text: &str) -> Vec<SearchTerm> {
    // Phones replace straight quotes with curly ones.
    let text: String = text
        .chars()
        .take(SEARCH_CHARS_MAX)
        .map(|c| match c {
            '“' | '”' | '„' | '«' | '»' => '"',
            '\0' => ' ',
            c => c,
        })
        .collect();
    let parts: Vec<&str> = text.split('"').collect();
    let quotes = parts.len() - 1;
    let paired_quotes = quotes - quotes % 2;
    let mut terms = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        // Every second part is between two quotes.
        if index % 2 == 1 && index < paired_quotes {
            terms.push(term(part.trim(), true));
        } else {
            terms.extend(part.split_whitespace().map(|word| term(word, false)));
        }
    }
    terms.truncate(TERMS_MAX);
    terms
}

fn term(text: &str, quoted: bool) -> SearchTerm {
    SearchTerm {
        text: trim_punctuation(text).to_owned(),
        quoted,
    }
}

/// Removes the punctuation of a sentence around `text`: `(C++, .NET!)` becomes `C++, .NET`.
fn trim_punctuation(text: &str) -> &str {
    text.trim_start_matches(['(', '[', ',', ';', ':', '!', '?'])
        .trim_end_matches([')', ']', ',', ';', ':', '!', '?', '.'])
}

#[cfg(test)]
mod tests {
    use super::search_terms;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let shown: Vec<String> = search_terms(text)
            .into_iter()
            .map(|term| {
                if term.quoted {
                    format!("\"{}\"", term.text)
                } else {
                    term.text
                }
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn words_and_phrases_are_separated() {
        check("sao paulo", &["sao", "paulo"]);
        check("  \"mesma sala\" rust ", &["\"mesma sala\"", "rust"]);
        check("“mesma sala”", &["\"mesma sala\""]);
        check("a\"b c\"d", &["a", "\"b c\"", "d"]);
        check("mesma \"sala aberta", &["mesma", "sala", "aberta"]);
        check("(C++, C# e .NET!)", &["C++", "C#", "e", ".NET"]);
        check("a\0b", &["a", "b"]);
        check("", &[]);
    }

    #[test]
    fn the_number_of_terms_is_limited() {
        assert_eq!(search_terms(&"a ".repeat(100_000)).len(), 32);
    }
}
