//! The URL of a database, and which certificates of its server to accept.

use std::{fmt, path::PathBuf, str::FromStr};

/// The connection parameters of a database, and which server certificates to accept. `Debug` omits user and password.
#[derive(Clone)]
pub struct DatabaseUrl {
    /// Connection parameters for tokio-postgres.
    pub connection: tokio_postgres::Config,
    /// The accepted server certificates: `sslmode` and `sslrootcert`, with libpq's meaning.
    pub trust: CertificateTrust,
}

/// The server certificates that are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateTrust {
    /// Any certificate (`sslmode=disable`, `prefer`, and `require` without `sslrootcert`): the connection is encrypted
    /// at most.
    Any,
    /// A certificate issued under a trusted root, for any host name (`verify-ca`, and `require` with `sslrootcert`).
    Chain {
        /// A PEM file of the trusted roots; if `None`, the roots of the public web.
        roots: Option<PathBuf>,
    },
    /// A certificate issued under a trusted root for the host's name (`verify-full`).
    ChainAndName {
        /// A PEM file of the trusted roots; if `None`, the roots of the public web.
        roots: Option<PathBuf>,
    },
}

impl DatabaseUrl {
    /// Description of the URLs that [`DatabaseUrl::parse`] accepts, for error messages.
    pub(super) const ALLOWED: &str = "postgresql://user:password@host:5432/database, with sslmode=disable, prefer, require, \
         verify-ca or verify-full, and sslrootcert=FILE, if needed";

    /// Parses a `postgres://` or `postgresql://` URL, including `sslmode` and `sslrootcert`, which tokio-postgres
    /// supports only in part.
    ///
    /// # Errors
    /// Returns what is wrong with the URL, without the URL itself, which may include a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        // A password may contain a question mark.
        let password_end = url.find('@').unwrap_or(0);
        let (base, query) = match url[password_end..].find('?') {
            Some(at) => (&url[..password_end + at], &url[password_end + at + 1..]),
            None => (url, ""),
        };
        let mut options = Vec::new();
        let mut mode = None;
        let mut roots = None;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = url::form_urlencoded::parse(pair.as_bytes())
                .next()
                .unwrap_or_default();
            match name.as_ref() {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => roots = Some(PathBuf::from(value.into_owned())),
                _ => options.push(pair),
            }
        }
        let (ssl_mode, trust) = certificate_trust(mode, roots)?;
        options.push(ssl_mode);
        let is_postgres_url = base.starts_with("postgres://") || base.starts_with("postgresql://");
        if !is_postgres_url {
            return Err("is not a PostgreSQL URL".to_owned());
        }
        let connection = parse_connection(&format!("{base}?{}", options.join("&")))?;
        Ok(Self { connection, trust })
    }
}

/// Determines the `sslmode` for tokio-postgres, and the certificates to accept.
fn certificate_trust(
    mode: Option<String>,
    mut roots: Option<PathBuf>,
) -> Result<(&'static str, CertificateTrust), String> {
    // libpq's name for the public web's roots. Anyone can get a certificate under those, so only the host's name proves that
    // it is the right server.
    let public_roots = roots
        .take_if(|roots| roots.as_os_str() == "system")
        .is_some();
    let default = if public_roots {
        "verify-full"
    } else {
        "prefer"
    };
    let mode = mode.unwrap_or_else(|| default.to_owned());
    if public_roots && mode != "verify-full" {
        return Err(format!(
            "has sslrootcert=system with sslmode={mode}, which must be verify-full"
        ));
    }
    match (mode.as_str(), roots) {
        ("disable", _) => Ok(("sslmode=disable", CertificateTrust::Any)),
        ("prefer", _) => Ok(("sslmode=prefer", CertificateTrust::Any)),
        ("require", None) => Ok(("sslmode=require", CertificateTrust::Any)),
        ("require" | "verify-ca", roots) => {
            Ok(("sslmode=require", CertificateTrust::Chain { roots }))
        }
        ("verify-full", roots) => Ok(("sslmode=require", CertificateTrust::ChainAndName { roots })),
        _ => Err(format!("has sslmode={mode}")),
    }
}

fn parse_connection(url: &str) -> Result<tokio_postgres::Config, String> {
    let mut connection = tokio_postgres::Config::from_str(url).map_err(|error| {
        let cause = std::error::Error::source(&error)
            .map(ToString::to_string)
            .unwrap_or_default();
        // The parser names the option that it can't parse; unless it is a plain word, it may be part of a password.
        let is_plain = |c: char| c.is_ascii_lowercase() || matches!(c, ' ' | '_' | '`');
        if !cause.is_empty() && cause.chars().all(is_plain) {
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
    Ok(connection)
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

    #[test]
    fn sslmode_and_sslrootcert_have_libpqs_meaning() {
        let roots = Some(PathBuf::from("/etc/ca.pem"));
        let public = CertificateTrust::ChainAndName { roots: None };
        for (query, mode, trust) in [
            ("", SslMode::Prefer, CertificateTrust::Any),
            ("?sslmode=disable", SslMode::Disable, CertificateTrust::Any),
            (
                "?sslmode=require&connect_timeout=3",
                SslMode::Require,
                CertificateTrust::Any,
            ),
            (
                "?sslmode=verify-ca",
                SslMode::Require,
                CertificateTrust::Chain { roots: None },
            ),
            (
                "?sslrootcert=%2Fetc%2Fca.pem&sslmode=verify-full",
                SslMode::Require,
                CertificateTrust::ChainAndName { roots },
            ),
            ("?sslrootcert=system", SslMode::Require, public.clone()),
            (
                "?sslmode=verify-full&sslrootcert=system",
                SslMode::Require,
                public,
            ),
        ] {
            let url = format!("postgresql://u:p@db.example.org/events{query}");
            let url = DatabaseUrl::parse(&url).unwrap();
            assert_eq!(
                (url.connection.get_ssl_mode(), url.trust),
                (mode, trust),
                "{query}"
            );
        }
        let weak = DatabaseUrl::parse("postgresql://u:p@h/db?sslrootcert=system&sslmode=require");
        assert!(weak.unwrap_err().contains("must be verify-full"));
    }

    #[test]
    fn a_password_may_contain_a_question_mark() {
        let url = DatabaseUrl::parse("postgresql://u:wh?t@h/db?sslmode=disable").unwrap();
        assert_eq!(url.connection.get_password(), Some(b"wh?t".as_slice()));
    }

    #[test]
    fn an_error_does_not_contain_the_password() {
        for url in [
            "mysql://u:s3cret@h/db",
            "postgresql://u:s3cret@h/db?sslmode=never",
            "postgresql://u:s3cret@h:x/db",
            "postgresql://u:p@h/db?s3cret@h",
            "host=h password=s3cret",
        ] {
            let error = DatabaseUrl::parse(url).unwrap_err();
            assert!(!error.contains("s3cret"), "{error}");
        }
        let url = DatabaseUrl::parse("postgresql://u:s3cret@h/db").unwrap();
        assert!(!format!("{url:?}").contains("s3cret"));
    }
}
