//! Checks that retired words do not appear in names, comments and documents: terms that the repository once had for
//! things that have a standard name.

use crate::repository::{files, root};

/// The retired words, each with what to write instead. A term of several words matches them in sequence.
const RETIRED: &[(&str, &str)] = &[
    ("wish", "query parameter, filter"),
    ("wishes", "query parameters, filters"),
    ("wished", "requested"),
    ("told", "notified, written, reported, logged"),
    ("untold", "without a notification"),
    ("dress", "render"),
    ("dressed", "rendered"),
    ("skin", "representation"),
    ("asker", "client"),
    ("asked", "requested, queried"),
    ("kept", "cached, stored"),
    ("lasting", "immutable, unchanged until the next release"),
    ("lettering", "text layout"),
    ("gathered", "buffered, collected"),
    ("stamp", "form token"),
    ("doubt", "suspicion of spam"),
    ("doubted", "flagged as suspicious"),
    ("easel", "permit"),
    ("easels", "permits"),
    ("lingers", "is still listed"),
    ("hurried", "with a short timeout"),
    ("whoever", "the client, the caller, the publisher"),
    ("nobody", "no client, no request"),
    ("somebody", "a client, another writer"),
    ("everybody", "every client, all readers"),
    ("for good", "permanently"),
    ("at once", "immediately, concurrently, in a burst"),
    ("by itself", "automatically, alone"),
    ("the door", "validation"),
    ("the board", "the site, the server"),
    ("in the dark", "in dark mode"),
];

/// The places where a retired word is right: the file, the word (empty for all), and the reason.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("tests/wording.rs", "", "the list itself"),
    (
        "tests/pooler.rs",
        "nobody",
        "the system user that `PgBouncer` runs as",
    ),
    (
        "local-server/src/cluster/user.rs",
        "nobody",
        "the system user that PostgreSQL runs as",
    ),
    (
        ".ci/npm-postgresql",
        "nobody",
        "the system user that PostgreSQL runs as",
    ),
    (
        "shared/src/http/form_token.rs",
        "stamp",
        "a constant that keeps forms of earlier releases valid",
    ),
];

/// The endings of the names of files that are checked: code, scripts, configuration and documents, not texts of pages
/// or data.
const ENDINGS: &[&str] = &[
    "rs",
    "md",
    "sql",
    "yaml",
    "yml",
    "toml",
    "hbs",
    "mjs",
    "js",
    "scss",
    "sh",
    "py",
    "Dockerfile",
];

/// Splits a line into words in lower case; identifiers are split at underscores and at capitals.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in line.chars() {
        let is_boundary = !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase());
        if is_boundary && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn is_allowed(file: &str, word: &str) -> bool {
    ALLOWED
        .iter()
        .any(|(allowed, retired, _)| file == *allowed && (retired.is_empty() || *retired == word))
}

#[test]
fn retired_words_do_not_come_back() {
    let mut found = Vec::new();
    for file in files(".", "") {
        let file = file.to_str().unwrap();
        let name = file.rsplit('/').next().unwrap_or(file);
        let is_script = file.starts_with(".ci/") || file.starts_with("k8s/") && !name.contains('.');
        let ending = name.rsplit('.').next().unwrap_or_default();
        // Migrations that have landed are never edited.
        let is_landed =
            (1..=9).any(|version| file.starts_with(&format!("sql/migrations/V{version}__")));
        let is_data = file.starts_with("local-server/src/seed/");
        if !(is_script || ENDINGS.contains(&ending)) || is_landed || is_data {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(file)) else {
            continue;
        };
        let names = words(&file.replace('/', " "));
        for (number, line) in std::iter::once((0, names)).chain(
            text.lines()
                .enumerate()
                .map(|(index, line)| (index + 1, words(line))),
        ) {
            for (retired, instead) in RETIRED {
                let parts: Vec<&str> = retired.split(' ').collect();
                let matches = line.windows(parts.len()).any(|window| window == parts);
                if matches && !is_allowed(file, retired) {
                    found.push(format!("{file}:{number}: “{retired}” → {instead}"));
                }
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} retired words:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn identifiers_are_split_into_words() {
    let split = words("fn told_update(FEED_WISHES: &KeptPage) // DTSTAMP");
    assert_eq!(
        split,
        [
            "fn", "told", "update", "feed", "wishes", "kept", "page", "dtstamp"
        ]
    );
}
