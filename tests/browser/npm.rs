//! Installs axe-core and the Nu HTML checker from npm, at the versions of `package-lock.json`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use crate::programs;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");

/// Returns the JavaScript source of axe-core, which is installed if necessary.
///
/// # Errors
/// Returns why axe-core is not available.
pub(crate) fn axe() -> Result<String, String> {
    let installed = modified("node_modules/.package-lock.json");
    if installed.is_none() || installed < modified("package-lock.json") {
        // Lighthouse and the HTML checker are large dev dependencies, which `.ci/run` installs.
        let arguments = [
            "ci",
            "--omit=dev",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ];
        let output = Command::new("npm")
            .args(arguments)
            .current_dir(FOLDER)
            .output()
            .map_err(|error| format!("npm does not run: {error}"))?;
        if !output.status.success() {
            let error = String::from_utf8_lossy(&output.stderr);
            // The first line has only an error code.
            let reason = error.lines().nth(1).unwrap_or(&error);
            return Err(format!("npm ci failed in tests/browser: {reason}"));
        }
    }
    fs::read_to_string(path("node_modules/axe-core/axe.min.js")).map_err(|error| error.to_string())
}

/// Returns the path of the Nu HTML checker.
///
/// # Errors
/// Returns why the checker cannot run.
pub(crate) fn nu() -> Result<PathBuf, String> {
    let jar = path("node_modules/vnu-jar/build/dist/vnu.jar");
    if !jar.is_file() {
        return Err("vnu-jar is not installed: run `npm ci` in tests/browser".to_owned());
    }
    let path = jar.to_str().expect("the repository's path is UTF-8");
    programs::version("java", &["-jar", path, "--version"])?;
    Ok(jar)
}

fn path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name)
}

fn modified(name: &str) -> Option<SystemTime> {
    fs::metadata(path(name))
        .and_then(|file| file.modified())
        .ok()
}
