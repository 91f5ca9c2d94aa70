//! Checks in which direction the modules of `shared` import each other, and that only the route table has paths of the
//! site.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use shared::routes;

use crate::repository::{files, read};

/// The path of a module of `shared`, as segments: `["pages", "view"]`.
type Module = Vec<String>;

/// Returns the code of a Rust file without comments and without its unit tests, which are at the end of a file.
fn production_code(file: &Path) -> String {
    let text = read(file);
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().map(|line| match line.trim_start() {
        comment if comment.starts_with("//") => "",
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the code of every module of `shared`.
fn modules() -> BTreeMap<Module, String> {
    let module = |file: &Path| {
        let relative = file.strip_prefix("shared/src").unwrap().with_extension("");
        let mut segments: Module = relative
            .iter()
            .map(|segment| segment.to_str().unwrap().to_owned())
            .collect();
        segments.retain(|segment| segment != "mod" && segment != "lib");
        (segments, production_code(file))
    };
    files("shared/src", ".rs")
        .iter()
        .map(|file| module(file))
        .collect()
}

/// Returns every path in the code, with braces expanded: `crate::a::{b, c::d}` is `crate::a::b` and `crate::a::c::d`.
fn named_paths(code: &str) -> Vec<Module> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                expand(&code[at..], &[], &mut paths);
            }
        }
    }
    paths
}

/// Parses the path at the beginning of `text`, adds it with its `prefix` to `paths`, and returns the rest of the text.
fn expand<'a>(text: &'a str, prefix: &[String], paths: &mut Vec<Module>) -> &'a str {
    let mut path = prefix.to_vec();
    let mut rest = text;
    loop {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if end > 0 {
            path.push(rest[..end].to_owned());
        }
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) if after.starts_with('{') => {
                rest = &after[1..];
                loop {
                    rest = rest.trim_start_matches([' ', '\n', ',']);
                    if let Some(after) = rest.strip_prefix('}') {
                        return after;
                    }
                    if rest.is_empty() || !rest.starts_with(|c: char| c.is_alphanumeric()) {
                        return rest;
                    }
                    rest = expand(rest, &path, paths);
                    // An alias: `as name`.
                    if let Some(after) = rest.trim_start().strip_prefix("as ") {
                        rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
                    }
                }
            }
            Some(after) => rest = after,
            None => {
                paths.push(path);
                return rest;
            }
        }
    }
}

/// Returns the module that `path` refers to in the code of `module`: the longest prefix of the path that is a module.
fn target(module: &Module, path: &[String], modules: &BTreeMap<Module, String>) -> Option<Module> {
    let mut absolute = match path[0].as_str() {
        "crate" => Vec::new(),
        "self" => module.clone(),
        _ => module[..module.len().checked_sub(1)?].to_vec(),
    };
    for segment in &path[1..] {
        if segment == "super" {
            absolute.pop();
        } else {
            absolute.push(segment.clone());
        }
    }
    while !absolute.is_empty() && !modules.contains_key(&absolute) {
        absolute.pop();
    }
    (!absolute.is_empty() && absolute != *module).then_some(absolute)
}

fn children<'a>(
    parent: &'a Module,
    modules: &'a BTreeMap<Module, String>,
) -> impl Iterator<Item = &'a Module> {
    let is_child =
        move |module: &&Module| module.len() == parent.len() + 1 && module.starts_with(parent);
    modules.keys().filter(is_child)
}

/// Returns the modules that each module imports. A parent imports its children, which it declares and re-exports.
fn imports(modules: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut imports: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, code) in modules.iter().filter(|(module, _)| !module.is_empty()) {
        let named = named_paths(code);
        let targets = named
            .iter()
            .filter_map(|path| target(module, path, modules));
        let all = imports.entry(module.clone()).or_default();
        all.extend(targets);
        all.extend(children(module, modules).cloned());
    }
    imports
}

/// Returns the level of a module in the architecture; a module may import only modules of the same or a lower level.
fn level(module: &Module) -> usize {
    match module[0].as_str() {
        "domain" => 0,
        "clock" | "config" | "crypto" | "query" | "routes" | "telemetry" => 1,
        "store" => 2,
        "pages" | "formats" => 3,
        "http" | "app" => 4,
        "lambda" => 5,
        other => panic!("shared::{other} has no level: add it here and in docs/architecture.md"),
    }
}

#[test]
fn imports_in_shared_point_one_way() {
    let modules = modules();
    for (module, targets) in imports(&modules) {
        for target in targets {
            assert!(
                level(&target) <= level(&module),
                "{} imports {}",
                module.join("::"),
                target.join("::")
            );
        }
    }
}

#[test]
fn no_files_of_shared_import_each_other_in_a_circle() {
    let modules = modules();
    let imports = imports(&modules);
    // Modules that import nothing any more are removed until none is left; what stays is in a circle or imports one.
    let mut left: BTreeMap<&Module, BTreeSet<&Module>> = imports
        .iter()
        .map(|(module, targets)| (module, targets.iter().collect()))
        .collect();
    loop {
        let finished: Vec<&Module> = left
            .iter()
            .filter(|(_, targets)| targets.is_empty())
            .map(|(module, _)| *module)
            .collect();
        if finished.is_empty() {
            break;
        }
        left.retain(|module, _| !finished.contains(module));
        for targets in left.values_mut() {
            targets.retain(|target| !finished.contains(target));
        }
    }
    // Modules that only import a circle are not in it: nothing left imports them.
    loop {
        let imported: BTreeSet<&Module> = left.values().flatten().copied().collect();
        let before = left.len();
        left.retain(|module, _| imported.contains(module));
        if left.len() == before {
            break;
        }
    }
    let circle: Vec<String> = left
        .iter()
        .map(|(module, targets)| {
            let targets: Vec<_> = targets.iter().map(|target| target.join("::")).collect();
            format!("{} imports {}", module.join("::"), targets.join(", "))
        })
        .collect();
    assert!(circle.is_empty(), "{}", circle.join("\n"));
}

/// Returns the text of each string literal in the code.
fn string_literals(code: &str) -> Vec<&str> {
    let mut literals = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find('"') {
        // The character literal '"' is not the start of a string.
        if rest[..start].ends_with('\'') && rest[start..].starts_with("\"'") {
            rest = &rest[start + 2..];
            continue;
        }
        let body = &rest[start + 1..];
        let mut escaped = false;
        let end = body.find(|c| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        let Some(end) = end else { break };
        literals.push(&body[..end]);
        rest = &body[end + 1..];
    }
    literals
}

/// Returns the first segment of each route of the site, such as `events`.
fn first_segments() -> BTreeSet<&'static str> {
    let segments = routes::ROUTES
        .iter()
        .filter_map(|route| route.path.split('/').nth(1));
    segments.filter(|segment| !segment.is_empty()).collect()
}

#[test]
fn paths_are_only_in_the_route_table() {
    let first_segments = first_segments();
    let is_path = |literal: &&str| {
        let Some(path) = literal.strip_prefix('/') else {
            return false;
        };
        let segment = path.split(['/', '?', '{']).next().unwrap_or_default();
        first_segments.contains(segment) || path.starts_with('?')
    };
    for folder in ["shared/src", "functions", "local-server/src"] {
        for file in files(folder, ".rs") {
            let is_table =
                file.starts_with("shared/src/routes") || file.ends_with("shared/src/routes.rs");
            if is_table || file.ends_with("tests.rs") {
                continue;
            }
            let code = production_code(&file);
            let paths: Vec<_> = string_literals(&code).into_iter().filter(is_path).collect();
            assert!(paths.is_empty(), "{}: {paths:?}", file.display());
        }
    }
}

#[test]
fn links_in_templates_lead_to_routes() {
    for file in files("templates", ".hbs") {
        let text = read(&file);
        for start in ["link \"", "href=\"", "action=\"", "src=\""] {
            for link in text.split(start).skip(1) {
                let link = link.split('"').next().unwrap();
                let path = link.split(['?', '#']).next().unwrap();
                // A link that ends in a slash is completed by a value of the page.
                let path = if path.ends_with('/') && path != "/" {
                    format!("{path}1")
                } else {
                    path.to_owned()
                };
                let is_link = path.starts_with('/') && !path.contains("{{");
                assert!(
                    !is_link || routes::find(&path).is_some(),
                    "{}: {link} is no route",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn paths_with_braces_and_aliases_are_expanded() {
    let paths = named_paths("use crate::{a, b::{self, c as d, e}, f::g};\nlet x = super::h::i();");
    let paths: Vec<String> = paths.iter().map(|path| path.join("::")).collect();
    let expected = [
        "crate::a",
        "crate::b::self",
        "crate::b::c",
        "crate::b::e",
        "crate::f::g",
        "super::h::i",
    ];
    assert_eq!(paths, expected);
}
