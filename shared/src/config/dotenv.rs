//! Reads the file `.env`, which may contain settings.

use std::collections::HashMap;

use super::env::SettingError;

/// Reads the variables in the file `.env` of the working directory; returns none if the file does not exist.
pub(super) fn read() -> Result<HashMap<String, String>, SettingError> {
    // By its path: otherwise dotenvy also searches the parent directories.
    let lines = match dotenvy::from_path_iter(".env") {
        Ok(lines) => lines,
        Err(error) if error.not_found() => return Ok(HashMap::new()),
        Err(_) => {
            return Err(SettingError::new(
                ".env",
                "cannot be read",
                "a readable text file, or none",
            ));
        }
    };
    // dotenvy's error contains the line, and the line may contain a password.
    let parsed = lines.map(|line| {
        line.map_err(|_| {
            SettingError::new(
                ".env",
                "has a line that is not NAME=value",
                "one NAME=value a line, quoted where it has spaces; # for comments",
            )
        })
    });
    parsed.collect()
}
