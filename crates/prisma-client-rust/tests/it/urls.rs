//! What a URL says, as a client does it: each parameter, and a server that is reached in each way.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use postgres::testing::{self, OwnServer, TestDatabase};
use prisma_client_rust::serde_json::Value;
use prisma_client_rust::{NewClientError, QueryError, raw};

use crate::generated::{PrismaClient, user};
use crate::support::{SCHEMA, add_user, client_with};

async fn built(url: String) -> Result<PrismaClient, NewClientError> {
    PrismaClient::_builder().with_url(url).build().await
}

async fn one(client: &PrismaClient, sql: &str) -> Value {
    let rows: Vec<Value> = client._query_raw(raw!(sql)).await.unwrap();
    rows[0]["it"].clone()
}

#[tokio::test]
async fn a_session_is_as_the_url_says() {
    let parameters =
        "application_name=my%20shop&statement_timeout=7s&options=-c%20work_mem=1MB&unknown=1";
    let (_database, client) = client_with("url_session", parameters).await;
    assert_eq!(one(&client, "SELECT current_setting('application_name') AS it").await, "my shop");
    assert_eq!(one(&client, "SELECT current_setting('statement_timeout') AS it").await, "7s");
    assert_eq!(one(&client, "SELECT current_setting('work_mem') AS it").await, "1MB");
}

#[tokio::test]
async fn tables_are_in_the_schema_of_the_url() {
    let sql = format!(
        "CREATE SCHEMA shop; SET search_path TO shop; {}",
        SCHEMA.replace("\"public\"", "shop")
    );
    let database = TestDatabase::from_sql("url_schema", &sql);
    let url = database.url().with_schema("shop").expose();
    let client = built(url).await.unwrap();
    add_user(&client, "ada@x").await;
    assert_eq!(client.user().find_many(vec![]).await.unwrap().len(), 1);
    assert_eq!(one(&client, "SELECT count(*) AS it FROM people").await, 1);
    assert_eq!(one(&client, "SELECT count(*) AS it FROM shop.people").await, 1);
    // In the schema that the URL of the test names there is nothing.
    let elsewhere = built(database.url().expose()).await.unwrap();
    let error = elsewhere.user().find_many(vec![]).await.unwrap_err();
    assert_eq!((error.code(), error.model()), ("P2021", Some("User")));
}

#[tokio::test]
async fn there_are_no_more_connections_than_the_limit() {
    let (_database, client) = client_with("url_limit", "connection_limit=2").await;
    let start = Instant::now();
    let sleeping = (0..6).map(|_| client._execute_raw(raw!("SELECT pg_sleep(0.1)")).exec());
    let (slept, found) = tokio::join!(
        join_all(sleeping),
        join_all((0..50).map(|_| client.user().count(vec![]).exec()))
    );
    assert!(slept.iter().all(Result::is_ok) && found.iter().all(Result::is_ok));
    assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());
    let sessions = "SELECT count(*) AS it FROM pg_stat_activity \
                    WHERE datname = current_database() AND backend_type = 'client backend'";
    assert_eq!(one(&client, sessions).await, 2);
}

#[tokio::test]
async fn who_waits_too_long_for_a_connection_hears_which_limits_there_are() {
    let (_database, client) = client_with("url_pool", "connection_limit=1&pool_timeout=1").await;
    let (controller, tx) = client._transaction().begin().await.unwrap();
    let start = Instant::now();
    let waiting = tokio::join!(
        client.user().count(vec![]).exec(),
        client.user().find_unique(user::email::equals("ada@x")).exec(),
        client.user().create("ada@x", vec![]).exec()
    );
    let errors = [waiting.0.unwrap_err(), waiting.1.unwrap_err(), waiting.2.unwrap_err()];
    for error in errors {
        assert_eq!(error.code(), "P2024");
        assert_eq!(
            error.to_string(),
            "Timed out fetching a new connection from the connection pool. More info: \
             http://pris.ly/d/connection-pool (Current connection pool timeout: 1, connection limit: 1)"
        );
    }
    // Sooner than the limit that there is without one.
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    controller.rollback(tx).await.unwrap();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_server_that_says_nothing_has_its_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let start = Instant::now();
    let url = format!("postgresql://ada:hunter2@127.0.0.1:{port}/shop?connect_timeout=1");
    let error = built(url).await.unwrap_err();
    assert_eq!(error.code(), "P1002");
    assert!(error.to_string().contains("was reached but timed out"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_statement_has_its_time() {
    let (database, client) =
        client_with("url_statement", "statement_timeout=150&connection_limit=2").await;
    let patient = built(database.url().expose()).await.unwrap();
    add_user(&patient, "ada@x").await;
    let locker = database.connect().await;
    locker.batch_execute("BEGIN; UPDATE people SET age = 1").await.unwrap();
    let change = || vec![user::age::set(2)];
    let key = || user::email::equals("ada@x");
    let slow: [QueryError; 4] = [
        client._execute_raw(raw!("SELECT pg_sleep(30)")).await.unwrap_err(),
        client.user().update(key(), change()).await.unwrap_err(),
        client
            ._batch((client.user().update_many(vec![], change()), client.user().count(vec![])))
            .await
            .unwrap_err(),
        client
            ._transaction()
            .run(|tx| async move { tx.user().update(key(), change()).await.map(drop) })
            .await
            .unwrap_err(),
    ];
    for error in slow {
        assert_eq!(error.code(), "P1008", "{error:?}");
        assert!(error.to_string().contains("statement timeout"), "{error}");
    }
    locker.batch_execute("COMMIT").await.unwrap();
    assert_eq!(patient.user().count(vec![user::age::equals(1)]).await.unwrap(), 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_without_its_password() {
    for (parameters, said) in [
        ("connection_limit=0", "`connection_limit`, a positive number is expected"),
        ("pool_timeout=soon", "`pool_timeout`, a number of seconds is expected"),
        ("connect_timeout=-1", "`connect_timeout`, a number of seconds is expected"),
        ("statement_timeout=1;DROP", "`statement_timeout`, milliseconds or a number with its unit"),
        ("sslidentity=me.p12", "client certificates (`sslidentity`) are not supported"),
    ] {
        let error = built(format!("postgresql://ada:hunter2@127.0.0.1:1/shop?{parameters}"))
            .await
            .unwrap_err();
        assert_eq!(error.code(), "P1013");
        assert!(error.to_string().contains(said), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

/// `crates/postgres` has an authority, and a certificate of it for `localhost`.
fn tls_file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../postgres/src/tests/tls").join(name)
}

/// Ada comes in encrypted only, Bob in the clear only, both with passwords.
const ENTRY: &str = "local all postgres trust\n\
                     local all all scram-sha-256\n\
                     hostssl all ada 127.0.0.1/32 scram-sha-256\n\
                     hostssl all ada ::1/128 scram-sha-256\n\
                     hostnossl all bob 127.0.0.1/32 scram-sha-256\n";

/// A server with TLS and the users; `None`, loudly, where none can be had.
async fn server() -> Option<OwnServer> {
    let Some(program) = testing::program("postgres") else {
        eprintln!(
            "SKIPPED, NOT TESTED: TLS, passwords: TEST_DATABASE_URL names a server that is not ours to set up"
        );
        return None;
    };
    let files = [tls_file("server.pem"), tls_file("server.key")];
    let files = [files[0].as_path(), files[1].as_path()];
    let settings = [
        "ssl_cert_file=server.pem",
        "ssl_key_file=server.key",
        "password_encryption=scram-sha-256",
    ];
    let server = OwnServer::start(program.parent().unwrap(), &settings, ENTRY, &files);
    let admin = postgres::connect(&server.url("postgres")).await.unwrap();
    if admin.query_one("SHOW ssl_library", &[]).await.unwrap().get::<_, String>(0).is_empty() {
        eprintln!("SKIPPED, NOT TESTED: TLS: this PostgreSQL was built without it");
        return None;
    }
    for sql in [
        "ALTER SYSTEM SET ssl = on",
        "CREATE ROLE ada LOGIN PASSWORD 'p@ss/w:rd?'",
        "CREATE ROLE bob LOGIN PASSWORD 'bob'",
        "GRANT CREATE ON DATABASE postgres TO ada",
        "SELECT pg_reload_conf()",
    ] {
        admin.batch_execute(sql).await.unwrap();
    }
    while admin.query_one("SHOW ssl", &[]).await.unwrap().get::<_, String>(0) != "on" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Some(server)
}

#[tokio::test]
async fn encryption_and_passwords_are_as_the_url_says() {
    let Some(server) = server().await else { return };
    let port = server.port();
    let authority = tls_file("authority.pem").display().to_string();
    let ada = |host: &str, parameters: &str| {
        format!("postgresql://ada:p%40ss%2Fw%3Ard%3F@{host}:{port}/postgres?{parameters}")
    };
    let encrypted = "SELECT ssl AS it FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    for (host, parameters) in [
        ("127.0.0.1", String::new()),
        ("127.0.0.1", "sslmode=prefer".to_owned()),
        ("127.0.0.1", "sslmode=require".to_owned()),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={authority}")),
        ("localhost", format!("sslmode=verify-full&sslrootcert={authority}")),
        ("localhost", format!("sslmode=require&sslaccept=strict&sslcert={authority}")),
    ] {
        let client = built(ada(host, &parameters)).await;
        let client = client.unwrap_or_else(|error| panic!("{host} {parameters}: {error}"));
        assert_eq!(one(&client, encrypted).await, true, "{host} {parameters}");
    }
    for (host, parameters, code) in [
        // Ada may not come in so.
        ("127.0.0.1", "sslmode=disable".to_owned(), "P1010"),
        // For another host than the certificate's.
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={authority}"), "P1011"),
        // The machine knows nothing of this authority.
        ("localhost", "sslmode=verify-full".to_owned(), "P1011"),
        ("localhost", "sslmode=verify-ca".to_owned(), "P1011"),
        ("localhost", "sslmode=verify-full&sslrootcert=/none.pem".to_owned(), "P1011"),
    ] {
        let error = built(ada(host, &parameters)).await.unwrap_err();
        assert_eq!(error.code(), code, "{host} {parameters}: {error}");
        assert!(!format!("{error} {error:?}").contains("p@ss"), "{error}");
    }
    let bob = built(format!("postgresql://bob:bob@127.0.0.1:{port}/postgres?sslmode=disable"))
        .await
        .unwrap();
    assert_eq!(one(&bob, encrypted).await, false);
    let wrong =
        built(format!("postgresql://ada:wrong@127.0.0.1:{port}/postgres")).await.unwrap_err();
    assert_eq!(wrong.code(), "P1000");

    // The socket: by a parameter and in the place of the host, with the same password.
    let folder = server.socket_folder().display().to_string();
    let encoded = folder.replace('/', "%2F");
    for url in [
        format!("postgresql://ada:p%40ss%2Fw%3Ard%3F@localhost:{port}/postgres?host={folder}"),
        format!("postgresql://ada:p%40ss%2Fw%3Ard%3F@{encoded}:{port}/postgres?sslmode=require"),
    ] {
        let client = built(url).await.unwrap();
        assert_eq!(one(&client, "SELECT inet_client_addr()::text AS it").await, Value::Null);
    }
}

/// A request to cancel is a connection of its own, encrypted as the others are.
#[tokio::test]
async fn all_works_encrypted() {
    let Some(server) = server().await else { return };
    let authority = tls_file("authority.pem").display().to_string();
    let url = format!(
        "postgresql://ada:p%40ss%2Fw%3Ard%3F@localhost:{}/postgres?sslmode=verify-full&sslrootcert={authority}\
         &schema=shop&connection_limit=2",
        server.port()
    );
    let connection = postgres::connect(&url.parse().unwrap()).await.unwrap();
    let sql = format!("CREATE SCHEMA shop; {}", SCHEMA.replace("\"public\"", "shop"));
    connection.batch_execute(&sql).await.unwrap();
    let client = built(url).await.unwrap();
    let people = (0..20_000).map(|number| user::create(format!("{number}@x"), vec![]));
    assert_eq!(client.user().copy_in(people).await.unwrap(), 20_000);
    assert_eq!(client.user().find_many(vec![]).await.unwrap().len(), 20_000);
    let keys = (0..300).map(|number| user::email::equals(format!("{number}@x")));
    let found = join_all(keys.map(|key| client.user().find_unique(key).exec())).await;
    assert!(found.into_iter().all(|found| found.unwrap().is_some()));
    let sleeping = client
        ._transaction()
        .with_timeout(200)
        .run(|tx| async move { tx._execute_raw(raw!("SELECT pg_sleep(30)")).await });
    assert_eq!(sleeping.await.unwrap_err().code(), "P2028");
    let busy = "SELECT count(*) AS it FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(30)%' \
                AND pid <> pg_backend_pid()";
    // The request to stop it is on its way; on its own it would end half a minute later.
    let start = Instant::now();
    while one(&client, busy).await != 0 {
        assert!(start.elapsed() < Duration::from_secs(25), "it is not stopped");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
