//! Connections and pools, and each way in which they fail.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use crate::driver::{ErrorPosition, SqlState};
use crate::testing::{TestDatabase, server_url, with_parameters};
use crate::{ConnectionUrl, Error, connect, pool};

fn with(url: &ConnectionUrl, parameters: &str) -> ConnectionUrl {
    with_parameters(url, parameters).parse().unwrap()
}

async fn failure(url: &ConnectionUrl) -> Error {
    match connect(url).await {
        Ok(_) => panic!("connected to {url}"),
        Err(error) => error,
    }
}

async fn text(connection: &crate::Connection, sql: &str) -> String {
    connection.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_connection_is_as_its_url_says() {
    let database = TestDatabase::empty("settings");
    let url = with(
        database.url(),
        "application_name=my%20app&statement_timeout=7s&options=-c%20work_mem=1MB",
    );
    // All that the server's splitting of its options would stumble over.
    let odd = "odd \"name\\ x\ty\nz\r\u{b}\u{c}\\\\ -c work_mem=2MB";
    let connection = connect(&url.with_schema(odd)).await.unwrap();
    let make = format!("CREATE SCHEMA {}; CREATE TABLE here (a int)", pg_schema::quote::ident(odd));
    connection.batch_execute(&make).await.unwrap();
    let schema = "SELECT schemaname::text FROM pg_tables WHERE tablename = 'here'";
    assert_eq!(text(&connection, schema).await, odd);
    assert_eq!(text(&connection, "SHOW application_name").await, "my app");
    assert_eq!(text(&connection, "SHOW statement_timeout").await, "7s");
    assert_eq!(text(&connection, "SHOW work_mem").await, "1MB");
    assert!(connection.server_major() >= 13);
    connection.close().await;
}

#[tokio::test]
async fn behind_a_pooler_nothing_is_set() {
    let database = TestDatabase::empty("pgbouncer");
    let url = with(database.url(), "pgbouncer=true&statement_timeout=7s");
    let connection = connect(&url).await.unwrap();
    assert_eq!(text(&connection, "SHOW search_path").await, "\"$user\", public");
    assert_eq!(text(&connection, "SHOW statement_timeout").await, "0");
    let error = crate::lock::acquire(&connection).await.unwrap_err();
    assert_eq!(error.code(), "P1013");
    assert!(error.to_string().contains("`directUrl`"), "{error}");
    let error = failure(&url.with_schema("a b")).await;
    assert_eq!(error.code(), "P1013");
    assert!(error.to_string().contains("names lead to `public` there, not to `a b`"), "{error}");
    let name = pg_schema::quote::ident(url.database()).to_string();
    let sql = format!("CREATE SCHEMA \"a b\"; ALTER DATABASE {name} SET search_path TO 'a b'");
    connection.batch_execute(&sql).await.unwrap();
    connect(&url.with_schema("a b")).await.unwrap();
}

#[tokio::test]
async fn nobody_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgresql://ada:hunter2@127.0.0.1:{port}/d").parse().unwrap();
    let error = failure(&url).await;
    assert!(error.is_unreachable(), "{error:?}");
    let text = error.to_string();
    assert!(
        text.starts_with(&format!("Can't reach database server at `127.0.0.1:{port}`\n\n")),
        "{text}"
    );
    assert!(!format!("{text}{error:?}").contains("hunter2"));

    let error = failure(&"postgresql://ada@/d?host=/nowhere/at/all".parse().unwrap()).await;
    assert!(error.is_unreachable(), "{error:?}");
    assert!(error.to_string().contains("`/nowhere/at/all:5432`"), "{error}");
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url: ConnectionUrl =
        format!("postgresql://ada@127.0.0.1:{port}/d?connect_timeout=1").parse().unwrap();
    let error = failure(&url).await;
    assert_eq!(error.code(), "P1002", "{error:?}");
    assert!(error.is_timeout());
    assert!(error.to_string().contains("was reached but timed out"), "{error}");
    assert_eq!(pool(&url, Some(1)).unwrap().get().await.unwrap_err().code(), "P1002");
}

#[tokio::test]
async fn a_request_to_cancel_waits_until_it_is_taken() {
    let connection = TestDatabase::empty("cancel").connect().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // What asks for TLS first is told that there is none.
        let mut request = [0; 8];
        stream.read_exact(&mut request).unwrap();
        if request[4..] == 80_877_103_u32.to_be_bytes() {
            stream.write_all(b"N").unwrap();
            stream.read_exact(&mut request).unwrap();
        }
        stream.read_exact(&mut request).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        // Nobody hangs up before we do.
        stream.read(&mut request).unwrap_err()
    });
    let url = format!("postgresql://ada@127.0.0.1:{port}/d").parse().unwrap();
    crate::cancel(&connection.cancel_token(), &url).await.unwrap();
    assert_eq!(server.join().unwrap().kind(), std::io::ErrorKind::WouldBlock);
}

/// A server that lets nobody in: asks for a password and refuses it, or wants one that is missing.
fn refusing_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut buffer = [0; 1024];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(&[b'R', 0, 0, 0, 8, 0, 0, 0, 3]);
            let _ = stream.read(&mut buffer);
            let fields =
                b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"ada\"\0\0";
            let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
            let _ = stream.write_all(&[b"E".as_slice(), &length, fields].concat());
        }
    });
    port
}

#[tokio::test]
async fn wrong_and_missing_passwords() {
    let port = refusing_server();
    for account in ["ada:hunter2", "ada"] {
        let url =
            format!("postgresql://{account}@127.0.0.1:{port}/d?sslmode=disable").parse().unwrap();
        let error = failure(&url).await;
        assert!(error.is_authentication(), "{error:?}");
        let text = error.to_string();
        assert!(
            text.starts_with(
                "Authentication failed against database server, the provided database credentials"
            ),
            "{text}"
        );
        assert!(text.contains("credentials for `ada` are not valid"), "{text}");
        assert!(!format!("{text}{error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn no_such_database() {
    let error = failure(&server_url().with_database("no such thing")).await;
    assert!(error.is_database_missing(), "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with("Database `no such thing` does not exist\n\nThe database server is at `"),
        "{error}"
    );
    assert_eq!(*error.db().unwrap().code(), SqlState::INVALID_CATALOG_NAME);
}

#[tokio::test]
async fn no_right_to_enter() {
    let database = TestDatabase::empty("denied");
    let admin = database.connect().await;
    let name = database.url().database();
    let role = format!("{name}_role");
    let script = format!("CREATE ROLE {role} LOGIN; REVOKE CONNECT ON DATABASE {name} FROM public");
    admin.batch_execute(&script).await.unwrap();
    let url = database.url().expose().replace("postgres@", &format!("{role}@")).parse().unwrap();
    let error = failure(&url).await;
    admin.batch_execute(&format!("DROP ROLE {role}")).await.unwrap();
    assert!(error.is_access_denied(), "{error:?}");
    let text = error.to_string();
    assert!(
        text.starts_with(&format!("User was denied access on the database `{name}`\n\n")),
        "{text}"
    );
    assert!(text.ends_with(&format!("The user is `{role}`.")), "{text}");
}

#[tokio::test]
async fn a_refused_statement_keeps_what_the_server_said() {
    let database =
        TestDatabase::from_sql("refused", "CREATE TABLE t (a int CONSTRAINT small CHECK (a < 10))");
    let connection = database.connect().await;
    let error = connection.batch_execute("SELECT 1;\nSELEC 2").await.unwrap_err();
    assert!(error.is_statement(), "{error:?}");
    assert_eq!(error.to_string(), "ERROR: syntax error at or near \"SELEC\"");
    assert_eq!(error.db().unwrap().position(), Some(&ErrorPosition::Original(11)));

    let error = connection.execute("INSERT INTO t VALUES (10)", &[]).await.unwrap_err();
    assert_eq!(error.db().unwrap().constraint(), Some("small"));
    assert!(error.to_string().contains("\nDETAIL: "), "{error}");

    let error = connection.query("SELECT $1::int", &[&"text"]).await.unwrap_err();
    assert!(error.db().is_none());
    assert!(error.to_string().contains("parameter 0"), "{error}");
}

#[tokio::test]
async fn a_statement_that_takes_too_long() {
    let database = TestDatabase::empty("slow");
    let connection = connect(&with(database.url(), "statement_timeout=50")).await.unwrap();
    let error = connection.batch_execute("SELECT pg_sleep(30)").await.unwrap_err();
    assert_eq!(error.code(), "P1008", "{error:?}");
    assert!(error.is_timeout());
}

#[tokio::test]
async fn a_connection_that_was_ended() {
    let database = TestDatabase::empty("ended");
    let (first, second) = (database.connect().await, database.connect().await);
    let process: i32 = first.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let waiting = async { first.batch_execute("SELECT pg_sleep(30)").await };
    let ending = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        second.query("SELECT pg_terminate_backend($1)", &[&process]).await.unwrap();
    };
    let (ended, ()) = tokio::join!(waiting, ending);
    assert!(ended.unwrap_err().is_closed());
    let later = first.batch_execute("SELECT 1").await.unwrap_err();
    assert!(later.is_closed(), "{later:?}");
    assert_eq!(later.to_string(), "Server has closed the connection.");
}

#[tokio::test]
async fn a_pool_lends_and_takes_back() {
    let database = TestDatabase::empty("pool");
    let pool = pool(&with(database.url(), "pool_timeout=1"), Some(1)).unwrap();
    assert_eq!(pool.max_size(), 1);
    let lent = pool.get().await.unwrap();
    let first: i32 = lent.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let error = pool.get().await.unwrap_err();
    assert_eq!(error.code(), "P2024");
    assert!(
        error.to_string().ends_with("(Current connection pool timeout: 1, connection limit: 1)"),
        "{error}"
    );
    drop(lent);
    let again = pool.get().await.unwrap();
    assert_eq!(
        again.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get::<_, i32>(0),
        first
    );
}

#[tokio::test]
async fn the_url_limits_a_pool() {
    let database = TestDatabase::empty("limit");
    assert_eq!(pool(&with(database.url(), "connection_limit=2"), Some(9)).unwrap().max_size(), 2);
    let missing = pool(&database.url().with_database("no_such_thing"), None).unwrap();
    assert!(missing.get().await.unwrap_err().is_database_missing());
}
