//! Words, phrases and web sites that the operator forbids in events.

use url::{Host, Url};

use super::{
    draft::EventDraft,
    field_error::{FieldError, FieldErrorCode, ValidationErrors},
    text::fold,
};

/// Words, phrases and web sites that no event may contain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Denylist {
    /// Forbidden words and phrases, each as written in the list and as [`fold_words`] returns it.
    phrases: Vec<(String, String)>,
    /// Forbidden hosts in ASCII (RFC 5891), each including its subdomains.
    sites: Vec<String>,
}

impl Denylist {
    /// Parses a list with one entry per line; blank lines and lines that start with `#` are ignored. An entry that is a
    /// URL, or a host name with a dot, is a web site. Any other entry is a word or phrase, matched as whole words and
    /// without regard to case and accents.
    ///
    /// # Errors
    /// Returns the line number, counted from 1, of the first entry without a letter or digit.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut list = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let words = fold_words(line);
            if words.trim().is_empty() {
                return Err(number + 1);
            }
            match site(line) {
                Some(site) => list.sites.push(site),
                None => list.phrases.push((line.to_owned(), words)),
            }
        }
        Ok(list)
    }

    /// Returns `draft` unchanged if none of its texts contains a forbidden entry.
    ///
    /// # Errors
    /// Returns one error per field that contains a forbidden entry, with the first entry found in that field.
    pub fn check(&self, draft: EventDraft) -> Result<EventDraft, ValidationErrors> {
        let texts = draft.texts().into_iter();
        let errors: Vec<FieldError> = texts
            .filter_map(|(pointer, text)| {
                let word = self.find_entry(text)?;
                Some(FieldError::at(pointer, FieldErrorCode::Denied { word }))
            })
            .collect();
        if errors.is_empty() {
            Ok(draft)
        } else {
            Err(ValidationErrors::new(errors))
        }
    }

    /// Finds the first forbidden entry that `text` contains, and returns it as written in the list.
    fn find_entry(&self, text: &str) -> Option<String> {
        let words = fold_words(text);
        let phrase = self
            .phrases
            .iter()
            .find(|(_, phrase)| words.contains(phrase.as_str()));
        let includes = |site: &str, host: &str| {
            host.strip_suffix(site)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let site = || {
            let host_on_list = |host: String| self.sites.iter().find(|site| includes(site, &host));
            hosts(text).find_map(host_on_list).cloned()
        };
        phrase.map(|(line, _)| line.clone()).or_else(site)
    }
}

/// Joins the words of `text`, without case and accents, with a space before and after each word.
fn fold_words(text: &str) -> String {
    let folded = fold(text);
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

/// Returns the host if `line` is a URL or a host name with a dot, else `None`.
fn site(line: &str) -> Option<String> {
    match Url::parse(line) {
        Ok(url) => url.host_str().map(str::to_owned),
        Err(_) => host(line),
    }
}

fn host(text: &str) -> Option<String> {
    let name = text.trim_matches('.');
    let host = Host::parse(name).ok().filter(|_| name.contains('.'))?;
    Some(host.to_string())
}

/// Iterates over the parts of `text` that are valid host names with a dot.
fn hosts(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-'))
        .filter_map(host)
}

#[cfg(test)]
mod tests {
    use super::Denylist;

    #[test]
    fn whole_words_and_sites_with_their_subdomains_are_found() {
        let list = "# do not\n\nCassino\n aposta grátis \nspam.example\nhttps://ruim.example/x\nmaçã.example\nt.co\n";
        let list = Denylist::parse(list).unwrap();
        for (text, expected) in [
            ("O melhor CASSINO!", Some("Cassino")),
            ("cássino", Some("Cassino")),
            ("Cassinos", None),
            ("Aposta  Gratis hoje", Some("aposta grátis")),
            ("aposta. nada é grátis", None),
            ("https://www.Spam.example/a?b", Some("spam.example")),
            ("veja spam.example.", Some("spam.example")),
            ("spam.example.org", None),
            ("nospam.example", None),
            ("http://ruim.example", Some("ruim.example")),
            ("http://xn--ma-tiap.example", Some("xn--ma-tiap.example")),
            ("em MAÇÃ.example", Some("xn--ma-tiap.example")),
            ("at.co", None),
            ("", None),
        ] {
            assert_eq!(list.find_entry(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_entry_without_a_word_is_reported_by_its_line_number() {
        assert_eq!(Denylist::parse("ok\n# fine\n !!!\n"), Err(3));
    }
}
