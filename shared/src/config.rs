//! The settings: the only reader of the environment.

use std::{collections::HashMap, fmt, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use chrono_tz::Tz;
use url::Url;

use crate::{crypto::Secret, domain::Denylist};

/// Everything an operator can set, checked.
///
/// Each field is the environment variable of the same name in capitals, but for `form_min` (`FORM_MIN_SECONDS`), `page_cache_bytes`
/// (`PAGE_CACHE_MB`) and `denylist`, and for `database_recheck` and `answer_bytes_max`, which follow from where the process runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the database is; without it the combined server runs a private one.
    pub database_url: Option<DatabaseUrl>,
    /// Most database connections of this process.
    pub database_pool_size: usize,
    /// Whether a connection is asked whether it still lives before it is used again: the process may have been frozen.
    pub database_recheck: bool,
    /// Whether statements are prepared once and kept, or sent whole each time (behind a pooler in transaction mode).
    pub database_statements: Statements,
    /// Where to listen for changes of other replicas, where `database_url` leads through a pooler.
    pub database_listen_url: Option<DatabaseUrl>,
    /// Most that kept pages may take, in bytes (`PAGE_CACHE_MB`, in MiB); none are kept for zero.
    pub page_cache_bytes: u64,
    /// What seals the board's own secrets; without it the database's own.
    pub secret_key: Option<Secret>,
    /// The folder of the private database.
    pub data_dir: PathBuf,
    /// The folder of PostgreSQL's programs, where the usual places do not do.
    pub pg_bin: Option<PathBuf>,
    /// Where programs are looked for.
    pub path: Option<std::ffi::OsString>,
    /// The name of the board, in titles and headers.
    pub app_title: String,
    /// The zone of dates that come without one.
    pub default_timezone: Tz,
    /// The board's own address, for links that leave it; else the request's `Host` is believed.
    pub public_url: Option<Url>,
    /// Where to report a weakness: a `mailto:` or `https:` address.
    pub security_contact: Option<Url>,
    /// What opens the operator's pages; without it there are none.
    pub admin_token: Option<Secret>,
    /// How long filling in the form takes at least; what is sent sooner is shown again. Zero asks for no time and no stamp.
    pub form_min: Duration,
    /// What may not stand in an event; `DENYLIST_FILE` names the file, read once.
    pub denylist: Denylist,
    /// Whether one client may ask only so often.
    pub rate_limits: bool,
    /// How many proxies in front are believed when they say who and by which scheme they were called.
    pub trusted_proxy_hops: u8,
    /// Address to listen on.
    pub host: IpAddr,
    /// TCP port to listen on; 0 takes a free one.
    pub port: u16,
    /// The least level that is logged.
    pub log_level: LogLevel,
    /// How a log line looks.
    pub log_format: LogFormat,
    /// Largest body that an answer may have, in bytes, where the way to the reader has a limit.
    pub answer_bytes_max: Option<usize>,
    /// The name in log lines and in `app_info`.
    pub service_name: String,
    /// The version in `app_info`.
    pub service_version: String,
}

impl Settings {
    /// The settings of this process's environment.
    ///
    /// # Errors
    /// The first variable with a bad value, as one line.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_environment() -> Result<Self, BadSetting> {
        Self::read(|name| std::env::var_os(name))
    }

    /// The settings of this process's environment and, below it, of a `.env` file in the working folder.
    ///
    /// # Errors
    /// The first variable with a bad value or the line of `.env` that cannot be read, as one line.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_environment_and_dotenv() -> Result<Self, BadSetting> {
        let mut file = HashMap::new();
        // By its path: the library would otherwise look for one in the folders above, too.
        match dotenvy::from_path_iter(".env") {
            Ok(lines) => {
                for line in lines {
                    // The error would print the line, and the line may hold a password.
                    let (name, value) = line.map_err(|_| BadSetting {
                        name: ".env",
                        problem: "has a line that is not NAME=value".to_owned(),
                        allowed: "one NAME=value a line, quoted where it has spaces; # for comments",
                    })?;
                    file.insert(name, value);
                }
            }
            Err(error) if error.not_found() => {}
            Err(_) => {
                return Err(BadSetting {
                    name: ".env",
                    problem: "cannot be read".to_owned(),
                    allowed: "a readable text file, or none",
                });
            }
        }
        Self::read(|name| std::env::var_os(name).or_else(|| file.get(name).map(Into::into)))
    }

    /// The settings these variables make, whatever the environment says.
    ///
    /// # Errors
    /// The first variable with a bad value, as one line.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Result<Self, BadSetting> {
        Self::read(|name| {
            pairs
                .iter()
                .find(|(pair, _)| *pair == name)
                .map(|(_, value)| value.into())
        })
    }

    /// The settings of this process's environment where it is a function on AWS Lambda.
    ///
    /// # Errors
    /// The first variable with a bad value, as one line.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_environment_of_function() -> Result<Self, BadSetting> {
        let default = |name: &str| match name {
            "LOG_FORMAT" => Some("json".into()),
            // API Gateway stands in front of every function.
            "TRUSTED_PROXY_HOPS" => Some("1".into()),
            _ => None,
        };
        Self::read(|name| std::env::var_os(name).or_else(|| default(name))).map(Self::for_function)
    }

    /// These settings for a function on AWS Lambda: it answers one request at a time, may be frozen between two, and
    /// may answer 6 MB, base64 included.
    #[must_use]
    pub fn for_function(self) -> Self {
        Self {
            database_pool_size: 1,
            database_recheck: true,
            answer_bytes_max: Some(4 * 1024 * 1024),
            ..self
        }
    }

    fn read(source: impl Fn(&str) -> Option<std::ffi::OsString>) -> Result<Self, BadSetting> {
        let read = Reader { source };
        let debug = read.parsed("DEBUG", "True or False", "False", |text| {
            match text.to_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Some(true),
                "false" | "0" | "no" | "off" => Some(false),
                _ => None,
            }
        })?;
        Ok(Self {
            database_url: read.database_url("DATABASE_URL")?,
            database_listen_url: read.database_url("DATABASE_LISTEN_URL")?,
            page_cache_bytes: read.parsed("PAGE_CACHE_MB", "a whole number from 0 to 65536", "64", |text| {
                text.parse().ok().filter(|mib| *mib <= 65_536).map(|mib: u64| mib * 1024 * 1024)
            })?,
            database_pool_size: read.parsed("DATABASE_POOL_SIZE", "a whole number from 1 to 500", "16", |text| {
                text.parse().ok().filter(|size| (1..=500).contains(size))
            })?,
            database_recheck: false,
            answer_bytes_max: None,
            database_statements: read.parsed("DATABASE_STATEMENTS", "prepared or unprepared", "prepared", |text| {
                match text {
                    "prepared" => Some(Statements::Prepared),
                    "unprepared" => Some(Statements::Unprepared),
                    _ => None,
                }
            })?,
            secret_key: read.secret("SECRET_KEY")?,
            admin_token: read.secret("ADMIN_TOKEN")?,
            data_dir: (read.source)("DATA_DIR").filter(|path| !path.is_empty()).unwrap_or_else(|| ".data".into()).into(),
            pg_bin: (read.source)("PG_BIN").filter(|path| !path.is_empty()).map(PathBuf::from),
            path: (read.source)("PATH"),
            app_title: read.text("APP_TITLE")?.unwrap_or_else(|| "Encontros Tech".to_owned()),
            default_timezone: read.parsed(
                "DEFAULT_TIMEZONE",
                "an IANA time zone such as America/Sao_Paulo",
                "America/Sao_Paulo",
                |text| text.parse().ok(),
            )?,
            public_url: match read.text("PUBLIC_URL")? {
                None => None,
                Some(text) => Some(public_url(&text).ok_or_else(|| BadSetting {
                    name: "PUBLIC_URL",
                    problem: format!("is {text:?}"),
                    allowed: "scheme and host, such as https://encontros.example.org, without a path",
                })?),
            },
            security_contact: match read.text("SECURITY_CONTACT")? {
                None => None,
                Some(text) => Some(contact(&text).ok_or_else(|| BadSetting {
                    name: "SECURITY_CONTACT",
                    problem: format!("is {text:?}"),
                    allowed: "an address such as mailto:security@example.org or https://example.org/security",
                })?),
            },
            form_min: read.parsed("FORM_MIN_SECONDS", "a whole number from 0 to 60", "2", |text| {
                text.parse().ok().filter(|seconds| *seconds <= 60).map(Duration::from_secs)
            })?,
            denylist: match read.text("DENYLIST_FILE")? {
                None => Denylist::default(),
                Some(file) => denylist(&file).map_err(|problem| BadSetting {
                    name: "DENYLIST_FILE",
                    problem,
                    allowed: "a text file in UTF-8 with a word, a phrase or a domain a line; # for comments",
                })?,
            },
            rate_limits: read.parsed("RATE_LIMITS", "on or off", "on", |text| match text {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            })?,
            trusted_proxy_hops: read.parsed("TRUSTED_PROXY_HOPS", "a whole number from 0 to 10", "0", |text| {
                text.parse().ok().filter(|hops| *hops <= 10)
            })?,
            host: read.parsed("HOST", "an IP address such as 0.0.0.0 or ::1", "0.0.0.0", |text| match text {
                "localhost" => Some(IpAddr::from([127, 0, 0, 1])),
                text => text.parse().ok(),
            })?,
            port: read.parsed("PORT", "a whole number from 0 to 65535", "8000", |text| text.parse().ok())?,
            log_level: read.parsed(
                "LOG_LEVEL",
                "DEBUG, INFO, WARNING, ERROR or CRITICAL",
                if debug { "DEBUG" } else { "INFO" },
                |text| match text.to_uppercase().as_str() {
                    "DEBUG" => Some(LogLevel::Debug),
                    "INFO" => Some(LogLevel::Info),
                    "WARNING" => Some(LogLevel::Warning),
                    "ERROR" | "CRITICAL" => Some(LogLevel::Error),
                    _ => None,
                },
            )?,
            log_format: read.parsed("LOG_FORMAT", "colored, simple or json", "colored", |text| match text {
                "colored" => Some(LogFormat::Colored),
                "simple" => Some(LogFormat::Simple),
                "json" => Some(LogFormat::Json),
                _ => None,
            })?,
            service_name: read.text("SERVICE_NAME")?.unwrap_or_else(|| "encontros-tech".to_owned()),
            service_version: read.text("SERVICE_VERSION")?.unwrap_or_else(|| "1.0.0".to_owned()),
        })
    }
}

/// Shortest secret, in bytes.
const SECRET_BYTES_MIN: usize = 16;

const DATABASE_URL_ALLOWED: &str = "postgresql://user:password@host:5432/database, with sslmode=disable, prefer, require, \
     verify-ca or verify-full and sslrootcert=FILE where wanted";

fn denylist(file: &str) -> Result<Denylist, String> {
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("cannot be read ({error})"))?;
    Denylist::parse(&text).map_err(|line| format!("names nothing in line {line}"))
}

fn contact(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    matches!(url.scheme(), "mailto" | "https").then_some(url)
}

fn public_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain.then_some(url)
}

/// Reads variables, and blames them by name.
struct Reader<F> {
    source: F,
}

impl<F: Fn(&str) -> Option<std::ffi::OsString>> Reader<F> {
    /// The value, if there is one; empty is the same as absent.
    fn text(&self, name: &'static str) -> Result<Option<String>, BadSetting> {
        let Some(value) = (self.source)(name) else {
            return Ok(None);
        };
        let text = value.into_string().map_err(|_| BadSetting {
            name,
            problem: "is not valid UTF-8".to_owned(),
            allowed: "text in UTF-8",
        })?;
        let text = text.trim();
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// A database, if there is one; its password is never told.
    fn database_url(&self, name: &'static str) -> Result<Option<DatabaseUrl>, BadSetting> {
        let parse = |url: String| {
            DatabaseUrl::parse(&url).map_err(|problem| BadSetting {
                name,
                problem,
                allowed: DATABASE_URL_ALLOWED,
            })
        };
        self.text(name)?.map(parse).transpose()
    }

    /// A secret, if there is one; it is never told.
    fn secret(&self, name: &'static str) -> Result<Option<Secret>, BadSetting> {
        match self.text(name)? {
            Some(text) if text.len() < SECRET_BYTES_MIN => Err(BadSetting {
                name,
                problem: "is too short".to_owned(),
                allowed: "16 bytes or more, such as `openssl rand -hex 32` prints",
            }),
            text => Ok(text.map(Secret::new)),
        }
    }

    fn parsed<T>(
        &self,
        name: &'static str,
        allowed: &'static str,
        default: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, BadSetting> {
        let text = self.text(name)?;
        parse(text.as_deref().unwrap_or(default)).ok_or_else(|| BadSetting {
            name,
            problem: format!("is {:?}", text.unwrap_or_default()),
            allowed,
        })
    }
}

/// A setting that stops the start: which, what is wrong with it, what is allowed.
#[derive(Debug, PartialEq)]
pub struct BadSetting {
    name: &'static str,
    problem: String,
    allowed: &'static str,
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}; allowed: {}",
            self.name, self.problem, self.allowed
        )
    }
}

impl std::error::Error for BadSetting {}

/// How SQL reaches the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statements {
    /// Prepared once a connection, by name.
    Prepared,
    /// Sent whole, without a name.
    Unprepared,
}

/// The least level that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each name says it")]
pub enum LogLevel {
    Debug,
    Info,
    Warning,
    Error,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each name says it")]
pub enum LogFormat {
    Colored,
    Simple,
    Json,
}

/// A database to connect to, and how far to trust the line there. It prints without its password.
#[derive(Clone)]
pub struct DatabaseUrl {
    /// What tokio-postgres needs to connect.
    pub connection: tokio_postgres::Config,
    /// Whose certificate is accepted, with `sslmode` in libpq's meaning.
    pub trust: Trust,
}

/// Which server certificates are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Any (`sslmode=disable`, `prefer`, and `require` without `sslrootcert`): the line is encrypted at most.
    Anything,
    /// One that chains to a known root, whatever its name (`verify-ca`, and `require` with `sslrootcert`).
    Chain {
        /// A PEM file of the roots; the public web's without it.
        roots: Option<PathBuf>,
    },
    /// One that chains to a known root and bears the host's name (`verify-full`).
    ChainAndName {
        /// A PEM file of the roots; the public web's without it.
        roots: Option<PathBuf>,
    },
}

impl DatabaseUrl {
    /// The URL with `sslmode` and `sslrootcert` taken out, which tokio-postgres does not speak in full.
    ///
    /// # Errors
    /// What is wrong with it, without the URL itself: it holds a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        // A password may hold a question mark.
        let password_end = url.find('@').unwrap_or(0);
        let (base, query) = match url[password_end..].find('?') {
            Some(at) => (&url[..password_end + at], &url[password_end + at + 1..]),
            None => (url, ""),
        };
        let mut kept = Vec::new();
        let mut mode = None;
        let mut roots = None;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = url::form_urlencoded::parse(pair.as_bytes())
                .next()
                .unwrap_or_default();
            match name.as_ref() {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(PathBuf::from(value.into_owned())),
                _ => kept.push(pair),
            }
        }
        // libpq's word for the roots that every program trusts; since anyone can have a certificate from those, only its
        // name tells that it is the right one.
        let public_roots = roots
            .take_if(|roots| roots.as_os_str() == "system")
            .is_some();
        let mode = mode.unwrap_or_else(|| {
            if public_roots {
                "verify-full"
            } else {
                "prefer"
            }
            .to_owned()
        });
        if public_roots && mode != "verify-full" {
            return Err(format!(
                "has sslrootcert=system with sslmode={mode}, which must be verify-full"
            ));
        }
        let (ssl, trust) = match (mode.as_str(), roots) {
            ("disable", _) => ("disable", Trust::Anything),
            ("prefer", _) => ("prefer", Trust::Anything),
            ("require", None) => ("require", Trust::Anything),
            ("require" | "verify-ca", roots) => ("require", Trust::Chain { roots }),
            ("verify-full", roots) => ("require", Trust::ChainAndName { roots }),
            _ => return Err(format!("has sslmode={mode}")),
        };
        let ssl = format!("sslmode={ssl}");
        kept.push(&ssl);
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| base.starts_with(scheme))
        {
            return Err("is not a PostgreSQL URL".to_owned());
        }
        let url = format!("{base}?{}", kept.join("&"));
        let mut connection = tokio_postgres::Config::from_str(&url).map_err(|error| {
            let cause = std::error::Error::source(&error)
                .map(ToString::to_string)
                .unwrap_or_default();
            // The parser names the option it stumbled over; where that is no plain word, it may be part of a password.
            let plain = |c: char| c.is_ascii_lowercase() || matches!(c, ' ' | '_' | '`');
            if !cause.is_empty() && cause.chars().all(plain) {
                format!("is not a PostgreSQL URL ({cause})")
            } else {
                "is not a PostgreSQL URL".to_owned()
            }
        })?;
        if connection.get_hosts().is_empty() {
            return Err("names no host".to_owned());
        }
        if connection.get_application_name().is_none() {
            connection.application_name("encontros-tech");
        }
        Ok(Self { connection, trust })
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.connection.get_hosts();
        write!(
            f,
            "DatabaseUrl({hosts:?}, {:?}, {:?})",
            self.connection.get_dbname(),
            self.trust
        )
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::SslMode;

    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        Settings::from_pairs(pairs).map_err(|bad| bad.to_string())
    }

    #[track_caller]
    fn refused(name: &str, value: &str, line: &str) {
        assert_eq!(settings(&[(name, value)]).unwrap_err(), line);
    }

    #[test]
    fn nothing_set_is_a_board_on_port_8000_for_brazil() {
        let settings = settings(&[]).unwrap();
        assert_eq!(
            (settings.host.to_string().as_str(), settings.port),
            ("0.0.0.0", 8000)
        );
        assert_eq!(settings.default_timezone, chrono_tz::America::Sao_Paulo);
        assert!(settings.database_url.is_none());
    }

    #[test]
    fn a_bad_value_names_the_variable_and_what_is_allowed() {
        refused(
            "PORT",
            "80000",
            r#"PORT is "80000"; allowed: a whole number from 0 to 65535"#,
        );
        refused(
            "LOG_LEVEL",
            "LOUD",
            r#"LOG_LEVEL is "LOUD"; allowed: DEBUG, INFO, WARNING, ERROR or CRITICAL"#,
        );
        refused(
            "DEFAULT_TIMEZONE",
            "Brasilia",
            r#"DEFAULT_TIMEZONE is "Brasilia"; allowed: an IANA time zone such as America/Sao_Paulo"#,
        );
    }

    #[test]
    fn a_contact_is_an_address() {
        for good in [
            "mailto:security@example.org",
            "https://example.org/security",
        ] {
            assert!(settings(&[("SECURITY_CONTACT", good)]).is_ok(), "{good}");
        }
        for bad in ["security@example.org", "http://example.org", "tel:+55"] {
            let line = settings(&[("SECURITY_CONTACT", bad)]).unwrap_err();
            assert!(line.starts_with("SECURITY_CONTACT is "), "{line}");
        }
    }

    #[test]
    fn a_secret_is_never_told() {
        for name in ["SECRET_KEY", "ADMIN_TOKEN"] {
            let short = settings(&[(name, "s3cret")]).unwrap_err();
            assert!(
                short.starts_with(&format!("{name} is too short; allowed: ")),
                "{short}"
            );
            assert!(!short.contains("s3cret"));
            let long = settings(&[(name, "s3cret s3cret s3cret")]).unwrap();
            assert!(!format!("{long:?}").contains("s3cret"));
        }
    }

    #[test]
    fn a_denylist_is_a_file_of_words() {
        let missing = settings(&[("DENYLIST_FILE", "/no/such/file")]).unwrap_err();
        assert!(
            missing.starts_with("DENYLIST_FILE cannot be read ("),
            "{missing}"
        );
        refused(
            "FORM_MIN_SECONDS",
            "61",
            r#"FORM_MIN_SECONDS is "61"; allowed: a whole number from 0 to 60"#,
        );
    }

    #[test]
    fn a_bad_database_url_is_blamed_without_its_password() {
        for url in [
            "mysql://u:s3cret@h/db",
            "postgresql://u:s3cret@h/db?sslmode=never",
            "postgresql://u:s3cret@h:x/db",
            "postgresql://u:p@h/db?s3cret@h",
            "host=h password=s3cret",
        ] {
            let line = settings(&[("DATABASE_URL", url)]).unwrap_err();
            assert!(
                line.starts_with("DATABASE_URL ") && !line.contains("s3cret"),
                "{line}"
            );
        }
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

    #[test]
    fn sslmode_means_what_libpq_means() {
        let parse = |query: &str| {
            let url = DatabaseUrl::parse(&format!("postgresql://u:p@db.example.org/events{query}"))
                .unwrap();
            (url.connection.get_ssl_mode(), url.trust)
        };
        let roots = Some(PathBuf::from("/etc/ca.pem"));
        let question = DatabaseUrl::parse("postgresql://u:wh?t@h/db?sslmode=disable").unwrap();
        assert_eq!(question.connection.get_password(), Some(b"wh?t".as_slice()));
        assert_eq!(parse(""), (SslMode::Prefer, Trust::Anything));
        assert_eq!(
            parse("?sslmode=disable"),
            (SslMode::Disable, Trust::Anything)
        );
        assert_eq!(
            parse("?sslmode=require&connect_timeout=3"),
            (SslMode::Require, Trust::Anything)
        );
        assert_eq!(
            parse("?sslmode=verify-ca"),
            (SslMode::Require, Trust::Chain { roots: None })
        );
        assert_eq!(
            parse("?sslrootcert=%2Fetc%2Fca.pem&sslmode=verify-full"),
            (SslMode::Require, Trust::ChainAndName { roots })
        );
        let public = (SslMode::Require, Trust::ChainAndName { roots: None });
        assert_eq!(parse("?sslrootcert=system"), public);
        assert_eq!(parse("?sslmode=verify-full&sslrootcert=system"), public);
        let weak = DatabaseUrl::parse("postgresql://u:p@h/db?sslrootcert=system&sslmode=require");
        assert!(weak.unwrap_err().contains("must be verify-full"));
    }
}
