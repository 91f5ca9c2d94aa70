//! The pages: what each shows, as a struct that names its template. Words come from `templates/locales`, markup from
//! `templates/*.hbs`; nothing here asks a database.

mod date;
mod error;
mod event;
mod form;
mod links;
mod list;
mod operator;
mod text;

use std::{collections::HashMap, fmt, sync::LazyLock};

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use fluent_templates::FluentLoader;
use handlebars::{Context, Handlebars, Helper, HelperResult, JsonRender, Output, RenderContext};
use http::{HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;
use serde::Serialize;

pub use self::{
    error::ErrorPage,
    event::{CreatedPage, DeletePage, DetailPage},
    form::{CreatePage, Doubt, EditPage},
    list::{ListPage, Listing},
    operator::OperatorPage,
    text::Lang,
};
use crate::assets;

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

    /// The first instant at which what it says is not true any more, if there is one.
    fn fresh_until(&self) -> Option<DateTime<Utc>> {
        None
    }
}

/// The first instant at which a page is not true any more, among the extensions of its response: whoever keeps pages keeps
/// it no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreshUntil(pub DateTime<Utc>);

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
    page_script: Option<&'static str>,
    /// The language that links keep.
    page_lang: Option<&'static str>,
    page_languages: Vec<Translation>,
    #[serde(flatten)]
    page: &'a P,
}

/// The same page in a language.
#[derive(Serialize)]
struct Translation {
    tag: &'static str,
    name: &'static str,
    href: String,
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
        if P::PRIVATE {
            let robots = HeaderValue::from_static("noindex");
            response.headers_mut().insert("x-robots-tag", robots);
        }
        if let Some(instant) = page.fresh_until() {
            response.extensions_mut().insert(FreshUntil(instant));
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

    /// This page in every language.
    fn translations(&self) -> Vec<Translation> {
        let here = self.here.as_deref();
        let translation = |here: &str, lang: Lang| Translation {
            tag: lang.tag(),
            name: lang.name(),
            href: with_lang(&format!("{}{here}", self.base_url), lang.tag()),
            current: lang == self.lang,
        };
        here.into_iter()
            .flat_map(|here| Lang::ALL.map(|lang| translation(here, lang)))
            .collect()
    }

    fn html<P: Page>(&self, page: &P) -> Result<String, RenderError> {
        let frame = Frame {
            lang: self.lang.tag(),
            app_title: &self.app_title,
            page_title: page.title(self.lang),
            page_private: P::PRIVATE,
            page_script: P::SCRIPT,
            page_lang: self.lang_chosen.then(|| self.lang.tag()),
            page_languages: self.translations(),
            page,
        };
        TEMPLATES[P::TEMPLATE]
            .render(P::TEMPLATE, &frame)
            .map_err(|error| RenderError(Box::new(error)))
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
pub struct RenderError(Box<handlebars::RenderError>);

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a page could not be rendered: {}", self.0)
    }
}

impl std::error::Error for RenderError {}

/// Escapes what has a meaning in HTML text and in quoted attributes; every attribute of ours is quoted.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[derive(RustEmbed)]
#[folder = "../templates"]
#[include = "*.hbs"]
struct Files;

mod template_functions {
    handlebars::handlebars_helper!(asset: |name: str| crate::assets::path(name).unwrap_or_default());
}

type Compiled = LazyLock<Handlebars<'static>, Box<dyn FnOnce() -> Handlebars<'static> + Send>>;

/// Each template with the ones it is made of, compiled when it is first shown: a function on AWS Lambda shows few of them,
/// and its first visitor waits for what it compiles.
static TEMPLATES: LazyLock<HashMap<String, Compiled>> = LazyLock::new(|| {
    let compiled = |file: &str| {
        let name = file.trim_end_matches(".hbs").to_owned();
        let compile = {
            let name = name.clone();
            move || compile(name)
        };
        (name, Compiled::new(Box::new(compile)))
    };
    Files::iter().map(|file| compiled(&file)).collect()
});

fn compile(name: String) -> Handlebars<'static> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_escape_fn(escape);
    // Indenting a partial would indent what people typed into a textarea.
    templates.set_prevent_indent(true);
    templates.register_helper("asset", Box::new(template_functions::asset));
    templates.register_helper("fluent", Box::new(FluentLoader::new(&*text::LOCALES)));
    // Parts with parameters of their own would have the whole page copied for each: these need none of it.
    templates.register_helper("icon", Box::new(write_icon));
    templates.register_helper("sprite", Box::new(write_sprite));
    templates.register_helper("link", Box::new(write_link));
    let mut wanted = vec![name, "icon".to_owned()];
    while let Some(name) = wanted.pop() {
        let file = Files::get(&format!("{name}.hbs")).expect("every partial has its file");
        let text = String::from_utf8_lossy(&file.data);
        let partials = ["{{> ", "{{#> "]
            .into_iter()
            .flat_map(|opening| text.split(opening).skip(1))
            .filter_map(|rest| rest.split([' ', '}']).next())
            .filter(|partial| *partial != "@partial-block" && !templates.has_template(partial));
        wanted.extend(partials.map(str::to_owned));
        templates
            .register_template_string(&name, &text)
            .expect("every template parses: the tests render each");
    }
    templates
}

/// Writes `icon.hbs` for the icon of this name.
fn write_icon(
    helper: &Helper<'_>,
    templates: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    page: &mut dyn Output,
) -> HelperResult {
    let name = helper.param(0).map(handlebars::PathAndJson::value);
    Ok(page.write(&templates.render("icon", &name)?)?)
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

/// Writes the icons as they are: markup of ours, too long to be parsed for template syntax that it does not hold.
fn write_sprite(
    _: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    page: &mut dyn Output,
) -> HelperResult {
    Ok(page.write(&assets::sprite())?)
}
