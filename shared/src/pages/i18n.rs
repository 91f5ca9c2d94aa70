//! The words of the board in each language, from `templates/locales`.

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::domain::FieldErrorCode;

include!(concat!(env!("OUT_DIR"), "/translations.rs"));

/// The words of a language as the build has read them (`build/words.rs`).
struct Language {
    tag: &'static str,
    /// Those without blanks, by their keys, which are in order.
    plain: &'static [(&'static str, &'static str)],
    /// Those with blanks, in the syntax of Fluent.
    filled: &'static str,
}

type Words = FluentBundle<FluentResource>;

/// What is to be filled in, parsed when somebody first asks for it in this language.
static WORDS: [OnceLock<Words>; Lang::ALL.len()] = [const { OnceLock::new() }; Lang::ALL.len()];

/// A language the board speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Portuguese of Brazil.
    #[default]
    PtBr,
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Lang {
    /// Every language, the board's own first.
    pub const ALL: [Self; 3] = [Self::PtBr, Self::En, Self::Es];

    /// The language tag (RFC 5646).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// The locale, as Open Graph has it (<https://ogp.me/#optional>): the language with one of its countries.
    #[must_use]
    pub fn locale(self) -> &'static str {
        match self {
            Self::PtBr => "pt_BR",
            Self::En => "en_US",
            Self::Es => "es_ES",
        }
    }

    /// What its speakers call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PtBr => "Português",
            Self::En => "English",
            Self::Es => "Español",
        }
    }

    /// The language of this tag, whatever its case and region: `pt-PT` is answered in Portuguese too.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        let speaks = |lang: &Self| lang.tag().split('-').next() == Some(primary.as_str());
        Self::ALL.into_iter().find(speaks)
    }

    /// The first of these preferences that the board speaks (`Accept-Language`, RFC 9110 §12.5.4), else its own.
    #[must_use]
    pub fn preferred(accepted: &str) -> Self {
        accept_language::parse_with_quality(accepted)
            .into_iter()
            .filter(|(_, quality)| *quality > 0.0)
            .find_map(|(tag, _)| Self::of_tag(&tag))
            .unwrap_or_default()
    }

    /// The words of this key.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.text_with(key, [])
    }

    /// The words of this key, unless it has none.
    #[must_use]
    pub fn try_text(self, key: &str) -> Option<String> {
        self.filled(key, None)
    }

    /// The words of this key with its blanks filled in.
    #[must_use]
    pub fn text_with<'a>(
        self,
        key: &str,
        blanks: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let blanks = FluentArgs::from_iter(blanks);
        self.filled(key, Some(&blanks))
            .unwrap_or_else(|| format!("Unknown localization key: {key:?}"))
    }

    /// The words of this key, where they have no blanks.
    pub(crate) fn plain(self, key: &str) -> Option<&'static str> {
        self.language()?.plain(key)
    }

    /// None where this language has no such words, or they have a blank that stays.
    fn filled(self, key: &str, blanks: Option<&FluentArgs<'_>>) -> Option<String> {
        let language = self.language()?;
        if let Some(words) = language.plain(key) {
            return Some(words.to_owned());
        }
        let words = WORDS[self as usize].get_or_init(|| language.parse());
        let pattern = words.get_message(key)?.value()?;
        let mut problems = Vec::new();
        let text = words.format_pattern(pattern, blanks, &mut problems);
        problems.is_empty().then(|| text.into_owned())
    }

    fn language(self) -> Option<&'static Language> {
        LANGUAGES.iter().find(|language| language.tag == self.tag())
    }

    /// What is wrong with a field and what is allowed, in a sentence.
    #[must_use]
    pub fn problem(self, code: &FieldErrorCode) -> String {
        let key = format!("problem-{}", code.as_str());
        match code.argument() {
            None => self.text(&key),
            Some((name, value)) => self.text_with(&key, [(name, value.into())]),
        }
    }
}

impl Language {
    fn plain(&self, key: &str) -> Option<&'static str> {
        let place = self.plain.binary_search_by_key(&key, |(key, _)| key).ok()?;
        Some(self.plain[place].1)
    }

    fn parse(&self) -> Words {
        let tag = self.tag.parse().expect("the tags are well-formed");
        let filled = FluentResource::try_new(self.filled.to_owned());
        let mut words = Words::new_concurrent(vec![tag]);
        // Isolating marks around what is filled in would break copying and searching.
        words.set_use_isolating(false);
        words.add_resource_overriding(filled.expect("the build has parsed it"));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn a_visitor_is_answered_in_the_first_language_that_is_spoken_here() {
        for (accepted, lang) in [
            ("", Lang::PtBr),
            ("*", Lang::PtBr),
            ("de-DE,de;q=0.9", Lang::PtBr),
            ("en-US,en;q=0.9", Lang::En),
            ("EN", Lang::En),
            ("es-419", Lang::Es),
            ("pt-PT,en;q=0.5", Lang::PtBr),
            ("en;q=0.2, es;q=0.7", Lang::Es),
            ("en;q=0, es", Lang::Es),
            ("fr;q=0.9, en;q=0.8, *;q=0.1", Lang::En),
            ("\u{0};;q=,=;q=x,,en;q=nan", Lang::PtBr),
        ] {
            assert_eq!(Lang::preferred(accepted), lang, "{accepted}");
        }
    }
}
