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
}

impl Lang {
    /// The language tag (RFC 5646).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
        }
    }

    fn id(self) -> LanguageIdentifier {
        match self {
            Self::PtBr => langid!("pt-BR"),
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
