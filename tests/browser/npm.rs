//! The checkers that come from npm, by the lock file beside this.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");

/// The text of axe-core, fetched where it is not there yet; or why there is none.
pub(crate) fn axe() -> Result<String, String> {
    let installed = changed("node_modules/.package-lock.json");
    if installed.is_none() || installed < changed("package-lock.json") {
        // Without Lighthouse and the checker of HTML, which are large; `.ci/run` installs them.
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
            let complaint = String::from_utf8_lossy(&output.stderr);
            // Its first line is only a code.
            let reason = complaint.lines().nth(1).unwrap_or(&complaint);
            return Err(format!("npm ci failed in tests/browser: {reason}"));
        }
    }
    fs::read_to_string(path("node_modules/axe-core/axe.min.js")).map_err(|error| error.to_string())
}

/// Where the Nu HTML checker is; or why it is not to be run.
pub(crate) fn nu() -> Result<PathBuf, String> {
    let jar = path("node_modules/vnu-jar/build/dist/vnu.jar");
    if !jar.is_file() {
        return Err("no vnu-jar: `npm ci` in tests/browser installs it".to_owned());
    }
    match Command::new("java").arg("-version").output() {
        Ok(_) => Ok(jar),
        Err(error) => Err(format!("java does not run: {error}")),
    }
}

fn path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name)
}

fn changed(name: &str) -> Option<SystemTime> {
    fs::metadata(path(name))
        .and_then(|file| file.modified())
        .ok()
}
