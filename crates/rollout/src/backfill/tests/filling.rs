//! What a fill does to rows, and to nothing else.

use super::*;

#[tokio::test]
async fn rows_are_filled_and_a_second_run_does_nothing() {
    let (database, connection) = prices("filled", 12_000).await;
    let backfill = fill("item", "cents", CENTS);
    let mut begun = Vec::new();
    let mut tell = |event: Event<'_>| {
        if let Event::Begins { progress, key } = event {
            begun.push((progress.total, key.to_owned()));
        }
    };
    let ran = run_with(database.url(), &backfill, &Options::default(), &mut tell).await;
    assert_eq!(ran.unwrap(), Ended::Done);
    assert_eq!(value(&connection, WRONG).await, "0");
    let [(Some(total), key)] = &begun[..] else { panic!("{begun:?}") };
    assert!((6_000..24_000).contains(total), "an estimate: {total}");
    assert_eq!(key, "\"id\"");
    let standing = standing(&connection, &backfill).await;
    let [done] = &standing[..] else { panic!("{standing:?}") };
    assert_eq!((done.seen, done.changed, done.workers), (12_000, 12_000, 0));
    assert!(done.done_at.is_some() && super::super::is_done(&standing, MIGRATION));

    connection.batch_execute("UPDATE item SET cents = 0 WHERE id = 5").await.unwrap();
    let mut events = 0;
    run_with(database.url(), &backfill, &Options::default(), &mut |_| events += 1).await.unwrap();
    assert_eq!((events, value(&connection, WRONG).await.as_str()), (0, "1"), "it is done");
    crate::backfill::again(&connection, &backfill).await.unwrap();
    run(database.url(), &backfill).await.unwrap();
    assert_eq!(value(&connection, WRONG).await, "0");
    let again = &super::standing(&connection, &backfill).await[0];
    assert_eq!((again.seen, again.changed), (12_000, 1), "only what was pending was written");
}

#[tokio::test]
async fn an_empty_table_is_done_at_once() {
    let (database, connection) = prices("no_rows", 0).await;
    let backfill = fill("item", "cents", CENTS);
    assert_eq!(run(database.url(), &backfill).await.unwrap(), Ended::Done);
    assert_eq!(standing(&connection, &backfill).await[0].state, State::Done);
    run(database.url(), &backfill).await.unwrap();
}

#[tokio::test]
async fn a_statement_of_ones_own_is_run_over_batches() {
    let database = TestDatabase::from_sql(
        "own",
        "CREATE TABLE \"Org\" (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), zone text NOT NULL);
         INSERT INTO \"Org\" (zone) VALUES ('Europe/Berlin'), ('America/Lima');
         CREATE TABLE \"Booking\" (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), org uuid NOT NULL REFERENCES \"Org\",
                                  at timestamp NOT NULL, at_utc timestamptz);
         INSERT INTO \"Booking\" (org, at) SELECT o.id, timestamp '2026-06-01' + i * interval '1 h'
         FROM \"Org\" o, generate_series(1, 2000) i;",
    );
    let connection = database.connect().await;
    let update = script(
        "-- Over :batch.\nUPDATE \"Booking\" AS b\nSET at_utc = b.at AT TIME ZONE o.zone\nFROM \"Org\" AS o\n\
         WHERE :batch AND o.id = b.org AND b.at_utc IS NULL;\n",
    )
    .unwrap();
    run(database.url(), &update).await.unwrap();
    let wrong = "SELECT count(*) FROM \"Booking\" b JOIN \"Org\" o ON o.id = b.org WHERE b.at_utc IS DISTINCT FROM b.at AT TIME ZONE o.zone";
    assert_eq!(value(&connection, wrong).await, "0");
    assert_eq!(standing(&connection, &update).await[0].changed, 4_000);

    // Another statement of the same migration begins anew.
    let delete = script("DELETE FROM \"Booking\" WHERE :batch AND at < '2026-06-15'").unwrap();
    assert_eq!(standing(&connection, &delete).await[0].state, State::Waiting);
    run(database.url(), &delete).await.unwrap();
    assert_eq!(value(&connection, "SELECT min(at) FROM \"Booking\"").await, "2026-06-15 00:00:00");
}

#[tokio::test]
async fn rows_are_copied_beside_a_mirror() {
    let (database, connection) = prices("copied", 20_000).await;
    connection
        .batch_execute(
            "CREATE TABLE copy (LIKE item INCLUDING ALL);
             CREATE FUNCTION mirror() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF TG_OP <> 'INSERT' THEN DELETE FROM copy WHERE id = OLD.id; END IF;
                 IF TG_OP <> 'DELETE' THEN INSERT INTO copy SELECT NEW.*
                     ON CONFLICT (id) DO UPDATE SET price = excluded.price, version = excluded.version; END IF;
                 RETURN NULL; END $$;
             CREATE TRIGGER mirror AFTER INSERT OR UPDATE OR DELETE ON item FOR EACH ROW EXECUTE FUNCTION mirror()",
        )
        .await
        .unwrap();
    let copy = script(
        "INSERT INTO copy SELECT o.* FROM item AS o WHERE :batch FOR SHARE ON CONFLICT DO NOTHING",
    )
    .unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let writer = async |seed: i64| {
        let connection = database.connect().await;
        let mut number = seed;
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            number = (number * 7_919 + 13) % 20_011;
            let sql = format!(
                "UPDATE item SET price = price + 1, version = version + 1 WHERE id = {number};
                 DELETE FROM item WHERE id = {};
                 INSERT INTO item (id, price) VALUES ({}, 3.5) ON CONFLICT DO NOTHING",
                (number * 3) % 20_011,
                (number * 5) % 20_011,
            );
            connection.batch_execute(&sql).await.unwrap();
        }
    };
    let filling = Box::pin(async {
        let mut options = Options::default();
        options.limits.target = Duration::from_millis(10);
        let ran = run_with(database.url(), &copy, &options, &mut |_| ()).await;
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        ran
    });
    let writers = Box::pin(async { tokio::join!(writer(1), writer(2)) });
    assert_eq!(beside(filling, writers).await, Ended::Done);
    let differ = "SELECT count(*) FROM ((TABLE item EXCEPT TABLE copy) UNION ALL (TABLE copy EXCEPT TABLE item)) AS d";
    assert_eq!(value(&connection, differ).await, "0");
    assert_ne!(value(&connection, "SELECT count(*) FROM copy WHERE version > 0").await, "0");
}

#[tokio::test]
async fn what_the_session_is_set_to_does_not_matter() {
    let database = TestDatabase::from_sql(
        "settings",
        "CREATE TABLE event (id timestamptz PRIMARY KEY, day text, amount money);
         INSERT INTO event SELECT timestamptz '2026-01-01 00:00:00.000001+00' + i * interval '7 h' FROM generate_series(1, 500) i;",
    );
    let connection = database.connect().await;
    let name = database.url().database();
    for setting in [
        "TimeZone TO 'Asia/Tokyo'",
        "DateStyle TO 'SQL, DMY'",
        "default_transaction_isolation TO 'serializable'",
        "statement_timeout TO '300ms'",
        "standard_conforming_strings TO off",
    ] {
        connection
            .batch_execute(&format!("ALTER DATABASE \"{name}\" SET {setting}"))
            .await
            .unwrap();
    }
    let backfill = fill("event", "day", "t.id::date::text");
    run(database.url(), &backfill).await.unwrap();
    connection.batch_execute("SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO'").await.unwrap();
    let wrong =
        "SELECT count(*) FROM event WHERE day IS DISTINCT FROM (id AT TIME ZONE 'UTC')::date::text";
    assert_eq!(value(&connection, wrong).await, "0");
}

#[tokio::test]
async fn rows_that_come_go_and_change_meanwhile() {
    let (database, connection) = prices("busy", 20_000).await;
    connection
        .batch_execute(
            "CREATE FUNCTION sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.cents := NEW.price * 100; RETURN NEW; END $$;
             CREATE TRIGGER sync BEFORE INSERT OR UPDATE ON item FOR EACH ROW
             WHEN (NEW.cents IS DISTINCT FROM NEW.price * 100) EXECUTE FUNCTION sync()",
        )
        .await
        .unwrap();
    let backfill = fill("item", "cents", CENTS);
    let done = std::sync::atomic::AtomicBool::new(false);
    let writer = async |seed: i64| {
        let connection = database.connect().await;
        let mut number = seed;
        let mut added = 0_i64;
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            number = (number * 7_919 + 13) % 20_011;
            let sql = format!(
                "UPDATE item SET price = price + 1, version = version + 1 WHERE id = {number};
                 DELETE FROM item WHERE id = {};
                 INSERT INTO item (id, price) VALUES ({}, 3.5) ON CONFLICT DO NOTHING",
                (number * 3) % 20_011,
                20_100 + seed * 1_000_000 + added,
            );
            added += 1;
            connection.batch_execute(&sql).await.unwrap();
        }
    };
    let filling = Box::pin(async {
        let mut options = Options::default();
        options.limits.target = Duration::from_millis(10);
        let ran = run_with(database.url(), &backfill, &options, &mut |_| ()).await;
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        ran
    });
    let writers = Box::pin(async { tokio::join!(writer(1), writer(2), writer(3)) });
    assert_eq!(beside(filling, writers).await, Ended::Done);
    assert_eq!(value(&connection, WRONG).await, "0");
    let lost = "SELECT count(*) FROM item WHERE id <= 20000 AND price <> id / 100.0 + version";
    assert_eq!(value(&connection, lost).await, "0", "no write of others is undone");
}

#[tokio::test]
async fn a_row_that_somebody_keeps_is_waited_for_and_nobody_waits_behind() {
    let (database, connection) = prices("kept", 3_000).await;
    let keeper = database.connect().await;
    keeper
        .batch_execute(
            "SET application_name TO keeper; BEGIN; UPDATE item SET version = 1 WHERE id = 1500",
        )
        .await
        .unwrap();
    let backfill = fill("item", "cents", CENTS);
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut tell = |event: Event<'_>| match event {
        Event::Blocked { by, .. } => _ = sender.send(by[0].to_string()),
        Event::Batch(progress) => _ = sender.send(format!("{}", progress.seen)),
        _ => {}
    };
    let others = async {
        let mut blocked = String::new();
        while !blocked.contains("keeper") {
            blocked = told.recv().await.expect("it is told");
        }
        // All rows but that one can be written: the batch that waits holds nothing.
        let other = database.connect().await;
        let free = "SET lock_timeout TO '30s'; UPDATE item SET version = 2 WHERE id <> 1500";
        other.batch_execute(free).await.unwrap();
        keeper.batch_execute("COMMIT").await.unwrap();
    };
    let options = Options::default();
    let ended = beside(run_with(database.url(), &backfill, &options, &mut tell), others).await;
    assert_eq!(ended, Ended::Done);
    assert_eq!(value(&connection, WRONG).await, "0");
    assert_eq!(value(&connection, "SELECT count(*) FROM item WHERE version = 2").await, "2999");
}
