//! Transactions end with a commit or leave nothing behind: no rows, no open transaction, no lost connection.

use std::time::Duration;

use postgres::testing::TestDatabase;
use prisma_client_rust::{IsolationLevel, QueryError};

use crate::generated::{PrismaClient, user};
use crate::support::{add_user, client, client_with, emails};

/// Waits until no session of the database holds a transaction open, or says how many do after two seconds.
async fn open_transactions(database: &TestDatabase) -> i64 {
    let connection = database.connect().await;
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    let mut open = 0;
    for _ in 0..40 {
        open = connection.query_one(sql, &[]).await.unwrap().get(0);
        if open == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    open
}

async fn rows(client: &PrismaClient) -> i64 {
    client.user().count(vec![]).await.unwrap()
}

#[tokio::test]
async fn what_is_committed_stays() {
    let (database, client) = client("tx_commit").await;
    let made = client
        ._transaction()
        .run(|tx| async move {
            add_user(&tx, "ada@x").await;
            assert_eq!(rows(&tx).await, 1);
            Ok::<_, QueryError>(add_user(&tx, "bob@x").await)
        })
        .await
        .unwrap();
    assert_eq!(made.email, "bob@x");
    assert_eq!(rows(&client).await, 2);
    assert_eq!(open_transactions(&database).await, 0);
}

#[tokio::test]
async fn an_error_rolls_back() {
    let (database, client) = client("tx_error").await;
    let failed = client
        ._transaction()
        .run(|tx| async move {
            add_user(&tx, "ada@x").await;
            tx.user().delete(user::email::equals("nobody@x")).await?;
            Ok::<_, QueryError>(())
        })
        .await;
    assert_eq!(failed.unwrap_err().code(), "P2025");
    assert_eq!((rows(&client).await, open_transactions(&database).await), (0, 0));
}

#[tokio::test]
async fn a_swallowed_failure_is_not_committed_in_silence() {
    let (_database, client) = client("tx_swallowed").await;
    let outcome = client
        ._transaction()
        .run(|tx| async move {
            add_user(&tx, "ada@x").await;
            tx.user().create("ada@x", vec![]).await.unwrap_err();
            Ok::<_, QueryError>(())
        })
        .await;
    assert_eq!(outcome.unwrap_err().code(), "P2028");
    assert_eq!(rows(&client).await, 0);
}

#[tokio::test]
async fn a_panic_rolls_back() {
    let (database, client) = client_with("tx_panic", "connection_limit=1").await;
    let inner = client.clone();
    let task = tokio::spawn(async move {
        inner
            ._transaction()
            .run(|tx| async move {
                add_user(&tx, "ada@x").await;
                assert_eq!(rows(&tx).await, 2, "on purpose");
                Ok::<_, QueryError>(())
            })
            .await
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!((rows(&client).await, open_transactions(&database).await), (0, 0));
}

#[tokio::test]
async fn a_dropped_future_rolls_back() {
    let (database, client) = client_with("tx_drop", "connection_limit=1").await;
    let running = client._transaction().run(|tx| async move {
        add_user(&tx, "ada@x").await;
        std::future::pending::<()>().await;
        Ok::<_, QueryError>(())
    });
    assert!(tokio::time::timeout(Duration::from_millis(300), running).await.is_err());
    assert_eq!((rows(&client).await, open_transactions(&database).await), (0, 0));
}

#[tokio::test]
async fn every_moment_is_a_good_one_to_be_dropped() {
    let (database, client) = client_with("tx_cancel", "connection_limit=2").await;
    for microseconds in (0..4_000).step_by(100) {
        let running = client._transaction().run(|tx| async move {
            let _ = tx.user().create("ada@x", vec![]).await?;
            let _ = tx.user().create("bob@x", vec![]).await?;
            Err::<(), _>(tx.user().delete(user::email::equals("nobody@x")).await.unwrap_err())
        });
        let _ = tokio::time::timeout(Duration::from_micros(microseconds), running).await;
    }
    assert_eq!((rows(&client).await, open_transactions(&database).await), (0, 0));
    let both = tokio::join!(add_user(&client, "ada@x"), add_user(&client, "bob@x"));
    assert_ne!(both.0.id, both.1.id);
}

#[tokio::test]
async fn a_transaction_has_its_time() {
    let (database, client) = client("tx_timeout").await;
    let error = client
        ._transaction()
        .with_timeout(200)
        .run(|tx| async move {
            add_user(&tx, "ada@x").await;
            tokio::time::sleep(Duration::from_secs(30)).await;
            Ok::<_, QueryError>(())
        })
        .await
        .unwrap_err();
    assert_eq!(error.code(), "P2028");
    assert!(error.to_string().contains("200 ms"), "{error}");
    assert_eq!((rows(&client).await, open_transactions(&database).await), (0, 0));
}

#[tokio::test]
async fn waiting_for_a_connection_has_its_time_too() {
    let (_database, client) = client_with("tx_max_wait", "connection_limit=1").await;
    let (controller, tx) = client._transaction().begin().await.unwrap();
    let error = client._transaction().with_max_wait(100).begin().await.unwrap_err();
    assert_eq!(error.code(), "P2028");
    controller.rollback(tx).await.unwrap();
    client._transaction().with_max_wait(100).begin().await.unwrap();
}

#[tokio::test]
async fn a_controller_ends_its_transaction() {
    let (database, client) = client("tx_controller").await;
    let (controller, tx) = client._transaction().begin().await.unwrap();
    add_user(&tx, "ada@x").await;
    assert_eq!((rows(&tx).await, rows(&client).await), (1, 0));
    let late = tx.clone();
    controller.commit(tx).await.unwrap();
    assert_eq!(rows(&client).await, 1);
    let error = late.user().count(vec![]).await.unwrap_err();
    assert_eq!(error.code(), "P2028");
    let (controller, tx) = client._transaction().begin().await.unwrap();
    add_user(&tx, "bob@x").await;
    controller.rollback(tx).await.unwrap();
    let (dropped, tx) = client._transaction().begin().await.unwrap();
    add_user(&tx, "eve@x").await;
    drop(dropped);
    assert_eq!((rows(&client).await, open_transactions(&database).await), (1, 0));
}

#[tokio::test]
async fn isolation_levels_are_the_servers() {
    let (_database, client) = client("tx_isolation").await;
    let levels = [
        (IsolationLevel::ReadUncommitted, "read uncommitted"),
        (IsolationLevel::ReadCommitted, "read committed"),
        (IsolationLevel::RepeatableRead, "repeatable read"),
        (IsolationLevel::Serializable, "serializable"),
    ];
    for (level, name) in levels {
        let (controller, tx) =
            client._transaction().with_isolation_level(level).begin().await.unwrap();
        let rows: Vec<prisma_client_rust::serde_json::Value> =
            tx._query_raw(prisma_client_rust::raw!("SHOW transaction_isolation")).await.unwrap();
        assert_eq!(rows[0]["transaction_isolation"], name);
        controller.rollback(tx).await.unwrap();
    }
}

#[tokio::test]
async fn levels_see_what_they_may() {
    use IsolationLevel::{ReadCommitted, ReadUncommitted, RepeatableRead, Serializable};

    let (_database, client) = client("tx_levels").await;
    for (level, sees) in [
        (ReadUncommitted, true),
        (ReadCommitted, true),
        (RepeatableRead, false),
        (Serializable, false),
    ] {
        let begin = || client._transaction().with_isolation_level(level).begin();
        let (one, first) = begin().await.unwrap();
        let (other, second) = begin().await.unwrap();
        let before = rows(&first).await;
        add_user(&second, &format!("{level:?}@x")).await;
        assert_eq!(rows(&first).await, before, "nothing is seen before it is committed");
        other.commit(second).await.unwrap();
        assert_eq!(rows(&first).await, before + i64::from(sees), "{level:?}");
        one.commit(first).await.unwrap();
        assert_eq!(rows(&client).await, before + 1);
    }
    // Each reads what the other writes: one after the other, the second would have seen the first.
    for (level, fails) in [(RepeatableRead, false), (Serializable, true)] {
        let begin = || client._transaction().with_isolation_level(level).begin();
        let (one, first) = begin().await.unwrap();
        let (other, second) = begin().await.unwrap();
        for (tx, email) in [(&first, "first"), (&second, "second")] {
            let all = rows(tx).await;
            tx.user().create(format!("{level:?} {email} {all}"), vec![]).await.unwrap();
        }
        one.commit(first).await.unwrap();
        let committed = other.commit(second).await;
        assert_eq!(committed.as_ref().err().map(QueryError::code), fails.then_some("P2034"));
    }
}

/// What fails at COMMIT is run again too.
#[tokio::test]
async fn a_conflict_at_the_end_is_run_again() {
    let (_database, client) = client("tx_skew").await;
    let run = |name: &'static str| {
        let transaction = client._transaction().with_isolation_level(IsolationLevel::Serializable);
        transaction.with_retries(50).run(move |tx| async move {
            let all = rows(&tx).await;
            tokio::time::sleep(Duration::from_millis(30)).await;
            tx.user().create(format!("{name} {all}"), vec![]).await.map(drop)
        })
    };
    let all = tokio::join!(run("a"), run("b"), run("c"));
    let ((), (), ()) = (all.0.unwrap(), all.1.unwrap(), all.2.unwrap());
    let emails = emails(client.user().find_many(vec![])).await;
    let mut seen: Vec<&str> = emails.iter().filter_map(|email| email.split(' ').nth(1)).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["0", "1", "2"], "as if one after the other");
}

#[tokio::test]
async fn serializable_transactions_conflict() {
    let (_database, client) = client("tx_conflict").await;
    add_user(&client, "ada@x").await;
    let begin = || client._transaction().with_isolation_level(IsolationLevel::Serializable).begin();
    let (one, first) = begin().await.unwrap();
    let (other, second) = begin().await.unwrap();
    let older = |tx: &PrismaClient| tx.user().update_many(vec![], vec![user::age::increment(1)]);
    assert_eq!((rows(&first).await, rows(&second).await), (1, 1));
    older(&first).await.unwrap();
    one.commit(first).await.unwrap();
    let error = older(&second).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("P2034", true));
    other.rollback(second).await.unwrap();
}

/// Adds one to Ada's age by reading and writing it, which is lost where two do it at once and see nothing of it.
async fn older(tx: PrismaClient) -> Result<i32, QueryError> {
    let ada = tx.user().find_unique(user::email::equals("ada@x")).await?.unwrap();
    let change = vec![user::age::set(ada.age + 1)];
    Ok(tx.user().update(user::email::equals("ada@x"), change).await?.age)
}

#[tokio::test]
async fn serialization_failures_are_run_again_when_asked() {
    for level in [IsolationLevel::RepeatableRead, IsolationLevel::Serializable] {
        let (database, client) = client("tx_retry").await;
        add_user(&client, "ada@x").await;
        let transaction = || {
            client
                ._transaction()
                .with_timeout(60_000)
                .with_max_wait(60_000)
                .with_isolation_level(level)
        };
        let tasks: Vec<_> =
            (0..8).map(|_| tokio::spawn(transaction().with_retries(200).run(older))).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let ada = client.user().find_unique(user::email::equals("ada@x")).await.unwrap().unwrap();
        assert_eq!(ada.age, 18 + 8);
        assert_eq!(open_transactions(&database).await, 0);
    }
}

/// Hides what the server said, as an application's own errors do.
#[derive(Debug)]
struct Mine;

impl From<QueryError> for Mine {
    fn from(_: QueryError) -> Self {
        Self
    }
}

#[tokio::test]
async fn only_conflicts_are_run_again_and_not_for_ever() {
    let (_database, client) = client("tx_retry_limits").await;
    add_user(&client, "ada@x").await;
    let mut runs = 0;
    let failed = client
        ._transaction()
        .with_retries(5)
        .run(|tx| {
            runs += 1;
            async move {
                tx.user().create("ada@x", vec![]).await?;
                Ok::<_, Mine>(())
            }
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(runs, 1);
    let mut runs = 0;
    let failed = client
        ._transaction()
        .with_retries(2)
        .run(|tx| {
            runs += 1;
            async move {
                let conflict = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$";
                tx._execute_raw(prisma_client_rust::raw!(conflict)).await?;
                Ok::<_, Mine>(())
            }
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(runs, 3);
}

#[tokio::test]
async fn a_deadlock_is_run_again() {
    let (_database, client) = client("tx_deadlock").await;
    add_user(&client, "ada@x").await;
    add_user(&client, "bob@x").await;
    let touch = |tx: PrismaClient, emails: [&'static str; 2]| async move {
        for email in emails {
            let older = vec![user::age::increment(1)];
            tx.user().update(user::email::equals(email), older).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok::<_, QueryError>(())
    };
    let run = |emails| {
        let transaction = client._transaction().with_timeout(60_000).with_retries(5);
        transaction.run(move |tx| touch(tx, emails))
    };
    let (one, other) = tokio::join!(run(["ada@x", "bob@x"]), run(["bob@x", "ada@x"]));
    one.unwrap();
    other.unwrap();
    assert_eq!(client.user().count(vec![user::age::equals(20)]).await.unwrap(), 2);
}
