//! A URL for PostgreSQL's own programs, which read it from their environment: no process list shows a password.

use std::path::Path;

use super::ConnectionUrl;
use crate::{SslAccept, SslMode};

/// Where the certificates of known authorities are on most machines; libpq looks for them only when it is told.
const AUTHORITIES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// What libpq reads from the environment and a URL of ours may not say: nobody else's is to count.
const OTHERS: [&str; 10] = [
    "PGHOSTADDR",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGPASSFILE",
    "PGTARGETSESSIONATTRS",
    "PGREQUIRESSL",
    "PGDATESTYLE",
    "PGTZ",
    "PGCLIENTENCODING",
    "PGLOADBALANCEHOSTS",
];

impl ConnectionUrl {
    /// The variables with which a program of PostgreSQL's reaches the same database, password included; `None` is one
    /// that must not be set. For a child's environment, never for output.
    ///
    /// The database is named by [`Self::database_for_programs`] as an argument.
    pub fn environment_for_programs(&self) -> Vec<(&'static str, Option<String>)> {
        let ssl_mode = match (self.ssl_mode(), self.ssl_accept()) {
            (SslMode::Disable, _) => "disable",
            (_, SslAccept::Strict) => "verify-full",
            (_, SslAccept::Authority) => "verify-ca",
            (SslMode::Prefer, SslAccept::AcceptInvalid) => "prefer",
            (SslMode::Require, SslAccept::AcceptInvalid) => "require",
        };
        let certificates = match self.ssl_accept() {
            _ if self.settings.ssl_root_certificate.is_some() => {
                self.settings.ssl_root_certificate.clone()
            }
            SslAccept::AcceptInvalid => None,
            _ => AUTHORITIES
                .iter()
                .find(|file| Path::new(file).exists())
                .map(|&file| file.to_owned()),
        };
        let timeout = self.connect_timeout().map_or(0, |timeout| timeout.as_secs());
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let said = [
            ("PGHOST", text(self.host())),
            ("PGPORT", Some(self.port().to_string())),
            ("PGUSER", text(self.user())),
            ("PGPASSWORD", self.password().map(str::to_owned)),
            ("PGSSLMODE", Some(ssl_mode.to_owned())),
            ("PGSSLROOTCERT", certificates),
            ("PGCONNECT_TIMEOUT", Some(timeout.to_string())),
            ("PGOPTIONS", self.options().map(str::to_owned)),
            ("PGAPPNAME", text(self.application_name().unwrap_or("driveflow"))),
        ];
        said.into_iter().chain(OTHERS.map(|name| (name, None))).collect()
    }

    /// The database for `--dbname`, in words that are nothing but its name, whatever is in it: as it is, `a=b` would be
    /// a setting and `postgres://…` a URL.
    pub fn database_for_programs(&self) -> String {
        let escaped = self.database().replace('\\', "\\\\").replace('\'', "\\'");
        format!("dbname='{escaped}'")
    }
}

#[cfg(test)]
mod tests {
    use crate::ConnectionUrl;

    fn said(url: &str, name: &str) -> Option<String> {
        let url: ConnectionUrl = url.parse().unwrap();
        let variables = url.environment_for_programs();
        variables.into_iter().find(|(known, _)| *known == name).and_then(|(_, value)| value)
    }

    #[test]
    fn a_url_becomes_variables() {
        let url =
            "postgresql://ada:p%40ss@db.example:5433/shop?sslmode=require&options=-c%20jit%3Doff";
        for (name, value) in [
            ("PGHOST", Some("db.example")),
            ("PGPORT", Some("5433")),
            ("PGUSER", Some("ada")),
            ("PGPASSWORD", Some("p@ss")),
            ("PGSSLMODE", Some("require")),
            ("PGOPTIONS", Some("-c jit=off")),
            ("PGSERVICE", None),
        ] {
            assert_eq!(said(url, name).as_deref(), value, "{name}");
        }
        let socket = "postgresql://postgres@localhost/shop?host=/var/run/x";
        assert_eq!(said(socket, "PGHOST").as_deref(), Some("/var/run/x"));
        assert_eq!(said(socket, "PGPASSWORD"), None);
        let strict = "postgresql://a@b/c?sslmode=require&sslaccept=strict";
        assert_eq!(said(strict, "PGSSLMODE").as_deref(), Some("verify-full"));
    }

    #[test]
    fn a_database_is_nothing_but_its_name() {
        let url: ConnectionUrl = "postgresql://a@b/c".parse().unwrap();
        let name = |name| url.with_database(name).database_for_programs();
        assert_eq!(name("shop"), "dbname='shop'");
        assert_eq!(name(r"it's a\b=c"), r"dbname='it\'s a\\b=c'");
    }
}
