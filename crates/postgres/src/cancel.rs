//! Giving up: a statement that nobody waits for any more is stopped on the server too.
//!
//! Dropping a connection does not stop what runs on it: the server notices only when it has something to say. A
//! person who presses Ctrl-C in the middle of a long statement would leave it running, with its locks.

use std::fmt;
use std::time::Duration;

use tokio_postgres::CancelToken;

use crate::{Connection, ConnectionUrl, Error, tls};

/// How long the server may take to hear of it.
const PATIENCE: Duration = Duration::from_secs(5);

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
/// The server answers nothing: the statement fails soon, or had ended already. Fails where it cannot be reached.
pub async fn cancel(token: &CancelToken, url: &ConnectionUrl) -> Result<(), Error> {
    let sent = token.cancel_query(tls::connector(url)?);
    match tokio::time::timeout(PATIENCE, sent).await {
        Ok(sent) => sent.map_err(|error| Error::from_driver(&error, url)),
        Err(_) => Err(Error::timed_out(url, "the server did not take a request to cancel")),
    }
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
