//! A server that goes away: it is noticed, said in Prisma's words, and the same client works again once it is back.

use std::time::{Duration, Instant};

use postgres::testing::TestDatabase;
use prisma_client_rust::{QueryError, raw, serde_json::Value};

use crate::generated::user;
use crate::support::{SCHEMA, add_user, client_with};
use crate::telemetry::Recorder;
use crate::way::{CUT, OPEN, SILENT, Way};

const SOON: Duration = Duration::from_mins(1);

async fn kill(database: &TestDatabase) {
    let sql = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
               AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let connection = database.connect().await;
    let rows = connection.query(sql, &[]).await.unwrap();
    let killed: Vec<i32> = rows.iter().map(|row| row.get(0)).collect();
    let left = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY ($1)";
    while connection.query_one(left, &[&killed]).await.unwrap().get::<_, i64>(0) > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn killed_connections_are_replaced() {
    let (database, client) = client_with("gone_killed", "connection_limit=3").await;
    for round in 0..5 {
        let all =
            (0..3).map(|_| client._query_raw::<Value>(raw!("SELECT pg_sleep(0.02)::text")).exec());
        for done in futures(all).await {
            done.unwrap();
        }
        kill(&database).await;
        // Each of the pool's connections is dead; reading and writing find another.
        assert_eq!(client.user().count(vec![]).await.unwrap(), round);
        kill(&database).await;
        add_user(&client, &format!("{round}@x")).await;
        kill(&database).await;
        let done =
            client._transaction().run(|tx| async move { tx.user().count(vec![]).await }).await;
        assert_eq!(done.unwrap(), round + 1);
    }
}

async fn futures<T>(all: impl IntoIterator<Item = T>) -> Vec<T::Output>
where
    T: Future<Output: Send + 'static> + Send + 'static,
{
    let tasks: Vec<_> = all.into_iter().map(tokio::spawn).collect();
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(task.await.unwrap());
    }
    outputs
}

#[tokio::test]
async fn a_statement_whose_server_goes_says_so() {
    let (database, client) = client_with("gone_running", "connection_limit=2").await;
    let running = client._query_raw::<Value>(raw!("SELECT pg_sleep(30)::text")).exec();
    let running = tokio::spawn(running);
    tokio::time::sleep(Duration::from_millis(200)).await;
    kill(&database).await;
    assert_eq!(running.await.unwrap().unwrap_err().code(), "P1017");
    let (controller, tx) = client._transaction().begin().await.unwrap();
    add_user(&tx, "ada@x").await;
    kill(&database).await;
    assert_eq!(tx.user().count(vec![]).await.unwrap_err().code(), "P1017");
    controller.commit(tx).await.unwrap_err();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
    let failed = client
        ._transaction()
        .run(|tx| async move {
            add_user(&tx, "ada@x").await;
            tx._execute_raw(raw!("SELECT pg_terminate_backend(pg_backend_pid())")).await?;
            Ok::<_, QueryError>(())
        })
        .await;
    assert_eq!(failed.unwrap_err().code(), "P1017");
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_server_that_is_down_for_a_while_is_found_again() {
    let database = TestDatabase::from_sql("gone_down", SCHEMA);
    let way = Way::to(database.url()).await;
    let client = way.client(&database, "connection_limit=2&connect_timeout=2").await;
    add_user(&client, "ada@x").await;
    way.is(CUT);
    tokio::time::sleep(Duration::from_millis(50)).await;
    for _ in 0..3 {
        let error = client.user().count(vec![]).await.unwrap_err();
        assert!(matches!(error.code(), "P1001" | "P1017"), "{error:?}");
    }
    way.is(OPEN);
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);
    let update = vec![user::age::set(1)];
    assert_eq!(client.user().update(user::email::equals("ada@x"), update).await.unwrap().age, 1);
}

#[tokio::test]
async fn connections_that_lead_nowhere_do_not_hold_up_for_ever() {
    let database = TestDatabase::from_sql("gone_silent", SCHEMA);
    let way = Way::to(database.url()).await;
    let client = way.client(&database, "connection_limit=2&connect_timeout=1&pool_timeout=1").await;
    add_user(&client, "ada@x").await;
    way.is(SILENT);
    let start = Instant::now();
    // What waits says so when its own time is over, and its connection is not used again.
    for _ in 0..3 {
        let asked = client.user().count(vec![]).exec();
        let answer = tokio::time::timeout(Duration::from_millis(300), asked).await;
        if let Ok(answer) = answer {
            assert!(matches!(answer.unwrap_err().code(), "P1001" | "P1002" | "P1017" | "P2024"));
        }
    }
    way.is(OPEN);
    while start.elapsed() < SOON {
        let asked = client.user().count(vec![]).exec();
        if let Ok(Ok(count)) = tokio::time::timeout(Duration::from_secs(2), asked).await {
            assert_eq!(count, 1);
            return;
        }
    }
    panic!("no connection was made anew");
}

#[tokio::test]
async fn who_reads_does_not_notice_dead_connections() {
    let database = TestDatabase::from_sql("gone_unnoticed", SCHEMA);
    let way = Way::to(database.url()).await;
    let client = way.client(&database, "connection_limit=3").await;
    let ada = add_user(&client, "ada@x").await;
    let find = || client.user().find_unique(user::id::equals(ada.id.clone())).exec();
    let heard = Recorder::default();
    let listening = tracing::subscriber::set_default(heard.clone());
    for round in 1..4 {
        let all = client._query_raw::<Value>(raw!("SELECT pg_sleep(0.05)::text"));
        drop(tokio::join!(all.clone().exec(), all.clone().exec(), all.exec()));
        drop(find().await.unwrap());
        way.dies();
        assert!(find().await.unwrap().is_some());
        way.dies();
        assert_eq!(client.user().find_many(vec![]).await.unwrap().len(), 1);
        way.dies();
        assert_eq!(client.user().count(vec![]).await.unwrap(), 1);
        way.dies();
        let posts = client.user().find_many(vec![]).with(user::posts::fetch(vec![]));
        assert_eq!(posts.await.unwrap()[0].posts().unwrap().len(), 0);
        way.dies();
        // Where BEGIN is lost nothing has happened: transactions, and what is one inside.
        let older = client._transaction().run(|tx| async move {
            tx.user().update_many(vec![], vec![user::age::increment(1)]).await
        });
        assert_eq!(older.await.unwrap(), 1);
        way.dies();
        let both =
            client._batch((client.user().update_many(vec![], vec![]), client.user().count(vec![])));
        assert_eq!(both.await.unwrap(), (1, 1));
        way.dies();
        let mut stream = client.user().find_many(vec![]).stream();
        assert_eq!(stream.next().await.unwrap().unwrap().age, 18 + round);
        assert!(stream.next().await.is_none());
    }
    drop(listening);
    assert!(heard.events().iter().filter(|event| event.contains("found dead")).count() >= 21);
}

#[tokio::test]
async fn a_lookup_goes_on_whatever_has_become_of_its_connection() {
    let database = TestDatabase::from_sql("gone_lookup", SCHEMA);
    let way = Way::to(database.url()).await;
    let client = way.client(&database, "connection_limit=3").await;
    let ada = add_user(&client, "ada@x").await;
    let find = || client.user().find_unique(user::id::equals(ada.id.clone())).exec();
    let nobody = || client.user().find_unique(user::id::equals(ada.id.clone() + "x")).exec();
    for round in 0..3 {
        // The first of them is planned, the second prepared on its connection, the third sent at once.
        for _ in 0..3 {
            assert_eq!(find().await.unwrap(), Some(ada.clone()), "{round}");
            assert_eq!(nobody().await.unwrap(), None, "{round}");
        }
        way.dies();
        assert_eq!(find().await.unwrap(), Some(ada.clone()), "{round}");
        // What it was prepared for is another table now.
        let wider = format!("ALTER TABLE people ADD \"added{round}\" INTEGER NOT NULL DEFAULT 1");
        database.connect().await.batch_execute(&wider).await.unwrap();
        let narrower = format!("ALTER TABLE people DROP \"added{round}\"");
        assert_eq!(find().await.unwrap(), Some(ada.clone()), "{round}");
        database.connect().await.batch_execute(&narrower).await.unwrap();
        let retyped = "ALTER TABLE people ALTER \"email\" TYPE VARCHAR(99)";
        let again = "ALTER TABLE people ALTER \"email\" TYPE TEXT";
        for change in [retyped, again] {
            database.connect().await.batch_execute(change).await.unwrap();
            assert_eq!(find().await.unwrap(), Some(ada.clone()), "{round}: {change}");
        }
    }
    let refused = client.user().find_unique(user::id::equals("a\0b")).await.unwrap_err();
    assert!(refused.to_string().contains("NUL"), "{refused}");
    assert_eq!(find().await.unwrap(), Some(ada));
}

#[tokio::test]
async fn who_writes_hears_that_nobody_knows() {
    let database = TestDatabase::from_sql("gone_writing", SCHEMA);
    let way = Way::to(database.url()).await;
    let client = way.client(&database, "connection_limit=1").await;
    add_user(&client, "ada@x").await;
    way.dies();
    let lost = client.user().create("bob@x", vec![]).await.unwrap_err();
    assert_eq!(lost.code(), "P1017");
    assert!(lost.to_string().contains("not known whether the statement was carried out"), "{lost}");
    add_user(&client, "cyd@x").await;
    way.dies();
    let lost = client._query_raw::<Value>(raw!("SELECT 1")).await.unwrap_err();
    assert!(lost.to_string().contains("not known whether the statement was carried out"), "{lost}");
    let (controller, tx) = client._transaction().begin().await.unwrap();
    add_user(&tx, "dan@x").await;
    way.dies();
    let lost = controller.commit(tx).await.unwrap_err();
    assert_eq!(lost.code(), "P1017");
    assert!(lost.to_string().contains("whether the transaction was committed"), "{lost}");
    let (controller, tx) = client._transaction().begin().await.unwrap();
    way.dies();
    // It has taken what was done before along, so that it is not asked again.
    let lost = tx.user().count(vec![]).await.unwrap_err();
    assert_eq!((lost.code(), lost.to_string().contains("known")), ("P1017", false));
    assert_eq!(controller.commit(tx).await.unwrap_err().code(), "P2028");
    assert_eq!(client.user().count(vec![]).await.unwrap(), 2);
}
