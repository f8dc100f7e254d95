//! The lock of migrations, between real sessions.

use std::time::{Duration, Instant};

use crate::lock::{acquire, acquire_within};
use crate::testing::TestDatabase;

const SHORT: Duration = Duration::from_millis(150);

#[tokio::test]
async fn one_at_a_time() {
    let database = TestDatabase::empty("lock");
    let (first, second) = (database.connect().await, database.connect().await);
    let held = acquire(&first).await.unwrap();
    let error = acquire_within(&second, SHORT).await.unwrap_err();
    assert_eq!(error.code(), "P1002");
    let text = error.to_string();
    assert!(text.contains("(SELECT pg_advisory_lock(72707369)). Timeout: 150ms."), "{text}");
    assert!(text.contains("held by process"), "{text}");
    assert!(text.contains("(driveflow, connected for 00:00:"), "{text}");

    held.release().await.unwrap();
    let held = acquire_within(&second, Duration::from_mins(1)).await.unwrap();
    assert!(acquire_within(&first, SHORT).await.is_err());
    drop(held);
    acquire_within(&first, Duration::from_mins(1)).await.unwrap().release().await.unwrap();
}

#[tokio::test]
async fn a_closed_connection_holds_nothing() {
    let database = TestDatabase::empty("lock_closed");
    let (first, second) = (database.connect().await, database.connect().await);
    std::mem::forget(acquire(&first).await.unwrap());
    first.close().await;
    acquire_within(&second, Duration::from_mins(1)).await.unwrap().release().await.unwrap();
}

#[tokio::test]
async fn a_waiter_gets_it_soon() {
    let database = TestDatabase::empty("lock_wait");
    let (first, second) = (database.connect().await, database.connect().await);
    let held = acquire(&first).await.unwrap();
    let start = Instant::now();
    let release = async {
        tokio::time::sleep(SHORT).await;
        held.release().await.unwrap();
    };
    let (waited, ()) = tokio::join!(acquire(&second), release);
    waited.unwrap().release().await.unwrap();
    assert!(start.elapsed() >= SHORT);
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}
