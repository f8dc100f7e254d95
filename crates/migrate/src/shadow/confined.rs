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

use std::ops::Range;

use crate::quoting;
use crate::script::{Script, Statement};

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
/// Words that lead out of the schema, or may, and what such words begin with or have in them.
const EXITS: [&str; 7] = [
    "search_path",
    "set_config",
    "session_replication_role",
    "ts_stat",
    "ts_rewrite",
    "loread",
    "lowrite",
];
const EXITS_BEGIN: [&str; 6] = ["dblink", "lo_", "brin_", "gin_", "txid_", "binary_upgrade_"];
const EXITS_CONTAIN: &str = "_to_xml";
/// The words of the server's own that tell of nothing outside and do nothing there.
const HARMLESS: [&str; 4] = ["pg_catalog", "pg_lsn", "pg_typeof", "pg_get_serial_sequence"];
/// What PostgreSQL keeps of a name, in bytes: more is cut off, and is then another name than it looks.
const LONGEST_NAME: usize = 63;

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

/// Refuses names that say a schema, and words that lead out of one.
fn find_names(text: &str, schemas: &[String]) -> Result<(), Unconfined> {
    // A name of several words would not be found among the words.
    let odd = schemas.iter().filter(|name| words(name).next() != Some(0..name.len()));
    for name in odd {
        let found = text.find(name).or_else(|| text.find(&name.replace('"', "\"\"")));
        if let Some(at) = found {
            return Err(Unconfined { at, why: format!("a name says its schema, {name}") });
        }
    }
    let words: Vec<Range<usize>> = words(text).collect();
    for (number, range) in words.iter().enumerate() {
        let (at, word) = (range.start, &text[range.clone()]);
        let refused = |why: String| Err(Unconfined { at, why });
        let lower = word.to_lowercase();
        if is_exit(&lower) {
            return refused(format!("`{word}` may lead to other schemas"));
        }
        let next = words.get(number + 1).map(|next| text[next.clone()].to_uppercase());
        let is_trigger = matches!(next.as_deref(), Some("FUNCTION" | "PROCEDURE"));
        if lower == "execute" && !is_trigger && !is_grant(text, &words, number) {
            return refused("EXECUTE runs statements that are put together on the way".to_owned());
        }
        if is_servers(&lower) {
            return refused(format!("{word} tells of what is outside, or acts on it"));
        }
        if ["setval", "nextval"].contains(&lower.as_str()) && !names_sequence(&text[range.end..]) {
            return refused(format!(
                "no rollback undoes `{word}`, and which sequence it changes is not plain to see"
            ));
        }
        if lower == "u" && text[range.end..].starts_with('&') {
            return refused("names in Unicode escapes cannot be read here".to_owned());
        }
        let is_schema = word.len() > LONGEST_NAME
            || schemas.iter().any(|schema| *schema == word || *schema == lower);
        if is_schema && is_qualifier(&text[range.end..]) {
            return refused(format!("a name says its schema, {word}"));
        }
    }
    Ok(())
}

fn is_exit(word: &str) -> bool {
    EXITS.contains(&word)
        || EXITS_BEGIN.iter().any(|begin| word.starts_with(begin))
        || word.contains(EXITS_CONTAIN)
}

/// Whether the word is the server's own: what its tables tell depends on what is in other schemas, and its functions
/// change more than a rollback undoes.
fn is_servers(word: &str) -> bool {
    word == "information_schema" || word.starts_with("pg_") && !HARMLESS.contains(&word)
}

/// Whether what follows `setval` or `nextval` is a sequence by its bare name, `('s'` or `('s'::regclass`, or the one of
/// a table's column, `(pg_get_serial_sequence('t', 'c')`.
fn names_sequence(rest: &str) -> bool {
    let Some(rest) = after(rest, "(") else { return false };
    let rest = match after(rest, "pg_get_serial_sequence") {
        Some(rest) => after(rest, "(")
            .and_then(after_bare_name)
            .and_then(|rest| after(rest, ","))
            .and_then(after_bare_name)
            .and_then(|rest| after(rest, ")")),
        None => after_bare_name(rest),
    };
    let Some(rest) = rest else { return false };
    let rest = after(rest, "::").and_then(|rest| after(rest, "regclass")).unwrap_or(rest);
    after(rest, ",").is_some() || after(rest, ")").is_some()
}

/// What follows `what`, which may have blanks before it.
fn after<'a>(text: &'a str, what: &str) -> Option<&'a str> {
    text.trim_start().strip_prefix(what)
}

/// What follows a string that is one name without a schema.
fn after_bare_name(text: &str) -> Option<&str> {
    let (name, rest) = after(text, "'")?.split_once('\'')?;
    let is_bare = !name.contains(['.', '\\']) && !rest.starts_with('\'');
    is_bare.then_some(rest)
}

/// Whether a dot follows, perhaps after the quote that ends the word, blanks and comments.
fn is_qualifier(rest: &str) -> bool {
    let rest = rest.trim_start().trim_start_matches(['"', '\\']);
    after_comments(rest).is_none_or(|rest| rest.starts_with('.'))
}

/// What follows blanks and comments; none where a comment is not closed.
fn after_comments(mut text: &str) -> Option<&str> {
    loop {
        text = text.trim_start();
        if let Some(comment) = text.strip_prefix("--") {
            text = comment.split_once(['\n', '\r']).map_or("", |(_, rest)| rest);
        } else if text.starts_with("/*") {
            text = after_block(text)?;
        } else {
            return Some(text);
        }
    }
}

/// What follows a comment in `/* */`, in which others may be.
fn after_block(mut text: &str) -> Option<&str> {
    let mut depth = 0usize;
    loop {
        text = &text[text.find(['/', '*'])?..];
        if text.starts_with("/*") {
            depth += 1;
            text = &text[2..];
        } else if text.starts_with("*/") {
            depth -= 1;
            text = &text[2..];
            if depth == 0 {
                return Some(text);
            }
        } else {
            text = &text[1..];
        }
    }
}

/// `GRANT EXECUTE ON …` runs nothing.
fn is_grant(text: &str, words: &[Range<usize>], number: usize) -> bool {
    let before = number.checked_sub(1).map(|before| text[words[before].clone()].to_uppercase());
    let after = words.get(number + 1).map(|after| text[after.clone()].to_uppercase());
    matches!(before.as_deref(), Some("GRANT" | "REVOKE")) && after.as_deref() == Some("ON")
}

/// The runs of letters, digits, `_` and `$`, wherever they stand.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
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
        let schema = "s".repeat(LONGEST_NAME);
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
