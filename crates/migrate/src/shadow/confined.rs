//! Which scripts can be replayed in a schema of a database that is in use, and what of them is sent: a value, found
//! without a database.
//!
//! There a script runs inside one transaction that is never committed, with nothing on the search path but that schema.
//! So a bare name means what the migrations made, and everything is undone. What may not be in a script is therefore:
//! names that say a schema, wherever they stand, also in strings; whatever changes the search path or puts names
//! together while it runs, as the bodies of functions and of DO do; what no rollback undoes, such as another value of a
//! sequence, but for one that a plain name in place tells; and whatever belongs to the whole database or server. Kinds
//! of statements are let in by name, and words are looked for in the text as it is, comments included: a script that is
//! refused for nothing is a nuisance, one that is let in for nothing would be a disaster. It is not relied upon alone:
//! `borrowed` sees to it that nothing can be committed there.
//!
//! `BEGIN`, `COMMIT`, `CONCURRENTLY` and settings of the session mean nothing to what a script makes. They are blotted
//! out, letter by letter, so that every place in the text stays where it was.

mod names;

use std::ops::Range;

use crate::quoting;
use crate::script::{Script, Statement};
use names::{find_names, words};

/// Why a script cannot be replayed there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unconfined {
    /// Where in the script.
    pub(super) at: usize,
    pub(super) why: String,
}

impl Unconfined {
    pub(super) fn new(statement: &Statement, why: &str) -> Self {
        Self { at: statement.start, why: why.to_owned() }
    }
}

/// What belongs to a schema, and can be made, changed, dropped, commented on and granted there.
const OBJECTS: [&str; 10] = [
    "COLLATION",
    "DOMAIN",
    "INDEX",
    "POLICY",
    "RULE",
    "SEQUENCE",
    "STATISTICS",
    "TABLE",
    "TRIGGER",
    "TYPE",
];
/// What runs text of its own, which is not looked into.
const ROUTINES: [&str; 5] = ["AGGREGATE", "FUNCTION", "OPERATOR", "PROCEDURE", "ROUTINE"];
/// Words between the verb and what it is about.
const ADJECTIVES: [&str; 13] = [
    "OR",
    "REPLACE",
    "UNIQUE",
    "UNLOGGED",
    "TEMP",
    "TEMPORARY",
    "LOCAL",
    "GLOBAL",
    "MATERIALIZED",
    "RECURSIVE",
    "CONSTRAINT",
    "CONCURRENTLY",
    "COLUMN",
];
/// Settings that change nothing of what a script makes; how long we wait for others is not the script's to say.
const SETTINGS: [&str; 5] = [
    "STATEMENT_TIMEOUT",
    "LOCK_TIMEOUT",
    "CLIENT_MIN_MESSAGES",
    "CHECK_FUNCTION_BODIES",
    "IDLE_IN_TRANSACTION_SESSION_TIMEOUT",
];
/// Statements that read and write what is there.
const DATA: [&str; 10] = [
    "DELETE", "INSERT", "LOCK", "MERGE", "SELECT", "TABLE", "TRUNCATE", "UPDATE", "VALUES", "WITH",
];
/// What is granted beside what belongs to a schema.
const GRANTED: [&str; 7] =
    ["DATABASE", "FOREIGN", "LANGUAGE", "LARGE", "PARAMETER", "SCHEMA", "TABLESPACE"];
const OF_ALL: &str = "is about the whole database or server, not about one schema";
const RUNS_TEXT: &str = "runs code that is not looked into";
/// The script as it can be sent in a transaction, of the same length. It is meant for the schema `own`; `schemas` are
/// those that the database has.
pub(super) fn confine(
    script: &Script<'_>,
    own: &str,
    schemas: &[String],
) -> Result<String, Unconfined> {
    let mut text = script.text().as_bytes().to_vec();
    find_names(script.text(), schemas)?;
    for statement in script.statements() {
        let at = statement.start;
        let range = statement.start..statement.range.end;
        if makes_own_schema(statement, &script.text()[range.clone()], own) {
            blot_out(&mut text, range);
            continue;
        }
        check(statement).map_err(|why| Unconfined { at, why })?;
        let is_setting = statement.words().first().is_some_and(|word| word == "SET");
        if statement.begins_transaction() || statement.ends_transaction() || is_setting {
            blot_out(&mut text, range);
        } else if !statement.runs_in_transaction() {
            blot_out_concurrently(&mut text, script.text(), range);
        }
    }
    // Only whole characters were replaced, by others of one byte each.
    String::from_utf8(text)
        .map_err(|_| Unconfined { at: 0, why: "it could not be put into a transaction".to_owned() })
}

/// `CREATE SCHEMA IF NOT EXISTS "public"`, with which a script begins that leads from an empty database.
fn makes_own_schema(statement: &Statement, text: &str, own: &str) -> bool {
    let words = statement.words();
    let name =
        text.trim_end_matches(|c: char| c == ';' || c.is_whitespace()).split_whitespace().last();
    let is_own = name.is_some_and(|name| name == own || name == quoting::identifier(own));
    is_own && words.len() == 6 && words[..5] == ["CREATE", "SCHEMA", "IF", "NOT", "EXISTS"]
}

/// Refuses statements of other kinds than those that stay in the schema.
fn check(statement: &Statement) -> Result<(), String> {
    let words: Vec<&str> = statement.words().iter().map(String::as_str).collect();
    let Some(why) = leaves(&words, statement.runs_in_transaction()) else { return Ok(()) };
    let shown = words[..words.len().min(3)].join(" ").replace('"', "…");
    Err(format!("`{shown}` {why}"))
}

/// Why a statement of these words is not let in.
fn leaves(words: &[&str], runs_in_transaction: bool) -> Option<&'static str> {
    match words {
        ["CREATE" | "ALTER" | "DROP", "EXTENSION", ..] => {
            Some("is about an extension, which a database has once")
        }
        ["CREATE" | "ALTER" | "DROP", "SCHEMA", ..] => Some("needs schemas of its own"),
        ["CREATE" | "ALTER" | "DROP" | "REFRESH", about @ ..] => {
            definition_leaves(about, runs_in_transaction)
        }
        ["COMMENT", "ON", about, ..] => {
            let others = ["COLUMN", "CONSTRAINT", "MATERIALIZED", "VIEW"];
            (![&OBJECTS[..], &ROUTINES].concat().contains(about) && !others.contains(about))
                .then_some(OF_ALL)
        }
        ["GRANT" | "REVOKE", rest @ ..] => {
            let stays = rest.contains(&"ON") && !rest.iter().any(|word| GRANTED.contains(word));
            (!stays).then_some(OF_ALL)
        }
        ["SET", "LOCAL" | "SESSION", name, ..] | ["SET", name, ..] => {
            (!SETTINGS.contains(name)).then_some("changes the session")
        }
        ["BEGIN" | "START" | "COMMIT" | "END", rest @ ..] if !rest.contains(&"PREPARED") => None,
        // What begins with a parenthesis may have no word outside of it.
        [] => None,
        [verb, ..] if DATA.contains(verb) => None,
        ["DO" | "CALL", ..] => Some(RUNS_TEXT),
        _ => Some("is not known to stay in one schema"),
    }
}

/// As [`leaves`], of what follows CREATE and its like.
fn definition_leaves(words: &[&str], runs_in_transaction: bool) -> Option<&'static str> {
    let about = words.iter().find(|word| !ADJECTIVES.contains(word)).copied().unwrap_or_default();
    let has = |pair: [&str; 2]| words.windows(2).any(|words| words == pair);
    if ROUTINES.contains(&about) {
        Some(RUNS_TEXT)
    } else if !OBJECTS.contains(&about) && about != "VIEW" {
        Some(OF_ALL)
    } else if has(["SET", "SCHEMA"]) {
        Some("moves something to another schema")
    } else if has(["ALL", "IN"]) {
        Some("is about everything in one place")
    } else if !runs_in_transaction && about != "INDEX" {
        Some("cannot run in a transaction")
    } else {
        None
    }
}

fn blot_out(text: &mut [u8], range: Range<usize>) {
    for byte in &mut text[range] {
        if !byte.is_ascii_whitespace() {
            *byte = b' ';
        }
    }
}

fn blot_out_concurrently(bytes: &mut [u8], text: &str, range: Range<usize>) {
    let offset = range.start;
    let found = words(&text[range]).find(|word| {
        text[offset + word.start..offset + word.end].eq_ignore_ascii_case("CONCURRENTLY")
    });
    if let Some(word) = found {
        blot_out(bytes, offset + word.start..offset + word.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confined(text: &str) -> Result<String, String> {
        let schemas = ["public", "Sales", "two words", "qu\"ote"].map(str::to_owned);
        confine(&Script::new(text), "public", &schemas).map_err(|unconfined| unconfined.why)
    }

    #[test]
    fn what_prisma_writes_is_let_in() {
        for text in [
            "-- CreateEnum\nCREATE TYPE \"Role\" AS ENUM ('A', 'B');\n",
            "CREATE TABLE \"User\" (\n    \"id\" SERIAL NOT NULL,\n\n    CONSTRAINT \"User_pkey\" PRIMARY KEY (\"id\")\n);",
            "CREATE UNIQUE INDEX \"User_email_key\" ON \"User\"(\"email\");",
            "ALTER TABLE \"Post\" ADD CONSTRAINT \"f\" FOREIGN KEY (\"a\") REFERENCES \"User\"(\"id\") ON DELETE SET NULL;",
            "ALTER TYPE \"Role\" ADD VALUE 'C';",
            "DROP INDEX \"i\"; DROP TABLE \"t\"; DROP TYPE \"Role\";",
            "ALTER INDEX \"a\" RENAME TO \"b\"; CREATE SEQUENCE s; ALTER SEQUENCE s OWNED BY \"t\".\"a\";",
            "UPDATE \"User\" SET \"name\" = \"User\".\"email\" WHERE \"User\".id > 1;",
            "INSERT INTO t VALUES ('public', 1); DELETE FROM t; TRUNCATE t; SELECT setval('s', 1);",
            "COMMENT ON TABLE t IS 'x'; COMMENT ON COLUMN t.a IS 'y'; COMMENT ON MATERIALIZED VIEW m IS 'z';",
            "CREATE TABLE u (a int DEFAULT nextval('s'::regclass), b int DEFAULT nextval( '\"S_seq\"' ));",
            "-- public\n-- more\nSELECT /* public /* x */ */ 1;",
            "CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();",
            "CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE VIEW v AS SELECT 1; REFRESH MATERIALIZED VIEW m;",
            "CREATE POLICY p ON t USING (true); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;",
            "GRANT SELECT ON t TO bob; GRANT EXECUTE ON FUNCTION f TO bob; (SELECT 1);",
            "COMMENT ON CONSTRAINT c ON t IS 'x'; SELECT setval(pg_get_serial_sequence('\"User\"', 'id'), 1, false);",
            "CREATE UNLOGGED TABLE u (a int); CREATE TEMP TABLE t (a int); CREATE DOMAIN d AS int;",
            "",
        ] {
            assert_eq!(confined(text), Ok(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_leads_out_is_refused() {
        for text in [
            "CREATE TABLE \"public\".\"User\" (id int);",
            "CREATE TABLE public.users (id int);",
            "CREATE TABLE PUBLIC . users (id int);",
            "ALTER TABLE \"Sales\".\"T\" ADD a int;",
            "SELECT setval('public.\"User_id_seq\"', 1);",
            "SELECT setval('\"public\".\"User_id_seq\"', 1);",
            "DO $$ BEGIN DROP TABLE public.users; END $$;",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT id FROM public.users';",
            "DO $$ BEGIN EXECUTE 'DROP TABLE pub' || 'lic.users'; END $$;",
            "PREPARE p AS SELECT 1; EXECUTE p;",
            "SELECT pg_catalog.set_config('search_path', '', false);",
            "SET search_path TO public;",
            "SET SCHEMA 'public';",
            "SET ROLE bob;",
            "RESET ALL;",
            "DISCARD ALL;",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public AS 'SELECT 1';",
            "ALTER ROLE bob SET search_path TO public;",
            "ALTER TABLE t SET SCHEMA public;",
            "CREATE EXTENSION IF NOT EXISTS \"citext\";",
            "CREATE SCHEMA IF NOT EXISTS \"sales\";",
            "CREATE SCHEMA",
            "CREATE ROLE bob;",
            "CREATE DATABASE d;",
            "GRANT admin TO bob;",
            "GRANT USAGE ON SCHEMA public TO bob;",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM bob;",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bob;",
            "CREATE PUBLICATION p FOR ALL TABLES;",
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();",
            "COMMENT ON SCHEMA public IS 'x';",
            "COMMENT ON DATABASE d IS 'x';",
            "VACUUM;",
            "ALTER SYSTEM SET work_mem = 1;",
            "REINDEX TABLE t;",
            "ROLLBACK;",
            "SAVEPOINT s;",
            "COMMIT PREPARED 'x';",
            "COPY t FROM PROGRAM 'true';",
            "NOTIFY x;",
            "CREATE TABLE U&\"\\0070ublic\".t (a int);",
            "SELECT query_to_xml('SELECT 1', true, true, '');",
            "LOAD 'x';",
            "CREATE TABLE \"two words\".t (a int);",
            "CREATE TABLE \"qu\"\"ote\".t (a int);",
            "CREATE SCHEMA IF NOT EXISTS \"public\" CREATE TABLE t (a int);",
            "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b;",
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'Role') THEN PERFORM 1; END IF; END $$;",
            "SELECT table_name FROM information_schema.tables;",
            "DO $$ BEGIN PERFORM 1; END $$;",
            "CALL p();",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql AS E'\\163elect 1';",
            "CREATE OPERATOR @ (FUNCTION = f, LEFTARG = int);",
            "CREATE AGGREGATE a (int) (SFUNC = f, STYPE = int);",
            "SELECT setval(format('%I.%I', 'public', 'User_id_seq'), 1, false);",
            "SELECT setval('pub'||'lic.\"User_id_seq\"', 1, false);",
            "SELECT setval('s' || '', 1);",
            "SELECT setval(E'\\160ublic.s', 1, false);",
            "SELECT setval('s''', 1);",
            "SELECT setval('s'\n'x', 1);",
            "SELECT setval(pg_get_serial_sequence('pub' || 'lic.t', 'a'), 1);",
            "SELECT setval(pg_get_serial_sequence('t', 'a') || '', 1);",
            "SELECT \"setval\"('s', 1);",
            "SELECT nextval(concat('pub', 'lic.s')::regclass);",
            "SELECT nextval('s'::text);",
            "SELECT ts_stat('SELECT 1');",
            "SELECT database_to_xml(true, true, '');",
            "SELECT pg_advisory_lock(1);",
            "SELECT pg_notify('a', 'b');",
            "SELECT lo_unlink(1);",
            "TRUNCATE public/**/.\"User\";",
            "TRUNCATE \"public\" /* a /* b */ c */ -- d\n . \"User\";",
        ] {
            assert!(confined(text).is_err(), "{text}");
        }
    }

    #[test]
    fn transactions_are_blotted_out_in_place() {
        assert_eq!(
            confined("BEGIN;\nSELECT 'é';\nCOMMIT;\nCREATE INDEX concurrently i ON t (a);\n")
                .unwrap(),
            "      \nSELECT 'é';\n       \nCREATE INDEX              i ON t (a);\n"
        );
    }

    #[test]
    fn settings_of_the_session_are_blotted_out() {
        for text in ["SET lock_timeout = '1d';", "SET LOCAL statement_timeout TO 1;"] {
            assert_eq!(confined(text).as_deref().map(str::trim), Ok(""), "{text}");
        }
    }

    #[test]
    fn a_name_that_is_cut_off_may_say_a_schema() {
        let schema = "s".repeat(63);
        let script = format!("TRUNCATE {schema}s.t;");
        assert!(confine(&Script::new(&script), "public", &[schema]).is_err());
    }

    #[test]
    fn its_own_schema_need_not_be_made() {
        for text in
            ["CREATE SCHEMA IF NOT EXISTS \"public\";", "create schema if not exists public ;"]
        {
            assert_eq!(confined(text), Ok(" ".repeat(text.len())), "{text}");
        }
    }

    #[test]
    fn the_place_is_known() {
        let schemas = ["public".to_owned()];
        let text = "SELECT 1;\nCREATE TABLE public.t (a int);";
        let unconfined = confine(&Script::new(text), "public", &schemas).unwrap_err();
        assert_eq!(&text[unconfined.at..unconfined.at + 8], "public.t");
        assert_eq!(unconfined.why, "a name says its schema, public");
    }
}
