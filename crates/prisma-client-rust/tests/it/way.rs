//! A way to the server on which things go wrong, or take their time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use postgres::ConnectionUrl;
use postgres::testing::TestDatabase;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, UnixStream};
use tokio::task::JoinHandle;

use crate::generated::PrismaClient;

/// A way to the server that can be cut.
pub(crate) struct Way {
    port: u16,
    state: Arc<AtomicU8>,
    /// How many connections there were.
    count: Arc<AtomicUsize>,
    /// Connections before this one end as soon as anything is sent on them, and until then nobody is told.
    dead: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

pub(crate) const OPEN: u8 = 0;
/// Connections end, and new ones end at once.
pub(crate) const CUT: u8 = 1;
/// Nothing comes through, and nobody is told.
pub(crate) const SILENT: u8 = 2;
/// All comes through, and each time later by [`LATER`].
pub(crate) const FAR: u8 = 3;
pub(crate) const LATER: Duration = Duration::from_millis(100);

impl Way {
    pub(crate) async fn to(url: &ConnectionUrl) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(AtomicU8::new(OPEN));
        assert!(url.is_socket(), "the tests' own server listens on a socket");
        let path = format!("{}/.s.PGSQL.{}", url.host(), url.port());
        let shared = Arc::clone(&state);
        let (count, dead) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (counted, doomed) = (Arc::clone(&count), Arc::clone(&dead));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = counted.fetch_add(1, Ordering::Relaxed);
                if shared.load(Ordering::Relaxed) == CUT {
                    continue;
                }
                let server = UnixStream::connect(&path).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let state = Arc::clone(&shared);
                let back = tokio::spawn(pass(from_server, to_client, state, || false));
                let (state, doomed) = (Arc::clone(&shared), Arc::clone(&doomed));
                let is_dead = move || number < doomed.load(Ordering::Relaxed);
                drop(tokio::spawn(async move {
                    pass(from_client, to_server, state, is_dead).await;
                    back.abort();
                }));
            }
        });
        Self { port, state, count, dead, task }
    }

    /// All connections are dead from now on, and nobody knows.
    pub(crate) fn dies(&self) {
        self.dead.store(self.count.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    pub(crate) fn is(&self, state: u8) {
        self.state.store(state, Ordering::Relaxed);
    }

    pub(crate) async fn client(&self, database: &TestDatabase, parameters: &str) -> PrismaClient {
        let (user, name) = (database.url().user(), database.url().database());
        let url = format!(
            "postgresql://{user}@127.0.0.1:{}/{name}?sslmode=disable&{parameters}",
            self.port
        );
        PrismaClient::_builder().with_url(url).build().await.unwrap()
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    state: Arc<AtomicU8>,
    is_dead: impl Fn() -> bool,
) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = tokio::time::timeout(Duration::from_millis(10), from.read(&mut bytes)).await;
        match (state.load(Ordering::Relaxed), read) {
            (CUT, _) => return,
            (SILENT, _) | (_, Err(_)) => {}
            (_, Ok(_)) if is_dead() => return,
            (state, Ok(Ok(count @ 1..))) => {
                if state == FAR {
                    tokio::time::sleep(LATER).await;
                }
                if to.write_all(&bytes[..count]).await.is_err() {
                    return;
                }
            }
            (_, Ok(_)) => return,
        }
    }
}
