//! What was typed into the search box, taken apart: quoted phrases and the rest at its white space. What the parts mean,
//! the database decides, with the function that also folds what is stored.

use shared::store::Term;

/// How much of a search is read, in characters; nobody types more, and what programs send is kept harmless.
const SEARCH_CHARS_MAX: usize = 1_000;
/// How many terms of it are looked for.
const TERMS_MAX: usize = 32;

/// The terms of a search. A quote that is never closed is no quote.
#[must_use]
pub fn terms(typed: &str) -> Vec<Term> {
    // Phones turn straight quotes into curly ones.
    let typed: String = typed
        .chars()
        .take(SEARCH_CHARS_MAX)
        .map(|c| match c {
            '“' | '”' | '„' | '«' | '»' => '"',
            '\0' => ' ',
            c => c,
        })
        .collect();
    let parts: Vec<&str> = typed.split('"').collect();
    let closed = parts.len() - 1 - (parts.len() - 1) % 2;
    let mut terms = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        if place % 2 == 1 && place < closed {
            terms.push(Term {
                text: bare(part.trim()).to_owned(),
                quoted: true,
            });
        } else {
            terms.extend(part.split_whitespace().map(|word| Term {
                text: bare(word).to_owned(),
                quoted: false,
            }));
        }
    }
    terms.truncate(TERMS_MAX);
    terms
}

/// Without the punctuation of a sentence around it, which no name of a technology has there: `(C++, .NET!)`.
fn bare(text: &str) -> &str {
    text.trim_start_matches(['(', '[', ',', ';', ':', '!', '?'])
        .trim_end_matches([')', ']', ',', ';', ':', '!', '?', '.'])
}

#[cfg(test)]
mod tests {
    use super::terms;

    #[track_caller]
    fn check(typed: &str, expected: &[&str]) {
        let shown: Vec<String> = terms(typed)
            .into_iter()
            .map(|term| {
                if term.quoted {
                    format!("\"{}\"", term.text)
                } else {
                    term.text
                }
            })
            .collect();
        assert_eq!(shown, expected, "{typed}");
    }

    #[test]
    fn words_and_phrases_are_told_apart() {
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
    fn what_is_typed_is_bounded() {
        assert_eq!(terms(&"a ".repeat(100_000)).len(), 32);
    }
}
