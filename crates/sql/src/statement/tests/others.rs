//! What is no table: objects of every other kind, rows, the session.

use super::*;
use Object as O;
use Verb::{Alter, Create};

fn t() -> Name {
    plain("t")
}

fn define(verb: Verb, object: Object, name: &str, table: Option<Name>) -> Kind {
    Kind::Define { verb, object, name: Some(plain(name)), table }
}

fn drop(object: Object, table: Option<Name>) -> Kind {
    Kind::Drop(Drop { object, names: vec![plain("x")], table, cascade: false, if_exists: false })
}

fn rename(object: Object) -> Kind {
    Kind::Rename(Rename { object, from: plain("x"), to: "y".to_owned() })
}

fn write(verb: Verb, has_where: bool) -> Kind {
    Kind::Write(Write { verb, table: plain("t"), alias: None, has_where, with: Vec::new() })
}

fn function(verb: Verb, parameters: &str, is_steady: Option<bool>) -> Kind {
    Kind::Function(Function {
        verb,
        name: plain("x"),
        parameters: parameters.to_owned(),
        is_steady,
    })
}

fn write_as(verb: Verb, alias: &str) -> Kind {
    let alias = Some(alias.to_owned());
    Kind::Write(Write { verb, table: plain("t"), alias, has_where: true, with: Vec::new() })
}

#[test]
fn objects_are_made_and_dropped() {
    for (sql, expected) in [
        ("ALTER TABLE x RENAME TO y", rename(O::Table)),
        ("ALTER INDEX x RENAME TO y", rename(O::Index)),
        ("ALTER VIEW x RENAME TO y", rename(O::View)),
        ("ALTER SEQUENCE x RENAME TO y", rename(O::Sequence)),
        ("ALTER TYPE x RENAME TO y", rename(O::Type)),
        ("ALTER SCHEMA x RENAME TO y", rename(O::Schema)),
        ("DROP TABLE x", drop(O::Table, None)),
        ("DROP MATERIALIZED VIEW x", drop(O::MaterializedView, None)),
        ("DROP TYPE x", drop(O::Type, None)),
        ("DROP FUNCTION x(int)", drop(O::Function, None)),
        ("DROP SCHEMA x", drop(O::Schema, None)),
        ("DROP EXTENSION x", drop(O::Extension, None)),
        ("DROP TRIGGER x ON t", drop(O::Trigger, Some(t()))),
        ("DROP POLICY x ON t", drop(O::Policy, Some(t()))),
        ("DROP RULE x ON t", drop(O::Rule, Some(t()))),
        ("DROP STATISTICS x", drop(O::Statistics, None)),
        ("CREATE VIEW x AS SELECT 1", define(Create, O::View, "x", None)),
        ("CREATE OR REPLACE VIEW x AS SELECT 1", define(Create, O::View, "x", None)),
        ("CREATE MATERIALIZED VIEW x AS SELECT 1", define(Create, O::MaterializedView, "x", None)),
        ("CREATE SEQUENCE x", define(Create, O::Sequence, "x", None)),
        ("CREATE TYPE x AS (a int)", define(Create, O::Type, "x", None)),
        (
            "CREATE OR REPLACE FUNCTION x() RETURNS int LANGUAGE sql RETURN 1",
            function(Create, "()", None),
        ),
        (
            "CREATE FUNCTION x(a  int, b text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
            function(Create, "(a int, b text)", Some(true)),
        ),
        ("ALTER FUNCTION x(int) VOLATILE", function(Alter, "(int)", Some(false))),
        ("ALTER FUNCTION x OWNER TO me", define(Alter, O::Function, "x", None)),
        ("CREATE PROCEDURE x() LANGUAGE sql AS ''", define(Create, O::Function, "x", None)),
        (
            "CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            define(Create, O::Trigger, "x", Some(t())),
        ),
        (
            "CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t FROM o FOR EACH ROW EXECUTE PROCEDURE f()",
            define(Create, O::Trigger, "x", Some(t())),
        ),
        ("CREATE POLICY x ON t USING (true)", define(Create, O::Policy, "x", Some(t()))),
        (
            "CREATE RULE x AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
            define(Create, O::Rule, "x", Some(t())),
        ),
        ("CREATE STATISTICS x ON a, b FROM t", define(Create, O::Statistics, "x", Some(t()))),
        ("CREATE EXTENSION IF NOT EXISTS x WITH SCHEMA s", define(Create, O::Extension, "x", None)),
        ("CREATE SCHEMA IF NOT EXISTS x", define(Create, O::Schema, "x", None)),
    ] {
        assert_eq!(read(sql).kind, expected, "{sql}");
    }
}

#[test]
fn objects_and_rows_change() {
    for (sql, expected) in [
        ("ALTER SEQUENCE x OWNED BY t.a", define(Alter, O::Sequence, "x", None)),
        ("ALTER POLICY x ON t USING (false)", define(Alter, O::Policy, "x", Some(t()))),
        ("ALTER INDEX x SET (fillfactor = 70)", define(Alter, O::Index, "x", None)),
        (
            "CREATE TYPE x AS ENUM ('a', 'it''s')",
            Kind::CreateEnum { name: plain("x"), values: vec!["a".to_owned(), "it's".to_owned()] },
        ),
        (
            "ALTER TYPE x ADD VALUE IF NOT EXISTS 'v' BEFORE 'a'",
            Kind::AlterType(AlterType::AddValue {
                name: plain("x"),
                value: "v".to_owned(),
                if_not_exists: true,
            }),
        ),
        (
            "ALTER TYPE x RENAME VALUE 'a' TO 'b'",
            Kind::AlterType(AlterType::RenameValue {
                name: plain("x"),
                from: "a".to_owned(),
                to: "b".to_owned(),
            }),
        ),
        ("INSERT INTO t SELECT 1", write(Verb::Insert, false)),
        ("WITH a AS (SELECT 1) UPDATE t SET a = 1 FROM a", write(Verb::Update, false)),
        ("UPDATE ONLY t AS x SET a = 1 WHERE b", write_as(Verb::Update, "x")),
        ("DELETE FROM t \"X\" USING u AS y WHERE \"X\".a = y.a", write_as(Verb::Delete, "X")),
        ("DELETE FROM t", write(Verb::Delete, false)),
        ("DELETE FROM t USING u WHERE t.a = u.a", write(Verb::Delete, true)),
        ("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", write(Verb::Merge, false)),
        ("COPY t FROM '/x'", write(Verb::Copy, false)),
        ("COPY t TO '/x'", Kind::Query),
        (
            "TRUNCATE TABLE t, u CASCADE",
            Kind::Truncate { tables: vec![plain("t"), plain("u")], cascade: true },
        ),
        ("VACUUM (FULL, ANALYZE) t", Kind::Vacuum(Vacuum { tables: vec![plain("t")], full: true })),
        (
            "VACUUM (FULL false) t, u",
            Kind::Vacuum(Vacuum { tables: vec![plain("t"), plain("u")], full: false }),
        ),
        ("VACUUM FULL", Kind::Vacuum(Vacuum { tables: vec![], full: true })),
        ("CLUSTER t USING i", Kind::Cluster { table: Some(t()) }),
        ("CLUSTER", Kind::Cluster { table: None }),
    ] {
        assert_eq!(read(sql).kind, expected, "{sql}");
    }
}

#[test]
fn domains_and_partitions_are_known() {
    let check = |name: Option<&str>, not_valid, range| Constraint {
        name: name.map(str::to_owned),
        kind: ConstraintKind::Check("VALUE > 0".to_owned()),
        not_valid,
        range,
    };
    for (sql, expected) in [
        (
            "CREATE DOMAIN t AS numeric(10, 2) CHECK (VALUE > 0)",
            Kind::CreateDomain {
                name: plain("t"),
                ty: "numeric(10, 2)".to_owned(),
                constraints: vec![check(None, false, 34..51)],
            },
        ),
        (
            "ALTER DOMAIN s.t ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID",
            Kind::AlterDomain {
                name: Name { schema: Some("s".to_owned()), name: "t".to_owned() },
                action: DomainAction::AddConstraint(check(Some("c"), true, 21..61)),
            },
        ),
        (
            "ALTER DOMAIN t VALIDATE CONSTRAINT c",
            Kind::AlterDomain {
                name: plain("t"),
                action: DomainAction::ValidateConstraint { name: "c".to_owned() },
            },
        ),
        (
            "ALTER DOMAIN t SET NOT NULL",
            Kind::AlterDomain { name: plain("t"), action: DomainAction::SetNotNull },
        ),
        (
            "ALTER DOMAIN t OWNER TO me",
            Kind::AlterDomain { name: plain("t"), action: DomainAction::Other },
        ),
        (
            "ALTER DOMAIN t RENAME TO u",
            Kind::Rename(Rename { object: Object::Domain, from: plain("t"), to: "u".to_owned() }),
        ),
    ] {
        assert_eq!(read(sql).kind, expected, "{sql}");
    }
    let partition = |sql| match read(sql).kind {
        Kind::CreateTable(made) => (made.bounds, made.partition_key),
        other => panic!("{other:?}"),
    };
    let list = Bounds::List(vec!["'a'".to_owned(), "'b'".to_owned()]);
    let key = PartitionKey { strategy: "list".to_owned(), columns: vec!["A".to_owned()] };
    assert_eq!(
        partition(
            "CREATE TABLE p PARTITION OF t FOR VALUES IN ('a', 'b') PARTITION BY LIST (\"A\")"
        ),
        (Some(list), Some(key))
    );
    let hash = "CREATE TABLE p PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0)";
    assert_eq!(partition(hash), (Some(Bounds::Hash), None));
    assert_eq!(
        partition("CREATE TABLE p PARTITION OF t DEFAULT PARTITION BY RANGE (lower(a))"),
        (Some(Bounds::Default), None)
    );
}

#[test]
fn the_session_is_known() {
    let set = |name: &str, value: &str, local| {
        Kind::Set(Set { name: name.to_owned(), value: Some(value.to_owned()), local })
    };
    for (sql, expected) in [
        ("ANALYZE t (a), u", Kind::Analyze { tables: vec![plain("t"), plain("u")] }),
        (
            "REFRESH MATERIALIZED VIEW CONCURRENTLY t",
            Kind::Refresh { view: plain("t"), concurrently: true },
        ),
        (
            "LOCK t, ONLY u IN SHARE ROW EXCLUSIVE MODE",
            Kind::Lock(Lock {
                tables: vec![plain("t"), plain("u")],
                mode: LockMode::ShareRowExclusive,
            }),
        ),
        (
            "LOCK TABLE t",
            Kind::Lock(Lock { tables: vec![plain("t")], mode: LockMode::AccessExclusive }),
        ),
        (
            "SET LOCAL lock_timeout = '5s'",
            Kind::Set(Set {
                name: "lock_timeout".to_owned(),
                value: Some("'5s'".to_owned()),
                local: true,
            }),
        ),
        (
            "SET lock_timeout TO 100",
            Kind::Set(Set {
                name: "lock_timeout".to_owned(),
                value: Some("100".to_owned()),
                local: false,
            }),
        ),
        (
            "RESET lock_timeout",
            Kind::Set(Set { name: "lock_timeout".to_owned(), value: None, local: false }),
        ),
        ("BEGIN", Kind::Transaction(Transaction::Begin)),
        ("START TRANSACTION ISOLATION LEVEL SERIALIZABLE", Kind::Transaction(Transaction::Begin)),
        ("END", Kind::Transaction(Transaction::Commit)),
        ("COMMIT PREPARED 'x'", Kind::Transaction(Transaction::Other)),
        ("ROLLBACK", Kind::Transaction(Transaction::Rollback)),
        ("ROLLBACK TO SAVEPOINT x", Kind::Transaction(Transaction::Other)),
        ("SAVEPOINT x", Kind::Transaction(Transaction::Savepoint)),
        ("COMMENT ON COLUMN t.a IS 'x'", Kind::Comment),
        ("GRANT SELECT ON ALL TABLES IN SCHEMA public TO x", Kind::Privileges),
        ("REVOKE ALL ON t FROM PUBLIC", Kind::Privileges),
        ("DO $$ BEGIN PERFORM 1; END $$", Kind::Code(Code { is_read: true, ..Code::default() })),
        ("CALL p()", Kind::Code(Code::default())),
        ("SELECT setval('s', 1)", Kind::Query),
        ("SELECT set_config('lock_timeout', '2s', true)", set("lock_timeout", "'2s'", true)),
        (
            "SELECT pg_catalog.set_config( 'search_path', '', false )",
            set("search_path", "''", false),
        ),
        ("SELECT set_config('lock_timeout', a, true) FROM t", Kind::Query),
        ("SELECT set_config('lock_timeout', '2s', true), 1", Kind::Query),
        ("SET search_path TO app, public", set("search_path", "app, public", false)),
        ("SET SCHEMA 'app'", set("search_path", "'app'", false)),
        ("NOTIFY x", Kind::Other),
    ] {
        assert_eq!(read(sql).kind, expected, "{sql}");
    }
}

#[test]
fn what_is_written_in_a_with_is_seen() {
    let written = |sql: &str| match read(sql).kind {
        Kind::Write(write) => {
            write.all().map(|write| (write.verb, write.table.name.clone())).collect()
        }
        Kind::Query => Vec::new(),
        other => panic!("{sql}: {other:?}"),
    };
    let of = |all: &[(Verb, &str)]| {
        all.iter().map(|(verb, table)| (*verb, (*table).to_owned())).collect::<Vec<_>>()
    };
    let gone = "WITH gone AS (DELETE FROM ONLY t WHERE a RETURNING *), set AS (UPDATE s SET a = 1)";
    let both = [(Verb::Delete, "t"), (Verb::Update, "s")];
    assert_eq!(written(&format!("{gone} SELECT * FROM gone")), of(&both));
    let moved = [both[0], both[1], (Verb::Insert, "u")];
    assert_eq!(written(&format!("{gone} INSERT INTO u SELECT * FROM gone")), of(&moved));
    assert_eq!(written("WITH a AS (SELECT 1) SELECT * FROM a"), []);
}
