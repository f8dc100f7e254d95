//! Several workers at one backfill, and workers that are gone.

use std::cell::Cell;

use futures_util::future::join_all;

use super::*;
use crate::backfill::{run_by, stop};

/// Counts how often each row was written, by a trigger.
const COUNTED: &str = "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.version := OLD.version + 1; RETURN NEW; END $$;
     CREATE TRIGGER counted BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION counted()";
const ONCE: &str =
    "SELECT count(*) FROM item WHERE version <> 1 OR cents IS DISTINCT FROM price * 100";

fn every_row() -> Backfill {
    let mut backfill = fill("item", "cents", CENTS);
    if let Work::Fill(fill) = &mut backfill.parts[0].work {
        // Without a condition a batch that is done twice is seen.
        fill.pending = "true".to_owned();
    }
    backfill
}

/// Keeps rows all over the table until all are at it: it is not done before, however late one of them comes.
async fn kept_until(database: &TestDatabase, all_are_at_it: impl Fn() -> bool) {
    let keeper = database.connect().await;
    let keep = "BEGIN; SELECT FROM item WHERE id % 4000 = 0 FOR UPDATE";
    keeper.batch_execute(keep).await.unwrap();
    while !all_are_at_it() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    keeper.batch_execute("ROLLBACK").await.unwrap();
}

async fn share<const WORKERS: usize>() {
    let (database, connection) = prices("shared", 40_000).await;
    connection.batch_execute(COUNTED).await.unwrap();
    let backfill = every_row();
    let mut options = Options::default();
    options.limits.target = Duration::from_millis(5);
    let batches = [const { Cell::new(0) }; WORKERS];
    let works = batches.each_ref().map(|batches| {
        let (backfill, options, url) = (&backfill, &options, database.url());
        async move {
            let mut tell = |event: Event<'_>| {
                batches.set(batches.get() + i32::from(matches!(event, Event::Batch(_))));
            };
            assert_eq!(run_with(url, backfill, options, &mut tell).await.unwrap(), Ended::Done);
        }
    });
    let kept = kept_until(&database, || batches.iter().all(|batches| batches.get() > 0));
    tokio::join!(Box::pin(kept), join_all(works));
    assert_eq!(value(&connection, ONCE).await, "0");
    let standing = &standing(&connection, &backfill).await[0];
    assert_eq!((standing.seen, standing.changed), (40_000, 40_000));
}

#[tokio::test]
async fn two_workers_never_do_the_same_batch() {
    Box::pin(share::<2>()).await;
}

#[tokio::test]
async fn nor_do_four() {
    Box::pin(share::<4>()).await;
}

/// Where the first of them stops at a row that is refused, the others do not go on without it.
#[tokio::test]
async fn none_goes_on_where_a_row_is_refused() {
    let (database, connection) = prices("crew_refused", 40_000).await;
    connection.batch_execute("UPDATE item SET price = 99999999 WHERE id = 7").await.unwrap();
    let backfill = every_row();
    let mut options = Options::default();
    options.limits.max_rate = Some(2_000);
    let (_stopper, stop) = stop();
    let all = std::slice::from_ref(&backfill);
    let ran = Box::pin(run_by(2, database.url(), all, &options, stop, &mut |_| ())).await;
    let error = ran.unwrap_err().to_string();
    assert!(error.contains("\"id\" = '7'"), "{error}");
    let left = value(&connection, "SELECT count(*) FROM item WHERE cents IS NULL").await;
    assert!(left.parse::<u32>().unwrap() > 20_000, "{left}");
}

#[tokio::test]
async fn nor_do_those_of_one_run() {
    let (database, connection) = prices("crew", 40_000).await;
    connection.batch_execute(COUNTED).await.unwrap();
    let backfill = every_row();
    let mut options = Options::default();
    options.limits.target = Duration::from_millis(5);
    let (_stopper, stop) = stop();
    let most = Cell::new(0);
    let mut tell = |event: Event<'_>| {
        if let Event::Batch(progress) = event {
            most.set(most.get().max(progress.workers));
        }
    };
    let all = std::slice::from_ref(&backfill);
    let ran = Box::pin(run_by(3, database.url(), all, &options, stop, &mut tell));
    let (ran, ()) = tokio::join!(ran, Box::pin(kept_until(&database, || most.get() == 3)));
    assert_eq!(ran.unwrap(), Ended::Done);
    assert_eq!(value(&connection, ONCE).await, "0");
    let standing = &standing(&connection, &backfill).await[0];
    assert_eq!((standing.seen, standing.changed), (40_000, 40_000));
}

#[tokio::test]
async fn what_a_dead_worker_had_claimed_is_taken_over() {
    let (database, connection) = prices("dead", 20_000).await;
    connection.batch_execute(COUNTED).await.unwrap();
    let backfill = every_row();
    // Each time in the middle of a batch, or between two.
    let mut kills = 0;
    loop {
        let mut batches = 0;
        let mut tell = |event: Event<'_>| batches += i32::from(matches!(event, Event::Batch(_)));
        let mut options = Options::default();
        options.limits.target = Duration::from_millis(20);
        options.patience = Some(Duration::ZERO);
        let killer = async {
            tokio::time::sleep(Duration::from_millis(10 + 17 * kills)).await;
            let sql = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'driveflow backfill'";
            // It may be on its way still.
            while value(&connection, sql).await == "0" {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            std::future::pending::<()>().await;
        };
        let ran = tokio::select! {
            ran = run_with(database.url(), &backfill, &options, &mut tell) => ran,
            () = killer => unreachable!("it only waits"),
        };
        match ran {
            Ok(ended) => {
                assert_eq!(ended, Ended::Done);
                break;
            }
            Err(error) => {
                assert!(error.server().is_some_and(postgres::Error::is_closed), "{error}");
            }
        }
        kills += 1;
    }
    assert!(kills > 2, "{kills}");
    assert_eq!(value(&connection, ONCE).await, "0");
    assert_eq!(standing(&connection, &backfill).await[0].changed, 20_000);
}

#[tokio::test]
async fn a_lost_connection_is_made_again() {
    let (database, connection) = prices("lost", 20_000).await;
    connection.batch_execute(COUNTED).await.unwrap();
    let backfill = every_row();
    let mut options = Options::default();
    options.limits.target = Duration::from_millis(5);
    let (sender, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let (mut lost, mut again) = (0, 0);
    let mut tell = |event: Event<'_>| match event {
        Event::Batch(_) => _ = sender.send(()),
        Event::Lost { .. } => lost += 1,
        Event::Reconnected => again += 1,
        _ => {}
    };
    let killer = async {
        for _ in 0..3 {
            begun.recv().await.expect("a batch");
        }
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'driveflow backfill'";
        connection.batch_execute(sql).await.unwrap();
    };
    let ended = beside(run_with(database.url(), &backfill, &options, &mut tell), killer).await;
    assert_eq!(ended, Ended::Done);
    assert_eq!((lost, again), (1, 1));
    assert_eq!(value(&connection, ONCE).await, "0");
}
