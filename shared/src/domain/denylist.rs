//! What the operator does not want on the board: words, phrases and sites.

use url::{Host, Url};

use crate::domain::{EventDraft, FieldError, FieldErrorCode, ValidationErrors, folded};

/// Words, phrases and sites, a line each. Lines that begin with `#` are comments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Denylist {
    /// Each as it stands in the file and as [`in_words`] has it.
    phrases: Vec<(String, String)>,
    /// Hosts in ASCII (RFC 5891), each with everything below it.
    sites: Vec<String>,
}

impl Denylist {
    /// The list that this text holds. A line with a dot and no space that can be a host is one, and so is the host of an
    /// address; any other is a word or a phrase, found whole and without regard to case and accents.
    ///
    /// # Errors
    /// The number of the first line that has no letter and no digit.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut list = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let words = in_words(line);
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

    /// The draft again, if nothing in it is on the list.
    ///
    /// # Errors
    /// Each field that holds something, with the first thing it holds.
    pub fn admit(&self, draft: EventDraft) -> Result<EventDraft, ValidationErrors> {
        let texts = draft.texts().into_iter();
        let problems: Vec<FieldError> = texts
            .filter_map(|(pointer, text)| {
                let word = self.found(text)?;
                Some(FieldError {
                    pointer,
                    code: FieldErrorCode::Denied { word },
                })
            })
            .collect();
        ValidationErrors::of(problems).map_or(Ok(draft), Err)
    }

    fn found(&self, text: &str) -> Option<String> {
        let words = in_words(text);
        let phrase = self
            .phrases
            .iter()
            .find(|(_, phrase)| words.contains(phrase.as_str()));
        let below = |host: &str, site: &str| {
            host.strip_suffix(site)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let sites = || {
            hosts(text).find_map(|host| self.sites.iter().find(|site| below(&host, site)).cloned())
        };
        phrase.map(|(line, _)| line.clone()).or_else(sites)
    }
}

/// The words of a text, folded, a space around each.
fn in_words(text: &str) -> String {
    let folded = folded(text);
    let words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

/// The host that a line names, if it names one.
fn site(line: &str) -> Option<String> {
    match Url::parse(line) {
        Ok(address) => address.host_str().map(str::to_owned),
        Err(_) => host(line),
    }
}

fn host(text: &str) -> Option<String> {
    let name = text.trim_matches('.');
    let host = Host::parse(name).ok().filter(|_| name.contains('.'))?;
    Some(host.to_string())
}

/// Everything in a text that can be a host.
fn hosts(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-'))
        .filter_map(host)
}

#[cfg(test)]
mod tests {
    use super::Denylist;

    #[test]
    fn words_are_found_whole_and_sites_with_everything_below_them() {
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
            assert_eq!(list.found(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_line_without_a_word_is_blamed_by_its_number() {
        assert_eq!(Denylist::parse("ok\n# fine\n !!!\n"), Err(3));
    }
}
