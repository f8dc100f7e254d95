//! What is said by a command that does not reach its database: Prisma's code and text on stderr, exit status 1, never a
//! password, and Prisma's layout. The commands that it begins by trying the connection have code and text in one line.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use postgres::testing::{TestDatabase, block_on};

use crate::sandbox::{PASSWORD, Run, STUDENTS, Sandbox};

const ONE_LINE: [&[&str]; 6] = [
    &["migrate", "deploy"],
    &["migrate", "status"],
    &["migrate", "dev", "--name", "x"],
    &["migrate", "reset", "--force"],
    &["migrate", "resolve", "--applied", "20260101000000_init"],
    &["db", "push"],
];
const TWO_LINES: [&[&str]; 3] = [
    &["db", "pull"],
    &["db", "execute", "--file", "prisma/migrations/20260101000000_init/migration.sql"],
    &["migrate", "diff", "--from-schema-datasource", "prisma/schema.prisma", "--to-empty"],
];

fn project() -> Sandbox {
    let sandbox = Sandbox::new(STUDENTS);
    sandbox.write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    sandbox.write("prisma/migrations/20260101000000_init/migration.sql", "SELECT 1;\n");
    sandbox
}

/// The error begins so, on a line of its own: progress comes before it.
#[track_caller]
fn says(run: &Run, error: &str) {
    assert!(format!("\n{}", run.stderr).contains(&format!("\n{error}")), "{error}\n{run:#?}");
    assert!(!run.stdout.contains(PASSWORD) && !run.stderr.contains(PASSWORD), "{run:#?}");
}

/// All commands fail on the URL with this code and this text.
#[track_caller]
fn all_fail(url: &str, code: &str, text: &str) {
    let sandbox = project();
    for (commands, between) in [(&ONE_LINE[..], ": "), (&TWO_LINES[..], "\n\n")] {
        for arguments in commands {
            let run = sandbox.run_on(url, arguments).failure();
            says(&run, &format!("Error: {code}{between}{text}"));
        }
    }
    assert_eq!(sandbox.list("prisma/migrations").len(), 2, "nothing was written");
}

/// A server that answers every start of a connection by this, whoever comes.
struct Answering(u16);

impl Answering {
    fn with(answer: impl Fn(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        // It ends with the process that tests.
        thread::spawn(move || {
            let mut open = Vec::new();
            for mut client in listener.incoming().map_while(Result::ok) {
                let mut start = [0; 1024];
                let _ = client.read(&mut start);
                answer(&mut client);
                open.push(client);
            }
        });
        Self(port)
    }

    /// With a server's error.
    fn refusing(state: &'static str, words: &'static str) -> Self {
        Self::with(move |client| {
            let mut fields = Vec::new();
            for (kind, text) in [(b'S', "FATAL"), (b'V', "FATAL"), (b'C', state), (b'M', words)] {
                fields.push(kind);
                fields.extend_from_slice(text.as_bytes());
                fields.push(0);
            }
            fields.push(0);
            let length = u32::try_from(fields.len() + 4).expect("it is short").to_be_bytes();
            let _ = client.write_all(&[&b"E"[..], &length, &fields].concat());
        })
    }

    fn url(&self) -> String {
        let port = self.0;
        format!(
            "postgresql://ada:{PASSWORD}@127.0.0.1:{port}/shop?sslmode=disable&connect_timeout=1"
        )
    }
}

#[test]
fn a_wrong_password_is_p1000() {
    let server = Answering::refusing("28P01", "password authentication failed for user \"ada\"");
    all_fail(
        &server.url(),
        "P1000",
        "Authentication failed against database server, the provided database credentials for `ada` are not valid.\n\n\
         Please make sure to provide valid database credentials for the database server at the configured address.\n",
    );
}

#[test]
fn no_server_is_p1001() {
    all_fail(
        &format!("postgresql://someone:{PASSWORD}@127.0.0.1:1/shop"),
        "P1001",
        "Can't reach database server at `127.0.0.1:1`\n\n\
         Please make sure your database server is running at `127.0.0.1:1`.\n",
    );
}

#[test]
fn a_server_that_says_nothing_is_p1002() {
    let server = Answering::with(|_| ());
    let sandbox = project();
    // Each of them waits for a second.
    for (arguments, between) in [(ONE_LINE[0], ": "), (ONE_LINE[5], ": "), (TWO_LINES[1], "\n\n")] {
        let run = sandbox.run_on(&server.url(), arguments).failure();
        let expected = format!(
            "Error: P1002{between}The database server was reached but timed out.\n\nPlease try again.\n\n\
             Please make sure your database server is running at the configured address.\n"
        );
        says(&run, &expected);
    }
}

#[test]
fn an_unknown_database_is_p1003_where_it_is_not_made() {
    let sandbox = project();
    let database = TestDatabase::empty("unknown");
    let url = database.url().with_database("no_such_database").expose();
    let text = "Database `no_such_database` does not exist\n";
    for arguments in [ONE_LINE[1], ONE_LINE[4]] {
        let run = sandbox.run_on(&url, arguments).failure();
        says(&run, &format!("Error: P1003: {text}"));
        assert!(run.stderr.contains("cargo xtask db create"), "{run:#?}");
    }
    let run = sandbox.run_on(&url, TWO_LINES[1]).failure();
    says(&run, &format!("Error: P1003\n\n{text}"));
    let run = sandbox.run_on(&url, TWO_LINES[0]).failure();
    let text = "P1003 The introspected database does not exist:";
    assert!(run.stderr.contains(text), "{run:#?}");
}

#[test]
fn who_may_not_connect_is_p1010() {
    let server = Answering::refusing("28000", "role \"ada\" is not permitted to log in");
    all_fail(&server.url(), "P1010", "User was denied access on the database `shop`\n");

    let database = TestDatabase::empty("not_for_bob");
    let name = database.url().database();
    let execute = |sql: String| {
        block_on(async {
            database.connect().await.batch_execute(&sql).await.expect("the statement is right");
        });
    };
    let role = format!("bob_of_{name}");
    execute(format!(
        "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC; CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'"
    ));
    let user = format!("//{}", database.url().user());
    let url = database.url().expose().replacen(&user, &format!("//{role}:{PASSWORD}"), 1);
    let run = project().run_on(&url, ONE_LINE[0]).failure();
    execute(format!("DROP ROLE {role}"));
    let text = format!("Error: P1010: User was denied access on the database `{name}`\n");
    says(&run, &text);
}

#[test]
fn a_server_without_tls_is_p1011_where_tls_is_a_must() {
    let server = Answering::with(|client| _ = client.write_all(b"N"));
    let url = server.url().replace("sslmode=disable", "sslmode=require");
    all_fail(&url, "P1011", "Error opening a TLS connection: ");
}

#[test]
fn a_url_of_another_protocol_is_p1012_as_a_mistake_in_the_schema() {
    let sandbox = project();
    for url in [&format!("mysql://u:{PASSWORD}@h/d"), "nonsense"] {
        for arguments in ONE_LINE.iter().chain(&TWO_LINES) {
            let run = sandbox.run_on(url, arguments).failure();
            let text = "Error: P1012\n\nError validating datasource `db`: the URL must start with the protocol \
                        `postgresql://` or `postgres://`.\n";
            says(&run, text);
        }
    }
}

#[test]
fn a_url_that_cannot_be_read_is_p1013() {
    let text = "The provided database string is invalid. ";
    all_fail(&format!("postgresql://u:{PASSWORD}@h:notaport/d"), "P1013", text);
    let sandbox = project();
    for url in [
        format!("postgresql://u:{PASSWORD}@h:99999/d"),
        format!("postgresql://u:{PASSWORD}#@h/d"),
        format!("postgresql://u:{PASSWORD}/x@h/d"),
    ] {
        let run = sandbox.run_on(&url, ONE_LINE[0]).failure();
        says(&run, &format!("Error: P1013: {text}"));
    }
    let flag = ["migrate", "status", "--database-url", "mysql://h/d"];
    let run = sandbox.run(&flag).failure();
    says(&run, &format!("Error: P1013: {text}"));
}

#[test]
fn a_server_that_hangs_up_is_p1017() {
    let server = Answering::with(|client| _ = client.shutdown(std::net::Shutdown::Both));
    all_fail(&server.url(), "P1017", "Server has closed the connection.");
}
