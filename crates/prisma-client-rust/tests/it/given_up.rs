//! Statements that nobody waits for any more, while the server still waits for somebody's lock: they are stopped
//! there too, and their connection is of no harm to the next.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use postgres::Connection;
use postgres::testing::TestDatabase;
use prisma_client_rust::{QueryError, raw, serde_json::Value};

use crate::generated::{PrismaClient, user};
use crate::support::{add_user, client_with};

/// Far more than giving up takes, far less than the locks here are held.
const SOON: Duration = Duration::from_mins(1);

/// A database whose people another session has locked, and a client with one connection.
async fn locked(label: &str) -> (TestDatabase, Connection, PrismaClient) {
    let (database, client) = client_with(label, "connection_limit=1").await;
    let locker = database.connect().await;
    locker.batch_execute(r#"BEGIN; LOCK TABLE "people" IN ACCESS EXCLUSIVE MODE"#).await.unwrap();
    (database, locker, client)
}

/// Sees, while the lock is still held, that nobody waits for it, nothing is open, and the pool's one connection works;
/// and afterwards that nothing was written.
async fn assert_nothing_is_left(locker: Connection, client: PrismaClient) {
    assert_all_are_idle(&locker).await;
    let rows: Vec<Value> = client._query_raw(raw!("SELECT 1 AS one")).await.unwrap();
    assert_eq!(rows[0]["one"], 1);
    assert_all_are_idle(&locker).await;
    locker.batch_execute("COMMIT").await.unwrap();
    assert_eq!(client.user().count(vec![]).await.unwrap(), 0);
    assert_eq!(add_user(&client, "ada@x").await.email, "ada@x");
}

/// Idle and in no transaction, all but the session that asks.
async fn assert_all_are_idle(locker: &Connection) {
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                  AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'";
    let start = Instant::now();
    loop {
        let busy: i64 = locker.query_one(others, &[]).await.unwrap().get(0);
        if busy == 0 {
            break;
        }
        assert!(start.elapsed() < SOON, "{busy} sessions still have something to do");
        // What a session shows of others stays the same within a transaction.
        locker.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_transaction_that_waits_for_a_lock_has_its_time() {
    let (_database, locker, client) = locked("up_timeout").await;
    let waiting = client._transaction().with_timeout(300).run(|tx| async move {
        let _ = tx.user().create("ada@x", vec![]).await?;
        Ok::<_, QueryError>(())
    });
    let error = tokio::time::timeout(SOON, waiting).await.expect("it gives up").unwrap_err();
    assert_eq!(error.code(), "P2028");
    assert!(error.to_string().contains("300 ms"), "{error}");
    assert_nothing_is_left(locker, client).await;
}

#[tokio::test]
async fn a_clone_that_waits_elsewhere_holds_up_nothing() {
    let (_database, locker, client) = locked("up_clone").await;
    let waiting = client._transaction().with_timeout(300).run(|tx| async move {
        let elsewhere = tx.clone();
        let task = tokio::spawn(async move { elsewhere.user().count(vec![]).await });
        let _ = task.await.unwrap()?;
        Ok::<_, QueryError>(())
    });
    let error = tokio::time::timeout(SOON, waiting).await.expect("it gives up").unwrap_err();
    assert_eq!(error.code(), "P2028");
    assert_nothing_is_left(locker, client).await;
}

#[tokio::test]
async fn an_error_beside_a_statement_that_waits_is_told_at_once() {
    let (_database, locker, client) = locked("up_error").await;
    let failing = client._transaction().with_timeout(60_000).run(|tx| async move {
        let adding = tx.user().create("ada@x", vec![]).exec();
        assert!(tokio::time::timeout(Duration::from_millis(300), adding).await.is_err());
        // Refused before it is sent: one place, two values.
        tx._execute_raw(raw!("SELECT {}", 1.into(), 2.into())).await
    });
    let error = tokio::time::timeout(SOON, failing).await.expect("it gives up").unwrap_err();
    assert_eq!(error.code(), "P2019");
    assert_nothing_is_left(locker, client).await;
}

#[tokio::test]
async fn a_dropped_future_waits_for_no_lock() {
    let (_database, locker, client) = locked("up_dropped").await;
    let waiting = client._transaction().with_timeout(60_000).run(|tx| async move {
        let _ = tx.user().create("ada@x", vec![]).await?;
        Ok::<_, QueryError>(())
    });
    assert!(tokio::time::timeout(Duration::from_millis(300), waiting).await.is_err());
    assert_nothing_is_left(locker, client).await;
}

#[tokio::test]
async fn a_success_beside_a_statement_that_waits_has_its_time() {
    let (_database, locker, client) = locked("up_success").await;
    let waiting = client._transaction().with_timeout(600).run(|tx| async move {
        let adding = tx.user().create("ada@x", vec![]).exec();
        assert!(tokio::time::timeout(Duration::from_millis(300), adding).await.is_err());
        Ok::<_, QueryError>(())
    });
    let error = tokio::time::timeout(SOON, waiting).await.expect("it gives up").unwrap_err();
    assert_eq!(error.code(), "P2028");
    assert_nothing_is_left(locker, client).await;
}

/// COMMIT would be answered with ROLLBACK, and nobody would know.
#[tokio::test]
async fn what_failed_unseen_is_not_committed_in_silence() {
    let (_database, locker, client) = locked("up_unseen").await;
    let (controller, tx) = client._transaction().begin().await.unwrap();
    locker.batch_execute("SELECT pg_advisory_xact_lock(1)").await.unwrap();
    let fail = "DO $$ BEGIN PERFORM pg_advisory_xact_lock(1); RAISE EXCEPTION 'late'; END $$";
    let failing = tx._execute_raw(raw!(fail)).exec();
    assert!(tokio::time::timeout(Duration::from_millis(300), failing).await.is_err());
    locker.batch_execute("COMMIT").await.unwrap();
    let error = controller.commit(tx).await.unwrap_err();
    assert_eq!(error.code(), "P2028");
}

#[tokio::test]
async fn a_controller_rolls_back_what_waits() {
    let (_database, locker, client) = locked("up_controller").await;
    let (controller, tx) = client._transaction().begin().await.unwrap();
    let adding = tx.user().create("ada@x", vec![]).exec();
    assert!(tokio::time::timeout(Duration::from_millis(300), adding).await.is_err());
    let rolled_back = tokio::time::timeout(SOON, controller.rollback(tx)).await;
    rolled_back.expect("it does not wait for the lock").unwrap();
    assert_nothing_is_left(locker, client).await;
}

#[tokio::test]
async fn lookups_that_wait_for_a_lock() {
    let (database, client) = client_with("up_lookup", "connection_limit=1").await;
    let nobody = || client.user().find_unique(user::email::equals("ada@x")).exec();
    // The third of them goes to the server at once.
    for _ in 0..3 {
        assert_eq!(nobody().await.unwrap(), None);
    }
    let locker = database.connect().await;
    locker.batch_execute(r#"BEGIN; LOCK TABLE "people" IN ACCESS EXCLUSIVE MODE"#).await.unwrap();
    // They are on one connection, one behind the other, and each of them waits.
    let waiting = join_all((0..20).map(|_| nobody()));
    tokio::time::timeout(Duration::from_millis(300), waiting).await.unwrap_err();
    assert_nothing_is_left(locker, client).await;
}
