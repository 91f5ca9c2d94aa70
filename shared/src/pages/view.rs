//! The context in which a page is rendered: language, current time, name and URL of the site.

use chrono::{DateTime, Utc};

use super::i18n::Lang;

/// The context in which a page is rendered: the language, the current time, and the site's name and URL.
#[derive(Clone, Debug)]
pub struct View {
    /// Language of the page.
    pub lang: Lang,
    /// Whether the language was requested by `?lang=`. If so, links on the page contain `lang` too.
    pub lang_chosen: bool,
    /// Requested path and query without `lang`; `None` where the page can't be requested again in another language.
    pub path_and_query: Option<String>,
    /// Current time.
    pub now: DateTime<Utc>,
    /// Name of the site.
    pub app_title: String,
    /// URL of the site as the client sees it, without a final slash.
    pub base_url: String,
}

impl View {
    /// Returns the path or URL `url`, with the language if it was requested by `?lang=`: for links of pages.
    pub(crate) fn with_chosen_lang(&self, url: &str) -> String {
        if self.lang_chosen {
            with_lang(url, self.lang.tag())
        } else {
            url.to_owned()
        }
    }

    /// Returns the path or URL `url`, with the language if it was requested by `?lang=` or is not the default: for
    /// links that other programs follow, which send no `Accept-Language`.
    pub(crate) fn localized(&self, url: &str) -> String {
        if self.lang_chosen || self.lang != Lang::default() {
            with_lang(url, self.lang.tag())
        } else {
            url.to_owned()
        }
    }

    /// Returns the absolute URL of `path`, with the language as in [`Self::localized`].
    pub(crate) fn localized_url(&self, path: &str) -> String {
        format!("{}{}", self.base_url, self.localized(path))
    }
}

/// Returns the path or URL `url` with the language `tag` added to its query.
pub(crate) fn with_lang(url: &str, tag: &str) -> String {
    let (url, fragment) = match url.split_once('#') {
        Some((url, fragment)) => (url, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let separator = match url {
        url if url.ends_with('?') => "",
        url if url.contains('?') => "&",
        _ => "?",
    };
    format!("{url}{separator}lang={tag}{fragment}")
}

/// Returns `path` with `query` appended, unless `query` is empty.
pub(crate) fn append_query(path: &str, query: &str) -> String {
    match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
