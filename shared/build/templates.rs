//! Converts the HTML templates into Rust source at build time. Each page or fragment becomes one list of nodes
//! (`src/pages/template.rs`), with its layout and partials inlined.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use handlebars::{
    Handlebars, Path as HandlebarsPath, PathSeg, Template,
    template::{
        BlockParam, HelperTemplate, Parameter,
        TemplateElement::{Expression, HelperBlock, PartialBlock, PartialExpression, RawString},
    },
};
use serde_json::Value;

/// Converts the templates in `folder` into Rust source. The sprite in the layout of a page contains only the icons that
/// the page, or any fragment, uses.
pub(crate) fn templates_as_rust(folder: &str, sprite: &str) -> Result<String, String> {
    let templates = read_templates(folder)?;
    let pages = inline_layouts(&templates)?;
    // A page can contain any fragment.
    let fragments = pages.iter().filter(|page| page.is_fragment);
    let icons_of_fragments: BTreeSet<String> =
        fragments.flat_map(|page| page.icons.clone()).collect();
    let mut table = String::new();
    for Inlined {
        name, nodes, icons, ..
    } in pages
    {
        let sprite = with_icons(sprite, &(&icons | &icons_of_fragments))?;
        let nodes = nodes.replace(SPRITE, &format!("Node::Text({sprite:?})"));
        table.push_str(&format!("({name:?}, &[{nodes}]),\n"));
    }
    Ok(format!(
        "/// Each template, by its name.\npub(super) static TEMPLATES: &[(&str, &[Node])] = &[\n{table}];\n"
    ))
}

fn read_templates(folder: &str) -> Result<Handlebars<'static>, String> {
    let mut templates = Handlebars::new();
    // Indenting partials would indent the text inside a textarea.
    templates.set_prevent_indent(true);
    for file in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = file.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|extension| extension == "hbs") {
            templates
                .register_template_file(&stem(&path), &path)
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(templates)
}

/// A page or fragment, converted into nodes with its layout and partials inlined.
struct Inlined<'a> {
    name: &'a str,
    is_fragment: bool,
    /// The nodes, as Rust source.
    nodes: String,
    icons: BTreeSet<String>,
}

/// Converts all pages and fragments into nodes, sorted by name.
fn inline_layouts<'a>(templates: &'a Handlebars<'static>) -> Result<Vec<Inlined<'a>>, String> {
    let sorted: BTreeMap<&String, &Template> = templates.get_templates().iter().collect();
    let mut pages = Vec::new();
    for (name, template) in sorted {
        // A template that does not start with a layout is a partial.
        let Some(PartialBlock(layout)) = template.elements.first() else {
            continue;
        };
        let icons = RefCell::default();
        let nodes = Inliner {
            templates,
            partial_block: None,
            icons: &icons,
        }
        .nodes(template)
        .map_err(|error| format!("{name}.hbs: {error}"))?;
        pages.push(Inlined {
            name,
            is_fragment: self::name(&layout.name)? == "fragment",
            nodes,
            icons: icons.into_inner(),
        });
    }
    Ok(pages)
}

/// The node of `{{sprite}}` as Rust source, which is replaced by the SVG sprite.
const SPRITE: &str = "Node::Variable(\"sprite\")";

/// Returns `sprite` with only the symbols of `icons`.
fn with_icons(sprite: &str, icons: &BTreeSet<String>) -> Result<String, &'static str> {
    let is_used = |line: &&str| match line.strip_prefix("<symbol id=\"icon-") {
        None => true,
        Some(symbol) => symbol
            .split('"')
            .next()
            .is_some_and(|icon| icons.contains(icon)),
    };
    let (start, symbols) = sprite
        .split_once('\n')
        .ok_or("the sprite has only one line")?;
    let symbols: String = symbols
        .split_inclusive("</symbol>\n")
        .filter(is_used)
        .collect();
    Ok(format!("{start}\n{symbols}"))
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Generates the Rust source of a template's nodes, with the template's partials inlined.
struct Inliner<'a> {
    templates: &'a Handlebars<'static>,
    /// The nodes that replace `@partial-block` in a layout or partial, as Rust source.
    partial_block: Option<String>,
    /// The names of the icons found so far in the page or fragment.
    icons: &'a RefCell<BTreeSet<String>>,
}

impl Inliner<'_> {
    fn nodes(&self, template: &Template) -> Result<String, String> {
        let elements = template.elements.iter();
        joined(elements.map(|element| {
            Ok(match element {
                RawString(text) => format!("Node::Text({text:?})"),
                Expression(call) if call.params.is_empty() && call.hash.is_empty() => {
                    format!("Node::Variable({:?})", name(&call.name)?)
                }
                Expression(call) => match (name(&call.name)?, call.params.as_slice()) {
                    ("icon", [Parameter::Literal(Value::String(icon))]) => self.icon(icon)?,
                    _ => format!("Node::Helper(&{})", self::call(call)?),
                },
                HelperBlock(block) => format!(
                    "Node::Block(&Block {{ call: {}, block_param: {:?}, body: &[{}], inverse: &[{}] }})",
                    call(block)?,
                    block_param(block)?,
                    self.branch(block.template.as_ref())?,
                    self.branch(block.inverse.as_ref())?,
                ),
                PartialExpression(partial) | PartialBlock(partial)
                    if partial.params.is_empty() && partial.hash.is_empty() =>
                {
                    self.partial(name(&partial.name)?, partial.template.as_ref())?
                }
                other => return Err(format!("unsupported element: {other:?}")),
            })
        }))
    }

    fn branch(&self, template: Option<&Template>) -> Result<String, String> {
        template.map_or(Ok(String::new()), |template| self.nodes(template))
    }

    fn partial(&self, name: &str, block: Option<&Template>) -> Result<String, String> {
        if let ("@partial-block", Some(nodes)) = (name, &self.partial_block) {
            return Ok(nodes.clone());
        }
        let partial = self
            .templates
            .get_template(name)
            .ok_or(format!("there is no {name}.hbs"))?;
        let partial_block = block.map(|block| self.nodes(block)).transpose()?;
        Inliner {
            templates: self.templates,
            partial_block,
            icons: self.icons,
        }
        .nodes(partial)
    }

    /// Renders the template `icon.hbs`, the only one with a parameter, into a node as Rust source.
    fn icon(&self, icon: &str) -> Result<String, String> {
        self.icons.borrow_mut().insert(icon.to_owned());
        let html = self
            .templates
            .render("icon", &icon)
            .map_err(|error| error.to_string())?;
        Ok(format!("Node::Text({html:?})"))
    }
}

fn call(call: &HelperTemplate) -> Result<String, String> {
    // Sorted, so that builds are reproducible.
    let hash: BTreeMap<&String, &Parameter> = call.hash.iter().collect();
    let hash = hash
        .into_iter()
        .map(|(name, value)| Ok(format!("({name:?}, {})", argument(value)?)));
    Ok(format!(
        "HelperCall {{ name: {:?}, params: &[{}], hash: &[{}] }}",
        name(&call.name)?,
        joined(call.params.iter().map(argument))?,
        joined(hash)?,
    ))
}

fn argument(parameter: &Parameter) -> Result<String, String> {
    Ok(match parameter {
        Parameter::Literal(Value::String(text)) => format!("Argument::Text({text:?})"),
        Parameter::Literal(Value::Number(number)) => format!("Argument::Number({number})"),
        Parameter::Subexpression(inner) => match inner.as_element() {
            Expression(inner) => format!("Argument::Helper({})", call(inner)?),
            other => return Err(format!("unsupported argument: {other:?}")),
        },
        path => format!("Argument::Variable({:?})", name(path)?),
    })
}

/// Returns the name, or the path of a variable (names separated by dots), that `parameter` is.
fn name(parameter: &Parameter) -> Result<&str, String> {
    match parameter {
        Parameter::Name(name) => Ok(name),
        Parameter::Path(HandlebarsPath::Relative((names, text)))
            if names.iter().all(|name| matches!(name, PathSeg::Named(_)))
                && !text.contains('/') =>
        {
            Ok(text)
        }
        other => Err(format!("unsupported name: {other:?}")),
    }
}

fn block_param(block: &HelperTemplate) -> Result<Option<&str>, String> {
    match &block.block_param {
        None => Ok(None),
        Some(BlockParam::Single(param)) => name(param).map(Some),
        Some(other) => Err(format!("unsupported block parameter: {other:?}")),
    }
}

/// Joins `items`, which are Rust source, with commas.
fn joined(items: impl Iterator<Item = Result<String, String>>) -> Result<String, String> {
    Ok(items.collect::<Result<Vec<String>, String>>()?.join(", "))
}
