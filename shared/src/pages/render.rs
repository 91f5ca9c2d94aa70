//! Renders HTML pages and fragments from their templates.

use std::{borrow::Cow, collections::HashMap, fmt, sync::LazyLock};

use handlebars::{Context, RenderContext, Renderable, Template};
use serde::Serialize;
use serde_json::Value;

use super::{
    alternate::Alternate,
    i18n::Lang,
    link_preview::LinkPreview,
    page::Page,
    template,
    template_helpers::HELPERS,
    view::{View, with_lang},
};

type LazyTemplate = LazyLock<Template, Box<dyn FnOnce() -> Template + Send>>;

/// The templates in each language, built when they are first rendered: an AWS Lambda function renders few of them, and
/// a cold start should not wait for the others.
static TEMPLATES: LazyLock<HashMap<&'static str, [LazyTemplate; Lang::ALL.len()]>> =
    LazyLock::new(|| {
        let template = |nodes, lang| {
            LazyTemplate::new(Box::new(move || template::build_template(nodes, lang)))
        };
        template::TEMPLATES
            .iter()
            .map(|(name, nodes)| (*name, Lang::ALL.map(|lang| template(*nodes, lang))))
            .collect()
    });

/// HTML rendered from a template. `{{fragment}}` inserts it into a page unescaped, and accepts nothing else.
#[derive(Debug, Serialize)]
pub(crate) struct Fragment {
    pub(crate) html: String,
}

impl View {
    /// Renders the HTML document of `page`.
    ///
    /// # Errors
    /// If the template cannot be rendered, which is a bug.
    pub fn html<P: Page>(&self, page: &P) -> Result<String, RenderError> {
        render(P::TEMPLATE, self.lang, &self.page_context(page))
    }

    /// Renders a fragment, without a layout. This is much faster than rendering the same template as part of a page,
    /// where Handlebars searches every enclosing scope for each variable.
    pub(crate) fn fragment(
        &self,
        template: &'static str,
        values: &impl Serialize,
    ) -> Result<Fragment, RenderError> {
        let context = FragmentContext {
            lang: self.lang.tag(),
            page_lang: self.lang_chosen.then(|| self.lang.tag()),
            values,
        };
        render(template, self.lang, &context).map(|html| Fragment { html })
    }

    fn page_context<'a, P: Page>(&'a self, page: &'a P) -> PageContext<'a, P> {
        let title = page.title(self.lang);
        PageContext {
            lang: self.lang.tag(),
            app_title: &self.app_title,
            page_lang: self.lang_chosen.then(|| self.lang.tag()),
            page_preview: page.link_preview().map_or_else(
                || Cow::Owned(LinkPreview::of_site(title.clone(), self)),
                Cow::Borrowed,
            ),
            page_title: title,
            page_script: P::SCRIPT,
            page_json_ld: page.json_ld(),
            page_alternates: page.alternates(),
            page_indexing: self.indexing(page),
            page,
        }
    }

    fn indexing<P: Page>(&self, page: &P) -> Indexing {
        let requested = self.path_and_query.as_deref();
        let path_and_query = requested.map(|requested| page.path_and_query().unwrap_or(requested));
        let canonical = page.canonical();
        Indexing {
            private: P::PRIVATE,
            noindex: page.is_noindex(),
            locale: self.lang.locale(),
            url: path_and_query.map(|path| format!("{}{path}", self.base_url)),
            canonical: canonical
                .map(|path| self.with_chosen_lang(&format!("{}{path}", self.base_url))),
            translations: self.translations(path_and_query),
        }
    }

    /// Creates links to the page in every language.
    fn translations(&self, path_and_query: Option<&str>) -> Vec<Translation> {
        let translation = |path: &str, lang: Lang| {
            let href = with_lang(path, lang.tag());
            Translation {
                tag: lang.tag(),
                locale: lang.locale(),
                name: lang.name(),
                url: format!("{}{href}", self.base_url),
                href,
                current: lang == self.lang,
            }
        };
        path_and_query
            .into_iter()
            .flat_map(|path| Lang::ALL.map(|lang| translation(path, lang)))
            .collect()
    }
}

/// The variables of a page's template: the fields of the page, and those of the layout, whose names start with `page_`.
#[derive(Serialize)]
struct PageContext<'a, P> {
    lang: &'static str,
    app_title: &'a str,
    /// Tag of the language that links on the page contain, if the language was requested by `?lang=`.
    page_lang: Option<&'static str>,
    page_title: Option<String>,
    page_script: Option<&'static str>,
    page_preview: Cow<'a, LinkPreview>,
    page_json_ld: Option<&'a Value>,
    page_alternates: &'a [Alternate],
    page_indexing: Indexing,
    #[serde(flatten)]
    page: &'a P,
}

/// The data for search engines in the `head` element of a page.
#[derive(Serialize)]
struct Indexing {
    private: bool,
    noindex: bool,
    locale: &'static str,
    /// Absolute URL of the page without a language.
    url: Option<String>,
    /// Canonical URL of the page, with the language if it was requested by `?lang=`.
    canonical: Option<String>,
    translations: Vec<Translation>,
}

/// A link to the page in one language.
#[derive(Serialize)]
struct Translation {
    tag: &'static str,
    locale: &'static str,
    name: &'static str,
    /// Path and query of the page in the language.
    href: String,
    /// Absolute URL of the page in the language.
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct FragmentContext<'a, T> {
    lang: &'static str,
    page_lang: Option<&'static str>,
    #[serde(flatten)]
    values: &'a T,
}

fn render(
    template: &'static str,
    lang: Lang,
    values: &impl Serialize,
) -> Result<String, RenderError> {
    let rendered = || {
        let context = Context::wraps(values)?;
        let compiled = &TEMPLATES[template][lang as usize];
        compiled.renders(&HELPERS, &context, &mut RenderContext::new(None))
    };
    rendered().map_err(|cause| RenderError(template, Box::new(cause)))
}

/// The error of a template that could not be rendered, which is a bug.
#[derive(Debug)]
pub struct RenderError(&'static str, Box<handlebars::RenderError>);

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the template {} could not be rendered: {}",
            self.0, self.1
        )
    }
}

impl std::error::Error for RenderError {}
