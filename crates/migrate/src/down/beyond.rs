//! What a migration does that its `down.sql` may not take back: the kinds of statement that nobody but a person
//! writes into a `migration.sql`, so that nobody but a person can have undone them.
//!
//! Known by their first words alone. A kind of which the `down.sql` has a statement is taken to be undone there;
//! whether it is, or what a function that is called does, cannot be read from either file.

use crate::script::{Script, Statement};

/// Such kinds, as `CREATE FUNCTION` or `UPDATE`, in the order of the script, each once.
pub(crate) fn find(migration: &Script<'_>, down: &Script<'_>) -> Vec<String> {
    let undone: Vec<Kind> = down.statements().iter().filter_map(kind).collect();
    let mut found: Vec<String> = Vec::new();
    for kind in migration.statements().iter().filter_map(kind) {
        let is_undone = undone.iter().any(|undone| undone.of == kind.of);
        if !is_undone && !found.contains(&kind.shown) {
            found.push(kind.shown);
        }
    }
    found
}

/// A kind of statement that `migrate dev` does not write.
struct Kind {
    /// What it is about, whatever it does to it.
    of: String,
    shown: String,
}

fn kind(statement: &Statement) -> Option<Kind> {
    let words: Vec<&str> = statement.words().iter().map(String::as_str).collect();
    let of = |of: &str, shown: &str| Some(Kind { of: of.to_owned(), shown: shown.to_owned() });
    match words.as_slice() {
        [verb @ ("INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY" | "TRUNCATE"), ..] => {
            of("rows", verb)
        }
        // With a query before it, it may change rows as well as read them.
        ["WITH", rest @ ..] => {
            let changes = |word: &&&str| matches!(**word, "INSERT" | "UPDATE" | "DELETE" | "MERGE");
            rest.iter().find(changes).and_then(|verb| of("rows", verb))
        }
        [verb @ ("DO" | "CALL"), ..] => of("code", verb),
        [verb @ ("GRANT" | "REVOKE"), ..] => of("rights", verb),
        [verb @ ("COMMENT" | "REFRESH" | "SECURITY"), ..] => of(verb, verb),
        ["ALTER", "TABLE", rest @ ..] => of_table(rest),
        [verb @ ("CREATE" | "ALTER" | "DROP"), rest @ ..] => {
            let object = object(rest)?;
            of(&object, &format!("{verb} {object}"))
        }
        _ => None,
    }
}

/// What is created, altered or dropped, where the differ knows nothing of such things.
fn object(words: &[&str]) -> Option<String> {
    let adjectives = ["OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "RECURSIVE", "TRUSTED"];
    let words: Vec<&str> =
        words.iter().copied().skip_while(|word| adjectives.contains(word)).take(3).collect();
    match words.as_slice() {
        ["INDEX", "CONCURRENTLY", ..] | ["UNIQUE", "INDEX", "CONCURRENTLY"] => {
            Some("INDEX CONCURRENTLY".to_owned())
        }
        ["TABLE" | "INDEX" | "UNIQUE" | "TYPE" | "SCHEMA" | "EXTENSION" | "SEQUENCE", ..] | [] => {
            None
        }
        ["CONSTRAINT", "TRIGGER", ..] => Some("TRIGGER".to_owned()),
        ["MATERIALIZED", "VIEW", ..] => Some("MATERIALIZED VIEW".to_owned()),
        ["EVENT" | "FOREIGN" | "TEXT" | "ACCESS" | "USER" | "DEFAULT", second, ..] => {
            Some(format!("{} {second}", words[0]))
        }
        [object, ..] => Some((*object).to_owned()),
    }
}

/// What a table can be given that no schema file has.
fn of_table(words: &[&str]) -> Option<Kind> {
    let clauses = ["CHECK", "EXCLUDE", "ENABLE", "DISABLE", "FORCE", "ATTACH", "DETACH", "OWNER"];
    let clause = clauses.iter().find(|clause| words.contains(clause))?;
    Some(Kind { of: format!("TABLE {clause}"), shown: format!("ALTER TABLE … {clause}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beyond(migration: &str, down: &str) -> String {
        find(&Script::new(migration), &Script::new(down)).join(", ")
    }

    #[test]
    fn what_only_a_person_writes_is_found() {
        for (migration, expected) in [
            ("", ""),
            (
                "CREATE TABLE t (a int);\nCREATE UNIQUE INDEX i ON t (a);\nCREATE TYPE e AS ENUM ('UPDATE');",
                "",
            ),
            ("ALTER TABLE t ADD COLUMN \"check\" int;\nALTER INDEX i RENAME TO j;", ""),
            ("CREATE SCHEMA IF NOT EXISTS s;\nCREATE EXTENSION citext;\nCREATE SEQUENCE q;", ""),
            ("BEGIN;\nSET LOCAL lock_timeout = '1s';\nSELECT 1;\nCOMMIT;", ""),
            ("-- UPDATE t\nDROP TABLE t;", ""),
            (
                "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "CREATE FUNCTION",
            ),
            (
                "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
                "CREATE TRIGGER",
            ),
            (
                "CREATE TEMP VIEW v AS SELECT 1; DROP MATERIALIZED VIEW m",
                "CREATE VIEW, DROP MATERIALIZED VIEW",
            ),
            (
                "INSERT INTO t VALUES (1); UPDATE t SET a = 2; UPDATE t SET a = 3; DELETE FROM t",
                "INSERT, UPDATE, DELETE",
            ),
            ("WITH x AS (SELECT 1) UPDATE t SET a = 1", "UPDATE"),
            ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY"),
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "ALTER TABLE … CHECK"),
            (
                "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t",
                "ALTER TABLE … ENABLE, CREATE POLICY",
            ),
            ("DO $$ BEGIN END $$; GRANT SELECT ON t TO u", "DO, GRANT"),
        ] {
            assert_eq!(beyond(migration, ""), expected, "{migration}");
        }
    }

    #[test]
    fn what_the_way_back_touches_is_not() {
        let migration = "CREATE FUNCTION f() RETURNS int AS 'SELECT 1'; UPDATE t SET a = 1; CREATE VIEW v AS SELECT 1";
        assert_eq!(beyond(migration, "DROP FUNCTION f; DELETE FROM t"), "CREATE VIEW");
    }
}
