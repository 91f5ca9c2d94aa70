//! Converts the translations into Rust source at build time: constant messages become a sorted table, so that only
//! messages with placeholders are parsed by Fluent at run time.

use std::{collections::BTreeMap, fs};

use fluent_syntax::{
    ast::{Entry, PatternElement, Resource},
    parser,
    serializer::serialize,
};

/// Converts the translations in `folder`, which has a subfolder for each language, into Rust source.
pub(crate) fn translations_as_rust(folder: &str) -> Result<String, String> {
    let mut table = String::new();
    for tag in names(folder)? {
        let mut constant = BTreeMap::new();
        let mut with_placeholders = Vec::new();
        for file in names(&format!("{folder}/{tag}"))? {
            let file = format!("{folder}/{tag}/{file}");
            let text = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
            let resource =
                parser::parse(text).map_err(|(_, errors)| format!("{file}: {errors:?}"))?;
            for entry in resource.body {
                if let Some((key, text)) = constant_message(&entry) {
                    constant.insert(key, text);
                } else if let Entry::Message(_) | Entry::Term(_) = entry {
                    with_placeholders.push(entry);
                }
            }
        }
        // Fluent cannot resolve references to the constant messages, which it does not parse.
        if format!("{with_placeholders:?}").contains("MessageReference") {
            return Err(format!(
                "{folder}/{tag}: a message refers to another message; only terms can be referred to"
            ));
        }
        let constant: Vec<(String, String)> = constant.into_iter().collect();
        let with_placeholders = serialize(&Resource {
            body: with_placeholders,
        });
        table.push_str(&format!(
            "Translations {{ tag: {tag:?}, constant: &{constant:?}, with_placeholders: {with_placeholders:?} }},\n"
        ));
    }
    Ok(format!(
        "static TRANSLATIONS: &[Translations] = &[\n{table}];\n"
    ))
}

/// Returns the sorted names of the files in `folder`.
fn names(folder: &str) -> Result<Vec<String>, String> {
    let files = fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))?;
    let mut names: Vec<String> = files
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// Returns the key and the text of `entry` if it is a message without placeholders.
fn constant_message(entry: &Entry<String>) -> Option<(String, String)> {
    let Entry::Message(message) = entry else {
        return None;
    };
    let elements = message.value.as_ref()?.elements.iter();
    let text: Option<String> = elements
        .map(|element| match element {
            PatternElement::TextElement { value } => Some(value.as_str()),
            PatternElement::Placeable { .. } => None,
        })
        .collect();
    Some((message.id.name.clone(), text?))
}
