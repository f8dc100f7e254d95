//! How long a migration may wait for its locks, and how often it is tried again. Pure.
//!
//! Whoever waits for a lock that lets nobody else in makes all who come later wait too, be it only to read. So what takes
//! such a lock waits for a moment only, is rolled back and tried again later. What locks nobody out may wait as long as
//! it takes: CONCURRENTLY would leave a half-built index where it gave up, VALIDATE would have read a table for nothing.
//!
//! What a script sets itself is left alone.

use std::fmt::Write as _;
use std::time::Duration;

use crate::script::{Script, Statement, has_word};

/// How a deploy deals with locks and time, and how far it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for a lock that keeps others out; zero is as long as it takes.
    pub lock_timeout: Duration,
    /// How long a statement may take, save those that build or validate beside others; none is as the server has it.
    pub statement_timeout: Option<Duration>,
    /// How often to try again what did not get its locks.
    pub max_retries: u32,
    /// The last migration to apply; a part of its name will do.
    pub up_to: Option<String>,
    /// How long the old side of a rollout has to be quiet before it is contracted; none is as its contract says.
    pub quiet: Option<Duration>,
}

/// How long such a lock is waited for where nobody says otherwise.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
/// How often it is tried again: with the pauses between, for some two and a half minutes.
pub const MAX_RETRIES: u32 = 10;

/// The first pause, which doubles until it is the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

impl Default for Options {
    fn default() -> Self {
        Self {
            lock_timeout: LOCK_TIMEOUT,
            statement_timeout: None,
            max_retries: MAX_RETRIES,
            up_to: None,
            quiet: None,
        }
    }
}

/// How long statements may wait for their locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Patience {
    /// They take no lock that matters: as the server has it.
    AsSet,
    /// As long as it takes.
    Endless,
    /// Others would have to wait behind them.
    Short,
}

impl Patience {
    /// Of statements that are one transaction: once one of them keeps others out, the next may not wait either.
    pub(crate) fn of(script: &Script<'_>, statements: &[Statement]) -> Self {
        let each = statements.iter().map(|statement| of_statement(script, statement));
        each.max().unwrap_or(Self::AsSet)
    }

    /// Of a whole script that is sent at once.
    pub(crate) fn of_script(script: &Script<'_>) -> Self {
        let is_alone = script.goes_alone(&script.batches()[0]);
        // A procedure may commit in between: it cannot be tried again.
        if is_alone { Self::AsSet } else { Self::of(script, script.statements()) }
    }
}

fn of_statement(script: &Script<'_>, statement: &Statement) -> Patience {
    let words: Vec<&str> = statement.words().iter().map(String::as_str).collect();
    if !statement.runs_in_transaction() {
        let is_rewrite = words[0] == "CLUSTER" || words[0] == "VACUUM" && words.contains(&"FULL");
        return if is_rewrite { Patience::Short } else { Patience::Endless };
    }
    if validates_only(&words) {
        return Patience::Endless;
    }
    let may_keep_out = match words.first() {
        Some(&"DO") => code_keeps_out(&script.text()[statement.start..statement.range.end]),
        _ => keeps_out(&words),
    };
    if may_keep_out { Patience::Short } else { Patience::AsSet }
}

/// Whether code has a word of a statement that keeps others out. What stands in a string of it may be run.
fn code_keeps_out(text: &str) -> bool {
    let verbs = ["alter", "create", "drop", "truncate", "lock", "cluster", "reindex", "refresh"];
    verbs.iter().any(|verb| has_word(text, verb))
}

/// Whether it takes a lock for which others wait, be it only to write.
///
/// Judged by its first words, and not by what `lint::effect` knows: that takes the whole grammar and all migrations before,
/// some 60 µs a statement, which is a tenth of what a server needs for one. A test holds both together: nothing that keeps
/// others out for `lint` may wait without an end. The other way round somebody is impatient without need, which does no
/// harm.
fn keeps_out(words: &[&str]) -> bool {
    let is_of_table = |kind: &str| {
        // Of tables that are made: what they refer to or become a part of is locked. The reference may stand in
        // parentheses, which are not among the words.
        matches!(
            kind,
            "TABLE"
                | "UNLOGGED"
                | "FOREIGN"
                | "INDEX"
                | "UNIQUE"
                | "VIEW"
                | "MATERIALIZED"
                | "SEQUENCE"
                | "TYPE"
                | "DOMAIN"
                | "POLICY"
                | "TRIGGER"
                | "RULE"
                | "CONSTRAINT"
        )
    };
    match words {
        ["CREATE", "OR", "REPLACE", kind, ..] | ["CREATE" | "ALTER" | "DROP", kind, ..] => {
            is_of_table(kind)
                && !matches!(
                    words,
                    ["CREATE", "VIEW" | "SEQUENCE" | "TYPE" | "DOMAIN" | "MATERIALIZED", ..]
                )
                || matches!(words, ["DROP", "SCHEMA" | "OWNED", ..])
        }
        [first, ..] => matches!(*first, "TRUNCATE" | "LOCK" | "CLUSTER" | "REINDEX" | "REFRESH"),
        [] => false,
    }
}

/// Whether all that an `ALTER TABLE` does is to validate constraints.
fn validates_only(words: &[&str]) -> bool {
    let others = ["ADD", "DROP", "ALTER", "RENAME", "SET", "ATTACH", "DETACH", "ENABLE", "DISABLE"];
    matches!(words, ["ALTER", "TABLE", ..])
        && words.windows(2).any(|pair| pair == ["VALIDATE", "CONSTRAINT"])
        && !words[2..].iter().any(|word| others.contains(word))
}

/// Whether a statement sets it: a comment about it does not.
fn sets(script: &Script<'_>, statement: &Statement, setting: &str) -> bool {
    let words = statement.words();
    let is_setting = matches!(words[0].as_str(), "SET" | "RESET" | "SELECT" | "DO" | "CALL");
    is_setting && has_word(&script.text()[statement.start..statement.range.end], setting)
}

impl Options {
    /// The statements that set the session's limits for a script, or a part of it.
    pub(crate) fn limits_sql(&self, script: &Script<'_>, patience: Patience) -> String {
        let mut sql = String::new();
        let is_free =
            |setting: &str| !script.statements().iter().any(|one| sets(script, one, setting));
        let milliseconds = |duration: Duration| duration.as_millis().min(i32::MAX as u128);
        if is_free("lock_timeout") {
            let _ = match patience {
                // What the step before it was given is not meant for this one.
                Patience::AsSet => writeln!(sql, "RESET lock_timeout;"),
                Patience::Endless => writeln!(sql, "SET lock_timeout TO 0;"),
                Patience::Short => {
                    writeln!(sql, "SET lock_timeout TO {};", milliseconds(self.lock_timeout))
                }
            };
        }
        if is_free("statement_timeout") {
            let _ = match (patience, self.statement_timeout) {
                (Patience::Endless, _) => writeln!(sql, "SET statement_timeout TO 0;"),
                (_, Some(limit)) => {
                    writeln!(sql, "SET statement_timeout TO {};", milliseconds(limit))
                }
                (_, None) => writeln!(sql, "RESET statement_timeout;"),
            };
        }
        sql
    }

    /// How soon who is in the way has to be asked for, before the wait is over.
    pub(crate) fn soon(&self) -> Duration {
        if self.lock_timeout.is_zero() { Duration::MAX } else { self.lock_timeout / 2 }
    }
}

/// How often something was tried, and what to wait before the next time.
#[derive(Debug)]
pub(crate) struct Tries {
    done: u32,
    most: u32,
    /// Where the pauses get their chance from.
    seed: u128,
}

impl Tries {
    /// `chance` is the id of the attempt, which is random: two deploys that run into each other part at once.
    pub(crate) fn new(options: &Options, chance: &str) -> Self {
        let seed = uuid::Uuid::parse_str(chance).map_or(0, |id| id.as_u128());
        Self { done: 0, most: options.max_retries, seed }
    }

    /// How often it was tried again.
    pub(crate) fn done(&self) -> u32 {
        self.done
    }

    /// The pause before the next try, from half of its time to one and a half; none where it is not to be tried again.
    pub(crate) fn next(&mut self) -> Option<Duration> {
        if self.done == self.most {
            return None;
        }
        let pause = (FIRST_PAUSE * 2u32.pow(self.done.min(16))).min(LONGEST_PAUSE);
        // Other bits of the id each time.
        let chance = self.seed.rotate_right(self.done * 9) % 1001;
        self.done += 1;
        let permille = 500 + u32::try_from(chance).unwrap_or_default();
        Some(pause * permille / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Patience {
        let script = Script::new(text);
        Patience::of(&script, script.statements())
    }

    /// What `lint` proves on a server about statements, and what is made of their words here.
    #[test]
    fn nothing_that_keeps_others_out_waits_without_an_end() {
        let schema = include_str!("../../lint/src/proof/schema.sql");
        let mut catalog = lint::Catalog::default();
        for statement in sql::Statement::read(schema) {
            catalog.apply(&statement);
        }
        catalog.begin_migration();
        let text = include_str!("../../lint/src/proof/statements.sql");
        let (mut short, mut eager) = (0, Vec::new());
        for statement in sql::Statement::read(text) {
            let sql = &text[statement.range.clone()];
            let effect = lint::effect(&statement, &catalog, 15);
            let mut locks = effect.touches.iter().map(|touch| lint::Blocks::of(touch.lock));
            let keeps_out = locks.any(|blocks| blocks >= lint::Blocks::Writes);
            match (of(sql), keeps_out) {
                (Patience::Short, true) => short += 1,
                (Patience::Short, false) => eager.push(sql),
                (_, false) => {}
                (patience, true) => panic!("{patience:?}: {sql}"),
            }
        }
        assert!(short > 120, "{short}");
        // What is brief in any case.
        assert!(eager.len() < 30, "{eager:#?}");
    }

    #[test]
    fn what_keeps_others_out_is_short() {
        for text in [
            "ALTER TABLE t ADD COLUMN a int",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "ALTER TABLE t VALIDATE CONSTRAINT c, ADD COLUMN b int",
            "DROP TABLE t",
            "DROP INDEX i",
            "CREATE UNIQUE INDEX i ON t (a)",
            "CREATE TABLE c (a int REFERENCES p)",
            "CREATE OR REPLACE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
            "TRUNCATE t",
            "VACUUM FULL t",
            "DO $$ BEGIN ALTER TABLE t ADD COLUMN a int; END $$",
            "DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$",
            "UPDATE t SET a = 1; ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t DROP COLUMN a",
        ] {
            assert_eq!(of(text), Patience::Short, "{text}");
        }
    }

    #[test]
    fn what_works_beside_others_is_endless() {
        for text in [
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "DROP INDEX CONCURRENTLY i",
            "REINDEX TABLE CONCURRENTLY t",
            "ALTER TABLE t VALIDATE CONSTRAINT c",
            "UPDATE t SET a = 1; ALTER TABLE ONLY t VALIDATE CONSTRAINT c",
            "VACUUM t",
        ] {
            assert_eq!(of(text), Patience::Endless, "{text}");
        }
        for text in [
            "",
            "UPDATE t SET a = 1",
            "DO $$ BEGIN UPDATE t SET a = 1; END $$",
            "CREATE FUNCTION f() RETURNS int",
            "COMMENT ON TABLE t IS 'DROP'",
        ] {
            assert_eq!(of(text), Patience::AsSet, "{text}");
        }
    }

    #[test]
    fn limits_are_set_where_the_script_sets_none() {
        let options =
            Options { statement_timeout: Some(Duration::from_mins(1)), ..Options::default() };
        let limits = |text| {
            let script = Script::new(text);
            options.limits_sql(&script, Patience::of(&script, script.statements()))
        };
        assert_eq!(
            limits("DROP TABLE t"),
            "SET lock_timeout TO 1000;\nSET statement_timeout TO 60000;\n"
        );
        assert_eq!(
            limits("SET lock_timeout = '5s'; DROP TABLE t"),
            "SET statement_timeout TO 60000;\n"
        );
        assert_eq!(
            limits("ALTER TABLE t VALIDATE CONSTRAINT c"),
            "SET lock_timeout TO 0;\nSET statement_timeout TO 0;\n"
        );
        assert_eq!(
            limits("SET LOCAL lock_timeout = 1; SET statement_timeout = 1; DROP TABLE t"),
            ""
        );
    }

    #[test]
    fn pauses_grow_and_differ() {
        let pauses = |id: &str| {
            let mut tries = Tries::new(&Options::default(), id);
            std::iter::from_fn(|| tries.next()).collect::<Vec<Duration>>()
        };
        let one = pauses("8c2f6ab5-6f0d-4f51-9d5e-5a1c3f1c2b7e");
        assert_eq!(one.len(), 10);
        for (at, pause) in one.iter().enumerate() {
            let whole = (FIRST_PAUSE * 2u32.pow(u32::try_from(at).unwrap())).min(LONGEST_PAUSE);
            assert!(*pause >= whole / 2 && *pause <= whole * 3 / 2, "{at}: {pause:?}");
        }
        let other = pauses("0e7ad2c4-51f3-4a3e-8a6b-c90d7c7ab1fd");
        assert!(one.iter().zip(&other).all(|(one, other)| one != other), "{one:?} {other:?}");
        let mut never = Tries::new(&Options { max_retries: 0, ..Options::default() }, "");
        assert_eq!(never.next(), None);
    }
}
