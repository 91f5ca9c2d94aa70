//! The settings of the log: lowest level and line format.

use super::env::{Environment, SettingError};

/// The lowest level of the events that are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are clear")]
pub enum LogLevel {
    Debug,
    Info,
    Warning,
    Error,
}

impl LogLevel {
    /// Reads the level from `LOG_LEVEL`; without that variable, it is DEBUG if `DEBUG` is true, else INFO.
    pub(super) fn read(env: &Environment<'_>) -> Result<Self, SettingError> {
        let debug = env.parsed("DEBUG", "True or False", |text| {
            match text.to_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Some(Self::Debug),
                "false" | "0" | "no" | "off" => Some(Self::Info),
                _ => None,
            }
        })?;
        let allowed = "DEBUG, INFO, WARNING, ERROR or CRITICAL";
        let level = env.parsed("LOG_LEVEL", allowed, |text| {
            match text.to_uppercase().as_str() {
                "DEBUG" => Some(Self::Debug),
                "INFO" => Some(Self::Info),
                "WARNING" => Some(Self::Warning),
                "ERROR" | "CRITICAL" => Some(Self::Error),
                _ => None,
            }
        })?;
        Ok(level.or(debug).unwrap_or(Self::Info))
    }
}

/// The formats of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Text, with coloured levels on a terminal.
    Colored,
    /// Text without colours.
    Simple,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    pub(super) fn read(env: &Environment<'_>) -> Result<Self, SettingError> {
        env.choice(
            "LOG_FORMAT",
            [
                ("colored", Self::Colored),
                ("simple", Self::Simple),
                ("json", Self::Json),
            ],
        )
    }
}
