//! Many queries at once through few connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use prisma_client_rust::raw;
use prisma_client_rust::serde_json::Value;

use crate::generated::{PrismaClient, tag, user};
use crate::support::{add_user, client_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_share_the_connections() {
    let (_database, client) = client_with("concurrent", "connection_limit=8&pool_timeout=60").await;
    let ada = add_user(&client, "ada@x").await;
    let tasks: Vec<_> = (0..2_000)
        .map(|_| {
            let (client, id) = (client.clone(), ada.id.clone());
            tokio::spawn(async move {
                client.user().find_unique(user::id::equals(id)).await.unwrap().unwrap().email
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "ada@x");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn upserts_of_one_row_all_count() {
    let (_database, client) = client_with("concurrent_upsert", "connection_limit=8").await;
    let upsert = |client: PrismaClient| async move {
        let row = user::create("ada@x", vec![user::age::set(1)]);
        client
            .user()
            .upsert(user::email::equals("ada@x"), row, vec![user::age::increment(1)])
            .await
            .unwrap();
    };
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(upsert(client.clone()))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let ada = client.user().find_unique(user::email::equals("ada@x")).await.unwrap().unwrap();
    assert_eq!(ada.age, 50);
}

#[tokio::test]
async fn queries_of_one_transaction_take_turns() {
    let (_database, client) = client_with("concurrent_tx", "connection_limit=2").await;
    client
        ._transaction()
        .run(|tx| async move {
            let (ada, bob) = tokio::join!(
                tx.user().create("ada@x", vec![]).exec(),
                tx.user().create("bob@x", vec![]).exec()
            );
            ada?;
            bob.map(drop)
        })
        .await
        .unwrap();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 2);
}

#[tokio::test]
async fn behind_a_pooler_nothing_is_prepared() {
    let (_database, client) = client_with("pooler", "pgbouncer=true&connection_limit=1").await;
    add_user(&client, "ada@x").await;
    assert_eq!(client.user().count(vec![user::email::starts_with("ada")]).await.unwrap(), 1);
    let prepared: Vec<prisma_client_rust::serde_json::Value> = client
        ._query_raw(prisma_client_rust::raw!(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement NOT LIKE '%pg_prepared%'"
        ))
        .await
        .unwrap();
    assert_eq!(prepared[0]["count"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_queries_go_through_eight_connections() {
    let (database, client) =
        client_with("ten_thousand", "connection_limit=8&pool_timeout=60").await;
    let ada = add_user(&client, "ada@x").await;
    let tasks: Vec<_> = (0..10_000)
        .map(|turn| {
            let (client, id) = (client.clone(), ada.id.clone());
            tokio::spawn(async move {
                if turn % 10 == 0 {
                    return client
                        .user()
                        .find_many(vec![user::email::equals("ada@x")])
                        .await
                        .unwrap()
                        .len();
                }
                client.user().find_unique(user::id::equals(id)).await.unwrap().map_or(0, |_| 1)
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 1);
    }
    let connection = database.connect().await;
    let count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let open: i64 = connection.query_one(count, &[]).await.unwrap().get(0);
    assert!(open <= 8, "{open} connections");
}

/// Each of these would hold up whoever shares its connection.
#[tokio::test]
async fn what_takes_long_holds_up_nobody() {
    let (database, client) = client_with("slow", "connection_limit=4").await;
    let ada = add_user(&client, "ada@x").await;
    let locker = database.connect().await;
    let lock =
        r#"BEGIN; LOCK TABLE "Tag" IN ACCESS EXCLUSIVE MODE; SELECT pg_advisory_xact_lock(1)"#;
    locker.batch_execute(lock).await.unwrap();
    let find = || client.user().find_unique(user::id::equals(ada.id.clone())).exec();
    let waiting = tokio::spawn(client.tag().find_unique(tag::name::equals("x")).exec());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let lasting = client._execute_raw(raw!("SELECT pg_advisory_xact_lock(1)")).exec();
    let lasting = tokio::spawn(lasting);
    let all = async {
        for _ in 0..100 {
            assert!(find().await.unwrap().is_some());
        }
    };
    // Behind one of the two it would be for ever.
    tokio::time::timeout(Duration::from_mins(1), all).await.unwrap();
    assert!(!waiting.is_finished() && !lasting.is_finished());
    locker.batch_execute("COMMIT").await.unwrap();
    assert!(waiting.await.unwrap().unwrap().is_none());
    lasting.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_crowd_lets_a_transaction_through() {
    let (_database, client) = client_with("crowd", "connection_limit=1&pool_timeout=60").await;
    let ada = add_user(&client, "ada@x").await;
    let is_over = Arc::<AtomicBool>::default();
    let crowd: Vec<_> = (0..20)
        .map(|_| {
            let (client, id, is_over) = (client.clone(), ada.id.clone(), Arc::clone(&is_over));
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    client.user().find_unique(user::id::equals(id.clone())).await.unwrap().unwrap();
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    // The crowd goes on until it is through.
    let older =
        client._transaction().with_max_wait(60_000).with_timeout(60_000).run(|tx| async move {
            tx.user().update_many(vec![], vec![user::age::increment(1)]).await
        });
    assert_eq!(older.await.unwrap(), 1);
    is_over.store(true, Ordering::Relaxed);
    for task in crowd {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn giving_up_a_query_leaves_its_neighbours_alone() {
    let (_database, client) = client_with("neighbours", "connection_limit=2").await;
    let ada = add_user(&client, "ada@x").await;
    for round in 0..50 {
        let find = || client.user().find_unique(user::id::equals(ada.id.clone())).exec();
        let given_up =
            (0..10).map(|_| tokio::time::timeout(Duration::from_micros(round * 20), find()));
        let given_up = futures_util::future::join_all(given_up);
        let kept = futures_util::future::join_all((0..10).map(|_| find()));
        let (_, kept) = tokio::join!(given_up, kept);
        for found in kept {
            assert_eq!(found.unwrap().unwrap().email, "ada@x");
        }
    }
}

#[tokio::test]
async fn a_long_query_that_is_given_up_is_stopped() {
    let (database, client) = client_with("long", "connection_limit=1").await;
    let sleeping = client._execute_raw(raw!("SELECT pg_sleep(30)")).exec();
    assert!(tokio::time::timeout(Duration::from_millis(100), sleeping).await.is_err());
    let start = Instant::now();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
    assert!(start.elapsed() < Duration::from_secs(25), "{:?}", start.elapsed());
    let connection = database.connect().await;
    let busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' \
                AND datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
    assert_eq!(connection.query_one(busy, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_broken_connection_takes_only_what_was_on_it() {
    let (database, client) = client_with("broken", "connection_limit=4").await;
    let ada = add_user(&client, "ada@x").await;
    let find = || client.user().find_unique(user::id::equals(ada.id.clone())).exec();
    let locker = database.connect().await;
    locker.batch_execute(r#"BEGIN; LOCK TABLE "people" IN ACCESS EXCLUSIVE MODE"#).await.unwrap();
    let waiting: Vec<_> = (0..10).map(|_| tokio::spawn(find())).collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    locker.query(kill, &[]).await.unwrap();
    locker.batch_execute("COMMIT").await.unwrap();
    let mut killed = 0;
    for task in waiting {
        match task.await.unwrap() {
            Ok(found) => assert!(found.is_some()),
            Err(error) => {
                assert_eq!(error.code(), "P1017");
                killed += 1;
            }
        }
    }
    // One for each connection: those behind it are asked on another.
    assert!((1..=4).contains(&killed), "{killed}");
    for _ in 0..20 {
        assert!(find().await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_session_keeps_nothing_for_the_next() {
    let (_database, client) = client_with("session", "connection_limit=1").await;
    let setting = async || {
        let shown: Vec<Value> = client._query_raw(raw!("SHOW statement_timeout")).await.unwrap();
        shown[0]["statement_timeout"].clone()
    };
    let before = setting().await;
    client._execute_raw(raw!("SET statement_timeout TO '7s'")).await.unwrap();
    assert_eq!(setting().await, before);
    for commits in [true, false] {
        let (controller, tx) = client._transaction().begin().await.unwrap();
        for sql in [
            "SET statement_timeout TO '7s'",
            "CREATE TEMP TABLE mine ()",
            "PREPARE mine AS SELECT 1",
            "LISTEN mine",
        ] {
            tx._execute_raw(raw!(sql)).await.unwrap();
        }
        if commits {
            controller.commit(tx).await.unwrap();
        } else {
            controller.rollback(tx).await.unwrap();
        }
        assert_eq!(setting().await, before);
        // The session before may still be on its way out, with a table that is nobody else's.
        let left = "SELECT (SELECT count(*) FROM pg_class WHERE relname = 'mine' AND pg_table_is_visible(oid)) + (SELECT count(*) FROM pg_listening_channels()) \
                    + (SELECT count(*) FROM pg_prepared_statements WHERE name = 'mine') AS left";
        let left: Vec<Value> = client._query_raw(raw!(left)).await.unwrap();
        assert_eq!(left[0]["left"], 0);
    }
    client._execute_raw(raw!("BEGIN")).await.unwrap();
    add_user(&client, "ada@x").await;
    client._execute_raw(raw!("ROLLBACK")).await.unwrap();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 1);
}

#[tokio::test]
async fn a_migration_under_a_running_client_is_no_matter() {
    let (database, client) = client_with("migrated", "connection_limit=2").await;
    let ada = add_user(&client, "ada@x").await;
    let find = || client.user().find_unique(user::id::equals(ada.id.clone())).exec();
    let many = || client.user().find_many(vec![]).exec();
    let connection = database.connect().await;
    for ty in ["varchar(90)", "text", "varchar(80)"] {
        assert!(find().await.unwrap().is_some());
        assert_eq!(many().await.unwrap().len(), 1);
        let alter = format!(r#"ALTER TABLE "people" ALTER COLUMN "email" TYPE {ty}"#);
        connection.batch_execute(&alter).await.unwrap();
        let (one, other) = tokio::join!(find(), find());
        assert!(one.unwrap().is_some() && other.unwrap().is_some());
        assert_eq!(many().await.unwrap().len(), 1);
    }
}
