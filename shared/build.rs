//! Builds `static/dist` if it is missing or older than its sources, so that `cargo run` is the only command needed, and
//! converts the templates and the translations into Rust source.

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

/// The sources of `static/dist`, as paths relative to the folder of the crate.
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
    match build_static().and_then(|()| write_rust_sources()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds `static/dist` with Node.js, unless it is up to date.
fn build_static() -> Result<(), String> {
    // Builds with different target folders can run concurrently and share the static folder.
    let lock = File::create("../static/.build.lock")
        .map_err(|error| format!("static/.build.lock: {error}"))?;
    lock.lock()
        .map_err(|error| format!("static/.build.lock: {error}"))?;
    if is_up_to_date() {
        return Ok(());
    }
    let installed = modified("../static/node_modules/.package-lock.json");
    if installed.is_none() || installed < modified("../static/package-lock.json") {
        run(
            "npm",
            &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        )?;
    }
    run("node", &["build.mjs"])?;
    // The manifest gets the time of its newest source: Cargo would treat a newer file as a change, and compile the crate
    // again.
    File::options()
        .write(true)
        .open(MANIFEST)
        .and_then(|manifest| manifest.set_modified(newest_input()))
        .map_err(|error| format!("{MANIFEST}: {error}"))
}

/// Converts the templates and translations into the Rust files that `src/pages/template.rs` and `src/pages/i18n.rs`
/// include.
fn write_rust_sources() -> Result<(), String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "Cargo passes it as an environment variable"
    )]
    let folder = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let write = |name, text| {
        fs::write(Path::new(&folder).join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    let sprite = fs::read_to_string(SPRITE).map_err(|error| format!("{SPRITE}: {error}"))?;
    write(
        "templates.rs",
        templates::templates_as_rust(TEMPLATES, &sprite)?,
    )?;
    write(
        "translations.rs",
        translations::translations_as_rust(&format!("{TEMPLATES}/locales"))?,
    )
}

/// Returns when the newest source of `static/dist` was modified.
fn newest_input() -> SystemTime {
    INPUTS
        .iter()
        .filter_map(|input| newest(Path::new(input)))
        .max()
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

fn is_up_to_date() -> bool {
    modified(MANIFEST).is_some_and(|built| built >= newest_input())
}

/// Returns when the file `path`, or the newest file in the folder `path`, was modified.
fn newest(path: &Path) -> Option<SystemTime> {
    let inside = fs::read_dir(path)
        .ok()
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| newest(&entry.path()));
    inside.max().flatten().max(path.to_str().and_then(modified))
}

fn modified(path: &str) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// Runs a Node.js program in the folder `static`. The error has the last three lines of the program's standard error.
fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).current_dir(STATIC).output().map_err(|error| {
        format!("{program} does not run ({error}): building the styles needs Node.js 20 or newer, with npm")
    })?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = stderr
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let last = lines[lines.len().saturating_sub(3)..].join(" / ");
    Err(format!(
        "`{program} {}` failed in static/: {last}",
        arguments.join(" ")
    ))
}
