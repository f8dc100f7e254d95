//! The new table takes the place of the old one, and nothing is lost by that.

use super::*;

#[tokio::test]
async fn a_column_that_came_meanwhile_is_not_dropped_with_the_old_table() {
    let (_database, connection) = points("came").await;
    let files = filled(&connection, "point").await;
    connection
        .batch_execute("ALTER TABLE point ADD note text; UPDATE point SET note = 'kept'")
        .await
        .unwrap();
    let refused = apply(&connection, &files.contract).await.unwrap_err();
    assert!(
        refused.contains("column note of") && refused.contains("migrate abort 20260101000000"),
        "{refused}"
    );
    assert_eq!(value(&connection, "SELECT count(*) FROM point WHERE note = 'kept'").await, "20");
    connection.batch_execute("ALTER TABLE point DROP note, ALTER n TYPE bigint").await.unwrap();
    let refused = apply(&connection, &files.contract).await.unwrap_err();
    assert!(refused.contains("column n of") && refused.contains("bigint"), "{refused}");
    connection.batch_execute("ALTER TABLE point ALTER n TYPE integer").await.unwrap();
    apply(&connection, &files.contract).await.unwrap();
    assert_eq!(value(&connection, "SELECT count(*) FROM point").await, "20");
}

/// A transaction that sees an older state does not see what was copied meanwhile, and is not to leave it there.
#[tokio::test]
async fn a_transaction_of_an_older_state_leaves_no_copies() {
    let (database, connection) = points("older").await;
    let files = planned(&connection, "point").await;
    apply(&connection, &files.migration).await.unwrap();
    for write in [
        "DELETE FROM point WHERE id = 3",
        "UPDATE point SET at = at - interval '1 year' WHERE id = 4",
    ] {
        let older = database.connect().await;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM point";
        older.batch_execute(begin).await.unwrap();
        fill(&connection, &files).await;
        let refused = older.batch_execute(write).await.unwrap_err();
        assert_eq!(refused.db().unwrap().code().code(), "40001", "{refused}");
        older.batch_execute("ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
        older.batch_execute(&format!("{write}; COMMIT")).await.unwrap();
        connection.batch_execute("DELETE FROM point_parts").await.unwrap();
        // Nor is one left that it made itself.
        older
            .batch_execute(&format!("BEGIN ISOLATION LEVEL SERIALIZABLE; {write}; COMMIT"))
            .await
            .unwrap();
        older.close().await;
    }
    fill(&connection, &files).await;
    apply(&connection, &files.contract).await.unwrap();
    assert_eq!(value(&connection, "SELECT count(*) FROM point").await, "19");
}

/// As long as the server removes the files of the old table, its locks keep others out of what they are on.
#[tokio::test]
async fn the_old_table_goes_when_nobody_needs_it_any_more() {
    let (database, connection) = points("goes").await;
    connection
        .batch_execute(
            "CREATE TABLE owner (n integer PRIMARY KEY); INSERT INTO owner SELECT generate_series(1, 20);
             ALTER TABLE point ADD CONSTRAINT point_n_fkey FOREIGN KEY (n) REFERENCES owner (n);
             CREATE INDEX point_n_idx ON point (n)",
        )
        .await
        .unwrap();
    let files = filled(&connection, "point").await;
    let transactions: Vec<&str> = files.contract.split_inclusive("COMMIT;").collect();
    let [swap, untie, drop] = *transactions else { panic!("{transactions:#?}") };
    connection.batch_execute(swap).await.unwrap();
    for (sql, is) in [
        ("SELECT relkind FROM pg_class WHERE oid = 'point'::regclass", "p"),
        ("SELECT count(*) FROM point_retired", "20"),
        (
            "SELECT string_agg(conname, ' ' ORDER BY conname) FROM pg_constraint WHERE conrelid = 'point'::regclass",
            "point_n_fkey point_pkey",
        ),
        ("SELECT relkind FROM pg_class WHERE oid = 'point_n_idx'::regclass", "I"),
    ] {
        assert_eq!(value(&connection, sql).await, is, "{sql}");
    }
    connection.batch_execute(untie).await.unwrap();
    // Nobody waits for that: not even who keeps all other tables.
    let other = database.connect().await;
    other.batch_execute("BEGIN; LOCK TABLE point, owner IN ACCESS EXCLUSIVE MODE").await.unwrap();
    connection.batch_execute(&format!("SET lock_timeout TO '5s'; {drop}")).await.unwrap();
    other.batch_execute("ROLLBACK").await.unwrap();
    let left = "SELECT count(*) FROM pg_class WHERE relname LIKE '%retired%'";
    assert_eq!(value(&connection, left).await, "0");
}

/// As autovacuum does: it gives way after a second, which is too long for all the others to wait.
#[tokio::test]
async fn nobody_waits_behind_the_swap_for_a_vacuum() {
    let (database, connection) = points("vacuum").await;
    let files = filled(&connection, "point").await;
    let (of_old, of_partition, reader) =
        (database.connect().await, database.connect().await, database.connect().await);
    let lock = "IN SHARE UPDATE EXCLUSIVE MODE";
    of_partition.batch_execute(&format!("BEGIN; LOCK TABLE point_rest {lock}")).await.unwrap();
    of_old.batch_execute(&format!("BEGIN; LOCK TABLE point {lock}")).await.unwrap();
    let read = async {
        let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'point'::regclass)";
        while value(&reader, waits).await != "true" {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        reader
            .batch_execute("SET lock_timeout TO '10s'; SELECT count(*) FROM point")
            .await
            .unwrap();
        of_old.batch_execute("ROLLBACK").await.unwrap();
    };
    let (swapped, ()) = tokio::join!(connection.batch_execute(&files.contract), read);
    swapped.unwrap();
    of_partition.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(value(&connection, "SELECT count(*) FROM point").await, "20");
}

#[tokio::test]
async fn names_with_much_in_common_stay_apart() {
    let (_database, connection) = points("alike").await;
    let long = "point_index_with_a_name_that_is_longer_than_fifty_bytes";
    connection
        .batch_execute(&format!(
            "CREATE INDEX {long}_a ON point (n); CREATE INDEX {long}_b ON point (n, at)"
        ))
        .await
        .unwrap();
    let files = filled(&connection, "point").await;
    apply(&connection, &files.contract).await.unwrap();
    let count =
        format!("SELECT count(*) FROM pg_class WHERE relkind = 'I' AND relname LIKE '{long}%'");
    assert_eq!(value(&connection, &count).await, "2");
}

#[tokio::test]
async fn a_table_may_be_called_anything() {
    let (_database, connection) = points("odd").await;
    let name = "100%s of it's {new} \\ \"$1\"";
    let rename = format!("ALTER TABLE point RENAME TO \"{}\"", name.replace('"', "\"\""));
    connection.batch_execute(&rename).await.unwrap();
    let files = filled(&connection, name).await;
    apply(&connection, &files.contract).await.unwrap();
    let parted = "SELECT count(*) FROM pg_partitioned_table";
    assert_eq!(value(&connection, parted).await, "1");
}

#[tokio::test]
async fn columns_may_be_called_as_variables_are() {
    let (_database, connection) = points("variables").await;
    let columns = ["found", "new", "old", "tg_op", "p", "t", "excluded", "month", "found%"];
    for column in columns {
        connection
            .batch_execute(&format!("ALTER TABLE point ADD \"{column}\" text"))
            .await
            .unwrap();
    }
    let files = filled(&connection, "point").await;
    for column in columns {
        let sql = format!("UPDATE point SET \"{column}\" = 'x' WHERE id < 5");
        connection.batch_execute(&sql).await.unwrap();
    }
    connection
        .batch_execute(
            "DELETE FROM point WHERE id = 1; UPDATE point SET at = at + '1 y' WHERE id = 2",
        )
        .await
        .unwrap();
    apply(&connection, &files.contract).await.unwrap();
    let kept = "SELECT count(*) FROM point WHERE concat(found, new, old, tg_op, p, t, excluded) = 'xxxxxxx'";
    assert_eq!(value(&connection, kept).await, "3");
}

/// What is refused, and goes when this is run.
const LOST: &[(&str, &str, &str)] = &[
    ("CREATE VIEW few AS SELECT id FROM point", "DROP VIEW few", "the view few"),
    (
        "CREATE FUNCTION first() RETURNS point LANGUAGE sql AS 'SELECT * FROM point LIMIT 1'",
        "DROP FUNCTION first()",
        "function first()",
    ),
    ("CREATE PUBLICATION told FOR TABLE point", "DROP PUBLICATION told", "publication told"),
    ("CREATE TABLE other (p point[])", "DROP TABLE other", "table other"),
    ("CREATE UNIQUE INDEX once ON point (n) WHERE n < 0", "DROP INDEX once", "the index once"),
    ("CREATE INDEX of_words ON point ((n::text))", "DROP INDEX of_words", "the index of_words"),
    (
        "ALTER TABLE point ADD CONSTRAINT apart EXCLUDE USING btree (id WITH =, at WITH =)",
        "ALTER TABLE point DROP CONSTRAINT apart",
        "the constraint apart",
    ),
    ("CREATE POLICY mine ON point USING (true)", "DROP POLICY mine ON point", "the policy mine"),
    (
        "ALTER TABLE point REPLICA IDENTITY FULL",
        "ALTER TABLE point REPLICA IDENTITY DEFAULT",
        "replica identity",
    ),
];

#[tokio::test]
async fn what_would_be_lost_is_refused_at_the_beginning_and_at_the_end() {
    let (_database, connection) = points("lost").await;
    // A type of PostgreSQL's own has the table's name too: it is not to be taken for that.
    connection.batch_execute("SET search_path TO public, pg_catalog").await.unwrap();
    let files = planned(&connection, "point").await;
    assert_eq!(losses(&connection, &files).await.unwrap(), []);
    for (made, dropped, what) in LOST {
        connection.batch_execute(made).await.unwrap();
        let said = losses(&connection, &files).await.unwrap();
        assert!(said.len() == 1 && said[0].what.contains(what), "{made}: {said:?}");
        let refused = apply(&connection, &files.migration).await.unwrap_err();
        assert!(refused.contains(what), "{refused}");
        connection.batch_execute(dropped).await.unwrap();
    }
    apply(&connection, &files.migration).await.unwrap();
    fill(&connection, &files).await;
    for (made, dropped, what) in LOST {
        connection.batch_execute(made).await.unwrap();
        let refused = apply(&connection, &files.contract).await.unwrap_err();
        assert!(refused.contains(what), "{refused}");
        connection.batch_execute(dropped).await.unwrap();
    }
    apply(&connection, &files.contract).await.unwrap();
}

#[tokio::test]
async fn owner_options_grants_and_statistics_go_along() {
    let (_database, connection) = points("along").await;
    let (owner, reader) =
        (format!("owner_{}", std::process::id()), format!("reader_{}", std::process::id()));
    connection
        .batch_execute(&format!(
            "DROP ROLE IF EXISTS {owner}; DROP ROLE IF EXISTS {reader}; CREATE ROLE {owner}; CREATE ROLE {reader};
             GRANT CREATE ON SCHEMA public TO {owner}; ALTER TABLE point OWNER TO {owner};
             GRANT SELECT (id, n) ON point TO {reader}; GRANT DELETE ON point TO {reader};
             ALTER TABLE point SET (fillfactor = 70, autovacuum_enabled = false);
             CREATE STATISTICS both_of ON n, at FROM point; COMMENT ON TABLE point IS 'it''s 100%';
             ALTER TABLE point ALTER n SET STATISTICS 700"
        ))
        .await
        .unwrap();
    let files = filled(&connection, "point").await;
    apply(&connection, &files.contract).await.unwrap();
    let tree = "FROM pg_class WHERE oid IN (SELECT relid FROM pg_partition_tree('point'))";
    let owners = format!("SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ' ') {tree}");
    assert_eq!(value(&connection, &owners).await, owner);
    let options = format!("SELECT string_agg(DISTINCT reloptions::text, ' ') {tree}");
    assert_eq!(value(&connection, &options).await, "{fillfactor=70,autovacuum_enabled=false}");
    for (right, has) in [
        (format!("has_column_privilege('{reader}', 'point', 'n', 'SELECT')"), "true"),
        (format!("has_column_privilege('{reader}', 'point', 'at', 'SELECT')"), "false"),
        (format!("has_table_privilege('{reader}', 'point', 'DELETE')"), "true"),
    ] {
        assert_eq!(value(&connection, &format!("SELECT {right}")).await, has, "{right}");
    }
    let statistics = "SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = 'point'::regclass";
    assert_eq!(value(&connection, statistics).await, "1");
    let said = "SELECT obj_description('point'::regclass, 'pg_class')";
    assert_eq!(value(&connection, said).await, "it's 100%");
    let looked = format!(
        "SELECT string_agg(DISTINCT attstattarget::text, ' ') FROM pg_attribute WHERE attname = 'n' AND attrelid IN (SELECT oid {tree})"
    );
    assert_eq!(value(&connection, &looked).await, "700");
    assert_eq!(
        value(&connection, "SELECT pg_get_serial_sequence('point', 'id')").await,
        "public.point_id_seq"
    );
    connection
        .batch_execute(&format!("DROP OWNED BY {owner}, {reader}; DROP ROLE {owner}, {reader}"))
        .await
        .unwrap();
}
