//! Reads the words of each language, so that processes have little to read: most stand as they are, in a table; only those
//! with blanks are left to Fluent.

use std::{collections::BTreeMap, fs};

use fluent_syntax::{
    ast::{Entry, PatternElement, Resource},
    parser,
    serializer::serialize,
};

/// The table of the languages in this folder, as Rust.
pub(crate) fn languages(folder: &str) -> Result<String, String> {
    let mut table = String::new();
    for tag in names(folder)? {
        let mut plain = BTreeMap::new();
        let mut filled = Vec::new();
        for file in names(&format!("{folder}/{tag}"))? {
            let file = format!("{folder}/{tag}/{file}");
            let text = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
            let words =
                parser::parse(text).map_err(|(_, problems)| format!("{file}: {problems:?}"))?;
            for entry in words.body {
                if let Some((key, words)) = plain_words(&entry) {
                    plain.insert(key, words);
                } else if let Entry::Message(_) | Entry::Term(_) = entry {
                    filled.push(entry);
                }
            }
        }
        // Fluent does not see the table.
        if format!("{filled:?}").contains("MessageReference") {
            return Err(format!(
                "{folder}/{tag}: a message refers to another; a term may be"
            ));
        }
        let plain: Vec<(String, String)> = plain.into_iter().collect();
        let filled = serialize(&Resource { body: filled });
        table.push_str(&format!(
            "Language {{ tag: {tag:?}, plain: &{plain:?}, filled: {filled:?} }},\n"
        ));
    }
    Ok(format!("static LANGUAGES: &[Language] = &[\n{table}];\n"))
}

fn names(folder: &str) -> Result<Vec<String>, String> {
    let files = fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))?;
    let mut names: Vec<String> = files
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

fn plain_words(entry: &Entry<String>) -> Option<(String, String)> {
    let Entry::Message(message) = entry else {
        return None;
    };
    let elements = message.value.as_ref()?.elements.iter();
    let words: Option<String> = elements
        .map(|element| match element {
            PatternElement::TextElement { value } => Some(value.as_str()),
            PatternElement::Placeable { .. } => None,
        })
        .collect();
    Some((message.id.name.clone(), words?))
}
