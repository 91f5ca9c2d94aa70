//! The HTML templates, parsed by `build/templates.rs` at build time, and their conversion into Handlebars templates.

use std::{borrow::Cow, collections::HashMap};

use handlebars::{
    Path, PathSeg, Template,
    template::{
        BlockParam, HelperTemplate, Parameter, Subexpression,
        TemplateElement::{self, Expression, HelperBlock, RawString},
    },
};

use super::{assets, escape::escape_html, i18n::Lang};

include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// A node of a template.
pub(crate) enum Node {
    /// A piece of HTML.
    Text(&'static str),
    /// The value of a variable: `{{event.title}}`.
    Variable(&'static str),
    /// The result of a helper: `{{fluent "field-date-hint" zone=form.zone_text}}`.
    Helper(&'static HelperCall),
    /// A block: `{{#each events as |event|}}…{{else}}…{{/each}}`.
    Block(&'static Block),
}

/// A call of a template helper with its arguments.
pub(crate) struct HelperCall {
    name: &'static str,
    params: &'static [Argument],
    hash: &'static [(&'static str, Argument)],
}

/// An argument of a call of a template helper.
enum Argument {
    /// A text: `"field-date-hint"`.
    Text(&'static str),
    /// A number: `1`.
    Number(i64),
    /// The value of a variable: `form.zone_text`.
    Variable(&'static str),
    /// The result of another helper: `(eq event.attendance "online")`.
    Helper(HelperCall),
}

/// A call of a block helper, with the nodes inside the block.
pub(crate) struct Block {
    call: HelperCall,
    block_param: Option<&'static str>,
    body: &'static [Node],
    inverse: &'static [Node],
}

/// Builds the Handlebars template in the language `lang`. Calls with a constant result are replaced by the result.
pub(crate) fn build_template(nodes: &[Node], lang: Lang) -> Template {
    let mut template = Template::new();
    for node in nodes {
        match (element(node, lang), template.elements.last_mut()) {
            (RawString(text), Some(RawString(before))) => before.push_str(&text),
            (element, _) => template.elements.push(element),
        }
    }
    template
}

/// Converts `node` into an element of a Handlebars template.
fn element(node: &Node, lang: Lang) -> TemplateElement {
    match node {
        Node::Text(text) => RawString((*text).to_owned()),
        Node::Variable(path) => {
            *Subexpression::new(variable(path), Vec::new(), HashMap::new()).element
        }
        Node::Helper(call) => match constant_result(call, lang) {
            Some(text) => RawString(escape_html(&text)),
            None => *helper(call).element,
        },
        Node::Block(block) => match *helper(&block.call).element {
            Expression(helper) => HelperBlock(Box::new(helper_block(*helper, block, lang))),
            other => other,
        },
    }
}

/// Returns the result of `call` if it does not depend on the page.
fn constant_result(call: &HelperCall, lang: Lang) -> Option<Cow<'static, str>> {
    let ([Argument::Text(text)], []) = (call.params, call.hash) else {
        return None;
    };
    match call.name {
        "asset" => assets::path(text).map(Cow::Owned),
        "fluent" => lang.constant_text(text).map(Cow::Borrowed),
        _ => None,
    }
}

fn helper_block(mut helper: HelperTemplate, block: &Block, lang: Lang) -> HelperTemplate {
    let branch = |nodes: &[Node]| (!nodes.is_empty()).then(|| build_template(nodes, lang));
    helper.block = true;
    helper.block_param = block
        .block_param
        .map(|name| BlockParam::Single(Parameter::Name(name.to_owned())));
    helper.template = branch(block.body);
    helper.inverse = branch(block.inverse);
    helper
}

fn helper(call: &HelperCall) -> Subexpression {
    let hash = call
        .hash
        .iter()
        .map(|(name, value)| ((*name).to_owned(), parameter(value)));
    Subexpression::new(
        Parameter::Name(call.name.to_owned()),
        call.params.iter().map(parameter).collect(),
        hash.collect(),
    )
}

fn parameter(argument: &Argument) -> Parameter {
    match argument {
        Argument::Text(text) => Parameter::Literal((*text).into()),
        Argument::Number(number) => Parameter::Literal((*number).into()),
        Argument::Variable(path) => variable(path),
        Argument::Helper(call) => Parameter::Subexpression(helper(call)),
    }
}

fn variable(path: &str) -> Parameter {
    let names = path.split('.').filter(|name| *name != "this");
    let names = names.map(|name| PathSeg::Named(name.to_owned())).collect();
    Parameter::Path(Path::Relative((names, path.to_owned())))
}
