//! The partitions of the months ahead, and what is in their way.

use super::*;

/// Tables by the month, as a rollout leaves them, of which each has a partition of last month.
async fn parted(connection: &Connection, tables: &[&str]) {
    for table in tables {
        connection
            .batch_execute(&format!(
                "CREATE TABLE {table} (id integer, at timestamptz NOT NULL, twice integer GENERATED ALWAYS AS (id * 2) STORED, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
                 CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT;
                 SET TimeZone TO 'UTC';
                 DO $$ DECLARE month timestamp := date_trunc('month', now() - interval '1 month'); BEGIN
                   EXECUTE format('CREATE TABLE {table}_%s PARTITION OF {table} FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 70)',
                     to_char(month, 'YYYY_MM'), month, month + interval '1 month');
                 END $$;"
            ))
            .await
            .unwrap();
    }
}

fn shown(maintained: &Maintained) -> (usize, usize) {
    (maintained.made.len(), maintained.refused.len())
}

#[tokio::test]
async fn rows_in_the_way_keep_nothing_else_from_being_made() {
    let (_database, connection) = points("way").await;
    parted(&connection, &["a", "b"]).await;
    connection
        .batch_execute(
            "CREATE TABLE note (a integer, at timestamptz, FOREIGN KEY (a, at) REFERENCES a ON DELETE CASCADE);
             CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$;
             CREATE TRIGGER never BEFORE DELETE ON a FOR EACH ROW EXECUTE FUNCTION never();
             ALTER TABLE a ENABLE ALWAYS TRIGGER never;
             INSERT INTO a SELECT i, date_trunc('month', now()) + i * interval '1 hour' FROM generate_series(1, 20) i;
             INSERT INTO a VALUES (99, now() - interval '3 years');
             INSERT INTO note SELECT id, at FROM a",
        )
        .await
        .unwrap();
    let maintained = maintain(&connection, &["public".to_owned()], 1, false).await.unwrap();
    assert_eq!(shown(&maintained), (3, 1), "{maintained:?}");
    let refused = &maintained.refused[0];
    assert!(refused.table.contains("\"a\"") && refused.moving.is_some(), "{refused:?}");
    let again = maintain(&connection, &["public".to_owned()], 1, false).await.unwrap();
    assert_eq!(shown(&again), (0, 1), "{again:?}");

    // What is printed is what is done.
    let script = refused.moving.as_ref().unwrap();
    connection.batch_execute(&script.replace("COMMIT;", "ROLLBACK;")).await.unwrap();
    let moved = maintain(&connection, &["public".to_owned()], 1, true).await.unwrap();
    assert!(shown(&moved) == (1, 0) && moved.made[0].has_moved, "{moved:?}");
    for (sql, is) in [
        ("SELECT string_agg(id::text, ',') FROM a_rest".to_owned(), "99"),
        ("SELECT sum(twice) FROM a".to_owned(), "618"),
        ("SELECT count(*) FROM note".to_owned(), "21"),
        ("SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'a_rest'::regclass AND tgname = 'never'".to_owned(), "A"),
        ("SELECT count(*) FROM pg_constraint WHERE conrelid = 'note'::regclass AND conparentid = 0 AND convalidated".to_owned(), "1"),
        (format!("SELECT reloptions FROM pg_class WHERE relname = '{}'", moved.made[0].partition), "{fillfactor=70}"),
    ] {
        assert_eq!(value(&connection, &sql).await, is, "{sql}");
    }
    assert_eq!(
        shown(&maintain(&connection, &["public".to_owned()], 1, true).await.unwrap()),
        (0, 0)
    );
}

#[tokio::test]
async fn new_months_are_named_as_they_will_be_called_after_the_swap() {
    let (_database, connection) = points("named").await;
    let files = filled(&connection, "point").await;
    let made = maintain(&connection, &["public".to_owned()], 5, false).await.unwrap().made;
    assert_eq!(made.len(), 2);
    let is_named = |made: &Made| made.partition.starts_with("point_2");
    assert!(made.iter().all(is_named), "{made:?}");
    apply(&connection, &files.contract).await.unwrap();
    let made = maintain(&connection, &["public".to_owned()], 6, false).await.unwrap().made;
    assert!(made.len() == 1 && made.iter().all(is_named), "{made:?}");
}

#[tokio::test]
async fn partitions_of_tables_with_much_in_common_stay_apart() {
    let (_database, connection) = points("stems").await;
    let long = "point_table_with_a_name_that_is_longer_than_fifty_bytes";
    for end in ["a", "b"] {
        connection
            .batch_execute(&format!(
                "CREATE TABLE {long}_{end} (id integer PRIMARY KEY, at timestamptz NOT NULL)"
            ))
            .await
            .unwrap();
        let files = planned(&connection, &format!("{long}_{end}")).await;
        apply(&connection, &files.migration).await.unwrap();
        apply(&connection, &files.contract).await.unwrap();
    }
    let maintained = maintain(&connection, &["public".to_owned()], 4, false).await.unwrap();
    assert_eq!(shown(&maintained), (2, 0), "{maintained:?}");
}
