//! The languages of the site, and its translations from `templates/locales`.

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::domain::FieldErrorCode;

include!(concat!(env!("OUT_DIR"), "/translations.rs"));

/// The messages of a language, parsed by `build/translations.rs` at build time.
struct Translations {
    tag: &'static str,
    /// Messages without placeholders, sorted by key.
    constant: &'static [(&'static str, &'static str)],
    /// Messages with placeholders, in Fluent's syntax.
    with_placeholders: &'static str,
}

type Bundle = FluentBundle<FluentResource>;

/// The messages with placeholders of each language, parsed on first use.
static BUNDLES: [OnceLock<Bundle>; Lang::ALL.len()] = [const { OnceLock::new() }; Lang::ALL.len()];

/// A language of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Brazilian Portuguese.
    #[default]
    PtBr,
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Lang {
    /// All languages, the default first.
    pub const ALL: [Self; 3] = [Self::PtBr, Self::En, Self::Es];

    /// Returns the tag of the language (RFC 5646): `pt-BR`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// Returns the locale for Open Graph (<https://ogp.me/#optional>): the language with a country.
    #[must_use]
    pub fn locale(self) -> &'static str {
        match self {
            Self::PtBr => "pt_BR",
            Self::En => "en_US",
            Self::Es => "es_ES",
        }
    }

    /// Returns the name of the language in the language itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PtBr => "Português",
            Self::En => "English",
            Self::Es => "Español",
        }
    }

    /// Returns the language with the tag `tag`, ignoring case and region (`pt-PT` is [`Self::PtBr`]); `None` if the
    /// site does not have the language.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        let is_primary = |lang: &Self| lang.tag().split('-').next() == Some(primary.as_str());
        Self::ALL.into_iter().find(is_primary)
    }

    /// Returns the most preferred language of the site according to `accepted`, an `Accept-Language` header (RFC 9110
    /// §12.5.4), else the default.
    #[must_use]
    pub fn preferred(accepted: &str) -> Self {
        accept_language::parse_with_quality(accepted)
            .into_iter()
            .filter(|(_, quality)| *quality > 0.0)
            .find_map(|(tag, _)| Self::from_tag(&tag))
            .unwrap_or_default()
    }

    /// Returns the text of the message `key`; a text that names the key if there is no such message, or it has
    /// placeholders.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.text_with(key, [])
    }

    /// Returns the text of the message `key`; `None` if there is no such message, or it has placeholders.
    #[must_use]
    pub fn try_text(self, key: &str) -> Option<String> {
        self.format(key, None)
    }

    /// Returns the text of the message `key`, its placeholders replaced by the arguments; a text that names the key if
    /// there is no such message, or an argument is missing.
    #[must_use]
    pub fn text_with<'a>(
        self,
        key: &str,
        arguments: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let arguments = FluentArgs::from_iter(arguments);
        self.format(key, Some(&arguments))
            .unwrap_or_else(|| format!("Unknown localization key: {key:?}"))
    }

    /// Returns the text of the message `key` without copying it; `None` if there is no such message, or it has
    /// placeholders.
    pub(crate) fn constant_text(self, key: &str) -> Option<&'static str> {
        self.translations()?.constant_text(key)
    }

    /// Returns the message of a field error in one sentence: the problem, and what is allowed.
    #[must_use]
    pub fn field_error(self, code: &FieldErrorCode) -> String {
        let key = format!("field-error-{}", code.as_str());
        match code.argument() {
            None => self.text(&key),
            Some((name, value)) => self.text_with(&key, [(name, value.into())]),
        }
    }

    /// Returns the text of the message `key`; `None` if there is no such message, or an argument is missing.
    fn format(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let translations = self.translations()?;
        if let Some(text) = translations.constant_text(key) {
            return Some(text.to_owned());
        }
        let bundle = BUNDLES[self as usize].get_or_init(|| translations.parse());
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }

    fn translations(self) -> Option<&'static Translations> {
        TRANSLATIONS
            .iter()
            .find(|translations| translations.tag == self.tag())
    }
}

impl Translations {
    fn constant_text(&self, key: &str) -> Option<&'static str> {
        let index = self.constant.binary_search_by_key(&key, |(key, _)| key);
        Some(self.constant[index.ok()?].1)
    }

    fn parse(&self) -> Bundle {
        let tag = self.tag.parse().expect("the tags are well-formed");
        let resource = FluentResource::try_new(self.with_placeholders.to_owned());
        let mut bundle = Bundle::new_concurrent(vec![tag]);
        // Unicode isolation marks around arguments would break copying and searching.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource.expect("the build has parsed it"));
        bundle
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn the_most_preferred_available_language_is_used() {
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
