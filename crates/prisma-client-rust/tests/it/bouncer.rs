//! A real pgbouncer in transaction mode between the client and the server.
//!
//! `behind.rs` has a pooler that the tests bring along; this is the program itself, where it is installed. Not having it
//! is said loudly. `TEST_POOLER_PORT` (see `support.rs`) sends the whole suite through one.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use postgres::testing::{self, OwnServer};
use prisma_client_rust::serde_json::{Value, json};
use prisma_client_rust::{QueryError, SortOrder, nested, raw};

use crate::generated::{PrismaClient, Status, every, post, tag, user};
use crate::support::{SCHEMA, add_user};
use crate::values;

/// A pgbouncer of few connections before a server; both go with it.
struct Bouncer {
    program: Child,
    port: u16,
    server: OwnServer,
}

impl Bouncer {
    /// `None`, loudly, where the program is not installed.
    async fn start() -> Option<Self> {
        let folders =
            ["/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found =
            std::env::split_paths(&path).chain(folders).map(|folder| folder.join("pgbouncer"));
        let program = found.into_iter().find(|program| program.is_file());
        let (Some(program), Some(postgres)) = (program, testing::program("postgres")) else {
            eprintln!(
                "SKIPPED, NOT TESTED: a real pgbouncer, which is not installed here (or the server is not ours)"
            );
            return None;
        };
        let entry = "local all all trust\nhost all all 127.0.0.1/32 trust\n";
        let server = OwnServer::start(postgres.parent().unwrap(), &[], entry, &[]);
        let port = testing::free_port();
        let folder = server.socket_folder().display().to_string();
        let settings = format!(
            "[databases]\n\
             * = host=127.0.0.1 port={} user={}\n\
             [pgbouncer]\n\
             listen_addr = 127.0.0.1\n\
             listen_port = {port}\n\
             unix_socket_dir =\n\
             auth_type = any\n\
             pool_mode = transaction\n\
             default_pool_size = 3\n\
             logfile = {folder}/pgbouncer.log\n",
            server.port(),
            server.user()
        );
        let file = Path::new(&folder).join("pgbouncer.ini");
        // The server's account may not write elsewhere, nor read what is ours alone.
        std::fs::write(&file, settings).unwrap();
        let program = server
            .command(&program)
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bouncer = Self { program, port, server };
        let url = format!(
            "postgresql://{}@localhost:{}/postgres?host={folder}",
            bouncer.server.user(),
            bouncer.server.port()
        );
        let sql = format!(
            "CREATE SCHEMA \"a b\"; SET search_path TO \"a b\"; {}",
            SCHEMA.replace("\"public\"", "\"a b\"")
        );
        postgres::connect(&url.parse().unwrap()).await.unwrap().batch_execute(&sql).await.unwrap();
        Some(bouncer)
    }

    async fn client(&self, parameters: &str) -> PrismaClient {
        let (user, port) = (self.server.user(), self.port);
        let url = format!(
            "postgresql://{user}@127.0.0.1:{port}/postgres?pgbouncer=true&schema=a%20b&application_name=mine&{parameters}"
        );
        // It takes a moment until it listens.
        for _ in 0..500 {
            match PrismaClient::_builder().with_url(url.clone()).build().await {
                Ok(client) => return client,
                Err(error) if error.code() == "P1001" => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
        panic!("pgbouncer does not listen:\n{}", self.log());
    }

    fn log(&self) -> String {
        let log = self.server.socket_folder().join("pgbouncer.log");
        std::fs::read_to_string(log).unwrap_or_default()
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_behind_pgbouncer() {
    let Some(mut bouncer) = Bouncer::start().await else { return };
    let client = bouncer.client("connection_limit=6").await;
    rows_are_written_and_read(&client).await;
    crowds_are_served(&client).await;
    raw_queries_work(&client).await;
    transactions_end(&client).await;
    let timed = bouncer.client("connection_limit=2&statement_timeout=200ms").await;
    statements_have_their_time(&timed).await;
    nothing_is_left(&bouncer).await;
    // Requests to cancel are what it has died of.
    assert!(bouncer.program.try_wait().unwrap().is_none(), "{}", bouncer.log());
}

async fn rows_are_written_and_read(client: &PrismaClient) {
    let tags = post::tags::create(vec![tag::create("a", vec![]), tag::create("b", vec![])]);
    let posts = user::posts::create(vec![post::create(
        "p",
        nested(),
        vec![tags, post::status::set(Status::Done)],
    )]);
    let ada = client.user().create("ada@x", vec![posts]).await.unwrap();
    let key = || user::email::equals("ada@x");
    let found = client
        .user()
        .find_unique(key())
        .with(
            user::posts::fetch(vec![post::status::equals(Status::Done)])
                .with(post::tags::fetch(vec![])),
        )
        .await
        .unwrap()
        .unwrap();
    assert_eq!((&found.id, found.posts().unwrap()[0].tags().unwrap().len()), (&ada.id, 2));
    client.user().update(key(), vec![user::age::increment(1)]).await.unwrap();
    let upserted =
        client.user().upsert(key(), user::create("ada@x", vec![]), vec![user::age::increment(1)]);
    assert_eq!(upserted.await.unwrap().age, 20);
    let many = (0..100).map(|number| user::create(format!("{number}@many"), vec![]));
    assert_eq!(client.user().create_many_from(many.collect::<Vec<_>>()).await.unwrap(), 100);
    let copied =
        (0..2_500).map(|id| values::every(id, vec![every::statuses::set(vec![Status::Done])]));
    assert_eq!(client.every().copy_in(copied).await.unwrap(), 2_500);
    let mut stream =
        client.every().find_many(vec![]).order_by(every::id::order(SortOrder::Asc)).stream();
    for id in 0..2_500 {
        assert_eq!(stream.next().await.unwrap().unwrap().id, id);
    }
    assert!(stream.next().await.is_none());
    let (page, deleted, oldest, (count,)) = client
        ._batch((
            client.user().find_many(vec![]).take(3),
            client.user().delete_many(vec![user::email::ends_with("@many")]),
            client.user().aggregate(vec![], user::age::max()),
            (client.user().count(vec![]),),
        ))
        .await
        .unwrap();
    assert_eq!((page.len(), deleted, oldest, count), (3, 100, Some(20), 1));
    let lost =
        client._batch((client.user().create("x", vec![]), client.user().create("ada@x", vec![])));
    assert_eq!(lost.await.unwrap_err().code(), "P2002");
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);
}

async fn crowds_are_served(client: &PrismaClient) {
    // Many more than there are connections, of several shapes, side by side with writes.
    let finds = (0..600).map(|id| {
        let client = client.clone();
        tokio::spawn(async move {
            match id % 3 {
                0 => client
                    .every()
                    .find_unique(every::id::equals(id))
                    .await
                    .unwrap()
                    .map_or(0, |row| row.id),
                1 => {
                    client
                        .every()
                        .update(every::id::equals(id), vec![every::int::set(id)])
                        .await
                        .unwrap()
                        .int
                }
                _ => client.every().find_many(vec![every::id::equals(id)]).await.unwrap()[0].id,
            }
        })
    });
    for (id, found) in (0..).zip(join_all(finds).await) {
        assert_eq!(found.unwrap(), id);
    }
}

async fn raw_queries_work(client: &PrismaClient) {
    for round in 0..8 {
        let sql = raw!(
            "SELECT id, status FROM \"Every\" WHERE id = {} AND status = {}",
            round.into(),
            "in_progress".into()
        );
        let rows: Vec<Value> = client._query_raw(sql).await.unwrap();
        assert_eq!(rows, [json!({"id": round, "status": "in_progress"})]);
        let changed = client._execute_raw(raw!(
            "UPDATE \"Every\" SET status = {} WHERE id = {}",
            "finished".into(),
            round.into()
        ));
        assert_eq!(changed.await.unwrap(), 1);
        client._execute_raw(raw!("SET statement_timeout TO 1")).await.unwrap();
    }
    client._execute_raw(raw!("VACUUM \"a b\".\"Every\"")).await.unwrap();
    assert_eq!(client.every().count(vec![every::status::equals(Status::Done)]).await.unwrap(), 8);
}

async fn transactions_end(client: &PrismaClient) {
    let sum = client
        ._transaction()
        .with_isolation_level(prisma_client_rust::IsolationLevel::Serializable)
        .with_retries(2)
        .run(|tx| async move {
            add_user(&tx, "tx@x").await;
            let rows: Vec<Value> = tx._query_raw(raw!("SELECT count(*) AS n FROM people")).await?;
            Ok::<_, QueryError>((rows[0]["n"].clone(), tx.user().count(vec![]).await?))
        })
        .await;
    assert_eq!(sum.unwrap(), (json!(2), 2));
    for _ in 0..20 {
        let late = client._transaction().with_timeout(30).run(|tx| async move {
            add_user(&tx, "late@x").await;
            tx._execute_raw(raw!("SELECT pg_sleep(30)")).await
        });
        assert_eq!(late.await.unwrap_err().code(), "P2028");
        let asleep = client._execute_raw(raw!("SELECT pg_sleep(30)")).exec();
        assert!(tokio::time::timeout(Duration::from_millis(20), asleep).await.is_err());
    }
    assert_eq!(client.user().count(vec![]).await.unwrap(), 2);
}

async fn statements_have_their_time(timed: &PrismaClient) {
    assert_eq!(timed.user().count(vec![]).await.unwrap(), 2);
    let asleep = timed._query_raw::<Value>(raw!("SELECT pg_sleep(30)::text"));
    assert_eq!(asleep.await.unwrap_err().code(), "P1008");
}

/// Each of its connections is as it was at first, and soon nobody waits on one.
async fn nothing_is_left(bouncer: &Bouncer) {
    let (user, port) = (bouncer.server.user(), bouncer.port);
    let url = format!("postgresql://{user}@127.0.0.1:{port}/postgres?pgbouncer=true");
    let stranger = postgres::pool(&url.parse().unwrap(), Some(3)).unwrap();
    let asleep = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state <> 'idle' \
                  AND pid <> pg_backend_pid()";
    let start = Instant::now();
    while stranger.get().await.unwrap().query_typed(asleep, &[]).await.unwrap()[0].get::<_, i64>(0)
        > 0
    {
        // A request to stop may come before what it is about, and is sent again half a second later.
        assert!(start.elapsed() < Duration::from_secs(10), "a statement is not stopped");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for _ in 0..6 {
        let sql = "SELECT current_setting('search_path'), current_setting('statement_timeout'), \
                   (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors WHERE name <> '')";
        let rows = stranger.get().await.unwrap().query_typed(sql, &[]).await.unwrap();
        let row = &rows[0];
        assert_eq!((row.get(0), row.get(1)), ("\"$user\", public", "0"));
        assert_eq!((row.get::<_, i64>(2), row.get::<_, i64>(3)), (0, 0));
    }
}
