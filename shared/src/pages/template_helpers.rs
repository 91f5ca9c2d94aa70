//! The Handlebars helpers that templates call.

use std::sync::LazyLock;

use handlebars::{Context, Handlebars, Helper, HelperResult, JsonRender, Output, RenderContext};
use serde_json::Value;

use super::{assets, escape::escape_html, i18n::Lang, select_options::SelectOptions, view};

/// The Handlebars registry with every helper that templates call.
pub(super) static HELPERS: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut helpers = Handlebars::new();
    helpers.set_strict_mode(true);
    helpers.register_escape_fn(escape_html);
    helpers.register_helper("asset", Box::new(write_asset));
    helpers.register_helper("fluent", Box::new(write_translation));
    helpers.register_helper("fragment", Box::new(write_fragment));
    helpers.register_helper("link", Box::new(write_link));
    helpers.register_helper("json", Box::new(write_json));
    helpers.register_helper("select_options", Box::new(SelectOptions));
    helpers
});

/// Writes `{{asset "app.css"}}`: the URL path of the file with the given name in `static/src`.
fn write_asset(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    output: &mut dyn Output,
) -> HelperResult {
    let name = helper.param(0).and_then(|name| name.value().as_str());
    let path = name.and_then(assets::path);
    Ok(output.write(&escape_html(&path.unwrap_or_default()))?)
}

/// Writes `{{fluent "key" name=value}}`: the translation with its arguments, escaped.
fn write_translation(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    output: &mut dyn Output,
) -> HelperResult {
    let key = helper.param(0).and_then(|key| key.value().as_str());
    let lang = context.data()["lang"].as_str().and_then(Lang::from_tag);
    let arguments = helper.hash().iter().map(|(name, value)| {
        let value = match value.value() {
            Value::Number(number) => number.as_f64().into(),
            other => other.render().into(),
        };
        (*name, value)
    });
    let text = lang
        .unwrap_or_default()
        .text_with(key.unwrap_or_default(), arguments);
    // Arguments can be text that users have typed.
    Ok(output.write(&escape_html(&text))?)
}

/// Writes `{{link "/events/" id}}`: the arguments joined to a path, with `lang` if the language was requested by
/// `?lang=`.
fn write_link(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    output: &mut dyn Output,
) -> HelperResult {
    let parts = helper.params().iter();
    let path: String = parts.map(|part| part.value().render()).collect();
    let path = match context.data()["page_lang"].as_str() {
        Some(tag) => view::with_lang(&path, tag),
        None => path,
    };
    Ok(output.write(&escape_html(&path))?)
}

/// Writes `{{json value}}`: the value as JSON for a script element. Characters that could end the element (HTML
/// §4.12.1.3) become JSON escapes.
fn write_json(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    output: &mut dyn Output,
) -> HelperResult {
    let value = helper.param(0).map(|value| value.value().to_string());
    let json = value.unwrap_or_default();
    let json = json
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029");
    Ok(output.write(&json)?)
}

/// Writes `{{fragment value}}`: the HTML of a rendered fragment, unescaped. Writes nothing for any other value.
fn write_fragment(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    output: &mut dyn Output,
) -> HelperResult {
    let html = helper
        .param(0)
        .and_then(|fragment| fragment.value().get("html"));
    Ok(output.write(html.and_then(Value::as_str).unwrap_or_default())?)
}
