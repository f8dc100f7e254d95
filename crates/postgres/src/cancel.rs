//! Giving up: a statement that nobody waits for any more is stopped on the server too.
//!
//! Dropping a connection does not stop what runs on it: the server notices only when it has something to say. A
//! person who presses Ctrl-C in the middle of a long statement would leave it running, with its locks.

mod patient;

use std::fmt;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::task::JoinSet;
use tokio_postgres::CancelToken;
use tokio_postgres::tls::MakeTlsConnect;

use crate::{Connection, ConnectionUrl, Error, tls};
use patient::Patient;

/// How long the server may take to hear of it.
const PATIENCE: Duration = Duration::from_secs(5);
/// And how long one of its addresses may take: less, so that the answer of another is not lost.
const SHARE: Duration = Duration::from_millis(2_500);

/// Asks the server to stop what the connection runs, when dropped before [`CancelOnDrop::done`].
///
/// ```no_run
/// # async fn example(connection: &postgres::Connection) -> Result<(), postgres::Error> {
/// let guard = connection.cancel_on_drop();
/// connection.batch_execute("VACUUM").await?; // dropped in here, the VACUUM stops too
/// guard.done();
/// # Ok(()) }
/// ```
#[must_use = "dropping it at once cancels at once"]
pub struct CancelOnDrop {
    armed: Option<(CancelToken, ConnectionUrl)>,
}

/// Asks the server at `url` to stop what a connection runs, encrypted as connections to it are.
///
/// The statement fails soon, or had ended already. Returns once the server has taken the request, so that it cannot stop
/// what is sent from then on. Fails where the server cannot be reached.
pub async fn cancel(token: &CancelToken, url: &ConnectionUrl) -> Result<(), Error> {
    let Ok(sent) = tokio::time::timeout(PATIENCE, send(token, url)).await else {
        return Err(Error::timed_out(url, "the server did not take a request to cancel"));
    };
    sent
}

async fn send(token: &CancelToken, url: &ConnectionUrl) -> Result<(), Error> {
    if url.is_socket() {
        let mut tls = tls::connector(url)?;
        let path = format!("{}/.s.PGSQL.{}", url.host(), url.port());
        let stream = UnixStream::connect(path).await.map_err(|_| Error::unreachable(url))?;
        return ask(token, url, stream, &mut tls).await;
    }
    // Which of several servers by one name it was is not known here; the others know nothing of the token. All are asked
    // at once: one that swallows what it is sent must not keep the right one from hearing of it.
    let mut asking = JoinSet::new();
    for address in lookup_host((url.host(), url.port())).await.into_iter().flatten() {
        let (token, url) = (token.clone(), url.clone());
        asking.spawn(async move {
            let asked = async {
                let mut tls = tls::connector(&url)?;
                let stream = TcpStream::connect(address).await;
                ask(&token, &url, stream.map_err(|_| Error::unreachable(&url))?, &mut tls).await
            };
            tokio::time::timeout(SHARE, asked)
                .await
                .unwrap_or_else(|_| Err(Error::unreachable(&url)))
        });
    }
    let mut answer = Err(Error::unreachable(url));
    while let Some(asked) = asking.join_next().await {
        // One that panicked was not asked.
        if let Ok(asked) = asked
            && answer.is_err()
        {
            answer = asked;
        }
    }
    answer
}

async fn ask<S>(
    token: &CancelToken,
    url: &ConnectionUrl,
    stream: S,
    tls: &mut tls::Connector,
) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let tls = MakeTlsConnect::<Patient<S>>::make_tls_connect(tls, url.host())
        .map_err(|error| Error::new("P1011", error.to_string()))?;
    let asked = token.cancel_query_raw(Patient(stream), Patient(tls)).await;
    asked.map_err(|error| Error::from_driver(&error, url))
}

impl Connection {
    /// Watches over the statements that follow.
    pub fn cancel_on_drop(&self) -> CancelOnDrop {
        CancelOnDrop { armed: Some((self.cancel_token(), self.url().clone())) }
    }
}

impl CancelOnDrop {
    /// The statements have ended, well or not: there is nothing to stop.
    pub fn done(mut self) {
        self.armed = None;
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        let Some((token, url)) = self.armed.take() else { return };
        // The caller's runtime may be on its way out, so a thread with its own does it, and we wait: afterwards the
        // process may end.
        let thread = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build()
            {
                // Where the server cannot be reached, there is nobody left to tell.
                let _ = runtime.block_on(cancel(&token, &url));
            }
        });
        let _ = thread.join();
    }
}

impl fmt::Debug for CancelOnDrop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelOnDrop").field("is_armed", &self.armed.is_some()).finish()
    }
}
