//! The templates as the build has parsed them (`build/templates.rs`), and what Handlebars renders made of them.

use std::{borrow::Cow, collections::HashMap};

use handlebars::{
    Path, PathSeg, Template,
    template::{
        BlockParam, HelperTemplate, Parameter, Subexpression,
        TemplateElement::{self, Expression, HelperBlock, RawString},
    },
};

use super::{assets, i18n::Lang, view::escape};

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// What pages are made of.
pub(crate) enum Piece {
    /// Markup.
    Text(&'static str),
    /// `{{event.title}}`
    Value(&'static str),
    /// `{{fluent "field-date-hint" zone=form.zone_words}}`
    Call(&'static Call),
    /// `{{#each events as |event|}}…{{else}}…{{/each}}`
    Block(&'static Block),
}

/// A helper, and what it is given.
pub(crate) struct Call {
    name: &'static str,
    arguments: &'static [Argument],
    named: &'static [(&'static str, Argument)],
}

/// What a helper is given.
enum Argument {
    /// `"field-date-hint"`
    Words(&'static str),
    /// `1`
    Number(i64),
    /// `form.zone_words`
    Place(&'static str),
    /// `(eq event.attendance "online")`
    Answer(Call),
}

/// A helper that writes what is inside as often as it likes, or else the other.
pub(crate) struct Block {
    call: Call,
    item: Option<&'static str>,
    inside: &'static [Piece],
    otherwise: &'static [Piece],
}

/// The template made of these in this language. What is the same each time it is rendered is text from the start.
pub(crate) fn template(pieces: &[Piece], lang: Lang) -> Template {
    let mut template = Template::new();
    for piece in pieces {
        match (element(piece, lang), template.elements.last_mut()) {
            (RawString(text), Some(RawString(before))) => before.push_str(&text),
            (element, _) => template.elements.push(element),
        }
    }
    template
}

fn element(piece: &Piece, lang: Lang) -> TemplateElement {
    match piece {
        Piece::Text(text) => RawString((*text).to_owned()),
        Piece::Value(place) => *Subexpression::new(at(place), Vec::new(), HashMap::new()).element,
        Piece::Call(call) => match constant(call, lang) {
            Some(text) => RawString(escape(&text)),
            None => *called(call).element,
        },
        Piece::Block(block) => match *called(&block.call).element {
            Expression(helper) => HelperBlock(Box::new(block_of(*helper, block, lang))),
            other => other,
        },
    }
}

/// What this call always writes, if it is always the same.
fn constant(call: &Call, lang: Lang) -> Option<Cow<'static, str>> {
    let ([Argument::Words(words)], []) = (call.arguments, call.named) else {
        return None;
    };
    match call.name {
        "asset" => assets::path(words).map(Cow::Owned),
        "fluent" => lang.plain(words).map(Cow::Borrowed),
        _ => None,
    }
}

fn block_of(mut helper: HelperTemplate, block: &Block, lang: Lang) -> HelperTemplate {
    let branch = |pieces: &[Piece]| (!pieces.is_empty()).then(|| template(pieces, lang));
    helper.block = true;
    helper.block_param = block
        .item
        .map(|item| BlockParam::Single(Parameter::Name(item.to_owned())));
    helper.template = branch(block.inside);
    helper.inverse = branch(block.otherwise);
    helper
}

fn called(call: &Call) -> Subexpression {
    let named = call
        .named
        .iter()
        .map(|(name, value)| ((*name).to_owned(), parameter(value)));
    Subexpression::new(
        Parameter::Name(call.name.to_owned()),
        call.arguments.iter().map(parameter).collect(),
        named.collect(),
    )
}

fn parameter(argument: &Argument) -> Parameter {
    match argument {
        Argument::Words(words) => Parameter::Literal((*words).into()),
        Argument::Number(number) => Parameter::Literal((*number).into()),
        Argument::Place(place) => at(place),
        Argument::Answer(call) => Parameter::Subexpression(called(call)),
    }
}

fn at(place: &str) -> Parameter {
    let names = place.split('.').filter(|name| *name != "this");
    let names = names.map(|name| PathSeg::Named(name.to_owned())).collect();
    Parameter::Path(Path::Relative((names, place.to_owned())))
}
