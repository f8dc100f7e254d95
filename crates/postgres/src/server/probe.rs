//! Is it alive: a socket is asked with the protocol's first message, a process by its command line.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::USER;

/// `cannot_connect_now`: starting up, shutting down or recovering.
const STARTING: &str = "57P03";

/// What a socket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It takes connections.
    Ready,
    /// A server is there and does not take connections yet, or not from us.
    Refused(String),
    /// Nobody listens.
    Silent,
}

/// Asks the server behind `socket`.
///
/// Speaks the few bytes of the protocol that this takes: no runtime is needed, and it is the test
/// that clients will put the server to.
pub(super) fn ask(socket: &Path) -> Answer {
    let Ok(mut stream) = UnixStream::connect(socket) else {
        return Answer::Silent;
    };
    let patience = Some(Duration::from_secs(2));
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
                Answer::Refused(field(&fields, b"M").unwrap_or_default())
            } else {
                Answer::Ready
            }
        }
        (Ok(()), _) => Answer::Refused("it is not PostgreSQL that listens there".to_owned()),
        // Accepted by the kernel on behalf of a server that is about to come or go.
        (Err(error), _) => Answer::Refused(error.to_string()),
    }
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
