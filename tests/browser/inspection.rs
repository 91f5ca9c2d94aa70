//! Checks pages with axe-core, in each colour scheme and width, and their HTML source with the Nu HTML checker.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
};

use serde_json::{Value, json};

use crate::{
    environment::{self, tmp},
    npm,
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
/// The checked screens: name, width in CSS pixels and device pixel ratio of a desktop, a small phone, and the desktop
/// zoomed to 200 %.
const SCREENS: [(&str, u32, u32); 3] =
    [("1280 px", 1280, 1), ("360 px", 360, 1), ("200 %", 640, 2)];
const RUN_AXE: &str = include_str!("axe.js");

/// A check of many pages: its findings so far, and which pages were checked.
pub(crate) struct Inspection {
    axe: String,
    pages: PathBuf,
    findings: BTreeMap<String, BTreeSet<String>>,
    states: BTreeSet<String>,
    runs: u32,
}

impl Inspection {
    pub(crate) fn new(axe: String) -> Self {
        let pages = tmp("pages");
        let _ = fs::remove_dir_all(&pages);
        fs::create_dir_all(&pages).unwrap();
        Self {
            axe,
            pages,
            findings: BTreeMap::new(),
            states: BTreeSet::new(),
            runs: 0,
        }
    }

    /// Checks the visitor's current page on each screen and in each colour scheme, as the page state named `state`.
    pub(crate) async fn check(&mut self, visitor: &Visitor<'_>, language: &str, state: &str) {
        self.states.insert(state.to_owned());
        let file = self.pages.join(format!("{state}.{language}.html"));
        fs::write(file, visitor.source().await).unwrap();
        let page_language = visitor
            .evaluate("return document.documentElement.lang")
            .await;
        assert_eq!(page_language, language, "{state}");
        visitor.evaluate(&self.axe).await;
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
                let context = format!("{state} ({language}, {screen}, {scheme})");
                let findings = visitor
                    .client
                    .execute_async(RUN_AXE, vec![json!(TAGS)])
                    .await
                    .unwrap();
                for finding in findings.as_array().unwrap() {
                    self.add(finding.as_str().unwrap(), &context);
                }
                self.runs += 1;
            }
            let too_wide = "return document.documentElement.scrollWidth > innerWidth";
            if visitor.evaluate(too_wide).await == Value::Bool(true) {
                self.add(
                    "the page scrolls horizontally",
                    &format!("{state} ({language}, {screen})"),
                );
            }
        }
        visitor
            .command("Emulation.clearDeviceMetricsOverride", json!({}))
            .await;
    }

    /// Records a finding and the context in which it occurred.
    pub(crate) fn add(&mut self, finding: &str, context: &str) {
        let contexts = self.findings.entry(finding.to_owned()).or_default();
        contexts.insert(context.to_owned());
    }

    /// Runs the HTML checker on all recorded pages, and panics with all findings if there are any.
    pub(crate) fn finish(mut self) {
        let html = self.check_html();
        eprintln!(
            "browser: {} page states, {} runs of axe-core, {html}",
            self.states.len(),
            self.runs
        );
        let findings: Vec<String> = self
            .findings
            .iter()
            .map(|(finding, contexts)| {
                let contexts = contexts.iter().map(String::as_str).collect::<Vec<_>>();
                format!("{finding}\n    {}\n", contexts.join("\n    "))
            })
            .collect();
        assert!(findings.is_empty(), "\n{}", findings.join("\n"));
    }

    /// Checks the HTML source of every recorded page with the Nu HTML checker, and returns a summary.
    fn check_html(&mut self) -> String {
        let jar = match npm::nu() {
            Ok(jar) => jar,
            Err(missing) => {
                assert!(!environment::is_required(), "{missing}");
                return format!("Nu HTML checker SKIPPED: {missing}");
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
            let (file, message) = line.split_once("\":").unwrap_or(("", line));
            let (line, message) = message.split_once(": ").unwrap_or(("", message));
            self.add(&format!("Nu: {message}"), &format!("{file}:{line}"));
        }
        if !output.status.success() && self.findings.is_empty() {
            self.add(
                "the Nu HTML checker failed",
                &String::from_utf8_lossy(&output.stderr),
            );
        }
        "checked by the Nu HTML checker".to_owned()
    }
}
