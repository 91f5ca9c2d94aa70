//! The options of a `select` element, and the template helper that renders them fast: there are more than 400 time
//! zones.

use std::collections::{BTreeMap, btree_map::Entry};

use handlebars::{
    BlockContext, BlockParamHolder, Context, Handlebars, Helper, HelperDef, HelperResult, Output,
    RenderContext, RenderErrorReason, Renderable,
};
use serde::{Serialize, Serializer};
use serde_json::json;

use super::escape::escape_html;

/// Options of a `select` element with an optional label (`optgroup`).
#[derive(Debug, Serialize)]
pub(super) struct OptionGroup {
    pub(super) label: Option<String>,
    pub(super) options: Vec<SelectOption>,
}

/// An option of a `select` element.
#[derive(Debug)]
pub(super) struct SelectOption {
    pub(super) value: String,
    pub(super) text: String,
    pub(super) selected: bool,
    /// Name of the option's time, if the option is a time zone whose time is not named after its city.
    pub(super) zone: Option<String>,
}

/// Serializes an option for [`SelectOptions`]: the texts in the order of [`PLACEHOLDERS`], and whether it is selected.
impl Serialize for SelectOption {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.value, &self.text, &self.zone, self.selected).serialize(serializer)
    }
}

/// The placeholders for the value, text and zone of an option. They do not occur in templates.
const PLACEHOLDERS: [char; 3] = ['\u{1}', '\u{2}', '\u{3}'];

/// A piece of an option's HTML, and the index of the placeholder that follows it.
type Part = (String, Option<usize>);

/// The template helper `{{#select_options options as |option|}}`, which renders the block for each option, as `each`
/// does. The block is rendered once with placeholders for all options that differ only in their texts: rendering it for
/// each time zone would double the time to render the page.
pub(super) struct SelectOptions;

impl HelperDef for SelectOptions {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render_context: &mut RenderContext<'reg, 'rc>,
        output: &mut dyn Output,
    ) -> HelperResult {
        let options = helper
            .param(0)
            .and_then(|options| options.value().as_array());
        let (Some(options), Some(name), Some(block)) =
            (options, helper.block_param(), helper.template())
        else {
            let reason = "select_options needs options, a block parameter and a block";
            return Err(RenderErrorReason::Other(reason.to_owned()).into());
        };
        let mut parts_by_variant: BTreeMap<(bool, bool), Vec<Part>> = BTreeMap::new();
        for option in options {
            let (has_zone, selected) = (option[2].is_string(), option[3] == true);
            let parts = match parts_by_variant.entry((has_zone, selected)) {
                Entry::Occupied(parts) => parts.into_mut(),
                Entry::Vacant(entry) => {
                    let placeholder = json!({
                        "value": PLACEHOLDERS[0],
                        "text": PLACEHOLDERS[1],
                        "zone": has_zone.then_some(PLACEHOLDERS[2]),
                        "selected": selected,
                    });
                    let mut scope = BlockContext::new();
                    scope.set_block_param(name, BlockParamHolder::value(placeholder));
                    render_context.push_block(scope);
                    let html = block.renders(registry, context, render_context);
                    render_context.pop_block();
                    entry.insert(split_at_placeholders(&html?))
                }
            };
            for (html, placeholder) in parts {
                output.write(html)?;
                if let Some(text) = placeholder.and_then(|index| option[index].as_str()) {
                    output.write(&escape_html(text))?;
                }
            }
        }
        Ok(())
    }
}

fn split_at_placeholders(html: &str) -> Vec<Part> {
    let parts = html.split_inclusive(PLACEHOLDERS).map(|part| {
        let placeholder = PLACEHOLDERS.iter().position(|char| part.ends_with(*char));
        (part.trim_end_matches(PLACEHOLDERS).to_owned(), placeholder)
    });
    parts.collect()
}
