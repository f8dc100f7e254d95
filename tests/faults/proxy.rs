//! A way to the server that is cut after so many requests: wherever a command may die, it dies between two of them.
//!
//! It reads what the client sends just far enough to count: a request is a simple query, or what ends with a `Sync`.
//! It knows no TLS, so its URL asks for none.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use postgres::ConnectionUrl;

/// A listener before a server. Its connections are closed when it is dropped.
pub(super) struct Proxy {
    url: ConnectionUrl,
    state: Arc<Mutex<State>>,
}

struct State {
    /// How many requests came through, and how many may.
    sent: usize,
    most: usize,
    /// One more came: nothing comes through any more, in either direction.
    is_cut: bool,
    /// Nobody new is let in.
    is_closed: bool,
    sockets: Vec<Socket>,
}

impl Proxy {
    /// A way to the server of `url` that is cut where more than `requests` come.
    pub(super) fn new(url: &ConnectionUrl, requests: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state =
            State { sent: 0, most: requests, is_cut: false, is_closed: false, sockets: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let (upstream, shared) = (url.clone(), Arc::clone(&state));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if lock(&shared).is_closed {
                    return;
                }
                // Else each small answer waits for a timer.
                client.set_nodelay(true).expect("a socket of ours");
                serve(Socket::Tcp(client), Socket::connect(&upstream), &shared);
            }
        });
        Self { url: through(url, port), state }
    }

    /// Where the client is to go.
    pub(super) fn url(&self) -> &ConnectionUrl {
        &self.url
    }

    /// How many requests came through.
    pub(super) fn sent(&self) -> usize {
        lock(&self.state).sent
    }

    /// Whether more requests came than may.
    pub(super) fn is_cut(&self) -> bool {
        lock(&self.state).is_cut
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        (state.is_cut, state.is_closed) = (true, true);
        for socket in &state.sockets {
            socket.shut_down();
        }
        drop(state);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.url.port()));
    }
}

/// The same database by way of a port of this machine.
fn through(url: &ConnectionUrl, port: u16) -> ConnectionUrl {
    let exposed = url.expose();
    let (credentials, rest) = exposed
        .trim_start_matches("postgresql://")
        .trim_start_matches("postgres://")
        .split_once('@')
        .expect("a test's URL has a user");
    let (_, database) = rest.split_once('/').expect("a test's URL has a database");
    let (database, _) = database.split_once('?').unwrap_or((database, ""));
    let schema = url.schema();
    let url = format!(
        "postgresql://{credentials}@127.0.0.1:{port}/{database}?sslmode=disable&schema={schema}"
    );
    url.parse().expect("a URL")
}

fn serve(client: Socket, server: Socket, state: &Arc<Mutex<State>>) {
    lock(state).sockets.extend([client.twin(), server.twin()]);
    let (answers_from, answers_to, answering) = (server.twin(), client.twin(), Arc::clone(state));
    thread::spawn(move || answer(answers_from, answers_to, &answering));
    let state = Arc::clone(state);
    thread::spawn(move || ask(client, server, &state));
}

/// From the client to the server, a message at a time.
fn ask(mut client: Socket, mut server: Socket, state: &Mutex<State>) {
    let mut is_start = true;
    while let Some((kind, message)) = read_message(&mut client, is_start) {
        is_start = false;
        let mut state = lock(state);
        if matches!(kind, b'Q' | b'S') {
            if state.sent == state.most {
                state.is_cut = true;
            } else {
                state.sent += 1;
            }
        }
        if state.is_cut {
            // Held open: who ends first is for the test to say.
            return;
        }
        drop(state);
        if server.write_all(&message).is_err() {
            break;
        }
    }
    server.shut_down();
}

/// From the server to the client, as it comes.
fn answer(mut server: Socket, mut client: Socket, state: &Mutex<State>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = server.read(&mut bytes) {
        if lock(state).is_cut {
            return;
        }
        if client.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    client.shut_down();
}

/// A message with its head; the first of a connection has no kind.
fn read_message(client: &mut Socket, is_start: bool) -> Option<(u8, Vec<u8>)> {
    let mut message = vec![0; if is_start { 4 } else { 5 }];
    client.read_exact(&mut message).ok()?;
    let kind = if is_start { 0 } else { message[0] };
    let head = message.len();
    let length = u32::from_be_bytes(message[head - 4..].try_into().ok()?);
    message.resize(head + usize::try_from(length).ok()?.checked_sub(4)?, 0);
    client.read_exact(&mut message[head..]).ok()?;
    Some((kind, message))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Either way to a server.
enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    fn connect(url: &ConnectionUrl) -> Self {
        if url.is_socket() {
            let path = format!("{}/.s.PGSQL.{}", url.host(), url.port());
            Self::Unix(UnixStream::connect(path).expect("the server is there"))
        } else {
            let address = (url.host(), url.port());
            Self::Tcp(TcpStream::connect(address).expect("the server is there"))
        }
    }

    fn twin(&self) -> Self {
        match self {
            Self::Tcp(stream) => Self::Tcp(stream.try_clone().expect("a handle")),
            Self::Unix(stream) => Self::Unix(stream.try_clone().expect("a handle")),
        }
    }

    fn shut_down(&self) {
        // It may be closed already.
        let _ = match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
        };
    }
}

impl Read for Socket {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(bytes),
            Self::Unix(stream) => stream.read(bytes),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(bytes),
            Self::Unix(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.flush(),
            Self::Unix(stream) => stream.flush(),
        }
    }
}
