//! Statements of every kind, and what only looks like their end.

use super::*;

fn pieces(script: &str) -> Vec<Piece> {
    split(script).pieces
}

fn texts(script: &str) -> Vec<&str> {
    let statements = pieces(script);
    let texts =
        statements.iter().map(|statement| &script[statement.start..statement.range.end]).collect();
    for pair in statements.windows(2) {
        assert_eq!(pair[0].range.end, pair[1].range.start, "statements touch in {script}");
    }
    texts
}

#[test]
fn semicolons_end_statements() {
    assert_eq!(texts("SELECT 1; SELECT 2"), ["SELECT 1;", "SELECT 2"]);
    assert_eq!(texts(" ;; \n SELECT 1 ;\n"), ["SELECT 1 ;"]);
    assert_eq!(texts("-- only\n/* this */"), [""; 0]);
    assert_eq!(texts("SELECT 1 -- a; b\n; SELECT 2;"), ["SELECT 1 -- a; b\n;", "SELECT 2;"]);
}

#[test]
fn what_is_quoted_ends_nothing() {
    for one in [
        "SELECT 'a;b', \"c;d\", 'it''s; so';",
        "SELECT E'\\';', 1;",
        "SELECT e'\\\\;', 1;",
        "SELECT $$;$$, $a$ $$; $b$; $a$, $1;",
        "SELECT U&'\\0041;', B'1', X'1F', N';';",
        "SELECT /* a; /* nested; */ still; */ 1;",
        "SELECT a$b$c FROM t;",
        "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;",
        "CREATE FUNCTION f(begin int, \"end\" int) RETURNS int LANGUAGE sql BEGIN/**/ATOMIC SELECT r.case, r.end, (r.end) \
         FROM r; SELECT begin atomic, 1 AS end, 2 AS case FROM r; SELECT (CASE WHEN true THEN 1 END) end; END;",
        "CREATE PROCEDURE p() BEGIN ATOMIC END;",
        "CREATE OR REPLACE FUNCTION f() RETURNS int AS $f$ BEGIN RETURN 1; END; $f$ LANGUAGE plpgsql;",
        "DO $$ BEGIN PERFORM 1; END $$;",
        "SELECT 'ünïcödé;', $ü$;$ü$;",
        "SELECT E'a'\n-- it's;\n  'b\\';c';",
        "SELECT U&\"d\\0061;\" UESCAPE ';';",
        "SELECT 1*/**/2-- ;\n;",
        "SELECT $1$$;$$;",
        "SELECT a.b$c$d FROM \"x\"\";\";",
    ] {
        assert_eq!(texts(&format!("{one} SELECT 2;")), [one, "SELECT 2;"], "{one}");
    }
}

#[test]
fn begin_is_a_name_too() {
    for one in [
        "CREATE FUNCTION span(begin int, finish int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE FUNCTION span(begin atomic) RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "CREATE PROCEDURE p(\"x\" begin) LANGUAGE sql AS 'SELECT 1';",
        "CREATE OR REPLACE FUNCTION f() RETURNS begin LANGUAGE sql AS 'SELECT 1';",
        "CREATE FUNCTION f() RETURNS TABLE (begin int, atomic int) LANGUAGE sql RETURN begin.atomic;",
    ] {
        let script = format!("{one}BEGIN;CREATE INDEX CONCURRENTLY i ON t (a);COMMIT;");
        let rest = ["BEGIN;", "CREATE INDEX CONCURRENTLY i ON t (a);", "COMMIT;"];
        assert_eq!(texts(&script)[1..], rest, "{one}");
    }
}

#[test]
fn a_backslash_is_nothing_special_in_a_plain_string() {
    assert_eq!(texts(r"SELECT 'a\'; SELECT 2;"), [r"SELECT 'a\';", "SELECT 2;"]);
    assert_eq!(texts(r"SELECT te'a\'; SELECT 2;"), [r"SELECT te'a\';", "SELECT 2;"]);
}

#[test]
fn what_is_not_closed_goes_to_the_end() {
    for open in
        ["'a; b", "\"a; b", "$$a; b", "$x$a; $$ b", "/* a; /* b */", "E'a\\", "(a; b", "$", "$1"]
    {
        assert_eq!(texts(&format!("SELECT {open}")).len(), 1, "{open}");
    }
}

#[test]
fn transactions_are_known() {
    for (sql, begins, ends) in [
        ("BEGIN", true, false),
        ("begin /* x */ isolation level serializable", true, false),
        ("START TRANSACTION", true, false),
        ("COMMIT AND CHAIN", false, true),
        ("End", false, true),
        ("ROLLBACK", false, true),
        ("ROLLBACK TO SAVEPOINT s", false, false),
        ("ROLLBACK WORK TO s", false, false),
        ("COMMIT PREPARED 'x'", false, false),
        ("\"BEGIN\"", false, false),
    ] {
        let statement = &pieces(sql)[0];
        assert_eq!(
            (statement.begins_transaction(), statement.ends_transaction()),
            (begins, ends),
            "{sql}"
        );
    }
}

#[test]
fn what_refuses_a_transaction_is_known() {
    for sql in [
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "create unique /* ! */ index\nconcurrently if not exists i on t (a)",
        "DROP INDEX CONCURRENTLY IF EXISTS i",
        "REINDEX INDEX CONCURRENTLY i",
        "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
        "REINDEX DATABASE d",
        "VACUUM (ANALYZE) t",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CREATE DATABASE d",
        "DROP DATABASE IF EXISTS d",
        "ALTER DATABASE \"d\" SET TABLESPACE x",
        "CREATE TABLESPACE x LOCATION '/x'",
        "ALTER TABLE \"a\".\"t\" DETACH PARTITION \"p\" CONCURRENTLY",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
        "CLUSTER",
    ] {
        assert!(!pieces(sql)[0].runs_in_transaction(), "{sql}");
    }
    for sql in [
        "CREATE INDEX i ON concurrently (a)",
        "CREATE INDEX \"CONCURRENTLY\" ON t (a)",
        "REINDEX TABLE t",
        "ALTER DATABASE d SET work_mem = '1MB'",
        "ALTER TABLE t DETACH PARTITION p",
        "CLUSTER t USING i",
        "ALTER TYPE e ADD VALUE 'x'",
        "SELECT 'VACUUM'",
        "COMMENT ON TABLE t IS 'CREATE INDEX CONCURRENTLY'",
    ] {
        assert!(pieces(sql)[0].runs_in_transaction(), "{sql}");
    }
}

#[test]
fn a_string_goes_on_after_a_line_break_only() {
    assert_eq!(texts("SELECT E'a' 'b\\'; SELECT 2;"), ["SELECT E'a' 'b\\';", "SELECT 2;"]);
    assert_eq!(texts("SELECT 'a'\n'b\\'; SELECT 2;"), ["SELECT 'a'\n'b\\';", "SELECT 2;"]);
}

#[test]
fn data_goes_with_its_copy() {
    let script = "COPY t (a) FROM stdin WITH (FORMAT text);\r\nit's; \\N\n\"\n\\.\nSELECT 2;";
    assert_eq!(texts(script), [&script[..script.len() - 9], "SELECT 2;"]);
    assert_eq!(split(script).refusals[0].code, "copy-from-stdin");
    assert_eq!(texts("COPY t FROM STDIN; SELECT 2;\n").len(), 2);
    assert_eq!(texts("COPY t FROM STDIN;\n1;\n2;\n").len(), 1);
    assert_eq!(texts("COPY t FROM '/x';\nSELECT 2;").len(), 2);
}

#[test]
fn what_is_no_sql_is_refused_by_place() {
    for (script, code, at) in [
        ("\u{feff}\\restrict abc\nSELECT 1;\n", "psql-command", 3),
        ("SELECT 1;\n  \\i it's.sql\nSELECT 2;", "psql-command", 12),
        ("SELECT 'x' \\gexec\nSELECT 2;", "psql-command", 11),
        ("SELECT 1;\0", "nul-byte", 9),
        ("COPY t FROM STDIN;", "copy-from-stdin", 0),
    ] {
        let refusals = split(script).refusals;
        assert_eq!(refusals.len(), 1, "{script}");
        assert_eq!((refusals[0].code, refusals[0].at), (code, at), "{script}");
    }
    assert_eq!(split("SELECT 1;\n\\connect it's\nSELECT 2;").pieces.len(), 2);
    for script in
        ["SELECT '\\d', \"\n\\d\", $$\n\\d\n$$, /*\n\\d */ E'\\'\n';", "SELECT 'it\\'s \\x';"]
    {
        assert_eq!(split(script).refusals, [], "{script}");
    }
}
