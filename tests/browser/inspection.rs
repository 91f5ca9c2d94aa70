//! What checkers find on a page: axe-core in every light and width, the Nu HTML checker in its source.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
};

use serde_json::{Value, json};

use crate::{
    npm,
    stage::{self, tmp},
    visitor::Visitor,
};

const TAGS: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];
const SCHEMES: [&str; 2] = ["light", "dark"];
/// A desk, a small telephone, and the desk at 200 %: name, width in CSS pixels, device pixels for one.
const SCREENS: [(&str, u32, u32); 3] =
    [("1280 px", 1280, 1), ("360 px", 360, 1), ("200 %", 640, 2)];
const RUN_AXE: &str = include_str!("axe.js");

/// What is found, and how much was looked at.
pub(crate) struct Inspection {
    axe: String,
    pages: PathBuf,
    found: BTreeMap<String, BTreeSet<String>>,
    states: BTreeSet<String>,
    looks: u32,
}

impl Inspection {
    pub(crate) fn new(axe: String) -> Self {
        let pages = tmp("pages");
        let _ = fs::remove_dir_all(&pages);
        fs::create_dir_all(&pages).unwrap();
        Self {
            axe,
            pages,
            found: BTreeMap::new(),
            states: BTreeSet::new(),
            looks: 0,
        }
    }

    /// Looks at the page in this state from all sides.
    pub(crate) async fn look(&mut self, visitor: &Visitor<'_>, language: &str, state: &str) {
        self.states.insert(state.to_owned());
        let file = self.pages.join(format!("{state}.{language}.html"));
        fs::write(file, visitor.source().await).unwrap();
        let spoken = visitor.ask("return document.documentElement.lang").await;
        assert_eq!(spoken, language, "{state}");
        visitor.ask(&self.axe).await;
        for (screen, width, scale) in SCREENS {
            let metrics =
                json!({"width": width, "height": 800, "deviceScaleFactor": scale, "mobile": false});
            visitor
                .command("Emulation.setDeviceMetricsOverride", metrics)
                .await;
            for scheme in SCHEMES {
                let features = json!({"features": [
                    {"name": "prefers-color-scheme", "value": scheme},
                    {"name": "prefers-reduced-motion", "value": "reduce"},
                ]});
                visitor
                    .command("Emulation.setEmulatedMedia", features)
                    .await;
                let seen = format!("{state} ({language}, {screen}, {scheme})");
                let found = visitor
                    .client
                    .execute_async(RUN_AXE, vec![json!(TAGS)])
                    .await
                    .unwrap();
                for problem in found.as_array().unwrap() {
                    self.add(problem.as_str().unwrap(), &seen);
                }
                self.looks += 1;
            }
            let too_wide = "return document.documentElement.scrollWidth > innerWidth";
            if visitor.ask(too_wide).await == Value::Bool(true) {
                self.add(
                    "the page scrolls sideways",
                    &format!("{state} ({language}, {screen})"),
                );
            }
        }
        visitor
            .command("Emulation.clearDeviceMetricsOverride", json!({}))
            .await;
    }

    /// Notes a problem, and where it was seen.
    pub(crate) fn add(&mut self, problem: &str, seen: &str) {
        let places = self.found.entry(problem.to_owned()).or_default();
        places.insert(seen.to_owned());
    }

    /// Holds that nothing is found.
    pub(crate) fn end(mut self) {
        let valid = self.validate();
        eprintln!(
            "browser: {} states of pages, looked at {} times by axe-core, {valid}",
            self.states.len(),
            self.looks
        );
        let found: Vec<String> = self
            .found
            .iter()
            .map(|(problem, places)| {
                let places = places.iter().map(String::as_str).collect::<Vec<_>>();
                format!("{problem}\n    {}\n", places.join("\n    "))
            })
            .collect();
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    /// Lets the Nu HTML checker read every page's source.
    fn validate(&mut self) -> String {
        let jar = match npm::nu() {
            Ok(jar) => jar,
            Err(missing) => {
                assert!(!stage::is_required(), "{missing}");
                return format!("but NOT TRIED by the Nu HTML checker: {missing}");
            }
        };
        let output = Command::new("java")
            .arg("-jar")
            .arg(jar)
            .args(["--format", "gnu", "--stdout"])
            .arg(&self.pages)
            .output()
            .unwrap();
        let folder = format!("\"file:{}/", self.pages.display());
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let line = line.trim_start_matches(&folder);
            let (place, problem) = line.split_once("\":").unwrap_or(("", line));
            let (line, problem) = problem.split_once(": ").unwrap_or(("", problem));
            self.add(&format!("Nu: {problem}"), &format!("{place}:{line}"));
        }
        if !output.status.success() && self.found.is_empty() {
            self.add("Nu fails", &String::from_utf8_lossy(&output.stderr));
        }
        "and read by the Nu HTML checker".to_owned()
    }
}
