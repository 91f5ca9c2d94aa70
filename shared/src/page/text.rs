//! The words of the board in each language, from `templates/locales`.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid};

use crate::event::Code;

fluent_templates::static_loader! {
    pub(super) static LOCALES = {
        locales: "../templates/locales",
        fallback_language: "pt-BR",
        // Isolating marks around what is filled in would break copying and searching.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// A language the board speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    fn id(self) -> LanguageIdentifier {
        match self {
            Self::PtBr => langid!("pt-BR"),
            Self::En => langid!("en"),
            Self::Es => langid!("es"),
        }
    }

    /// The words of this key.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        LOCALES.lookup(&self.id(), key)
    }

    /// The words of this key, unless it has none.
    #[must_use]
    pub fn try_text(self, key: &str) -> Option<String> {
        LOCALES.try_lookup(&self.id(), key)
    }

    /// The words of this key with its blanks filled in.
    #[must_use]
    pub fn text_with<const N: usize>(
        self,
        key: &str,
        blanks: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let blanks: HashMap<Cow<'static, str>, FluentValue<'_>> = blanks
            .into_iter()
            .map(|(name, value)| (Cow::Borrowed(name), value))
            .collect();
        LOCALES.lookup_with_args(&self.id(), key, &blanks)
    }

    /// What is wrong with a field and what is allowed, in a sentence.
    #[must_use]
    pub fn problem(self, code: &Code) -> String {
        let key = format!("problem-{}", code.as_str());
        match code.argument() {
            None => self.text(&key),
            Some((name, value)) => self.text_with(&key, [(name, value.into())]),
        }
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
