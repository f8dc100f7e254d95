//! A pool of connections, sized and timed by the URL as Prisma does.

use std::fmt;
use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, PoolError, RecycleError, RecycleResult, TimeoutType};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config};

use crate::tap::Tap;
use crate::{ConnectionUrl, Error, connection, tls};

/// A connection lent by a [`Pool`]; it goes back when dropped, and `PooledConnection::take` keeps it.
///
/// It dereferences to [`Pooled`].
pub type PooledConnection = managed::Object<Manager>;

/// A handle on shared connections, cheap to clone. Connections are opened when needed.
#[derive(Clone)]
pub struct Pool {
    inner: managed::Pool<Manager>,
    url: ConnectionUrl,
    /// What gives connections back that are only kept at hand.
    spare: Arc<OnceLock<Spare>>,
}

type Spare = Box<dyn Fn() + Send + Sync>;

/// A pool for `url` of at most `connection_limit` connections, or `max` where the URL has no limit,
/// or two for each core and one where neither says.
///
/// Nothing is connected yet: a wrong address shows itself in [`Pool::get`].
pub fn pool(url: &ConnectionUrl, max: Option<usize>) -> Result<Pool, Error> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let size = url.connection_limit().or(max).unwrap_or(cores * 2 + 1);
    let (config, tls) = (connection::config(url), tls::connector(url)?);
    let manager = Manager { config, tls, url: url.clone() };
    let inner = managed::Pool::builder(manager)
        .max_size(size)
        .wait_timeout(url.pool_timeout())
        .create_timeout(url.connect_timeout().map(|limit| limit + Duration::from_millis(250)))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| {
            Error::new("P1001", format!("cannot make a pool of connections: {error}"))
        })?;
    Ok(Pool { inner, url: url.clone(), spare: Arc::default() })
}

impl Pool {
    /// Takes a connection, waiting at most the URL's `pool_timeout`.
    ///
    /// Fails with P2024 when none came free, else as [`crate::connect`] does.
    pub async fn get(&self) -> Result<PooledConnection, Error> {
        let mut lending = pin!(self.inner.get());
        let lent = match poll_fn(|context| Poll::Ready(lending.as_mut().poll(context))).await {
            Poll::Ready(lent) => lent,
            Poll::Pending => {
                // Once in the line: who keeps a connection at hand from now on sees that somebody waits.
                if let Some(give_back) = self.spare.get() {
                    give_back();
                }
                lending.await
            }
        };
        lent.map_err(|error| match error {
            PoolError::Backend(error) => Error::from_driver(&error, &self.url),
            PoolError::Timeout(TimeoutType::Wait) => Error::pool_timed_out(
                self.url.pool_timeout().map_or(0, |limit| limit.as_secs()),
                self.inner.status().max_size,
            ),
            PoolError::Timeout(_) => Error::timed_out(
                &self.url,
                "the server accepted the connection and then said nothing",
            ),
            PoolError::Closed => Error::new("P1017", "Server has closed the connection."),
            error => {
                Error::new("P1001", format!("cannot take a connection from the pool: {error}"))
            }
        })
    }

    /// Has `give_back` called when somebody waits: it returns connections that are kept at hand and not in use.
    ///
    /// Only the first call counts.
    pub fn spare(&self, give_back: impl Fn() + Send + Sync + 'static) {
        let _ = self.spare.set(Box::new(give_back));
    }

    /// Where the connections lead.
    pub fn url(&self) -> &ConnectionUrl {
        &self.url
    }

    /// How many connections there may be.
    pub fn max_size(&self) -> usize {
        self.inner.status().max_size
    }

    /// Whether somebody waits for a connection to come free.
    pub fn has_waiting(&self) -> bool {
        self.inner.status().waiting > 0
    }

    /// Whether a connection is open that nobody uses.
    pub fn has_idle(&self) -> bool {
        self.inner.status().available > 0
    }

    /// Whether another connection may be opened.
    pub fn may_grow(&self) -> bool {
        let status = self.inner.status();
        status.size < status.max_size
    }

    /// Closes the idle connections: what is lent next is a new one, or one that came back just then.
    pub fn forget_idle(&self) {
        drop(self.inner.retain(|_, _| false));
    }

    /// Closes the idle connections and refuses to lend more.
    pub fn close(&self) {
        self.inner.close();
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("url", &self.url)
            .field("max_size", &self.max_size())
            .finish_non_exhaustive()
    }
}

/// Opens connections for the pool as [`crate::connect`] opens single ones.
pub struct Manager {
    config: Config,
    tls: tls::Connector,
    url: ConnectionUrl,
}

impl managed::Manager for Manager {
    type Type = Pooled;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Pooled, tokio_postgres::Error> {
        let tap = Arc::new(Tap::default());
        let tls = tls::Connector::clone(&self.tls);
        // Boxed, since it is large and rare: it would be a part of everything that waits for a connection. And with its
        // type forgotten: whether all that may cross threads is found out by walking through everything, too far for rustc.
        let opening: Pin<Box<dyn Future<Output = _> + Send>> =
            Box::pin(connection::open_tapped(&self.config, tls, &self.url, &tap));
        let opened = opening.await?;
        Ok(Pooled { client: opened.client, task: opened.task, tap })
    }

    async fn recycle(
        &self,
        connection: &mut Pooled,
        _: &Metrics,
    ) -> RecycleResult<tokio_postgres::Error> {
        if connection.is_closed() {
            return Err(RecycleError::message("the connection is closed"));
        }
        Ok(())
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manager").finish_non_exhaustive()
    }
}

/// A connection of a pool: the driver's client, and the way around it for rows. Closed when dropped, whatever the server
/// is at.
pub struct Pooled {
    client: Client,
    task: JoinHandle<()>,
    tap: Arc<Tap>,
}

impl Pooled {
    /// Rows of this connection's answers, as they come. It is this connection's alone, so that it can stand for it.
    pub fn tap(&self) -> &Arc<Tap> {
        &self.tap
    }
}

impl Deref for Pooled {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Pooled {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Pooled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pooled").finish_non_exhaustive()
    }
}
