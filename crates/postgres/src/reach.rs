//! The way to a server before anything is said to it: its address, and whether anybody listens there.
//!
//! [`connect`](crate::connect) does all of it at once and says what came of it; here each step can be told apart.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::{TcpStream, UnixStream, lookup_host};

use crate::{ConnectionUrl, Error};

/// The addresses of the URL's host; none for the folder of a socket, which has no address to be found.
pub async fn addresses(url: &ConnectionUrl) -> io::Result<Vec<SocketAddr>> {
    if url.is_socket() {
        return Ok(Vec::new());
    }
    let found = lookup_host((url.host(), url.port()));
    Ok(within(url, found).await?.collect())
}

/// Connects and hangs up: whether anything listens at one of the addresses, or at the socket.
pub async fn knock(url: &ConnectionUrl, addresses: &[SocketAddr]) -> io::Result<()> {
    if let Some(socket) = socket(url) {
        return within(url, UnixStream::connect(socket)).await.map(drop);
    }
    // One after the other, as the driver tries them; each gets the whole of the time.
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses {
        match within(url, TcpStream::connect(address)).await {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The file of the socket that the URL leads to, where it leads to one.
pub fn socket(url: &ConnectionUrl) -> Option<PathBuf> {
    url.is_socket().then(|| PathBuf::from(url.host()).join(format!(".s.PGSQL.{}", url.port())))
}

/// How a standing connection is encrypted: the version of TLS; `None` where it is not.
pub async fn encryption(connection: &crate::Connection) -> Result<Option<String>, Error> {
    let ask = "SELECT version FROM pg_catalog.pg_stat_ssl WHERE ssl AND pid = pg_catalog.pg_backend_pid()";
    Ok(connection.query_opt(ask, &[]).await?.and_then(|row| row.get(0)))
}

async fn within<T>(
    url: &ConnectionUrl,
    doing: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    match url.connect_timeout() {
        None => doing.await,
        Some(limit) => match tokio::time::timeout(limit, doing).await {
            Ok(done) => done,
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("no answer for {} s", limit.as_secs()),
            )),
        },
    }
}
