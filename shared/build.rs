//! Builds `static/dist` when it is missing or older than what it is made of, so that `cargo run` is the only command, and
//! parses the templates and the words.

#[path = "build/templates.rs"]
mod templates;
#[path = "build/translations.rs"]
mod translations;

use std::{
    env,
    fs::{self, File},
    path::Path,
    process::{Command, ExitCode},
    time::SystemTime,
};

/// What `static/dist` is made of, seen from this crate.
const INPUTS: [&str; 4] = [
    "../static/src",
    "../static/build.mjs",
    "../static/package-lock.json",
    TEMPLATES,
];
const TEMPLATES: &str = "../templates";
const MANIFEST: &str = "../static/dist/manifest.json";
const SPRITE: &str = "../static/dist/sprite.svg";
const STATIC: &str = "../static";

fn main() -> ExitCode {
    for path in INPUTS.into_iter().chain([MANIFEST, "../sql/migrations"]) {
        println!("cargo::rerun-if-changed={path}");
    }
    match build().and_then(|()| parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            println!("cargo::error={problem}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    // Several builds may run at once, each with a target folder of its own, over the one static folder.
    let lock = File::create("../static/.build.lock")
        .map_err(|error| format!("static/.build.lock: {error}"))?;
    lock.lock()
        .map_err(|error| format!("static/.build.lock: {error}"))?;
    if is_current() {
        return Ok(());
    }
    let installed = changed("../static/node_modules/.package-lock.json");
    if installed.is_none() || installed < changed("../static/package-lock.json") {
        run(
            "npm",
            &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        )?;
    }
    run("node", &["build.mjs"])?;
    // As old as what it is made of: cargo would take a newer file for a change, and compile everything again.
    File::options()
        .write(true)
        .open(MANIFEST)
        .and_then(|manifest| manifest.set_modified(newest_input()))
        .map_err(|error| format!("{MANIFEST}: {error}"))
}

/// Writes what `src/page/template.rs` and `src/page/text.rs` include.
fn parse() -> Result<(), String> {
    #[expect(clippy::disallowed_methods, reason = "Cargo tells it no other way")]
    let folder = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let write = |name, text| {
        fs::write(Path::new(&folder).join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    let sprite = fs::read_to_string(SPRITE).map_err(|error| format!("{SPRITE}: {error}"))?;
    write("pages.rs", templates::pages(TEMPLATES, &sprite)?)?;
    write(
        "translations.rs",
        translations::languages(&format!("{TEMPLATES}/locales"))?,
    )
}

fn newest_input() -> SystemTime {
    INPUTS
        .iter()
        .filter_map(|input| newest(Path::new(input)))
        .max()
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

fn is_current() -> bool {
    changed(MANIFEST).is_some_and(|built| built >= newest_input())
}

/// When the file, or the newest of the files in the folder, was changed last.
fn newest(path: &Path) -> Option<SystemTime> {
    let inside = fs::read_dir(path)
        .ok()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| newest(&entry.path()));
    inside.max().flatten().max(path.to_str().and_then(changed))
}

fn changed(path: &str) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// Runs a program of Node.js in the static folder; the last line of what it complains about is the error.
fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).current_dir(STATIC).output().map_err(|error| {
        format!("{program} does not run ({error}): building the styles needs Node.js 20 or newer, with npm")
    })?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = complaint
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = lines[lines.len().saturating_sub(3)..].join(" / ");
    Err(format!(
        "`{program} {}` failed in static/: {last}",
        arguments.join(" ")
    ))
}
