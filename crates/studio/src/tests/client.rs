//! A browser's part of HTTP, as little as there has to be.

use std::fmt::Write as _;

use serde_json::Value as Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(super) struct Client {
    address: String,
    cookie: String,
}

#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Client {
    /// Opens the link that the studio gave, and keeps its cookie.
    pub(super) async fn of(link: &str) -> Self {
        let (address, query) =
            link.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("a link");
        let mut client = Self { address: address.to_owned(), cookie: String::new() };
        let response = client.get(&format!("/{query}")).await;
        let cookie = response.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("a cookie");
        client.cookie = cookie.to_owned();
        client
    }

    pub(super) async fn get(&self, path: &str) -> Response {
        self.send("GET", path, "", &[]).await
    }

    pub(super) async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        response.body
    }

    /// Posts JSON as the pages' scripts do.
    pub(super) async fn post(&self, path: &str, body: &Json) -> Response {
        let origin = format!("http://{}", self.address);
        let headers = [("Origin", origin.as_str()), ("Content-Type", "application/json")];
        self.send("POST", path, &body.to_string(), &headers).await
    }

    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Response {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        let own = [("Host", self.address.as_str()), ("Cookie", self.cookie.as_str())];
        for (name, value) in own.iter().chain(headers) {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(&self.address).await.expect("the studio listens");
        stream.write_all(request.as_bytes()).await.expect("it listens");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("it answers");
        Response::read(&answer)
    }
}

impl Response {
    fn read(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status =
            head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let body = &answer[end + 4..];
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        let body = if is_chunked { unchunked(body) } else { body.to_vec() };
        Self { status, head, body: String::from_utf8(body).expect("text") }
    }

    pub(super) fn json(&self) -> Json {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = bytes.windows(2).position(|bytes| bytes == b"\r\n") {
        let size = std::str::from_utf8(&bytes[..end]).expect("a size");
        let size = usize::from_str_radix(size, 16).expect("a size");
        if size == 0 {
            break;
        }
        body.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 4 + size..];
    }
    body
}
