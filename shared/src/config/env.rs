//! Typed reading of environment variables, and the error for a bad value.

use std::{
    ffi::OsString,
    fmt::{self, Display},
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
};

use super::database_url::DatabaseUrl;
use crate::crypto::Secret;

/// Minimum length of a secret, in bytes.
const SECRET_BYTES_MIN: usize = 16;

/// The error for an invalid setting, which prevents the start: the variable, what is wrong with its value, and what is
/// allowed.
#[derive(Debug, PartialEq)]
pub struct SettingError {
    name: &'static str,
    problem: String,
    allowed: String,
}

impl SettingError {
    pub(super) fn new(
        name: &'static str,
        problem: impl Into<String>,
        allowed: impl Into<String>,
    ) -> Self {
        Self {
            name,
            problem: problem.into(),
            allowed: allowed.into(),
        }
    }

    fn value(name: &'static str, value: &str, allowed: impl Into<String>) -> Self {
        Self::new(name, format!("is {value:?}"), allowed)
    }
}

impl Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}; allowed: {}",
            self.name, self.problem, self.allowed
        )
    }
}

impl std::error::Error for SettingError {}

/// The variables of an environment. An empty variable is the same as an absent one.
pub(super) struct Environment<'a> {
    source: &'a dyn Fn(&'static str) -> Option<OsString>,
}

impl<'a> Environment<'a> {
    /// Creates an environment in which `source` returns the value of each variable.
    pub(super) fn new(source: &'a dyn Fn(&'static str) -> Option<OsString>) -> Self {
        Self { source }
    }

    /// Returns the value of the variable `name`, which need not be UTF-8.
    pub(super) fn os_string(&self, name: &'static str) -> Option<OsString> {
        (self.source)(name).filter(|value| !value.is_empty())
    }

    pub(super) fn path(&self, name: &'static str) -> Option<PathBuf> {
        self.os_string(name).map(PathBuf::from)
    }

    /// Returns the value of the variable `name` without surrounding white space.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, SettingError> {
        let Some(value) = self.os_string(name) else {
            return Ok(None);
        };
        let text = value
            .into_string()
            .map_err(|_| SettingError::new(name, "is not valid UTF-8", "text in UTF-8"))?;
        let text = text.trim();
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// Parses the variable `name` with `parse`; in the error, `allowed` describes the values that `parse` accepts.
    pub(super) fn parsed<T>(
        &self,
        name: &'static str,
        allowed: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, SettingError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match parse(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(SettingError::value(name, &text, allowed)),
        }
    }

    /// Parses the variable `name` as a whole number within `range`; returns `default` if it is absent.
    pub(super) fn number<T: Display + FromStr + PartialOrd>(
        &self,
        name: &'static str,
        default: T,
        range: RangeInclusive<T>,
    ) -> Result<T, SettingError> {
        let allowed = format!("a whole number from {} to {}", range.start(), range.end());
        let parse = |text: &str| text.parse().ok().filter(|number| range.contains(number));
        Ok(self.parsed(name, &allowed, parse)?.unwrap_or(default))
    }

    /// Finds the value in `choices` that the variable `name` names; returns the first one if the variable is absent.
    pub(super) fn choice<T: Copy, const N: usize>(
        &self,
        name: &'static str,
        choices: [(&str, T); N],
    ) -> Result<T, SettingError> {
        let names = choices.map(|(name, _)| name);
        let allowed = match names.split_last() {
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        };
        let parse = |text: &str| choices.into_iter().find(|(name, _)| *name == text);
        let choice = self.parsed(name, &allowed, parse)?;
        Ok(choice.unwrap_or(choices[0]).1)
    }

    /// Parses the variable `name` as the URL of a database. The error omits the value, which may include a password.
    pub(super) fn database_url(
        &self,
        name: &'static str,
    ) -> Result<Option<DatabaseUrl>, SettingError> {
        let parse = |url: String| {
            DatabaseUrl::parse(&url)
                .map_err(|problem| SettingError::new(name, problem, DatabaseUrl::ALLOWED))
        };
        self.text(name)?.map(parse).transpose()
    }

    /// Reads the variable `name` as a secret. The error omits the value.
    pub(super) fn secret(&self, name: &'static str) -> Result<Option<Secret>, SettingError> {
        match self.text(name)? {
            Some(text) if text.len() < SECRET_BYTES_MIN => Err(SettingError::new(
                name,
                "is too short",
                format!("{SECRET_BYTES_MIN} bytes or more, such as `openssl rand -hex 32` prints"),
            )),
            text => Ok(text.map(Secret::new)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    /// Reads a setting from an environment in which every variable has the value `value`.
    fn read<T>(
        value: &str,
        setting: impl FnOnce(&Environment<'_>) -> Result<T, SettingError>,
    ) -> Result<T, String> {
        let source = |_: &'static str| Some(OsString::from(value));
        setting(&Environment::new(&source)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_empty_variable_is_the_same_as_an_absent_one() {
        for value in ["", "  "] {
            assert_eq!(read(value, |env| env.text("A")), Ok(None));
            assert_eq!(read(value, |env| env.number("A", 3, 1..=5)), Ok(3));
        }
        assert_eq!(read("", |env| Ok(env.path("A"))), Ok(None));
    }

    #[test]
    fn a_number_is_within_its_range() {
        assert_eq!(read(" 5 ", |env| env.number("A", 3, 1..=5)), Ok(5));
        for value in ["6", "0", "-1", "x", "1.5"] {
            let error = format!("A is {value:?}; allowed: a whole number from 1 to 5");
            assert_eq!(read(value, |env| env.number("A", 3_u8, 1..=5)), Err(error));
        }
    }

    #[test]
    fn a_choice_is_one_of_the_names_and_the_first_by_default() {
        let choice = |value| read(value, |env| env.choice("A", [("x", 1), ("y", 2), ("z", 3)]));
        assert_eq!(choice(""), Ok(1));
        assert_eq!(choice("z"), Ok(3));
        assert_eq!(
            choice("Z"),
            Err(r#"A is "Z"; allowed: x, y or z"#.to_owned())
        );
    }

    #[test]
    fn text_must_be_utf_8() {
        let source = |_: &'static str| Some(OsString::from_vec(vec![0xff]));
        let error = Environment::new(&source).text("A").unwrap_err();
        assert_eq!(
            error.to_string(),
            "A is not valid UTF-8; allowed: text in UTF-8"
        );
    }
}
