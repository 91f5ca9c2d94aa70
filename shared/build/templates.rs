//! Parses the templates, so that no process has to: each page becomes one list of pieces, with the layout around it and all
//! its parts in their places. What the pieces are, `src/page/template.rs` says.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use handlebars::{
    Handlebars, Path as Place, PathSeg, Template,
    template::{
        BlockParam, HelperTemplate, Parameter,
        TemplateElement::{Expression, HelperBlock, PartialBlock, PartialExpression, RawString},
    },
};
use serde_json::Value;

/// The table of the pages in this folder, as Rust, each with those icons of the sprite that it, or any fragment, uses.
pub(crate) fn pages(folder: &str, sprite: &str) -> Result<String, String> {
    let mut templates = Handlebars::new();
    // Indenting a part would indent what people typed into a textarea.
    templates.set_prevent_indent(true);
    for file in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = file.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|ending| ending == "hbs") {
            templates
                .register_template_file(&stem(&path), &path)
                .map_err(|error| error.to_string())?;
        }
    }
    let mut names: Vec<&String> = templates.get_templates().keys().collect();
    names.sort();
    let mut pages = Vec::new();
    // What a page shows may be put together from fragments, each rendered by itself.
    let mut icons_of_fragments = BTreeSet::new();
    for name in names {
        let template = &templates.get_templates()[name];
        // What does not begin with the layout is a part of pages that do.
        if let Some(PartialBlock(around)) = template.elements.first() {
            let icons = RefCell::default();
            let pieces = Pieces {
                templates: &templates,
                inside: None,
                icons: &icons,
            }
            .of(template)
            .map_err(|problem| format!("{name}.hbs: {problem}"))?;
            let icons = icons.into_inner();
            if self::name(&around.name)? == "fragment" {
                icons_of_fragments.extend(icons.iter().cloned());
            }
            pages.push((name, pieces, icons));
        }
    }
    let mut table = String::new();
    for (name, pieces, mut icons) in pages {
        icons.extend(icons_of_fragments.iter().cloned());
        let icons = sprite_of(&icons, sprite)?;
        let pieces = pieces.replace(SPRITE, &format!("Piece::Text({icons:?})"));
        table.push_str(&format!("({name:?}, &[{pieces}]),\n"));
    }
    Ok(format!(
        "/// Each page by its template's name.\npub(super) static PAGES: &[(&str, &[Piece])] = &[\n{table}];\n"
    ))
}

/// Where a layout has its icons.
const SPRITE: &str = "Piece::Value(\"sprite\")";

/// The sprite with these icons and no others.
fn sprite_of(icons: &BTreeSet<String>, sprite: &str) -> Result<String, &'static str> {
    let kept = |line: &&str| match line.strip_prefix("<symbol id=\"icon-") {
        None => true,
        Some(symbol) => symbol
            .split('"')
            .next()
            .is_some_and(|icon| icons.contains(icon)),
    };
    let (beginning, symbols) = sprite
        .split_once('\n')
        .ok_or("the sprite has but one line")?;
    let symbols: String = symbols
        .split_inclusive("</symbol>\n")
        .filter(kept)
        .collect();
    Ok(format!("{beginning}\n{symbols}"))
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

struct Pieces<'a> {
    templates: &'a Handlebars<'static>,
    /// What stands where a part says `@partial-block`.
    inside: Option<String>,
    /// The icons that were used.
    icons: &'a RefCell<BTreeSet<String>>,
}

impl Pieces<'_> {
    fn of(&self, template: &Template) -> Result<String, String> {
        let elements = template.elements.iter();
        joined(elements.map(|element| {
            Ok(match element {
                RawString(text) => format!("Piece::Text({text:?})"),
                Expression(call) if call.params.is_empty() && call.hash.is_empty() => {
                    format!("Piece::Value({:?})", name(&call.name)?)
                }
                Expression(call) => match (name(&call.name)?, call.params.as_slice()) {
                    ("icon", [Parameter::Literal(Value::String(icon))]) => self.icon(icon)?,
                    _ => format!("Piece::Call(&{})", self::call(call)?),
                },
                HelperBlock(block) => format!(
                    "Piece::Block(&Block {{ call: {}, item: {:?}, inside: &[{}], otherwise: &[{}] }})",
                    call(block)?,
                    item(block)?,
                    self.branch(block.template.as_ref())?,
                    self.branch(block.inverse.as_ref())?,
                ),
                PartialExpression(part) | PartialBlock(part)
                    if part.params.is_empty() && part.hash.is_empty() =>
                {
                    self.part(name(&part.name)?, part.template.as_ref())?
                }
                other => return Err(format!("no piece is made of {other:?}")),
            })
        }))
    }

    fn branch(&self, template: Option<&Template>) -> Result<String, String> {
        template.map_or(Ok(String::new()), |template| self.of(template))
    }

    fn part(&self, name: &str, inside: Option<&Template>) -> Result<String, String> {
        if let ("@partial-block", Some(inside)) = (name, &self.inside) {
            return Ok(inside.clone());
        }
        let part = self
            .templates
            .get_template(name)
            .ok_or(format!("there is no {name}.hbs"))?;
        let inside = inside.map(|inside| self.of(inside)).transpose()?;
        Pieces {
            templates: self.templates,
            inside,
            icons: self.icons,
        }
        .of(part)
    }

    /// Parts with a parameter of their own are not for pages; this one is known here.
    fn icon(&self, icon: &str) -> Result<String, String> {
        self.icons.borrow_mut().insert(icon.to_owned());
        let markup = self
            .templates
            .render("icon", &icon)
            .map_err(|error| error.to_string())?;
        Ok(format!("Piece::Text({markup:?})"))
    }
}

fn call(call: &HelperTemplate) -> Result<String, String> {
    // In an order of their own, so that each build writes the same.
    let named: BTreeMap<&String, &Parameter> = call.hash.iter().collect();
    let named = named
        .into_iter()
        .map(|(name, value)| Ok(format!("({name:?}, {})", argument(value)?)));
    Ok(format!(
        "Call {{ name: {:?}, arguments: &[{}], named: &[{}] }}",
        name(&call.name)?,
        joined(call.params.iter().map(argument))?,
        joined(named)?,
    ))
}

fn argument(parameter: &Parameter) -> Result<String, String> {
    Ok(match parameter {
        Parameter::Literal(Value::String(words)) => format!("Argument::Words({words:?})"),
        Parameter::Literal(Value::Number(number)) => format!("Argument::Number({number})"),
        Parameter::Subexpression(inner) => match inner.as_element() {
            Expression(inner) => format!("Argument::Answer({})", call(inner)?),
            other => return Err(format!("no argument is made of {other:?}")),
        },
        place => format!("Argument::Place({:?})", name(place)?),
    })
}

/// A name, or the way to a value in the page: names with points between them.
fn name(parameter: &Parameter) -> Result<&str, String> {
    match parameter {
        Parameter::Name(name) => Ok(name),
        Parameter::Path(Place::Relative((names, text)))
            if names.iter().all(|name| matches!(name, PathSeg::Named(_)))
                && !text.contains('/') =>
        {
            Ok(text)
        }
        other => Err(format!("no name is made of {other:?}")),
    }
}

fn item(block: &HelperTemplate) -> Result<Option<&str>, String> {
    match &block.block_param {
        None => Ok(None),
        Some(BlockParam::Single(item)) => name(item).map(Some),
        Some(other) => Err(format!("no item is made of {other:?}")),
    }
}

fn joined(items: impl Iterator<Item = Result<String, String>>) -> Result<String, String> {
    Ok(items.collect::<Result<Vec<String>, String>>()?.join(", "))
}
