//! What follows the fills: indexes, constraints, the proof.

use super::*;
use crate::{Finish, FinishKind};

fn with_finish(steps: &[(FinishKind, &str, &str)], proofs: &[&str]) -> Backfill {
    let mut backfill = fill("item", "cents", CENTS);
    let step = |(kind, name, sql): &(FinishKind, &str, &str)| Finish {
        kind: *kind,
        table: table("item"),
        name: (*name).to_owned(),
        sql: (*sql).to_owned(),
    };
    backfill.parts.push(Part {
        work: Work::Finish {
            steps: steps.iter().map(step).collect(),
            proofs: proofs.iter().map(|proof| (*proof).to_owned()).collect(),
        },
    });
    backfill
}

const INDEX: (FinishKind, &str, &str) = (
    FinishKind::Index,
    "item_cents_key",
    "CREATE UNIQUE INDEX CONCURRENTLY \"item_cents_key\" ON \"public\".\"item\" (\"cents\")",
);
const CHECK: (FinishKind, &str, &str) = (
    FinishKind::Constraint,
    "item_cents_check",
    "ALTER TABLE \"public\".\"item\" ADD CONSTRAINT \"item_cents_check\" CHECK (cents IS NOT NULL) NOT VALID",
);
const VALIDATE: (FinishKind, &str, &str) = (
    FinishKind::Validate,
    "item_cents_check",
    "ALTER TABLE \"public\".\"item\" VALIDATE CONSTRAINT \"item_cents_check\"",
);
const PROOF: &str = "SELECT t.id, t.price, t.cents FROM item t WHERE t.cents IS DISTINCT FROM t.price * 100 LIMIT 10";
const FINISHED: &str = "SELECT (SELECT indisvalid AND indisunique FROM pg_index WHERE indexrelid = 'item_cents_key'::regclass) \
     AND (SELECT convalidated FROM pg_constraint WHERE conname = 'item_cents_check')";

#[tokio::test]
async fn indexes_and_constraints_follow_and_equality_is_proven() {
    let (database, connection) = prices("finished", 2_000).await;
    let backfill = with_finish(&[INDEX, CHECK, VALIDATE], &[PROOF]);
    let mut steps = Vec::new();
    let mut tell = |event: Event<'_>| match event {
        Event::Step { number, of, .. } => steps.push(format!("{number}/{of}")),
        Event::Proves { number, of } => steps.push(format!("proof {number}/{of}")),
        _ => {}
    };
    let ran = run_with(database.url(), &backfill, &Options::default(), &mut tell).await;
    assert_eq!(ran.unwrap(), Ended::Done);
    assert_eq!(steps, ["1/3", "2/3", "3/3", "proof 1/1"]);
    assert_eq!(value(&connection, FINISHED).await, "true");
    assert!(standing(&connection, &backfill).await.iter().all(|part| part.state == State::Done));
    // Again it finds all of it there.
    crate::backfill::again(&connection, &backfill).await.unwrap();
    run(database.url(), &backfill).await.unwrap();
}

#[tokio::test]
async fn what_an_earlier_try_has_left_is_cleared_away() {
    let (database, connection) = prices("half_built", 2_000).await;
    connection.batch_execute("UPDATE item SET cents = 7 WHERE id < 3").await.unwrap();
    assert!(connection.batch_execute(INDEX.2).await.is_err(), "it is left invalid");
    let backfill = with_finish(&[INDEX, CHECK, VALIDATE], &[]);
    run(database.url(), &backfill).await.unwrap();
    assert_eq!(value(&connection, FINISHED).await, "true");
}

#[tokio::test]
async fn rows_in_the_way_of_an_index_are_told_and_it_goes_on_from_there() {
    let (database, connection) = prices("duplicates", 200).await;
    connection.batch_execute("UPDATE item SET price = 0.07 WHERE id = 9").await.unwrap();
    let backfill = with_finish(&[INDEX, CHECK, VALIDATE], &[PROOF]);
    let error = run(database.url(), &backfill).await.unwrap_err();
    assert!(error.to_string().contains("Key (cents)=(7) is duplicated"), "{error}");
    let found = standing(&connection, &backfill).await;
    assert_eq!((found[0].state, found[1].state), (State::Done, State::Running));
    assert!(found[1].error.as_ref().is_some_and(|error| error.contains("item_cents_key")));
    connection
        .batch_execute("UPDATE item SET price = 77, cents = 7700 WHERE id = 9")
        .await
        .unwrap();
    run(database.url(), &backfill).await.unwrap();
    assert_eq!(value(&connection, FINISHED).await, "true");
}

#[tokio::test]
async fn rows_in_which_both_sides_differ_are_shown() {
    let (database, connection) = prices("unproven", 50).await;
    let backfill = with_finish(&[], &[PROOF]);
    run(database.url(), &fill("item", "cents", CENTS)).await.unwrap();
    connection.batch_execute("UPDATE item SET cents = 1 WHERE id = 33").await.unwrap();
    let error = run(database.url(), &backfill).await.unwrap_err();
    assert!(error.to_string().contains("\"id\" = 33, \"price\" = 0.33, \"cents\" = 1"), "{error}");
    assert!(error.help().unwrap_or_default().contains(&format!("run {MIGRATION} --again")));
    crate::backfill::again(&connection, &backfill).await.unwrap();
    assert_eq!(run(database.url(), &backfill).await.unwrap(), Ended::Done);
}

#[tokio::test]
async fn two_that_finish_do_not_do_it_twice() {
    let (database, connection) = prices("finish_shared", 20_000).await;
    let backfill = with_finish(&[INDEX, CHECK, VALIDATE], &[PROOF]);
    let (a, b) = tokio::join!(run(database.url(), &backfill), run(database.url(), &backfill));
    assert_eq!((a.unwrap(), b.unwrap()), (Ended::Done, Ended::Done));
    assert_eq!(value(&connection, FINISHED).await, "true");
}

#[tokio::test]
async fn a_pause_holds_between_two_steps_and_a_cancel_too() {
    let (database, connection) = prices("finish_paused", 200).await;
    let backfill = with_finish(&[INDEX, CHECK, VALIDATE], &[PROOF]);
    let has_check = "SELECT count(*) FROM pg_constraint WHERE conname = 'item_cents_check'";
    let holder = database.connect().await;
    for is_cancelled in [false, true] {
        connection.batch_execute("DROP INDEX IF EXISTS item_cents_key").await.unwrap();
        // The index waits for this, and the fill does not.
        let hold = "BEGIN; LOCK TABLE item IN SHARE UPDATE EXCLUSIVE MODE";
        holder.batch_execute(hold).await.unwrap();
        let options = Options { leaves_paused: true, ..Options::default() };
        let mut tell = |_: Event<'_>| ();
        let ran = run_with(database.url(), &backfill, &options, &mut tell);
        let others = async {
            let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'item'::regclass AND NOT granted)";
            while value(&connection, waits).await != "true" {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if is_cancelled {
                crate::backfill::cancel(&connection, &backfill).await.unwrap();
            } else {
                crate::backfill::pause(&connection, &backfill).await.unwrap();
            }
            holder.batch_execute("COMMIT").await.unwrap();
        };
        let ended = beside(ran, others).await;
        assert_eq!(ended, if is_cancelled { Ended::Cancelled } else { Ended::Paused });
        assert_eq!(value(&connection, has_check).await, "0", "the next step was not begun");
        let state = standing(&connection, &backfill).await[1].state;
        assert_eq!(state, if is_cancelled { State::Cancelled } else { State::Paused });
        crate::backfill::again(&connection, &backfill).await.unwrap();
    }
    assert_eq!(run(database.url(), &backfill).await.unwrap(), Ended::Done);
    assert_eq!(value(&connection, FINISHED).await, "true");
}
