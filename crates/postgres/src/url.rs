//! Connection URLs as Prisma writes them.
//!
//! A [`ConnectionUrl`] is read once and then answers questions. Nothing that formats it, be it
//! `Display`, `Debug` or an error, shows a password; [`ConnectionUrl::expose`] is the one way out.
//! Parameters it does not know are kept and passed on, as Prisma does.

mod decode;
mod libpq;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use crate::Error;

/// Where a database is and how to talk to it.
///
/// ```
/// let url: postgres::ConnectionUrl =
///     "postgresql://ada:p%40ss@db.example:5433/shop?schema=sales".parse().unwrap();
/// assert_eq!((url.host(), url.port(), url.database()), ("db.example", 5433, "shop"));
/// assert_eq!(url.schema(), "sales");
/// assert_eq!(url.to_string(), "postgresql://ada:***@db.example:5433/shop?schema=sales");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectionUrl {
    user: String,
    password: Option<String>,
    host: String,
    port: Option<u16>,
    database: String,
    parameters: Vec<(String, String)>,
    settings: Settings,
}

/// Whether the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslMode {
    /// Never.
    Disable,
    /// When the server can: the default.
    Prefer,
    /// Always.
    Require,
}

/// How much of the server's certificate is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslAccept {
    /// Any certificate: Prisma's default.
    AcceptInvalid,
    /// A certificate of a known authority, for whatever host (`sslmode=verify-ca`).
    Authority,
    /// A certificate of a known authority for this host (`sslaccept=strict`, `sslmode=verify-full`).
    Strict,
}

/// The parameters that have a meaning here, read and checked.
#[derive(Clone, PartialEq, Eq)]
struct Settings {
    host: Option<String>,
    schema: String,
    ssl_mode: SslMode,
    ssl_accept: SslAccept,
    ssl_root_certificate: Option<String>,
    connect_timeout: Option<Duration>,
    pool_timeout: Option<Duration>,
    connection_limit: Option<usize>,
    statement_timeout: Option<String>,
    application_name: Option<String>,
    options: Option<String>,
    pgbouncer: bool,
}

impl ConnectionUrl {
    /// The URL of a database behind a Unix socket, trusted without a password.
    pub fn for_socket(folder: &Path, user: &str, database: &str) -> ConnectionUrl {
        let parameters = vec![
            ("host".to_owned(), folder.display().to_string()),
            ("schema".to_owned(), "public".to_owned()),
        ];
        let settings = Settings { host: Some(folder.display().to_string()), ..Settings::default() };
        ConnectionUrl {
            user: user.to_owned(),
            password: None,
            host: "localhost".to_owned(),
            port: None,
            database: database.to_owned(),
            parameters,
            settings,
        }
    }

    /// The host, or the folder of the Unix socket.
    pub fn host(&self) -> &str {
        match &self.settings.host {
            Some(host) => host,
            None if self.host.is_empty() => "localhost",
            None => &self.host,
        }
    }

    /// The port, 5432 where the URL has none.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(5432)
    }

    /// The user, empty where the URL has none: the server is then asked for the account's own name.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database, `postgres` where the URL has none.
    pub fn database(&self) -> &str {
        if self.database.is_empty() { "postgres" } else { &self.database }
    }

    /// The schema that unqualified names live in, `public` where the URL has none.
    pub fn schema(&self) -> &str {
        &self.settings.schema
    }

    /// The same server and settings, another database.
    #[must_use]
    pub fn with_database(&self, name: &str) -> ConnectionUrl {
        ConnectionUrl { database: name.to_owned(), ..self.clone() }
    }

    /// The same database, another schema.
    #[must_use]
    pub fn with_schema(&self, name: &str) -> ConnectionUrl {
        let mut url = self.clone();
        name.clone_into(&mut url.settings.schema);
        url.parameters.retain(|(key, _)| key != "schema");
        url.parameters.push(("schema".to_owned(), name.to_owned()));
        url
    }

    /// Whether the server is on this machine: a Unix socket or a loopback address.
    pub fn is_local(&self) -> bool {
        let host = self.host();
        self.is_socket()
            || host.eq_ignore_ascii_case("localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether the server is reached over a Unix socket.
    pub fn is_socket(&self) -> bool {
        self.host().starts_with('/')
    }

    /// Whether the connection is encrypted.
    pub fn ssl_mode(&self) -> SslMode {
        self.settings.ssl_mode
    }

    /// How much of the server's certificate is believed.
    pub fn ssl_accept(&self) -> SslAccept {
        self.settings.ssl_accept
    }

    /// How long to wait for a connection; `None` is for ever. Five seconds where the URL says nothing.
    pub fn connect_timeout(&self) -> Option<Duration> {
        self.settings.connect_timeout
    }

    /// How long to wait for a free connection of a pool; `None` is for ever. Ten seconds by default.
    pub fn pool_timeout(&self) -> Option<Duration> {
        self.settings.pool_timeout
    }

    /// The size of a pool, where the URL says one.
    pub fn connection_limit(&self) -> Option<usize> {
        self.settings.connection_limit
    }

    /// Whether a pooler in transaction mode stands before the server: no prepared statements,
    /// no settings in the start-up message.
    pub fn is_pgbouncer(&self) -> bool {
        self.settings.pgbouncer
    }

    /// What a transaction sets for itself where a pooler stands before the server, which would hand on to others what
    /// a session sets: the schema and the `statement_timeout`. `None` without a pooler, where the session has them.
    pub fn local_settings(&self) -> Option<String> {
        use std::fmt::Write as _;

        if !self.is_pgbouncer() {
            return None;
        }
        let schema = pg_schema::quote::ident(self.schema());
        let mut settings = format!("SET LOCAL search_path TO {schema}");
        if let Some(limit) = self.statement_timeout() {
            let _ = write!(settings, "; SET LOCAL statement_timeout TO '{limit}'");
        }
        Some(settings)
    }

    /// Whether each statement needs a transaction to set its `statement_timeout` in, since a pooler hands out sessions.
    pub fn is_timed_by_transactions(&self) -> bool {
        self.is_pgbouncer() && self.statement_timeout().is_some()
    }

    /// The URL as it may be shown: without passwords.
    pub fn redacted(&self) -> String {
        self.render(Secrets::Hidden)
    }

    /// The whole URL, password included: for a child process's environment, never for output.
    pub fn expose(&self) -> String {
        self.render(Secrets::Shown)
    }

    pub(crate) fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }

    pub(crate) fn application_name(&self) -> Option<&str> {
        self.settings.application_name.as_deref()
    }

    pub(crate) fn statement_timeout(&self) -> Option<&str> {
        self.settings.statement_timeout.as_deref()
    }

    pub(crate) fn options(&self) -> Option<&str> {
        self.settings.options.as_deref()
    }

    #[cfg_attr(
        not(feature = "tls"),
        expect(dead_code, reason = "read by the TLS half alone, checked in either build")
    )]
    pub(crate) fn ssl_root_certificate(&self) -> Option<&Path> {
        self.settings.ssl_root_certificate.as_deref().map(Path::new)
    }

    fn render(&self, secrets: Secrets) -> String {
        let mut text = String::from("postgresql://");
        if !self.user.is_empty() || self.password.is_some() {
            text.push_str(&decode::encode(&self.user));
            if let Some(password) = &self.password {
                text.push(':');
                match secrets {
                    Secrets::Shown => text.push_str(&decode::encode(password)),
                    Secrets::Hidden => text.push_str("***"),
                }
            }
            text.push('@');
        }
        if self.host.contains(':') {
            text.push('[');
            text.push_str(&self.host);
            text.push(']');
        } else {
            text.push_str(&decode::encode(&self.host));
        }
        if let Some(port) = self.port {
            text.push(':');
            text.push_str(&port.to_string());
        }
        text.push('/');
        text.push_str(&decode::encode(&self.database));
        for (at, (key, value)) in self.parameters.iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(&decode::encode(key));
            text.push('=');
            let hidden =
                matches!(secrets, Secrets::Hidden) && key.to_ascii_lowercase().contains("password");
            // Slashes stay as they are in a query: socket folders remain readable.
            let value = decode::encode(value).replace("%2F", "/");
            text.push_str(if hidden { "***" } else { &value });
        }
        text
    }
}

#[derive(Clone, Copy)]
enum Secrets {
    Shown,
    Hidden,
}

impl fmt::Display for ConnectionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl fmt::Debug for ConnectionUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionUrl({})", self.redacted())
    }
}

impl FromStr for ConnectionUrl {
    type Err = Error;

    /// Reads a URL. Fails with P1013, saying what is wrong and never repeating the password.
    fn from_str(text: &str) -> Result<ConnectionUrl, Error> {
        let parts = decode::split(text).map_err(|reason| Error::invalid_url(&reason))?;
        let settings =
            Settings::read(&parts.parameters).map_err(|reason| Error::invalid_url(&reason))?;
        Ok(ConnectionUrl {
            user: parts.user,
            password: parts.password,
            host: parts.host,
            port: parts.port,
            database: parts.database,
            parameters: parts.parameters,
            settings,
        })
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            host: None,
            schema: "public".to_owned(),
            ssl_mode: SslMode::Prefer,
            ssl_accept: SslAccept::AcceptInvalid,
            ssl_root_certificate: None,
            connect_timeout: Some(Duration::from_secs(5)),
            pool_timeout: Some(Duration::from_secs(10)),
            connection_limit: None,
            statement_timeout: None,
            application_name: None,
            options: None,
            pgbouncer: false,
        }
    }
}

impl Settings {
    fn read(parameters: &[(String, String)]) -> Result<Settings, String> {
        let mut settings = Settings::default();
        for (key, value) in parameters {
            match key.as_str() {
                "host" if !value.is_empty() => settings.host = Some(value.clone()),
                "schema" if !value.is_empty() => settings.schema.clone_from(value),
                "sslmode" => settings.read_ssl_mode(value),
                // Prisma knows two values and lets every other one be the lax one.
                "sslaccept" if value == "strict" => settings.ssl_accept = SslAccept::Strict,
                "sslaccept" => settings.ssl_accept = SslAccept::AcceptInvalid,
                "sslcert" | "sslrootcert" if value != "system" => {
                    settings.ssl_root_certificate = Some(value.clone());
                }
                "sslidentity" => {
                    return Err("client certificates (`sslidentity`) are not supported".to_owned());
                }
                "connect_timeout" => settings.connect_timeout = seconds(key, value)?,
                "pool_timeout" => settings.pool_timeout = seconds(key, value)?,
                "connection_limit" => settings.connection_limit = Some(limit(value)?),
                "statement_timeout" => {
                    settings.statement_timeout = Some(duration_setting(key, value)?);
                }
                "application_name" => settings.application_name = Some(value.clone()),
                "options" => settings.options = Some(value.clone()),
                "pgbouncer" => settings.pgbouncer = matches!(value.as_str(), "true" | "1"),
                _ => {}
            }
        }
        Ok(settings)
    }

    fn read_ssl_mode(&mut self, value: &str) {
        self.ssl_mode = match value {
            "disable" => SslMode::Disable,
            "require" | "verify-ca" | "verify-full" => SslMode::Require,
            _ => SslMode::Prefer,
        };
        match value {
            "verify-ca" => self.ssl_accept = SslAccept::Authority,
            "verify-full" => self.ssl_accept = SslAccept::Strict,
            _ => {}
        }
    }
}

fn seconds(key: &str, value: &str) -> Result<Option<Duration>, String> {
    match value.parse::<u32>() {
        Ok(0) => Ok(None),
        Ok(seconds) => Ok(Some(Duration::from_secs(u64::from(seconds)))),
        Err(_) => Err(format!("invalid value for `{key}`, a number of seconds is expected")),
    }
}

fn limit(value: &str) -> Result<usize, String> {
    match value.parse::<usize>() {
        Ok(limit) if limit > 0 => Ok(limit),
        _ => Err("invalid value for `connection_limit`, a positive number is expected".to_owned()),
    }
}

/// A duration as the server's own settings take it: milliseconds, or a number with its unit.
fn duration_setting(key: &str, value: &str) -> Result<String, String> {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    if unit.len() < value.len() && matches!(unit, "" | "us" | "ms" | "s" | "min" | "h" | "d") {
        Ok(value.to_owned())
    } else {
        Err(format!(
            "invalid value for `{key}`, milliseconds or a number with its unit (`30s`) are expected"
        ))
    }
}
