//! One connection: how it is made, and what is there beside the driver's client.
//!
//! The driver's half that reads and writes runs as a task of the current tokio runtime and ends
//! with the connection.

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use pg_schema::quote::ident;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Row};

use crate::notice::Listener;
use crate::tap::{Tap, Tapped};
use crate::{ConnectionUrl, Error, SslMode, tls};

/// An open connection. It dereferences to the driver's [`Client`]; the methods of its own fail
/// with an [`Error`] instead of the driver's.
pub struct Connection {
    client: Client,
    task: JoinHandle<()>,
    url: ConnectionUrl,
    server_version: u32,
    listener: Listener,
}

/// Connects, within the URL's `connect_timeout`.
///
/// Unqualified names then live in the URL's schema, which need not exist. Behind a pooler in transaction mode nothing
/// can be set for a connection: there names must lead to that schema anyway, and the URL's `statement_timeout` does not
/// hold.
///
/// Fails with P1000 (credentials), P1001 (no server there), P1002 (no answer in time), P1003 (no
/// such database), P1010 (not allowed), P1011 (TLS) or P1013 (a schema that cannot be had behind a pooler).
pub async fn connect(url: &ConnectionUrl) -> Result<Connection, Error> {
    reach(url).await.map_err(Error::of_connecting)
}

async fn reach(url: &ConnectionUrl) -> Result<Connection, Error> {
    let config = config(url);
    let tls = tls::connector(url)?;
    let connecting = async {
        let failed = |error| Error::from_driver(&error, url);
        let Opened { client, task, server_version, listener } =
            open(&config, tls).await.map_err(failed)?;
        if url.is_pgbouncer() {
            let sql = "SELECT pg_catalog.current_schema()";
            let row = client.query_typed_one(sql, &[]).await.map_err(failed)?;
            let found: Option<String> = row.get(0);
            if found.as_deref() != Some(url.schema()) {
                return Err(Error::no_schema_behind_a_pooler(url, found.as_deref()));
            }
        }
        Ok(Connection { client, task, url: url.clone(), server_version, listener })
    };
    match url.connect_timeout() {
        None => connecting.await,
        // The driver watches over the network part; what is left for us is a server that accepts
        // and then says nothing.
        Some(limit) => {
            match tokio::time::timeout(limit + Duration::from_millis(250), connecting).await {
                Ok(result) => result,
                Err(_) => Err(Error::timed_out(
                    url,
                    &format!(
                        "the server accepted the connection and then said nothing for {} s",
                        limit.as_secs()
                    ),
                )),
            }
        }
    }
}

impl Connection {
    /// Where this connection leads.
    pub fn url(&self) -> &ConnectionUrl {
        &self.url
    }

    /// The server's version as the server counts: 150004 is 15.4.
    pub fn server_version(&self) -> u32 {
        self.server_version
    }

    /// The server's major version: 15 for 15.4.
    pub fn server_major(&self) -> u32 {
        self.server_version / 10_000
    }

    pub(crate) fn listener(&self) -> &Listener {
        &self.listener
    }

    /// Runs a script as one simple query: one implicit transaction unless it says otherwise.
    pub async fn batch_execute(&self, script: &str) -> Result<(), Error> {
        self.client.batch_execute(script).await.map_err(Error::from)
    }

    /// Runs one statement and gives its rows: without parameters, in one way to the server and back.
    pub async fn query(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        let rows = if parameters.is_empty() {
            self.client.query_typed(sql, &[]).await
        } else {
            self.client.query(sql, parameters).await
        };
        rows.map_err(Error::from)
    }

    /// Runs one statement that gives at most one row.
    pub async fn query_opt(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, Error> {
        self.client.query_opt(sql, parameters).await.map_err(Error::from)
    }

    /// Runs one statement that gives exactly one row.
    pub async fn query_one(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, Error> {
        let row = if parameters.is_empty() {
            self.client.query_typed_one(sql, &[]).await
        } else {
            self.client.query_one(sql, parameters).await
        };
        row.map_err(Error::from)
    }

    /// Runs one statement and says how many rows it touched.
    pub async fn execute(
        &self,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Error> {
        self.client.execute(sql, parameters).await.map_err(Error::from)
    }

    /// Ends the connection and waits until the server knows; dropping does not wait.
    pub async fn close(self) {
        drop(self.client);
        // The task only ends early by the runtime's end, and then there is nothing to wait for.
        let _ = self.task.await;
    }
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("url", &self.url)
            .field("server_version", &self.server_version)
            .finish_non_exhaustive()
    }
}

/// What a single connection and one of a pool have in common.
pub(crate) struct Opened {
    pub(crate) client: Client,
    pub(crate) task: JoinHandle<()>,
    server_version: u32,
    listener: Listener,
}

/// Opens a connection and starts the driver's task.
pub(crate) async fn open(
    config: &Config,
    tls: tls::Connector,
) -> Result<Opened, tokio_postgres::Error> {
    let (client, driver) = config.connect(tls).await?;
    Ok(run(client, driver))
}

/// The same for a connection whose rows can be had without the driver's help.
pub(crate) async fn open_tapped(
    config: &Config,
    tls: tls::Connector,
    url: &ConnectionUrl,
    tap: &Arc<Tap>,
) -> Result<Opened, tokio_postgres::Error> {
    let Some(socket) = reach_socket(url).await else { return open(config, tls).await };
    let stream = Tapped::new(socket, Arc::clone(tap));
    let (client, driver) = config.connect_raw(stream, NoTls).await?;
    Ok(run(client, driver))
}

/// The server's Unix socket, where the URL leads to one. Where it cannot be reached, the driver has the words for it.
pub(crate) async fn reach_socket(url: &ConnectionUrl) -> Option<UnixStream> {
    if !url.is_socket() {
        return None;
    }
    let socket = Path::new(url.host()).join(format!(".s.PGSQL.{}", url.port()));
    UnixStream::connect(socket).await.ok()
}

/// Starts the driver's task.
fn run<S, T>(client: Client, mut driver: tokio_postgres::Connection<S, T>) -> Opened
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let server_version = driver.parameter("server_version").map_or(0, version_number);
    let listener = Listener::default();
    let told = listener.clone();
    let task = tokio::spawn(poll_fn(move |context| {
        loop {
            match driver.poll_message(context) {
                Poll::Ready(Some(Ok(AsyncMessage::Notice(said)))) => told.hear(&said),
                Poll::Ready(Some(Ok(_))) => {}
                // A broken connection shows itself in the client's next call; the task has no one to tell.
                Poll::Ready(Some(Err(_)) | None) => return Poll::Ready(()),
                Poll::Pending => return Poll::Pending,
            }
        }
    }));
    Opened { client, task, server_version, listener }
}

/// The driver's form of a URL.
pub(crate) fn config(url: &ConnectionUrl) -> Config {
    let mut config = Config::new();
    config.host(url.host()).port(url.port()).dbname(url.database());
    if !url.user().is_empty() {
        config.user(url.user());
    }
    if let Some(password) = url.password() {
        config.password(password);
    }
    if let Some(timeout) = url.connect_timeout() {
        config.connect_timeout(timeout);
    }
    // A peer that went without a word is noticed within two minutes while nothing is asked of it, and in half a one where
    // it leaves unanswered what was sent; the system's own limits are two hours and a quarter of one.
    config.keepalives_idle(Duration::from_mins(1));
    config.keepalives_interval(Duration::from_secs(15));
    config.keepalives_retries(4);
    config.tcp_user_timeout(Duration::from_secs(30));
    config.application_name(url.application_name().unwrap_or("driveflow"));
    // The protocol has no TLS on a Unix socket.
    config.ssl_mode(match url.ssl_mode() {
        _ if url.is_socket() => tokio_postgres::config::SslMode::Disable,
        SslMode::Disable => tokio_postgres::config::SslMode::Disable,
        SslMode::Prefer => tokio_postgres::config::SslMode::Prefer,
        SslMode::Require => tokio_postgres::config::SslMode::Require,
    });
    if let Some(options) = start_up_options(url) {
        config.options(options);
    }
    config
}

/// Settings for the start-up message, so that they hold after a RESET too and cost no round trip.
/// A pooler refuses them there: see [`ConnectionUrl::local_settings`].
fn start_up_options(url: &ConnectionUrl) -> Option<String> {
    let given = url.options().map(Cow::Borrowed);
    if url.is_pgbouncer() {
        return given.map(Cow::into_owned);
    }
    let mut options = given.map_or_else(String::new, |given| format!("{given} "));
    options.push_str("-c search_path=");
    for c in ident(url.schema()).to_string().chars() {
        // The server splits its options at what C calls space: Rust's lacks the vertical tab.
        if c == '\\' || c == '\u{b}' || c.is_ascii_whitespace() {
            options.push('\\');
        }
        options.push(c);
    }
    if let Some(limit) = url.statement_timeout() {
        options.push_str(" -c statement_timeout=");
        options.push_str(limit);
    }
    Some(options)
}

/// The number for what the server says at the start: 150004 for `15.4 (Debian 15.4-1)`, 180000
/// for `18beta1`.
fn version_number(text: &str) -> u32 {
    let number = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        text[..end].parse::<u32>().unwrap_or_default()
    };
    let minor = text.split_once('.').map_or(0, |(_, minor)| number(minor));
    number(text) * 10_000 + minor
}

#[cfg(test)]
mod tests {
    use super::version_number;

    #[test]
    fn versions_are_numbers() {
        for (text, number) in
            [("15.4 (Debian 15.4-1.pgdg12+1)", 150_004), ("18beta1", 180_000), ("13.22", 130_022)]
        {
            assert_eq!(version_number(text), number, "{text}");
        }
    }
}
