//! Checks that docs/settings.md documents every setting.

use std::{collections::BTreeSet, fs};

use shared::config::Settings;

#[test]
fn every_setting_is_documented_and_every_documented_setting_exists() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
    let document = fs::read_to_string(path).unwrap();
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `"));
    let documented: Vec<&str> = rows
        .filter_map(|row| Some(row.split_once('`')?.0))
        .collect();

    let names: BTreeSet<&str> = documented.iter().copied().collect();
    assert_eq!(names.len(), documented.len(), "each variable has one row");
    assert_eq!(names, Settings::variable_names().unwrap());
}
