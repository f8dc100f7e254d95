//! The way to the database in single steps: name, port, TLS, server, password, database, version.
//!
//! The first two are tried apart; how far a connection gets after them is told by what it fails with.

use std::io::{self, ErrorKind};

use postgres::driver::SqlState;
use postgres::{Connection, ConnectionUrl, SslAccept, SslMode, reach};

use super::report::{Check, Report, one_line};
use crate::database::Database;

/// The steps of a connection after the port, in their order.
const AFTER_PORT: [Check; 4] = [Check::Tls, Check::Server, Check::Password, Check::Database];

/// The versions of PostgreSQL that this is tested on.
const VERSIONS: std::ops::RangeInclusive<u32> = 13..=18;

/// Connects to where migrations go.
pub(super) async fn make(database: &Database, report: &mut Report) -> Option<Connection> {
    let url = &database.direct;
    let addresses = match reach::addresses(url).await {
        Ok(addresses) => addresses,
        Err(error) => {
            let advice = [
                format!("getent hosts {}  # what this machine knows of the name", url.host()),
                "correct the host in the URL, or connect to the network (VPN) that knows it"
                    .to_owned(),
            ];
            report.wrong(Check::Dns, format!("{}: {error}", url.host()), advice);
            return None;
        }
    };
    if let Some(socket) = reach::socket(url) {
        let said = format!("no name to look up: the socket {}", socket.display());
        report.well(Check::Dns, said);
    } else {
        let ips: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
        report.well(Check::Dns, format!("{} is {}", url.host(), ips.join(", ")));
    }
    if let Err(error) = reach::knock(url, &addresses).await {
        nobody_listens(database, &error, report);
        return None;
    }
    report.well(Check::Port, format!("somebody listens at {}", place(url)));
    match postgres::connect(url).await {
        Ok(connection) => {
            connected(&connection, report).await;
            Some(connection)
        }
        Err(error) => {
            stopped(url, &error, report);
            None
        }
    }
}

fn place(url: &ConnectionUrl) -> String {
    match reach::socket(url) {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", url.host(), url.port()),
    }
}

fn nobody_listens(database: &Database, error: &io::Error, report: &mut Report) {
    let url = &database.direct;
    let said = format!("{}: {error}", place(url));
    if database.is_own() {
        return report.wrong(Check::Port, said, ["cargo xtask db start"]);
    }
    let mut advice = Vec::new();
    match error.kind() {
        ErrorKind::TimedOut => advice.push(format!(
            "let a firewall or security group pass connections to port {} of {}",
            url.port(),
            url.host()
        )),
        ErrorKind::PermissionDenied => {
            advice.push(format!("ls -ld {}  # who may use the socket", url.host()));
        }
        _ if url.is_local() => {
            advice.push("sudo systemctl start postgresql  # or: docker start CONTAINER".to_owned());
            advice.push(if url.is_socket() {
                "ls /var/run/postgresql/.s.PGSQL.* /tmp/.s.PGSQL.*  # where servers listen; correct the URL's host and port"
                    .to_owned()
            } else {
                "ss -ltn  # on which ports something listens; correct the one in the URL".to_owned()
            });
        }
        _ => {
            advice.push(format!("on {}: sudo systemctl start postgresql", url.host()));
            advice.push(format!(
                "there, in postgresql.conf: listen_addresses = '*' and port = {}, then restart",
                url.port()
            ));
        }
    }
    report.wrong(Check::Port, said, advice);
}

async fn connected(connection: &Connection, report: &mut Report) {
    let url = connection.url();
    match reach::encryption(connection).await {
        Ok(Some(version)) => report.well(Check::Tls, with_trust(url, &version)),
        Ok(None) if url.is_local() => report.well(Check::Tls, "not encrypted, on this machine"),
        Ok(None) => report.hint(
            Check::Tls,
            format!("the connection to {} is not encrypted", url.host()),
            ["sslmode=require in the URL, where the server has `ssl = on`"],
        ),
        Err(error) => report.failed(Check::Tls, &error.into()),
    }
    report.well(Check::Server, "it answers");
    report.well(Check::Password, format!("{} may log in", user(url)));
    report.well(Check::Database, format!("{} is there", url.database()));
    let version = connection.server_major();
    let said = format!("PostgreSQL {version}");
    let (first, last) = (VERSIONS.start(), VERSIONS.end());
    if version < *first {
        let advice = [format!("upgrade the server to PostgreSQL {first} or later: pg_upgrade")];
        report.wrong(
            Check::Version,
            format!("{said}: versions from {first} are supported"),
            advice,
        );
    } else if version > *last {
        report.hint(
            Check::Version,
            format!("{said}: not tested, versions up to {last} are"),
            ["look for a newer version of this tool"],
        );
    } else {
        report.well(Check::Version, said);
    }
}

fn with_trust(url: &ConnectionUrl, version: &str) -> String {
    let trust = match url.ssl_accept() {
        SslAccept::AcceptInvalid => "whatever certificate the server shows",
        SslAccept::Authority => "a certificate of a known authority",
        SslAccept::Strict => "a certificate of a known authority for this host",
    };
    format!("{version}, {trust}")
}

/// Tells at which step a connection ended, and that those before went well.
fn stopped(url: &ConnectionUrl, error: &postgres::Error, report: &mut Report) {
    let (at, advice) = diagnose(url, error);
    for check in AFTER_PORT.iter().take_while(|check| **check != at) {
        let said = match check {
            Check::Tls if url.is_socket() || url.ssl_mode() == SslMode::Disable => {
                "not asked for".to_owned()
            }
            Check::Tls => "nothing against it".to_owned(),
            Check::Server => "it answers".to_owned(),
            Check::Password => format!("{} may log in", user(url)),
            _ => format!("{} is there", url.database()),
        };
        report.well(*check, said);
    }
    let message = error.db().map_or_else(|| error.to_string(), |db| db.message().to_owned());
    let code = Some(error.code()).filter(|code| !code.is_empty());
    let code = code.map(|code| format!("{code}: ")).unwrap_or_default();
    report.wrong(at, format!("{code}{}", one_line(&message)), advice);
}

/// The step at which a connection ended, and what to do about it.
fn diagnose(url: &ConnectionUrl, error: &postgres::Error) -> (Check, Vec<String>) {
    let has_state = |state: &SqlState| error.db().is_some_and(|db| db.code() == state);
    let says = |words: &str| error.to_string().contains(words);
    let (user, name) = (user(url), url.database());
    let one = |check, advice: String| (check, vec![advice]);
    if error.is_tls() && says("does not support TLS") {
        return (Check::Tls, vec![
            "on the server, which has a certificate: ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf();".to_owned(),
            "sslmode=prefer in the URL, where nobody can listen on the way".to_owned(),
        ]);
    }
    if error.is_tls() {
        return one(Check::Tls, "sslrootcert=FILE in the URL, with the certificate of the authority that signed the server's; a host as the certificate has it".to_owned());
    }
    if says("unsupported startup parameter") || error.is_invalid_url() {
        return (Check::Pooler, vec![
            "pgbouncer=true in the URL of applications".to_owned(),
            "directUrl = env(\"DIRECT_URL\") beside `url` in the datasource, set to a URL that leads to the server itself"
                .to_owned(),
        ]);
    }
    if error.is_database_missing() {
        return (
            Check::Database,
            vec![
                "cargo xtask db create  # or correct the name in the URL".to_owned(),
                "cargo xtask migrate deploy".to_owned(),
            ],
        );
    }
    if error.is_authentication() {
        let place = format!("-h {} -p {}", url.host(), url.port());
        return (
            Check::Password,
            vec![
                format!(
                    "psql {place} -U postgres -c '\\password {user}'  # sets another; then put it into the URL"
                ),
                "in the URL, write @ : / # ? % of a password as %40 %3A %2F %23 %3F %25".to_owned(),
            ],
        );
    }
    if has_state(&SqlState::INSUFFICIENT_PRIVILEGE) {
        let (name, user) = (quoted(name), quoted(&user));
        return one(Check::Database, format!("GRANT CONNECT ON DATABASE {name} TO {user};"));
    }
    if error.is_access_denied() {
        let advice = if says("pg_hba.conf") {
            format!(
                "in the server's pg_hba.conf (SHOW hba_file): host {name} {user} ADDRESS scram-sha-256, then SELECT pg_reload_conf();"
            )
        } else if says("does not exist") {
            format!("CREATE ROLE {} LOGIN;  -- or correct the user in the URL", quoted(&user))
        } else {
            format!("ALTER ROLE {} LOGIN;", quoted(&user))
        };
        return one(Check::Password, advice);
    }
    let advice = if error.code() == "P2037" {
        "connection_limit=5 in the URLs of applications, or end sessions: SELECT pid, usename, application_name, state FROM pg_stat_activity;"
    } else if has_state(&SqlState::CANNOT_CONNECT_NOW) {
        "it starts, stops or recovers: try again; its log says how far it is"
    } else {
        "make sure that PostgreSQL listens there, and not something else; the server's log says why it hung up"
    };
    one(Check::Server, advice.to_owned())
}

/// The user of a URL; without one it is the account's name, which only the server hears.
fn user(url: &ConnectionUrl) -> String {
    if url.user().is_empty() { "USER".to_owned() } else { url.user().to_owned() }
}

fn quoted(name: &str) -> String {
    pg_schema::quote::ident(name).to_string()
}
