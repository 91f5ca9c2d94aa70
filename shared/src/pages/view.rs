//! What every page has: the [`Page`] trait, the frame around it, and how it is rendered.

use std::{borrow::Cow, collections::HashMap, fmt, sync::LazyLock};

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use handlebars::{
    Context, Handlebars, Helper, HelperResult, JsonRender, Output, RenderContext, Renderable,
    Template,
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use super::{i18n::Lang, preview::Preview, select_options, subscription::Alternate, template};

/// A page: its struct is all its template sees, beside the frame.
pub trait Page: Serialize {
    /// The template's file name in `templates/`, without its ending.
    const TEMPLATE: &'static str;
    /// Whether it belongs to one visitor, so that nothing on the way may keep it.
    const PRIVATE: bool = false;
    /// The script it has beside the one of all pages, by its file name in `static/src`.
    const SCRIPT: Option<&'static str> = None;

    /// What browsers and search engines call it; the front page bears the board's name alone.
    fn title(&self, lang: Lang) -> Option<String>;

    /// The path and query that it is kept under, where it is shown under others too (RFC 6596), or where parts of the address
    /// that was asked for mean nothing to it.
    fn address(&self) -> Option<&str> {
        None
    }

    /// The address that search engines are to keep instead of the one that was asked for, if there is one.
    fn canonical(&self) -> Option<&str> {
        self.address()
    }

    /// Whether search engines are to leave it out.
    fn is_unlisted(&self) -> bool {
        Self::PRIVATE
    }

    /// What is told of it where its address is shared, if that is more than what the board says of itself.
    fn preview(&self) -> Option<&Preview> {
        None
    }

    /// What it says once more, for programs (JSON-LD).
    fn data(&self) -> Option<&Value> {
        None
    }

    /// What programs can read instead of it.
    fn alternates(&self) -> &[Alternate] {
        &[]
    }

    /// The first instant at which what it says is not true any more, if there is one.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        None
    }
}

/// The first instant at which a page is not true any more, among the extensions of its response: whoever keeps pages keeps
/// it no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiresAt(pub DateTime<Utc>);

/// For whom pages are rendered: the language, the moment, and what every page tells of the board.
#[derive(Clone, Debug)]
pub struct View {
    /// The visitor's language.
    pub lang: Lang,
    /// Whether the visitor has asked for it by `?lang=`, so that links keep it.
    pub lang_chosen: bool,
    /// The path and query of the page without `lang`, where it can be asked for again in another language.
    pub here: Option<String>,
    /// The present moment.
    pub now: DateTime<Utc>,
    /// The board's name.
    pub app_title: String,
    /// The board's address as this visitor sees it, without a slash at its end.
    pub base_url: String,
}

#[derive(Serialize)]
struct Frame<'a, P> {
    lang: &'static str,
    app_title: &'a str,
    page_title: Option<String>,
    page_private: bool,
    page_unlisted: bool,
    page_script: Option<&'static str>,
    /// The language that links keep.
    page_lang: Option<&'static str>,
    page_languages: Vec<Translation>,
    /// Its address in whatever language is asked for.
    page_address: Option<String>,
    /// Its address in the language it is in, if that was chosen.
    page_canonical: Option<String>,
    page_locale: &'static str,
    page_preview: Cow<'a, Preview>,
    page_data: Option<&'a Value>,
    page_alternates: &'a [Alternate],
    #[serde(flatten)]
    page: &'a P,
}

/// The same page in a language.
#[derive(Serialize)]
struct Translation {
    tag: &'static str,
    locale: &'static str,
    name: &'static str,
    /// Its path and query.
    href: String,
    /// The same, as search engines want it: absolute.
    address: String,
    current: bool,
}

impl View {
    /// The page as a `200`.
    ///
    /// # Errors
    /// When its template fails, a fault of ours.
    pub fn show<P: Page>(&self, page: &P) -> Result<Response, RenderError> {
        let html = self.html(page)?;
        let cache = if P::PRIVATE { "no-store" } else { "no-cache" };
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
            (
                header::REFERRER_POLICY,
                HeaderValue::from_static("same-origin"),
            ),
        ];
        let language = [(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(self.lang.tag()),
        )];
        let mut response = (headers, language, html).into_response();
        if page.is_unlisted() {
            let robots = HeaderValue::from_static("noindex");
            response.headers_mut().insert("x-robots-tag", robots);
        }
        if let Some(instant) = page.expires_at() {
            response.extensions_mut().insert(ExpiresAt(instant));
        }
        Ok(response)
    }

    /// The page with a form that has to be corrected, as a `422`.
    ///
    /// # Errors
    /// When its template fails, a fault of ours.
    pub fn show_invalid<P: Page>(&self, page: &P) -> Result<Response, RenderError> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, self.show(page)?).into_response())
    }

    /// The page with a form that somebody else's change has overtaken, as a `409`.
    ///
    /// # Errors
    /// When its template fails, a fault of ours.
    pub fn show_conflict<P: Page>(&self, page: &P) -> Result<Response, RenderError> {
        Ok((StatusCode::CONFLICT, self.show(page)?).into_response())
    }

    /// The page with a form that came too soon after others, as a `429`.
    ///
    /// # Errors
    /// When its template fails, a fault of ours.
    pub fn show_wait<P: Page>(&self, page: &P, seconds: u64) -> Result<Response, RenderError> {
        let wait = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
        Ok((StatusCode::TOO_MANY_REQUESTS, wait, self.show(page)?).into_response())
    }

    /// The page of this path and query in every language.
    fn translations(&self, here: Option<&str>) -> Vec<Translation> {
        let translation = |here: &str, lang: Lang| {
            let href = with_lang(here, lang.tag());
            Translation {
                tag: lang.tag(),
                locale: lang.locale(),
                name: lang.name(),
                address: format!("{}{href}", self.base_url),
                href,
                current: lang == self.lang,
            }
        };
        here.into_iter()
            .flat_map(|here| Lang::ALL.map(|lang| translation(here, lang)))
            .collect()
    }

    pub(crate) fn html<P: Page>(&self, page: &P) -> Result<String, RenderError> {
        let here = self.here.as_deref();
        let here = here.map(|here| page.address().unwrap_or(here));
        let address = here.map(|here| format!("{}{here}", self.base_url));
        let frame = Frame {
            lang: self.lang.tag(),
            app_title: &self.app_title,
            page_title: page.title(self.lang),
            page_private: P::PRIVATE,
            page_unlisted: page.is_unlisted(),
            page_script: P::SCRIPT,
            page_lang: self.lang_chosen.then(|| self.lang.tag()),
            page_languages: self.translations(here),
            page_canonical: page
                .canonical()
                .map(|path| self.kept_lang(&format!("{}{path}", self.base_url))),
            page_address: address,
            page_locale: self.lang.locale(),
            page_preview: page.preview().map_or_else(
                || Cow::Owned(Preview::of_board(page.title(self.lang), self)),
                Cow::Borrowed,
            ),
            page_data: page.data(),
            page_alternates: page.alternates(),
            page,
        };
        render(P::TEMPLATE, self.lang, &frame)
    }

    /// What this template makes of an event by itself: what it shows is found sooner the less there is around it.
    pub(crate) fn fragment(
        &self,
        template: &'static str,
        event: &impl Serialize,
    ) -> Result<Fragment, RenderError> {
        let frame = FragmentFrame {
            lang: self.lang.tag(),
            page_lang: self.lang_chosen.then(|| self.lang.tag()),
            event,
        };
        render(template, self.lang, &frame).map(|markup| Fragment { markup })
    }
}

/// Markup that a template of ours has made. A page holds it as it is (`{{fragment}}`), and nothing else.
#[derive(Debug, Serialize)]
pub(crate) struct Fragment {
    pub(crate) markup: String,
}

#[derive(Serialize)]
struct FragmentFrame<'a, T> {
    lang: &'static str,
    page_lang: Option<&'static str>,
    event: &'a T,
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

impl View {
    /// This address in the language that the visitor has chosen.
    fn kept_lang(&self, address: &str) -> String {
        if self.lang_chosen {
            with_lang(address, self.lang.tag())
        } else {
            address.to_owned()
        }
    }
}

/// This address of the board with the language in it.
pub(crate) fn with_lang(address: &str, tag: &str) -> String {
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (address, String::new()),
    };
    let joint = match address {
        address if address.ends_with('?') => "",
        address if address.contains('?') => "&",
        _ => "?",
    };
    format!("{address}{joint}lang={tag}{fragment}")
}

/// A template that failed.
#[derive(Debug)]
pub struct RenderError(&'static str, Box<handlebars::RenderError>);

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the page {} could not be rendered: {}", self.0, self.1)
    }
}

impl std::error::Error for RenderError {}

/// Escapes what has a meaning in HTML text and in quoted attributes; every attribute of ours is quoted.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut copied = 0;
    for (place, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        escaped.push_str(&text[copied..place]);
        escaped.push_str(entity);
        copied = place + 1;
    }
    escaped.push_str(&text[copied..]);
    escaped
}

mod template_functions {
    handlebars::handlebars_helper!(asset: |name: str| crate::pages::assets::path(name).unwrap_or_default());
}

/// What every template may call.
static HELPERS: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut helpers = Handlebars::new();
    helpers.set_strict_mode(true);
    helpers.register_escape_fn(escape);
    helpers.register_helper("asset", Box::new(template_functions::asset));
    helpers.register_helper("fluent", Box::new(write_words));
    helpers.register_helper("fragment", Box::new(write_fragment));
    helpers.register_helper("link", Box::new(write_link));
    helpers.register_helper("data", Box::new(write_data));
    helpers.register_helper("choices", Box::new(select_options::Choices));
    helpers
});

type Compiled = LazyLock<Template, Box<dyn FnOnce() -> Template + Send>>;

/// Each page's template in each language, put together when it is first shown: a function on AWS Lambda shows few of them,
/// and its first visitor waits for what it puts together.
static TEMPLATES: LazyLock<HashMap<&'static str, [Compiled; Lang::ALL.len()]>> =
    LazyLock::new(|| {
        let pages = template::PAGES.iter();
        let compiled =
            |pieces, lang| Compiled::new(Box::new(move || template::template(pieces, lang)));
        pages
            .map(|(name, pieces)| (*name, Lang::ALL.map(|lang| compiled(*pieces, lang))))
            .collect()
    });

/// Writes the words of this key in the visitor's language, with its blanks filled in.
fn write_words(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    page: &mut dyn Output,
) -> HelperResult {
    let key = helper.param(0).and_then(|key| key.value().as_str());
    let lang = context.data()["lang"].as_str().and_then(Lang::of_tag);
    let blanks = helper.hash().iter().map(|(name, value)| {
        let value = match value.value() {
            Value::Number(number) => number.as_f64().into(),
            other => other.render().into(),
        };
        (*name, value)
    });
    let words = lang
        .unwrap_or_default()
        .text_with(key.unwrap_or_default(), blanks);
    // What is filled in may be what somebody has typed.
    Ok(page.write(&escape(&words))?)
}

/// Writes an address of the board, put together from the parts, in the language that the visitor has chosen.
fn write_link(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    page: &mut dyn Output,
) -> HelperResult {
    let parts = helper.params().iter();
    let address: String = parts.map(|part| part.value().render()).collect();
    let address = match context.data()["page_lang"].as_str() {
        Some(tag) => with_lang(&address, tag),
        None => address,
    };
    Ok(page.write(&escape(&address))?)
}

/// Writes a value as JSON that nothing in HTML takes for the end of a script (HTML §4.12.1.3): what could be markup is
/// escaped as JSON escapes it.
fn write_data(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    page: &mut dyn Output,
) -> HelperResult {
    let value = helper.param(0).map(|value| value.value().to_string());
    let json = value.unwrap_or_default();
    let json = json
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    Ok(page.write(&json)?)
}

/// Writes the markup of a fragment as it is; of anything else, nothing.
fn write_fragment(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    page: &mut dyn Output,
) -> HelperResult {
    let fragment = helper
        .param(0)
        .and_then(|fragment| fragment.value().get("markup"));
    Ok(page.write(fragment.and_then(Value::as_str).unwrap_or_default())?)
}
