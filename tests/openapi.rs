//! Tests of the OpenAPI document and its page. `openapi_conformance` checks responses against the document.

use std::collections::BTreeSet;

use http::{Method, header};
use serde_json::Value;
use shared::routes::ROUTES;

use crate::{
    client::request,
    openapi_conformance,
    site::{NOW, Site},
};

#[test]
fn the_document_describes_exactly_the_routes() {
    let documented: BTreeSet<(String, String)> =
        openapi_conformance::operations().into_iter().collect();
    let routed = ROUTES.iter().flat_map(|route| {
        let methods = route.methods.iter();
        methods.map(|(method, _)| (method.to_string(), route.path.to_owned()))
    });
    assert_eq!(documented, routed.collect());
}

#[tokio::test]
async fn the_document_is_readable_by_scripts_of_other_sites_and_cacheable() {
    let site = Site::with_settings(NOW, &[("PUBLIC_URL", "https://encontros.example")]).await;
    let response = site.get("/api/openapi.json").await;
    assert_eq!(response.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(response.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    assert_eq!(response.header(header::CACHE_CONTROL), "no-cache");
    let document = response.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "Encontros Tech API");
    assert_eq!(document["servers"][0]["url"], "https://encontros.example");

    let tag = response.header(header::ETAG).to_owned();
    let mut conditional = request(Method::GET, "/api/openapi.json");
    conditional
        .headers_mut()
        .insert(header::IF_NONE_MATCH, tag.parse().unwrap());
    assert_eq!(site.send(conditional).await.status, 304);
}

/// Appends every `$ref` in `value` to `found`.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_document_is_complete_in_every_language() {
    let site = Site::new().await;
    let mut summaries = BTreeSet::new();
    for lang in ["pt-BR", "en", "es"] {
        let response = site.get(&format!("/api/openapi.json?lang={lang}")).await;
        assert_eq!(response.header(header::CONTENT_LANGUAGE), lang);
        let document = response.json();
        let mut found = Vec::new();
        references(&document, &mut found);
        for reference in &found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        // Every component is referenced.
        for kind in ["parameters", "headers", "schemas"] {
            for name in document["components"][kind].as_object().unwrap().keys() {
                let reference = format!("#/components/{kind}/{name}");
                assert!(found.contains(&reference.as_str()), "{reference}");
            }
        }
        let text = response.text();
        assert!(!text.contains("Unknown localization key"), "{lang}");
        summaries.insert(document["paths"]["/api/events/"]["get"]["summary"].to_string());
    }
    assert_eq!(summaries.len(), 3);
}

#[tokio::test]
async fn every_operation_has_an_id_of_its_own() {
    let document = Site::new().await.get("/api/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let mut ids = BTreeSet::new();
    for operation in operations {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} occurs twice");
    }
}

#[tokio::test]
async fn the_documentation_page_shows_every_operation_in_each_language() {
    let site = Site::new().await;
    for (lang, title) in [
        ("pt-BR", "Lista encontros, com busca e filtros"),
        ("en", "Lists events, with search and filters"),
        ("es", "Lista encuentros, con búsqueda y filtros"),
    ] {
        let page = site.get(&format!("/docs?lang={lang}")).await;
        assert_eq!(page.attributes("html", "lang"), [lang]);
        let text = page.to_string();
        assert!(text.contains(title), "{text}");
        assert!(!text.contains("Unknown localization key"), "{text}");
        // Every operation and field is listed.
        let operations = page.select(".et-operation summary code");
        let listed: BTreeSet<_> = operations.iter().map(String::as_str).collect();
        let routes: BTreeSet<_> = ROUTES.iter().map(|route| route.path).collect();
        assert_eq!(listed, routes);
        for field in ["title", "technologies", "edit_token", "version"] {
            assert!(
                page.select("dt code").iter().any(|name| name == field),
                "{field}"
            );
        }
    }
    let front = site.get("/").await;
    assert!(
        front
            .attributes("footer a", "href")
            .contains(&"/docs".to_owned())
    );
}
