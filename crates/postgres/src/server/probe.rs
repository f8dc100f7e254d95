//! Is it alive: a socket is asked with the protocol's first message, a process by its command line.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use super::USER;

/// `cannot_connect_now`: starting up, shutting down or recovering.
const STARTING: &str = "57P03";
/// How long a server may take for a single answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a socket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It takes connections.
    Ready,
    /// It is starting up, recovering or shutting down, in the server's own words.
    Starting(String),
    /// Something is there that says nothing, or nothing that PostgreSQL would say.
    Mute(String),
    /// Nobody listens.
    Silent,
}

/// Asks the server behind `socket`; takes a few seconds at most.
pub(super) fn ask(socket: &Path) -> Answer {
    let (tell, told) = mpsc::channel();
    let socket = socket.to_owned();
    // Connecting waits without limit where a stopped server's queue is full, and takes no timeout:
    // a thread that hangs there ends with the command.
    std::thread::spawn(move || tell.send(converse(&socket)));
    told.recv_timeout(PATIENCE + Duration::from_millis(500))
        .unwrap_or_else(|_| Answer::Mute("it does not take the connection".to_owned()))
}

/// Whether `process` runs and has `words` in its command line.
pub(super) fn process_has(process: u32, words: &str) -> bool {
    if let Ok(line) = std::fs::read(format!("/proc/{process}/cmdline")) {
        return String::from_utf8_lossy(&line).replace('\0', " ").contains(words);
    }
    let asked =
        Command::new("ps").args(["-ww", "-o", "args=", "-p", &process.to_string()]).output();
    asked.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(words))
}

/// Whether there is a process of this number.
pub(super) fn process_exists(process: u32) -> bool {
    if Path::new("/proc/self").exists() {
        return Path::new(&format!("/proc/{process}")).exists();
    }
    let asked = Command::new("ps").args(["-p", &process.to_string()]).output();
    asked.is_ok_and(|output| output.status.success())
}

/// Speaks the few bytes of the protocol that this takes: no runtime is needed, and it is the test
/// that clients will put the server to.
fn converse(socket: &Path) -> Answer {
    let Ok(mut stream) = UnixStream::connect(socket) else {
        return Answer::Silent;
    };
    let patience = Some(PATIENCE);
    let timed = stream.set_read_timeout(patience).and_then(|()| stream.set_write_timeout(patience));
    let mut kind = [0; 5];
    let sent = timed
        .and_then(|()| stream.write_all(&start_up()))
        .and_then(|()| stream.read_exact(&mut kind));
    match (sent, kind[0]) {
        (Ok(()), b'R') => {
            // Terminate, politely: the server would log an abrupt end.
            let _ = stream.write_all(&[b'X', 0, 0, 0, 4]);
            Answer::Ready
        }
        (Ok(()), b'E') => {
            let length =
                u32::from_be_bytes([kind[1], kind[2], kind[3], kind[4]]).clamp(4, 8192) - 4;
            let mut fields = vec![0; usize::try_from(length).unwrap_or_default()];
            let _ = stream.read_exact(&mut fields);
            // Any other refusal, such as too many sessions, comes from a server that is up.
            if field(&fields, b"C").as_deref() == Some(STARTING) {
                Answer::Starting(field(&fields, b"M").unwrap_or_default())
            } else {
                Answer::Ready
            }
        }
        (Ok(()), _) => Answer::Mute("it is not PostgreSQL that listens there".to_owned()),
        (Err(error), _) if error.kind() == io::ErrorKind::WouldBlock => {
            Answer::Mute("it accepts the connection and then says nothing".to_owned())
        }
        // Accepted by the kernel on behalf of a server that is about to come or go.
        (Err(error), _) => Answer::Mute(error.to_string()),
    }
}

fn start_up() -> Vec<u8> {
    let mut body = 196_608_u32.to_be_bytes().to_vec();
    for word in ["user", USER, "database", "postgres", "application_name", "driveflow probe", ""] {
        body.extend_from_slice(word.as_bytes());
        body.push(0);
    }
    let length = u32::try_from(body.len() + 4).unwrap_or_default();
    let mut message = length.to_be_bytes().to_vec();
    message.append(&mut body);
    message
}

/// One of an error's fields, by its letter.
fn field(fields: &[u8], letter: &[u8]) -> Option<String> {
    let text = fields.split(|&byte| byte == 0).find_map(|field| field.strip_prefix(letter))?;
    Some(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;
    use crate::server::scratch;

    /// What is made of a listener that reads the first message, says `reply` and lingers.
    fn asked(reply: &'static [u8]) -> Answer {
        let socket = std::env::temp_dir().join(scratch::unique("df-probe"));
        let listener = UnixListener::bind(&socket).unwrap();
        let (done, is_done) = mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.read_exact(&mut [0; 8]).unwrap();
            stream.write_all(reply).unwrap();
            // Ends by the other half's end.
            let _ = is_done.recv();
        });
        let answer = ask(&socket);
        drop(done);
        thread.join().unwrap();
        std::fs::remove_file(&socket).unwrap();
        answer
    }

    #[test]
    fn only_a_server_that_says_so_is_starting() {
        assert_eq!(
            asked(b"E\0\0\0\x19C57P03\0Mstarting up\0\0"),
            Answer::Starting("starting up".to_owned())
        );
        assert_eq!(asked(b"E\0\0\0\x16C53300\0Mtoo many\0\0"), Answer::Ready);
        assert_eq!(asked(b"R\0\0\0\x08\0\0\0\0"), Answer::Ready);
        assert!(matches!(asked(b"HTTP/1.1 400 Bad Request"), Answer::Mute(_)));
        assert!(matches!(asked(b""), Answer::Mute(words) if words.contains("says nothing")));
        assert_eq!(ask(Path::new("/nowhere/at/all")), Answer::Silent);
    }

    #[test]
    fn a_full_queue_does_not_hang() {
        let socket = std::env::temp_dir().join(scratch::unique("df-queue"));
        let listener = UnixListener::bind(&socket).unwrap();
        let (count, counted) = mpsc::channel();
        let path = socket.clone();
        let filler = std::thread::spawn(move || {
            while UnixStream::connect(&path).is_ok() {
                count.send(()).unwrap();
            }
        });
        // As long as there is room, connecting takes microseconds.
        while counted.recv_timeout(Duration::from_millis(200)).is_ok() {}
        let answer = ask(&socket);
        // Whoever still waits is refused now.
        drop(listener);
        filler.join().unwrap();
        std::fs::remove_file(&socket).unwrap();
        assert!(
            matches!(&answer, Answer::Mute(words) if words.contains("does not take")),
            "{answer:?}"
        );
    }

    #[test]
    fn processes_are_told_from_numbers() {
        assert!(process_exists(std::process::id()));
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!process_exists(child.id()));
    }
}
