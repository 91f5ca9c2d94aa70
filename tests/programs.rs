//! Finds out whether a program that tests need runs on this machine, and which version it is.

use std::{io::Write, process::Command};

/// Returns the version that `program` prints when called with `arguments`.
///
/// # Errors
/// Returns why the program cannot be used, in one line.
pub(crate) fn version(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{program} does not run: {error}"))?;
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr);
        let last = messages.lines().last().unwrap_or_default();
        let status = output.status;
        return Err(format!(
            "{program} {} fails ({status}): {last}",
            arguments.join(" ")
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Parses the major version in a text such as `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
pub(crate) fn major(version: &str) -> Option<u32> {
    let starts_with_digit = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let number = version.split_whitespace().find(starts_with_digit)?;
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Reports in one line that `subject` is not tested on this machine, even if the output of the test is captured.
pub(crate) fn report_skipped(subject: &str, reason: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {subject}: {reason}");
}
