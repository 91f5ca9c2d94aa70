//! Checks of the repository itself: queries, templates, translations, manifests and routing tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use shared::{
    clock::Clock,
    config::Settings,
    routes::{Audience, Function, ROUTES, Route},
};

use crate::{
    api_gateway::{ApiGateway, RouteKeys},
    client::request,
    database::Database,
    repository::{files, read, root},
    site::{NOW, moment},
};

fn rust_files() -> Vec<PathBuf> {
    ["functions", "shared", "local-server", "tests"]
        .iter()
        .flat_map(|folder| files(folder, ".rs"))
        .collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn every_query_has_a_function_of_its_name() {
    let store: String = files("shared/src/store", ".rs").iter().map(read).collect();
    for query in files("sql/queries", ".sql") {
        let name = stem(&query);
        assert!(
            store.contains(&format!("queries/{name}.sql")),
            "{name}.sql is not used"
        );
        assert!(
            store.contains(&format!("fn {name}")),
            "{name}.sql has no function of its name"
        );
    }
}

#[test]
fn queries_name_their_columns_and_take_the_time_as_a_parameter() {
    for query in files("sql/queries", ".sql") {
        let sql = read(&query)
            .lines()
            .filter(|line| !line.starts_with("--"))
            .collect::<Vec<_>>()
            .join("\n");
        for bad in ["select *", "now()", "current_timestamp", ".*"] {
            assert!(!sql.contains(bad), "{}: {bad}", query.display());
        }
        assert!(
            read(&query).starts_with("--") || !sql.contains("$1"),
            "{} does not explain its parameters",
            query.display()
        );
    }
}

#[tokio::test]
async fn every_query_prepares_against_the_migrated_schema() {
    let database = Database::migrated().await;
    let client = database.connect().await;
    for query in files("sql/queries", ".sql") {
        let sql = read(&query);
        let statement = sql.lines().find(|line| !line.starts_with("--")).unwrap();
        // Utility statements (copy, lock, vacuum) can't be prepared; the tests of `seed` run them.
        if ["select", "insert", "update", "delete", "with"]
            .contains(&statement.split(' ').next().unwrap())
        {
            let prepared = client.prepare(&sql).await;
            assert!(
                prepared.is_ok(),
                "{}: {:?}",
                query.display(),
                prepared.err()
            );
        }
    }
}

#[test]
fn rust_code_contains_no_sql() {
    for file in rust_files()
        .iter()
        .filter(|file| !file.starts_with("tests"))
    {
        let code = read(file);
        for word in [
            "\"select ",
            "\"insert into ",
            "\"update ",
            "\"delete from ",
            "\"with ",
        ] {
            let found = code.lines().filter(|line| {
                line.contains(word) && !line.contains("pg_") && !line.contains("set_config")
            });
            assert_eq!(
                found.collect::<Vec<_>>(),
                Vec::<&str>::new(),
                "{}",
                file.display()
            );
        }
    }
}

#[test]
fn templates_contain_no_unescaped_output_inline_style_or_handler() {
    for template in files("templates", ".hbs") {
        assert!(!read(&template).contains("{{{"), "{}", template.display());
        assert!(
            !read(&template).contains("style="),
            "{}",
            template.display()
        );
        assert!(
            !read(&template).contains("onclick"),
            "{}",
            template.display()
        );
    }
}

#[test]
fn every_template_is_rendered() {
    let pages: String = files("shared/src", ".rs").iter().map(read).collect();
    let templates: String = files("templates", ".hbs").iter().map(read).collect();
    for template in files("templates", ".hbs") {
        let name = stem(&template);
        let page = pages.contains(&format!("TEMPLATE: &'static str = \"{name}\""));
        let fragment = pages.contains(&format!("fragment(\"{name}\""));
        let part = templates.contains(&format!("{{{{> {name}"))
            || templates.contains(&format!("{{{{#> {name}"))
            || templates.contains(&format!("{{{{{name} \""));
        assert!(page || fragment || part, "{name}.hbs is not used");
    }
}

/// Returns the translations of the default language, whose keys every other language has, too.
fn default_translations() -> String {
    let files = files("templates/locales/pt-BR", ".ftl");
    files
        .iter()
        .map(|file| format!("\n{}", read(file)))
        .collect()
}

#[test]
fn every_language_has_the_same_translation_keys_and_placeholders() {
    // Each key with the names of its placeholders.
    let keys = |lang: &str, file: &str| -> Vec<(String, Vec<String>)> {
        let text = read(format!("templates/locales/{lang}/{file}"));
        let mut keys: Vec<(String, Vec<String>)> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                keys.push((key.to_owned(), Vec::new()));
            }
            let placeholders = line.split("{ $").skip(1);
            let names = placeholders.filter_map(|rest| rest.split(' ').next().map(str::to_owned));
            if let Some((_, all)) = keys.last_mut() {
                all.extend(names);
            }
        }
        for (_, placeholders) in &mut keys {
            placeholders.sort();
            placeholders.dedup();
        }
        keys
    };
    for file in files("templates/locales/pt-BR", ".ftl") {
        let file = file.file_name().unwrap().to_str().unwrap().to_owned();
        for lang in ["en", "es"] {
            assert_eq!(keys("pt-BR", &file), keys(lang, &file), "{lang}/{file}");
        }
    }
}

#[test]
fn every_translation_key_in_a_template_is_defined() {
    let translations = default_translations();
    for template in files("templates", ".hbs") {
        let text = read(&template);
        for rest in text.split("fluent \"").skip(1) {
            let key = rest.split('"').next().unwrap();
            let defined = translations.contains(&format!("\n{key} ="));
            assert!(defined, "{key}, in {}", template.display());
        }
    }
}

#[test]
fn every_translation_key_is_used() {
    let mut sources: String = files("templates", ".hbs").iter().map(read).collect();
    sources.extend(
        files("shared/src", ".rs")
            .iter()
            .chain(&files("functions", ".rs"))
            .map(read),
    );
    // Keys with these prefixes are composed at run time.
    let prefixes = [
        "weekday-",
        "weekday-short-",
        "month-",
        "month-short-",
        "zone-",
        "status-",
        "field-",
        "error-",
        "parameter-",
        "docs-",
    ];
    for line in default_translations().lines() {
        let Some((key, _)) = line
            .split_once(" =")
            .filter(|(key, _)| !key.starts_with([' ', '#']))
        else {
            continue;
        };
        let used = sources.contains(&format!("\"{key}\""))
            || prefixes.iter().any(|prefix| key.starts_with(prefix));
        assert!(used, "{key} is not used");
    }
}

#[test]
fn every_crate_inherits_the_lints() {
    let manifests: Vec<PathBuf> = files(".", "Cargo.toml")
        .into_iter()
        .filter(|path| path.parent() != Some(Path::new("")))
        // cargo-fuzz needs a workspace of its own.
        .filter(|path| !path.starts_with("tests/fuzz"))
        .collect();
    assert!(manifests.len() >= 8, "{manifests:?}");
    for manifest in manifests {
        assert!(
            read(&manifest).contains("[lints]\nworkspace = true"),
            "{}",
            manifest.display()
        );
    }
}

#[test]
fn every_rust_file_begins_with_a_module_comment() {
    for file in rust_files() {
        assert!(read(&file).starts_with("//!"), "{}", file.display());
    }
}

#[test]
fn the_main_files_of_all_functions_differ_only_in_the_function_name() {
    let mains: BTreeSet<String> = Function::ALL
        .map(Function::name)
        .iter()
        .map(|name| {
            let main = read(format!("functions/{name}/src/main.rs"));
            let main = main.split_whitespace().collect::<Vec<_>>().join("");
            main.replace(&format!("`{name}`"), "`…`")
                .replace(&format!("\"{name}\""), "\"…\"")
                .replace("metrics_function::", "….")
                .replace(&format!("{name}::router"), "….router")
        })
        .collect();
    assert_eq!(mains.len(), 1, "{mains:#?}");
}

#[test]
fn every_function_has_a_folder_and_a_route() {
    let mut folders: Vec<String> = files("functions", "Cargo.toml")
        .iter()
        .map(|manifest| stem(manifest.parent().unwrap()))
        .collect();
    folders.sort();
    let mut functions = Function::ALL.map(Function::name);
    functions.sort_unstable();
    assert_eq!(folders, functions);
    for function in Function::ALL {
        let mut methods = ROUTES.iter().flat_map(|route| route.methods);
        assert!(
            methods.any(|(_, handler)| *handler == function),
            "{function:?}"
        );
    }
}

/// Returns an example path that matches the template of the route.
fn path_of(route: &Route) -> String {
    let examples = [
        ("{id}", "1"),
        ("{token}", "x"),
        ("{file}", "x"),
        ("{uf}", "sp"),
        ("{city}", "x"),
        ("{name}", "x"),
    ];
    examples
        .iter()
        .fold(route.path.to_owned(), |path, (name, value)| {
            path.replace(name, value)
        })
}

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Returns the name of the function that handles requests of `method` on the route, including those answered with 405.
fn function_of(route: &Route, method: &str) -> &'static str {
    route.function(&method.parse().unwrap()).name()
}

#[tokio::test]
async fn each_function_handles_its_routes_in_the_table_and_no_other() {
    let database = Database::migrated().await;
    let settings = Settings::from_pairs(&[]).unwrap().for_function();
    let clock = Clock::stopped(moment(NOW));
    let gateway = ApiGateway::new(&database.url, &clock, settings);
    for route in ROUTES {
        for method in METHODS {
            for function in Function::ALL.map(Function::name) {
                let request = request(method.parse().unwrap(), &path_of(route));
                let response = gateway.send_to(function, "$default", request).await;
                let allowed = route.allow().split(", ").any(|allowed| allowed == method);
                let handles = allowed && function_of(route, method) == function;
                // `detail` alone treats /events/new as an unknown event id.
                let expected = if method == "OPTIONS" {
                    response.status == 204 || route.audience == Audience::Operator
                } else if handles {
                    response.status != 405
                } else {
                    [404, 405].contains(&response.status.as_u16())
                };
                assert!(
                    expected,
                    "{function} answers {method} {} with {}",
                    route.path, response.status
                );
            }
        }
    }
}

#[test]
fn template_yaml_routes_every_request_as_the_route_table_does() {
    let keys = RouteKeys::of_template();
    for route in ROUTES {
        for method in METHODS {
            let (_, function) = keys.choose(&method.parse().unwrap(), &path_of(route));
            let expected = function_of(route, method);
            assert_eq!(function, expected, "{method} {}", route.path);
        }
    }
    // The reverse: template.yaml has no route beyond those of the table.
    let mut expected: BTreeMap<String, String> = BTreeMap::from([
        ("$default".to_owned(), "list".to_owned()),
        ("POST /{proxy+}".to_owned(), "create".to_owned()),
    ]);
    // API Gateway rejects route keys that end in a slash.
    for route in ROUTES
        .iter()
        .filter(|route| route.path == "/" || !route.path.ends_with('/'))
    {
        let mut add = |key: &str, method| {
            let key = format!("{key} {}", route.path);
            expected.insert(key, function_of(route, method).to_owned());
        };
        add("ANY", route.methods[0].0.as_str());
        if route.methods.iter().any(|(method, _)| method == "POST") {
            add("POST", "POST");
        }
    }
    assert_eq!(keys.functions, expected);
}

#[test]
fn the_emulator_routes_in_cargo_toml_match_the_route_table() {
    let metadata = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let mut expected = json!({"/{*rest}": "list"});
    for route in ROUTES {
        let functions: BTreeSet<_> = METHODS.map(|method| function_of(route, method)).into();
        expected[route.path] = if functions.len() == 1 {
            json!(route.methods[0].1.name())
        } else {
            let entry = |method| json!({"method": method, "function": function_of(route, method)});
            METHODS.map(entry).to_vec().into()
        };
    }
    assert_eq!(metadata["metadata"]["lambda"]["watch"]["router"], expected);
}

#[test]
fn the_access_log_format_contains_no_path() {
    let template = read("template.yaml");
    for variable in [
        "$context.path",
        "$context.http",
        "$context.protocol",
        "rawPath",
    ] {
        assert!(!template.contains(variable), "{variable}");
    }
}

#[test]
fn no_function_depends_on_another() {
    let names = [
        "list",
        "detail",
        "create",
        "edit",
        "feeds",
        "site",
        "admin",
        "metrics-function",
        "docs",
        "card",
        "local-server",
    ];
    for function in Function::ALL.map(Function::name) {
        let manifest = read(format!("functions/{function}/Cargo.toml"));
        for name in names {
            assert!(
                !manifest.contains(&format!("\n{name}.workspace")),
                "{function} imports {name}"
            );
        }
    }
}
