//! `studio`: the command that serves it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use postgres::testing::TestDatabase;

use crate::sandbox::{STUDENTS, Sandbox};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(address: &str, path: &str, cookie: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn it_prints_a_link_that_opens_and_sees_an_edited_schema() {
    let database = TestDatabase::from_sql(
        "studio_command",
        "CREATE TABLE \"Student\" (id text PRIMARY KEY, name text NOT NULL)",
    );
    let sandbox = Sandbox::new(STUDENTS);
    let url = database.url().expose();
    let mut command = sandbox.command(&["studio", "--port", "0", "--database-url", &url]);
    let process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
    let mut running = Running(process);
    let mut lines = BufReader::new(running.0.stdout.take().expect("a pipe")).lines();
    let link = lines
        .find_map(|line| line.expect("text").trim().strip_prefix("http://").map(str::to_owned));
    let link = link.expect("a link");
    let (address, path) = link.split_once('/').expect("a path");
    let answer = get(address, &format!("/{path}"), "");
    let cookie =
        answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    let cookie = cookie.split(';').next().unwrap_or_default();
    assert!(get(address, "/", "").starts_with("HTTP/1.1 401"));
    assert!(get(address, "/model/Student", cookie).contains("No rows"));
    sandbox.write(
        "prisma/schema.prisma",
        STUDENTS.replace("model Student", "/// Whoever learns.\nmodel Student"),
    );
    assert!(get(address, "/model/Student", cookie).contains("Whoever learns."));
    sandbox.write("prisma/schema.prisma", STUDENTS.replace("String", "Strin"));
    let answer = get(address, "/model/Student", cookie);
    assert!(answer.contains("the schema has a mistake"), "{answer}");
}
