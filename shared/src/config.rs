//! The settings of the process, from environment variables. No other code reads the environment.

mod database_url;
mod dotenv;
mod env;
mod log;

use std::{
    cell::RefCell, collections::BTreeSet, ffi::OsString, net::IpAddr, path::PathBuf, time::Duration,
};

use chrono_tz::Tz;
use url::Url;

use self::env::Environment;
pub use self::{
    database_url::{CertificateTrust, DatabaseUrl},
    env::SettingError,
    log::{LogFormat, LogLevel},
};
use crate::{crypto::Secret, domain::Denylist};

/// The validated settings of the process. `docs/settings.md` lists the variables with their defaults and allowed
/// values.
///
/// A field has the name of its variable, in lower case, unless the comment of the field names another variable.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Connection parameters of the database. If `None`, local-server runs a private PostgreSQL.
    pub database_url: Option<DatabaseUrl>,
    /// Maximum number of pooled database connections of the process.
    pub database_pool_size: usize,
    /// Whether a database connection is tested before reuse, because the process may have been frozen: on AWS Lambda
    /// only.
    pub database_recheck: bool,
    /// How SQL statements are sent: prepared once per connection, or not at all (behind a pooler in transaction mode).
    pub database_statements: Statements,
    /// Connection parameters for LISTEN, if `database_url` leads to a pooler that does not support LISTEN.
    pub database_listen_url: Option<DatabaseUrl>,
    /// Maximum size of the page cache, in bytes (`PAGE_CACHE_MB`, in MiB); 0 turns it off.
    pub page_cache_bytes: u64,
    /// The key that encrypts stored tokens and signs forms; if `None`, a random key that is stored in the database is
    /// used.
    pub secret_key: Option<Secret>,
    /// The folder of the private database that local-server runs.
    pub data_dir: PathBuf,
    /// The folder of PostgreSQL's programs, searched before the usual folders.
    pub pg_bin: Option<PathBuf>,
    /// The folders of `PATH`, in which PostgreSQL's programs are searched.
    pub path: Option<OsString>,
    /// The name of the site, in titles and headers.
    pub app_title: String,
    /// The time zone of lists, and of dates without an offset or zone.
    pub default_timezone: Tz,
    /// The site's URL, for absolute links; if `None`, the request's `Host` is used.
    pub public_url: Option<Url>,
    /// The address for reports of vulnerabilities: a `mailto:` or `https:` URL.
    pub security_contact: Option<Url>,
    /// The operator's token; without it the operator's pages do not exist.
    pub admin_token: Option<Secret>,
    /// Minimum time between opening and submitting a form (`FORM_MIN_SECONDS`). Zero turns off the check and the form
    /// token.
    pub form_fill_time_min: Duration,
    /// Words and sites that no event may contain (`DENYLIST_FILE`, read at the start).
    pub denylist: Denylist,
    /// Whether local-server enforces rate limits per client.
    pub rate_limits: bool,
    /// Number of trusted proxies that add `X-Forwarded-For` and `X-Forwarded-Proto`.
    pub trusted_proxy_hops: u8,
    /// The IP address to listen on.
    pub host: IpAddr,
    /// The TCP port to listen on; 0 chooses a free port.
    pub port: u16,
    /// The lowest level that is logged.
    pub log_level: LogLevel,
    /// The format of a log line.
    pub log_format: LogFormat,
    /// Maximum size of a response body, in bytes; `None` for no limit. Only AWS Lambda has a limit.
    pub response_bytes_max: Option<usize>,
    /// The name of the service in log lines and in the metric `app_info`.
    pub service_name: String,
    /// The version of the service in the metric `app_info`.
    pub service_version: String,
}

/// The ways to send SQL statements to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statements {
    /// Statements are prepared once per connection, by name.
    Prepared,
    /// Statements are sent as text each time, as unnamed statements.
    Unprepared,
}

impl Settings {
    /// Reads the settings from the environment of the process.
    ///
    /// # Errors
    /// Returns the first variable with a bad value, as one line.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place that reads the environment"
    )]
    pub fn from_environment() -> Result<Self, SettingError> {
        Self::read(std::env::var_os)
    }

    /// Reads the settings from the environment of the process; absent variables are read from the file `.env` in the
    /// working directory, if it exists.
    ///
    /// # Errors
    /// Returns the first variable with a bad value or an unreadable `.env`, as one line.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place that reads the environment"
    )]
    pub fn from_environment_and_dotenv() -> Result<Self, SettingError> {
        let file = dotenv::read()?;
        Self::read(|name| std::env::var_os(name).or_else(|| file.get(name).map(Into::into)))
    }

    /// Reads the settings from `pairs` of variable and value only, without the environment.
    ///
    /// # Errors
    /// Returns the first variable with a bad value, as one line.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Result<Self, SettingError> {
        Self::read(|name| {
            pairs
                .iter()
                .find(|(pair, _)| *pair == name)
                .map(|(_, value)| value.into())
        })
    }

    /// Reads the settings from the environment of the process, for a function on AWS Lambda.
    ///
    /// # Errors
    /// Returns the first variable with a bad value, as one line.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only place that reads the environment"
    )]
    pub fn from_environment_of_function() -> Result<Self, SettingError> {
        let default = |name: &str| match name {
            "LOG_FORMAT" => Some("json".into()),
            // API Gateway is the one proxy in front of every function.
            "TRUSTED_PROXY_HOPS" => Some("1".into()),
            _ => None,
        };
        Self::read(|name| std::env::var_os(name).or_else(|| default(name))).map(Self::for_function)
    }

    /// Adapts the settings to a function on AWS Lambda, which handles one request at a time, may be frozen between two
    /// requests, and may return 6 MB including base64.
    #[must_use]
    pub fn for_function(self) -> Self {
        Self {
            database_pool_size: 1,
            database_recheck: true,
            response_bytes_max: Some(4 * 1024 * 1024),
            ..self
        }
    }

    /// Returns the names of all environment variables that are settings.
    ///
    /// # Errors
    /// Returns no error as long as every default is valid.
    pub fn variable_names() -> Result<BTreeSet<&'static str>, SettingError> {
        let names = RefCell::new(BTreeSet::new());
        Self::read(|name| {
            names.borrow_mut().insert(name);
            None
        })?;
        Ok(names.into_inner())
    }

    fn read(source: impl Fn(&'static str) -> Option<OsString>) -> Result<Self, SettingError> {
        let env = Environment::new(&source);
        let app_title = env.text("APP_TITLE")?;
        let service_name = env.text("SERVICE_NAME")?;
        let service_version = env.text("SERVICE_VERSION")?;
        Ok(Self {
            database_url: env.database_url("DATABASE_URL")?,
            database_listen_url: env.database_url("DATABASE_LISTEN_URL")?,
            database_pool_size: env.number("DATABASE_POOL_SIZE", 16, 1..=500)?,
            database_recheck: false,
            database_statements: env.choice(
                "DATABASE_STATEMENTS",
                [
                    ("prepared", Statements::Prepared),
                    ("unprepared", Statements::Unprepared),
                ],
            )?,
            data_dir: env.path("DATA_DIR").unwrap_or_else(|| ".data".into()),
            pg_bin: env.path("PG_BIN"),
            path: env.os_string("PATH"),
            page_cache_bytes: env.number("PAGE_CACHE_MB", 64, 0..=65_536)? * 1024 * 1024,
            secret_key: env.secret("SECRET_KEY")?,
            admin_token: env.secret("ADMIN_TOKEN")?,
            app_title: app_title.unwrap_or_else(|| "Encontros Tech".to_owned()),
            default_timezone: default_timezone(&env)?,
            public_url: public_url(&env)?,
            security_contact: security_contact(&env)?,
            form_fill_time_min: Duration::from_secs(env.number("FORM_MIN_SECONDS", 2, 0..=60)?),
            denylist: denylist(&env)?,
            rate_limits: env.choice("RATE_LIMITS", [("on", true), ("off", false)])?,
            trusted_proxy_hops: env.number("TRUSTED_PROXY_HOPS", 0, 0..=10)?,
            host: host(&env)?,
            port: env.number("PORT", 8000, 0..=65_535)?,
            response_bytes_max: None,
            log_level: LogLevel::read(&env)?,
            log_format: LogFormat::read(&env)?,
            service_name: service_name.unwrap_or_else(|| "encontros-tech".to_owned()),
            service_version: service_version.unwrap_or_else(|| "1.0.0".to_owned()),
        })
    }
}

fn default_timezone(env: &Environment<'_>) -> Result<Tz, SettingError> {
    let allowed = "an IANA time zone such as America/Sao_Paulo";
    let zone = env.parsed("DEFAULT_TIMEZONE", allowed, |text| text.parse().ok())?;
    Ok(zone.unwrap_or(Tz::America__Sao_Paulo))
}

fn public_url(env: &Environment<'_>) -> Result<Option<Url>, SettingError> {
    let allowed = "scheme and host, such as https://encontros.example.org, without a path";
    env.parsed("PUBLIC_URL", allowed, |text| {
        let url = Url::parse(text).ok()?;
        let is_origin = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        is_origin.then_some(url)
    })
}

fn security_contact(env: &Environment<'_>) -> Result<Option<Url>, SettingError> {
    let allowed = "an address such as mailto:security@example.org or https://example.org/security";
    env.parsed("SECURITY_CONTACT", allowed, |text| {
        let url = Url::parse(text).ok()?;
        matches!(url.scheme(), "mailto" | "https").then_some(url)
    })
}

fn denylist(env: &Environment<'_>) -> Result<Denylist, SettingError> {
    let Some(file) = env.text("DENYLIST_FILE")? else {
        return Ok(Denylist::default());
    };
    let error = |problem| {
        let allowed =
            "a text file in UTF-8 with a word, a phrase or a domain a line; # for comments";
        SettingError::new("DENYLIST_FILE", problem, allowed)
    };
    let text = std::fs::read_to_string(file)
        .map_err(|cause| error(format!("cannot be read ({cause})")))?;
    Denylist::parse(&text)
        .map_err(|line| error(format!("has neither a letter nor a digit in line {line}")))
}

fn host(env: &Environment<'_>) -> Result<IpAddr, SettingError> {
    let allowed = "an IP address such as 0.0.0.0 or ::1";
    let host = env.parsed("HOST", allowed, |text| match text {
        "localhost" => Some(IpAddr::from([127, 0, 0, 1])),
        text => text.parse().ok(),
    })?;
    Ok(host.unwrap_or(IpAddr::from([0, 0, 0, 0])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        Settings::from_pairs(pairs).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn check_error(name: &str, value: &str, line: &str) {
        assert_eq!(settings(&[(name, value)]).unwrap_err(), line);
    }

    #[test]
    fn by_default_the_server_listens_on_port_8000_in_the_time_zone_of_sao_paulo() {
        let settings = settings(&[]).unwrap();
        assert_eq!(
            (settings.host.to_string().as_str(), settings.port),
            ("0.0.0.0", 8000)
        );
        assert_eq!(settings.default_timezone, chrono_tz::America::Sao_Paulo);
        assert!(settings.database_url.is_none());
    }

    #[test]
    fn an_error_names_the_variable_and_the_allowed_values() {
        check_error(
            "PORT",
            "80000",
            r#"PORT is "80000"; allowed: a whole number from 0 to 65535"#,
        );
        check_error(
            "FORM_MIN_SECONDS",
            "61",
            r#"FORM_MIN_SECONDS is "61"; allowed: a whole number from 0 to 60"#,
        );
        check_error(
            "LOG_LEVEL",
            "LOUD",
            r#"LOG_LEVEL is "LOUD"; allowed: DEBUG, INFO, WARNING, ERROR or CRITICAL"#,
        );
        check_error(
            "DEFAULT_TIMEZONE",
            "Brasilia",
            r#"DEFAULT_TIMEZONE is "Brasilia"; allowed: an IANA time zone such as America/Sao_Paulo"#,
        );
    }

    #[test]
    fn a_security_contact_is_a_mailto_or_https_url() {
        for valid in [
            "mailto:security@example.org",
            "https://example.org/security",
        ] {
            assert!(settings(&[("SECURITY_CONTACT", valid)]).is_ok(), "{valid}");
        }
        for invalid in ["security@example.org", "http://example.org", "tel:+55"] {
            let line = settings(&[("SECURITY_CONTACT", invalid)]).unwrap_err();
            assert!(line.starts_with("SECURITY_CONTACT is "), "{line}");
        }
    }

    #[test]
    fn a_secret_appears_neither_in_errors_nor_in_debug_output() {
        for name in ["SECRET_KEY", "ADMIN_TOKEN"] {
            let error = settings(&[(name, "s3cret")]).unwrap_err();
            assert!(
                error.starts_with(&format!("{name} is too short; allowed: ")),
                "{error}"
            );
            assert!(!error.contains("s3cret"));
            let settings = settings(&[(name, "s3cret s3cret s3cret")]).unwrap();
            assert!(!format!("{settings:?}").contains("s3cret"));
        }
    }

    #[test]
    fn an_unreadable_denylist_is_an_error() {
        let error = settings(&[("DENYLIST_FILE", "/no/such/file")]).unwrap_err();
        assert!(
            error.starts_with("DENYLIST_FILE cannot be read ("),
            "{error}"
        );
    }

    #[test]
    fn the_error_of_a_database_url_does_not_contain_its_password() {
        let error = settings(&[("DATABASE_URL", "mysql://u:s3cret@h/db")]).unwrap_err();
        assert!(
            error.starts_with("DATABASE_URL is not a PostgreSQL URL; allowed: "),
            "{error}"
        );
        assert!(!error.contains("s3cret"), "{error}");
    }

    #[test]
    fn debug_lowers_the_default_log_level_only() {
        assert_eq!(
            settings(&[("DEBUG", "True")]).unwrap().log_level,
            LogLevel::Debug
        );
        assert_eq!(
            settings(&[("DEBUG", "True"), ("LOG_LEVEL", "ERROR")])
                .unwrap()
                .log_level,
            LogLevel::Error
        );
    }
}
