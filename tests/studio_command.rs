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

#[cfg(unix)]
#[test]
fn what_opens_the_browser_is_given_no_key_that_lasts() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    let database = TestDatabase::empty("studio_open");
    let sandbox = Sandbox::new(STUDENTS);
    // Stands for the browser: a request of its own shows what its arguments let others do.
    let programs = sandbox.path("programs");
    fs::create_dir_all(&programs).expect("a folder");
    for name in ["xdg-open", "open"] {
        let program = programs.join(name);
        fs::write(
            &program,
            "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$0.part\" && mv \"$0.part\" \"$0.given\"\n",
        )
        .expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let url = database.url().expose();
    let mut command = sandbox.command(&["studio", "--open", "--port", "0", "--database-url", &url]);
    command.env("PATH", path).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = Running(command.spawn().expect("it runs"));
    let mut lines = BufReader::new(running.0.stdout.take().expect("a pipe")).lines();
    let printed = lines
        .find_map(|line| line.expect("text").trim().strip_prefix("http://").map(str::to_owned));
    let printed = printed.expect("a link");
    let given = wait_for(|| {
        let found =
            ["xdg-open.given", "open.given"].map(|name| fs::read_to_string(programs.join(name)));
        found.into_iter().find_map(Result::ok)
    });
    let given = given.trim().strip_prefix("http://").expect("a link");
    let (address, key) = given.split_once('/').expect("a path");
    assert_ne!(given, printed);
    let first = get(address, &format!("/{key}"), "");
    assert!(first.contains("set-cookie: "), "{first}");
    let second = get(address, &format!("/{key}"), "");
    assert!(second.starts_with("HTTP/1.1 401"), "{second}");
    // The printed one stays as it is.
    let (_, key) = printed.split_once('/').expect("a path");
    assert!(get(address, &format!("/{key}"), "").contains("set-cookie: "));
}

/// What there is after a while. A busy machine is no reason to fail.
fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..6_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("it did not come");
}
