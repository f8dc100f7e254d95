//! The command: how it ends, what it says, and what it answers to a supervisor.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use postgres::testing::block_on;
use serde_json::Value;

use crate::database;

/// How the command ended and what it said on stdout, else on stderr.
fn command(url: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_health"))
        .args(arguments)
        .env("DATABASE_URL", url)
        .output();
    let output = output.expect("the binary runs");
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    (output.status.code(), String::from_utf8(said).expect("text"))
}

#[test]
fn the_command_ends_with_0_when_all_is_well_and_with_1_when_not() {
    let database = database("command");
    let (code, json) = command(&database.url().expose(), &["--format", "json"]);
    assert_eq!(code, Some(0), "{json}");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["healthy"], true);
    assert_eq!(json["checks"].as_array().map(Vec::len), Some(24));

    let (code, text) = command("postgresql://u:secret@127.0.0.1:1/d", &[]);
    assert_eq!(code, Some(1));
    assert_eq!(text.matches("✘ ").count(), 24, "{text}");
    assert!(
        text.starts_with("✘ Database connection         P1001: Can't reach database server"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn a_wrong_argument_ends_with_1_and_help_with_0() {
    let (code, error) = command("", &["--frmat", "json"]);
    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("unexpected argument '--frmat'"), "{error}");
    assert!(error.contains("Usage: cargo xtask health"), "{error}");
    let (code, help) = command("", &["--help"]);
    assert_eq!(code, Some(0));
    assert!(help.contains("cargo xtask health --gate warn"), "{help}");
}

#[test]
fn a_gate_fails_a_warning_and_a_file_sets_the_limits() {
    let database = database("gate");
    let script = "CREATE INDEX needless ON \"Booking\" (\"orgId\")";
    block_on(async { database.connect().await.batch_execute(script).await.expect("an index") });
    let url = database.url().expose();
    let (code, text) = command(&url, &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("→ DROP INDEX CONCURRENTLY needless\n"), "{text}");
    let (code, _) = command(&url, &["--gate", "warn"]);
    assert_eq!(code, Some(1));

    let folder = std::env::temp_dir().join(format!("driveflow-health-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let config = folder.join("health.toml");
    let path = config.to_str().expect("a path");
    std::fs::write(&config, "[duplicate_index]\nenabled = false\n").expect("it is written");
    let (_, text) = command(&url, &["--config", path]);
    assert!(!text.contains("Redundant indexes"), "{text}");
    std::fs::write(&config, "[duplicate_index]\nwarm = 2\n").expect("it is written");
    let (code, error) = command(&url, &["--config", path]);
    std::fs::remove_dir_all(&folder).expect("it goes");
    assert_eq!(code, Some(1));
    assert!(error.contains("[duplicate_index] warm: there is no such key"), "{error}");
}

/// The service, ended with the test.
struct Service {
    child: Child,
    addr: String,
}

impl Service {
    fn start(url: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_health"))
            .args(["serve", "--addr", "127.0.0.1:0"])
            .env("DATABASE_URL", url)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let addr = line.split("http://").nth(1).and_then(|rest| rest.split(": ").next());
        Self { addr: addr.expect("an address").to_owned(), child }
    }

    /// The status and the body of an answer.
    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.addr).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), body.to_owned())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_supervisor_is_answered() {
    let database = database("serve");
    let service = Service::start(&database.url().expose());
    assert_eq!(service.get("/livez"), (200, "alive\n".to_owned()));
    let (status, body) = service.get("/readyz");
    assert_eq!(status, 200, "{body}");
    let (status, body) = service.get("/metrics");
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("driveflow_health_state{check=\"connection\"} 0\n"), "{body}");
    assert!(
        body.contains("driveflow_health_value{check=\"recent_bookings\",unit=\"bookings\"} 2\n"),
        "{body}"
    );
    assert_eq!(service.get("/other").0, 404);
}

#[test]
fn a_supervisor_hears_of_a_database_that_is_gone() {
    let service = Service::start("postgresql://u:secret@127.0.0.1:1/d?connect_timeout=2");
    assert_eq!(service.get("/livez").0, 200);
    let (status, body) = service.get("/readyz");
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("Can't reach database server") && !body.contains("secret"), "{body}");
    let (status, body) = service.get("/metrics");
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("driveflow_health_state{check=\"connection\"} 2\n"), "{body}");
}
