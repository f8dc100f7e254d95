//! What stands in the body of a `DO`.

use super::*;

fn code(sql: &str) -> Code {
    match read(sql).kind {
        Kind::Code(code) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn sql_in_a_body_is_read_where_it_stands() {
    let text = "SELECT 1;\nDO $body$\nDECLARE n int; name text;\nBEGIN\n  SELECT count(*) INTO n FROM t;\n  \
                IF n > 0 THEN\n    ALTER TABLE t ADD COLUMN c int NOT NULL;\n  ELSE CREATE INDEX i ON t (a);\n  END IF;\n  \
                FOR name IN SELECT 'a' LOOP\n    UPDATE t SET a = n WHERE b = name;\n  END LOOP;\n  \
                EXECUTE format('DROP TABLE %I', name);\nEXCEPTION WHEN duplicate_column THEN DROP TABLE u;\nEND\n$body$;";
    let statements = Statement::read(text);
    let Kind::Code(code) = &statements[1].kind else { panic!() };
    let found: Vec<&str> =
        code.statements.iter().map(|statement| &text[statement.range.clone()]).collect();
    assert_eq!(
        found,
        [
            "ALTER TABLE t ADD COLUMN c int NOT NULL",
            "CREATE INDEX i ON t (a)",
            "UPDATE t SET a = n WHERE b = name",
            "DROP TABLE u"
        ]
    );
    let Kind::AlterTable(alter) = &code.statements[0].kind else { panic!() };
    assert_eq!(&text[alter.actions[0].range.clone()], "ADD COLUMN c int NOT NULL");
    assert!(matches!(&code.statements[2].kind, Kind::Write(write) if write.has_where));
    let dynamic: Vec<&str> = code.dynamic.iter().map(|place| &text[place.clone()]).collect();
    assert_eq!(dynamic, ["EXECUTE format('DROP TABLE %I', name);"]);
    assert!(code.is_read && !code.is_whole());
}

/// Escapes are what they stand for, and each statement stands where it is written.
#[test]
fn a_body_may_be_a_string_with_escapes() {
    for (sql, found) in [
        (
            "DO 'BEGIN INSERT INTO t VALUES (''a''); DROP TABLE u; END'",
            ["INSERT INTO t VALUES (''a'')", "DROP TABLE u"],
        ),
        (
            r"DO E'BEGIN\n  ALTER TABLE t ADD CHECK (a <> \'é\'), ADD b int;\n  DROP TABLE u;\nEND'",
            [r"ALTER TABLE t ADD CHECK (a <> \'é\'), ADD b int", "DROP TABLE u"],
        ),
    ] {
        let code = code(sql);
        assert!(code.is_whole(), "{sql}: {code:?}");
        let place = |statement: &Statement| sql[statement.range.clone()].trim_end_matches(';');
        assert_eq!(code.statements.iter().map(place).collect::<Vec<_>>(), found);
        if let Kind::AlterTable(alter) = &code.statements[0].kind {
            assert_eq!(alter.actions.len(), 2);
            assert!(alter.actions.iter().all(|action| action.range == code.statements[0].range));
        }
    }
    let dynamic = code("DO 'BEGIN EXECUTE ''DROP TABLE '' || n; END'");
    assert!(dynamic.is_read && dynamic.dynamic.len() == 1);
}

/// What is executed as a constant stands where its EXECUTE does.
#[test]
fn what_is_executed_is_read_where_it_is_always_the_same() {
    for (given, read) in [
        ("'DROP TABLE t'", "DROP TABLE t"),
        ("'INSERT INTO t VALUES (''a'')'", "INSERT INTO t VALUES ('a')"),
        ("$q$DROP TABLE t$q$ INTO n USING 3", "DROP TABLE t"),
        ("('DROP TABLE ' || quote_ident('T') || E' CASCADE')", "DROP TABLE \"T\" CASCADE"),
        ("pg_catalog.format('DROP %s %I -- 5%%', 'TABLE', 'T')", "DROP TABLE \"T\""),
        (
            "format('DELETE FROM %I WHERE a = %L', 't', 'it''s')",
            "DELETE FROM \"t\" WHERE a = 'it''s'",
        ),
        ("'DROP TABLE t; DROP TABLE u'", "DROP TABLE t; DROP TABLE u"),
        ("'SELECT a FROM t' INTO n", ""),
    ] {
        let sql = format!("DO $$ DECLARE n int; BEGIN EXECUTE {given}; END $$");
        let code = code(&sql);
        assert!(code.is_whole(), "{sql}: {code:?}");
        let place = format!("EXECUTE {given};");
        assert!(code.statements.iter().all(|one| sql[one.range.clone()] == place), "{code:?}");
        let kinds = |statements: &[Statement]| -> Vec<Kind> {
            statements.iter().map(|statement| statement.kind.clone()).collect()
        };
        assert_eq!(kinds(&code.statements), kinds(&Statement::read(read)), "{sql}");
    }
    for given in [
        "'DROP TABLE ' || name",
        "format('DROP TABLE %I', name)",
        "format('DROP TABLE %1$I', 't')",
        "E'DROP\\nTABLE t'",
        "'DROP TABEL t'",
        "'SELECT f()'",
        "name",
    ] {
        let code = code(&format!("DO $$ BEGIN EXECUTE {given}; END $$"));
        assert!(code.is_read && code.dynamic.len() == 1 && code.statements.is_empty(), "{given}");
    }
}

#[test]
fn what_cannot_be_read_is_said_to_be_so() {
    for sql in [
        "DO LANGUAGE plpython3u $$ plpy.execute('DROP TABLE t') $$",
        "DO $$ BEGIN nonsense here; END $$",
        "DO $$ BEGIN CALL p(); END $$",
        "DO $$ BEGIN PERFORM f(1); END $$",
        "DO $$ BEGIN ALTER TABEL t ADD c int; END $$",
    ] {
        assert!(!code(sql).is_read, "{sql}");
    }
    let whole = code("DO 'BEGIN DROP TABLE t; END'");
    assert!(whole.is_whole() && whole.statements.len() == 1);
    let returning =
        code("DO $$ DECLARE v int; BEGIN INSERT INTO t VALUES (1) RETURNING a INTO v; END $$");
    assert!(returning.is_whole() && matches!(returning.statements[0].kind, Kind::Write(_)));
    assert!(code("DO $$ BEGIN NULL; RAISE NOTICE 'x'; END $$").is_whole());
}
