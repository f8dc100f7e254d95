//! The text of a squashed migration: the scripts one after another, each under its name, so that nothing in
//! them is lost: data, functions, what was written by hand.

use std::fmt::Write as _;

use crate::script::{Script, Statement};

/// One of the scripts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) name: &'a str,
    pub(crate) script: &'a str,
}

/// How the scripts stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// One transaction.
    Together,
    /// A transaction each, as they were: some things can only be used once they are committed.
    Apart,
}

/// Whether a script ends and begins transactions, so that it would take the others' with it.
pub(crate) fn must_be_apart(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| {
        let script = Script::new(part.script);
        script.statements().iter().any(|one| one.begins_transaction() || one.ends_transaction())
    })
}

pub(crate) fn join(title: &str, parts: &[Part<'_>], joint: Joint) -> String {
    let mut text = format!("-- {title}\n");
    let mut is_set = false;
    for part in parts {
        let script = Script::new(part.script);
        let _ = writeln!(text, "\n-- {}", one_line(part.name));
        if is_set && !script.statements().is_empty() {
            text.push_str("-- What the scripts before have set does not reach this one.\nRESET ROLE;\nRESET ALL;\n");
            is_set = false;
        }
        let is_wrapped = joint == Joint::Apart
            && !script.statements().is_empty()
            && script.fits_in_transaction();
        if is_wrapped {
            text.push_str("BEGIN;\n");
        }
        text.push_str(part.script.trim_start_matches('\u{feff}').trim_end());
        text.push('\n');
        if script.statements().last().is_some_and(|last| !ends_itself(last, part.script)) {
            text.push_str(";\n");
        }
        if is_wrapped {
            text.push_str("COMMIT;\n");
        }
        is_set |= script.sets_something();
    }
    text
}

fn ends_itself(last: &Statement, script: &str) -> bool {
    script[last.range.clone()].ends_with(';')
}

fn one_line(name: &str) -> String {
    name.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    const PARTS: [Part<'_>; 4] = [
        Part { name: "1_a", script: "\u{feff}CREATE TABLE a (id int)\n" },
        Part {
            name: "2_b",
            script: "SELECT set_config('search_path', '', false);\nSELECT 1 -- one",
        },
        Part { name: "3_c", script: "-- nothing\n" },
        Part { name: "4_d", script: "SELECT 2;\n" },
    ];

    #[test]
    fn together() {
        assert_snapshot!(join("Squashed", &PARTS, Joint::Together), @r"
        -- Squashed

        -- 1_a
        CREATE TABLE a (id int)
        ;

        -- 2_b
        SELECT set_config('search_path', '', false);
        SELECT 1 -- one
        ;

        -- 3_c
        -- nothing

        -- 4_d
        -- What the scripts before have set does not reach this one.
        RESET ROLE;
        RESET ALL;
        SELECT 2;
        ");
    }

    #[test]
    fn apart() {
        assert_snapshot!(join("Squashed", &PARTS, Joint::Apart), @r"
        -- Squashed

        -- 1_a
        BEGIN;
        CREATE TABLE a (id int)
        ;
        COMMIT;

        -- 2_b
        BEGIN;
        SELECT set_config('search_path', '', false);
        SELECT 1 -- one
        ;
        COMMIT;

        -- 3_c
        -- nothing

        -- 4_d
        -- What the scripts before have set does not reach this one.
        RESET ROLE;
        RESET ALL;
        BEGIN;
        SELECT 2;
        COMMIT;
        ");
    }

    #[test]
    fn transactions_of_a_script_are_not_mixed_with_the_others() {
        let part = |script| [Part { name: "1_a", script }];
        assert!(must_be_apart(&part("BEGIN;\nSELECT 1;\nCOMMIT;")));
        assert!(!must_be_apart(&part("SELECT 'BEGIN;';")));
        let joined = join("Squashed", &part("CREATE INDEX CONCURRENTLY i ON t (a);"), Joint::Apart);
        assert!(!joined.contains("BEGIN"), "it cannot be in a transaction: {joined}");
    }
}
