//! A pooler in transaction mode, as pgbouncer is one: few connections to the server, of which every transaction gets the
//! next in turn.
//!
//! It keeps what is hard about a real one. Start-up parameters that a pooler cannot hold for its clients are refused. What
//! was prepared or set on a connection stays there, for whoever comes next. It knows no TLS and no passwords.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use postgres::ConnectionUrl;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

/// What pgbouncer holds for its clients; it refuses all others unless it is told to ignore them.
const HELD: [&str; 7] = [
    "user",
    "database",
    "client_encoding",
    "datestyle",
    "timezone",
    "standard_conforming_strings",
    "application_name",
];

/// A pooler before a server, until dropped.
pub(crate) struct Middleman {
    url: ConnectionUrl,
    task: JoinHandle<()>,
}

struct Servers {
    url: ConnectionUrl,
    all: Vec<Mutex<Option<Server>>>,
    turn: AtomicUsize,
}

struct Server {
    writer: Box<dyn AsyncWrite + Send + Unpin>,
    answers: mpsc::UnboundedReceiver<Message>,
}

/// A message with its head; the kind is the first byte.
type Message = Vec<u8>;

impl Middleman {
    /// A pooler with so many connections to the server of `url`, whose own URL has `parameters` too.
    pub(crate) async fn new(url: &ConnectionUrl, connections: usize, parameters: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut all = Vec::new();
        for _ in 0..connections {
            all.push(Mutex::new(Some(Server::open(url).await)));
        }
        let servers = Arc::new(Servers { url: url.clone(), all, turn: AtomicUsize::new(0) });
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                client.set_nodelay(true).unwrap();
                let servers = Arc::clone(&servers);
                drop(tokio::spawn(async move { drop(serve(client, &servers).await) }));
            }
        });
        let (user, database) = (url.user(), url.database());
        let url =
            format!("postgresql://{user}@127.0.0.1:{port}/{database}?pgbouncer=true&{parameters}");
        Self { url: url.parse().unwrap(), task }
    }

    /// Where clients are to go.
    pub(crate) fn url(&self) -> &ConnectionUrl {
        &self.url
    }
}

impl Drop for Middleman {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn open(url: &ConnectionUrl) -> Self {
        let mut answers;
        let mut writer: Box<dyn AsyncWrite + Send + Unpin>;
        if url.is_socket() {
            let path = format!("{}/.s.PGSQL.{}", url.host(), url.port());
            let (read, write) = UnixStream::connect(path).await.unwrap().into_split();
            (answers, writer) = (messages(read), Box::new(write));
        } else {
            let address = (url.host().to_owned(), url.port());
            let (read, write) = TcpStream::connect(address).await.unwrap().into_split();
            (answers, writer) = (messages(read), Box::new(write));
        }
        let mut start = vec![0, 0, 0, 0, 0, 3, 0, 0];
        for text in ["user", url.user(), "database", url.database()] {
            start.extend(text.as_bytes());
            start.push(0);
        }
        start.push(0);
        let length = u32::try_from(start.len()).unwrap().to_be_bytes();
        start[..4].copy_from_slice(&length);
        writer.write_all(&start).await.unwrap();
        loop {
            let answer = answers.recv().await.expect("the server lets the test in by its name");
            assert_ne!(answer[0], b'E', "{}", String::from_utf8_lossy(&answer));
            if answer[0] == b'Z' {
                return Self { writer, answers };
            }
        }
    }
}

/// Everything that is read, message by message.
fn messages(mut from: impl AsyncRead + Send + Unpin + 'static) -> mpsc::UnboundedReceiver<Message> {
    let (sender, receiver) = mpsc::unbounded_channel();
    drop(tokio::spawn(async move {
        loop {
            let mut head = [0; 5];
            if from.read_exact(&mut head).await.is_err() {
                return;
            }
            let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
            let mut message = head.to_vec();
            message.resize(1 + usize::try_from(length).unwrap(), 0);
            if from.read_exact(&mut message[5..]).await.is_err() || sender.send(message).is_err() {
                return;
            }
        }
    }));
    receiver
}

async fn serve(mut client: TcpStream, servers: &Servers) -> std::io::Result<()> {
    if !welcome(&mut client).await? {
        return Ok(());
    }
    let (reader, mut client) = client.into_split();
    let mut requests = messages(reader);
    while let Some(first) = requests.recv().await {
        if first[0] == b'X' {
            return Ok(());
        }
        let turn = servers.turn.fetch_add(1, Ordering::Relaxed) % servers.all.len();
        let mut place = servers.all[turn].lock().await;
        // Taken out, so that a connection in the middle of something goes with its client.
        let mut server = match place.take() {
            Some(server) => server,
            None => Server::open(&servers.url).await,
        };
        let mut waiting = VecDeque::from([first]);
        let mut unanswered = 0;
        let mut is_open = false;
        loop {
            while let Some(request) = waiting.pop_front() {
                match request[0] {
                    b'X' => return Ok(()),
                    b'Q' | b'S' => (unanswered, is_open) = (unanswered + 1, false),
                    _ => is_open = true,
                }
                server.writer.write_all(&request).await?;
            }
            tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => waiting.push_back(request),
                    None => return Ok(()),
                },
                answer = server.answers.recv() => {
                    let Some(answer) = answer else { return Ok(()) };
                    client.write_all(&answer).await?;
                    if answer[0] == b'Z' {
                        unanswered -= 1;
                        if answer[5] == b'I' && unanswered == 0 && !is_open {
                            break;
                        }
                    }
                }
            }
        }
        *place = Some(server);
    }
    Ok(())
}

/// Answers the start of a connection; whether the client may come in.
async fn welcome(client: &mut TcpStream) -> std::io::Result<bool> {
    let start = loop {
        let length = usize::try_from(client.read_u32().await?).unwrap();
        let mut start = vec![0; length - 4];
        client.read_exact(&mut start).await?;
        match &start[..4] {
            [0, 3, 0, 0] => break start,
            // TLS.
            [4, 210, 22, 47] => client.write_all(b"N").await?,
            // A request to cancel.
            _ => return Ok(false),
        }
    };
    let texts: Vec<&[u8]> = start[4..].split(|byte| *byte == 0).collect();
    for name in texts.chunks(2).map(|pair| String::from_utf8_lossy(pair[0])) {
        if !name.is_empty() && !HELD.contains(&name.to_ascii_lowercase().as_str()) {
            let fields = format!("SFATAL\0C08P01\0Munsupported startup parameter: {name}\0\0");
            client.write_all(&message(b'E', fields.as_bytes())).await?;
            return Ok(false);
        }
    }
    client.write_all(&message(b'R', &[0; 4])).await?;
    for parameter in ["server_version\x0015.0\0", "client_encoding\0UTF8\0"] {
        client.write_all(&message(b'S', parameter.as_bytes())).await?;
    }
    client.write_all(&message(b'K', &[0; 8])).await?;
    client.write_all(&message(b'Z', b"I")).await?;
    Ok(true)
}

fn message(kind: u8, body: &[u8]) -> Message {
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [[kind].as_slice(), &length, body].concat()
}
