//! Runs the properties that the fuzz targets check on the inputs stored in the fuzz corpus.

use std::{collections::BTreeSet, fs, path::PathBuf};

use properties::PROPERTIES;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz")
        .join(name)
}

#[test]
fn every_property_holds_for_every_input_of_the_corpus() {
    for (name, property) in PROPERTIES {
        let inputs: Vec<_> = fs::read_dir(folder("corpus").join(name)).unwrap().collect();
        assert!(inputs.len() >= 4, "{name}");
        for input in inputs {
            let path = input.unwrap().path();
            let data = fs::read(&path).unwrap();
            // A panic inside the property does not name the input.
            let held = std::panic::catch_unwind(|| property(&data));
            assert!(held.is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn every_property_has_a_fuzz_target() {
    let targets = fs::read_dir(folder("fuzz_targets")).unwrap();
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let targets: BTreeSet<String> = targets.map(|target| stem(target.unwrap().path())).collect();
    assert_eq!(targets, PROPERTIES.map(|(name, _)| name.to_owned()).into());
}
