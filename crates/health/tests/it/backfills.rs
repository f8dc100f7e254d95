//! Backfills, by the ledger that whoever fills keeps.

use health::State;
use postgres::testing::{TestDatabase, block_on};

use crate::{finding, names};

const LEDGER: &str = include_str!("../../../rollout/src/backfill/ledger/create.sql");

#[test]
fn a_backfill_that_nobody_is_at() {
    let database = TestDatabase::from_sql(
        "stalled",
        &format!(
            "CREATE SCHEMA _driveflow; {LEDGER};\
             INSERT INTO _driveflow.backfills (schema, migration, part, definition, state, error, updated_at) VALUES \
             ('public', '20261129101112_cents', 1, '', 'done', NULL, now() - interval '3 h'), \
             ('public', '20261129101112_cents', 2, '', 'running', E'lock timeout\nat once', now() - interval '20 min'), \
             ('public', '20261129101112_cents', 3, '', 'waiting', NULL, now() - interval '3 h')"
        ),
    );
    block_on(async {
        let stalled = finding(&database, "stalled_backfill", "").await;
        // Minutes pass while a template waits for its tests.
        assert!(names(&stalled, "20261129101112_cents, part 2 · "), "{}", stalled.message);
        assert!(
            stalled.message.ends_with(" min · stopped by: lock timeout"),
            "{}",
            stalled.message
        );
        assert_eq!(stalled.state, State::Warn);
        assert_eq!(stalled.advice, ["cargo xtask backfill run \"20261129101112_cents\""]);

        // Somebody is at it again.
        let worker = database.connect().await;
        worker
            .batch_execute("SET application_name TO 'driveflow backfill'")
            .await
            .expect("its name");
        let found = finding(&database, "stalled_backfill", "").await;
        assert_eq!(
            (found.state, found.message.as_str()),
            (State::Ok, "none was left in the middle")
        );
        worker.close().await;
    });
}

#[test]
fn without_a_ledger_nothing_is_stalled() {
    let database = TestDatabase::empty("no_ledger");
    let found = block_on(finding(&database, "stalled_backfill", ""));
    assert_eq!(found.state, State::Ok);
}
