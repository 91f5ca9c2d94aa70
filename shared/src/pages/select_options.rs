//! What a list of a form offers, and how that is written: of time zones there are more than four hundred.

use std::collections::{BTreeMap, btree_map::Entry};

use handlebars::{
    BlockContext, BlockParamHolder, Context, Handlebars, Helper, HelperDef, HelperResult, Output,
    RenderContext, RenderErrorReason, Renderable,
};
use serde::{Serialize, Serializer};
use serde_json::json;

/// What a visitor may choose.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) words: String,
    pub(crate) chosen: bool,
    /// What a zone's time is called, where that is no city's name.
    pub(crate) zone: Option<String>,
}

/// For `Choices`: what fills the blanks, in their order, and whether it is chosen.
impl Serialize for Choice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.value, &self.words, &self.zone, self.chosen).serialize(serializer)
    }
}

/// What stands for a choice's value, words and zone until they are filled in: markup holds none of them.
const BLANKS: [char; 3] = ['\u{1}', '\u{2}', '\u{3}'];

/// The markup before a blank, and which it is.
type Part = (String, Option<usize>);

/// Writes what is inside for each choice, as `each` does. It is rendered with blanks, once for all choices that are alike
/// but for their words, and filled in: to render it for each would take as long as all the rest of the page.
pub(crate) struct Choices;

impl HelperDef for Choices {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        templates: &'reg Handlebars<'reg>,
        context: &'rc Context,
        rendering: &mut RenderContext<'reg, 'rc>,
        page: &mut dyn Output,
    ) -> HelperResult {
        let (Some(choices), Some(name), Some(inside)) = (
            helper
                .param(0)
                .and_then(|choices| choices.value().as_array()),
            helper.block_param(),
            helper.template(),
        ) else {
            return Err(RenderErrorReason::Other("there are no choices".to_owned()).into());
        };
        let mut alike: BTreeMap<(bool, bool), Vec<Part>> = BTreeMap::new();
        for choice in choices {
            let (in_zone, chosen) = (choice[2].is_string(), choice[3] == true);
            let markup = match alike.entry((in_zone, chosen)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let mut block = BlockContext::new();
                    let blank = json!({
                        "value": BLANKS[0],
                        "words": BLANKS[1],
                        "zone": in_zone.then_some(BLANKS[2]),
                        "chosen": chosen,
                    });
                    block.set_block_param(name, BlockParamHolder::value(blank));
                    rendering.push_block(block);
                    let markup = inside.renders(templates, context, rendering);
                    rendering.pop_block();
                    unknown.insert(parts(&markup?))
                }
            };
            for (markup, blank) in markup {
                page.write(markup)?;
                if let Some(text) = blank.and_then(|blank| choice[blank].as_str()) {
                    page.write(&super::view::escape(text))?;
                }
            }
        }
        Ok(())
    }
}

fn parts(markup: &str) -> Vec<Part> {
    let parts = markup.split_inclusive(BLANKS).map(|part| {
        let blank = BLANKS.iter().position(|blank| part.ends_with(*blank));
        (part.trim_end_matches(BLANKS).to_owned(), blank)
    });
    parts.collect()
}
