//! What a `backfill.sql` is read as, and what is refused.

use super::*;

fn read(text: &str) -> Statement {
    Statement::read(text, "public").unwrap()
}

fn refused(text: &str) -> String {
    Statement::read(text, "public").unwrap_err().to_string()
}

#[test]
fn the_batch_goes_where_it_is_asked_for() {
    let statement = read(
        "-- :batch is what it is\nUPDATE \"Booking\" AS b SET note = ':batch', kind = 'x'::batch\n\
         FROM org /* :batch */ WHERE :batch AND b.org = org.id;\n-- end\n",
    );
    assert_eq!(statement.table, TableName { schema: "public".into(), name: "Booking".into() });
    assert_eq!(statement.target(), "\"b\"");
    assert_eq!(
        statement.over("(b.id > 1)"),
        "UPDATE \"Booking\" AS b SET note = ':batch', kind = 'x'::batch\n\
         FROM org /* :batch */ WHERE (b.id > 1) AND b.org = org.id"
    );
}

#[test]
fn the_table_is_called_as_the_statement_calls_it() {
    for (text, schema, name, target) in [
        ("UPDATE T SET a = 1 WHERE :BATCH", "public", "t", "\"t\""),
        ("update only sales.\"T\" x set a = 1 where a is null and :batch", "sales", "T", "\"x\""),
        ("DELETE FROM sales.t WHERE (a OR b) AND :batch", "sales", "t", "\"sales\".\"t\""),
        (
            "DELETE FROM t AS \"Old\" USING o WHERE :batch AND o.id = \"Old\".o",
            "public",
            "t",
            "\"Old\"",
        ),
        (
            "WITH n AS (SELECT 1 AS a WHERE true OR false) UPDATE t SET a = n.a FROM n WHERE :batch",
            "public",
            "t",
            "\"t\"",
        ),
    ] {
        let statement = read(text);
        assert_eq!((&*statement.table.schema, &*statement.table.name), (schema, name), "{text}");
        assert_eq!(statement.target(), target, "{text}");
    }
}

#[test]
fn an_insert_goes_through_what_it_selects_from() {
    for (text, schema, name, target) in [
        ("INSERT INTO n (a) SELECT a FROM \"Old\" WHERE :batch", "public", "Old", "\"Old\""),
        (
            "INSERT INTO n SELECT (SELECT 1 FROM x), o.* FROM ONLY s.\"Old\" AS o JOIN x ON true WHERE :batch FOR SHARE OF o ON CONFLICT DO NOTHING",
            "s",
            "Old",
            "\"o\"",
        ),
        ("INSERT INTO n SELECT * FROM Old B WHERE :batch", "public", "old", "\"b\""),
    ] {
        let statement = read(text);
        assert_eq!((&*statement.table.schema, &*statement.table.name), (schema, name), "{text}");
        assert_eq!(statement.target(), target, "{text}");
    }
}

#[test]
fn what_is_set_is_known() {
    for (text, columns) in [
        (
            "UPDATE t SET Id = f(a, b), \"At\"[1] = b, c = (SELECT 1, d FROM e) WHERE :batch",
            "id At c",
        ),
        ("UPDATE t SET (a, B) = (SELECT c, d FROM e), f = g FROM h, i WHERE :batch", "a b f"),
        ("WITH n AS (UPDATE u SET x = 1) UPDATE t SET a = 1 WHERE :batch", "a"),
        ("DELETE FROM t WHERE :batch", ""),
    ] {
        assert_eq!(read(text).set().join(" "), columns, "{text}");
    }
}

#[test]
fn parentheses_of_its_own_are_no_harm() {
    for text in [
        "UPDATE t SET a = 1 WHERE (:batch)",
        "UPDATE t SET a = 1 WHERE a IS NULL AND ( (:batch /* :batch */) ) AND b IS NULL",
    ] {
        let over = read(text).over("(id > 1)");
        assert!(over.contains("(id > 1)") && !over.contains("((id"), "{over}");
    }
    for text in [
        "UPDATE t SET a = 1 WHERE f(:batch)",
        "UPDATE t SET a = 1 WHERE (:batch OR a = 2)",
        "UPDATE t SET a = 1 WHERE NOT (:batch)",
        "UPDATE t SET a = 1 WHERE (:batch) = b",
    ] {
        assert!(refused(text).contains("there is no :batch"), "{text}");
    }
}

#[test]
fn what_would_not_go_in_batches_is_refused() {
    for (text, why) in [
        ("", "it has no statement"),
        ("-- UPDATE t SET a = 1 WHERE :batch", "it has no statement"),
        ("UPDATE t SET a = 1", "there is no :batch"),
        ("UPDATE t SET a = ':batch' WHERE a IS NULL", "there is no :batch"),
        ("UPDATE t SET a = (SELECT 1 FROM o WHERE :batch)", "there is no :batch"),
        ("UPDATE t SET a = 1 WHERE (:batch OR a = 2)", "there is no :batch"),
        ("UPDATE t SET a = 1 WHERE NOT (a = 1) OR :batch", "OR beside"),
        ("UPDATE t SET a = 1 WHERE :batch; DELETE FROM u WHERE :batch", "2 statements"),
        ("INSERT INTO t SELECT 1 WHERE :batch", "has no SELECT from a table"),
        ("INSERT INTO t SELECT * FROM (SELECT 1) a WHERE :batch", "has no SELECT from a table"),
        ("SELECT 1 WHERE :batch", "begins with SELECT"),
        ("UPDATE t SET WHERE :batch", "can be read"),
        ("DELETE FROM t WHERE :batch RETURNING *", "RETURNING"),
    ] {
        let said = refused(text);
        assert!(said.contains(why), "{text}: {said}");
    }
}

#[test]
fn a_batch_that_is_only_a_part_of_a_condition_is_none() {
    for text in [
        "UPDATE t SET a = 1 WHERE NOT :batch",
        "UPDATE t SET a = 1 WHERE :batch IS NOT NULL",
        "UPDATE t SET a = 1 WHERE :batch = b",
        "INSERT INTO n SELECT * FROM t ON CONFLICT (a) DO UPDATE SET b = 1 WHERE :batch",
    ] {
        assert!(refused(text).contains("there is no :batch"), "{text}");
    }
    let halves = "INSERT INTO n SELECT a FROM t WHERE :batch UNION ALL SELECT a FROM u";
    assert!(refused(halves).contains("it has a UNION"));
    for text in [
        "UPDATE t SET a = 1 WHERE a IS NULL AND :batch AND b IS NULL",
        "INSERT INTO n SELECT * FROM t WHERE :batch ON CONFLICT (a) DO UPDATE SET b = 1 WHERE n.c",
    ] {
        read(text);
    }
}
