//! A script cut into steps, where it is not simply one transaction.
//!
//! A step either is one transaction, in which the note of its end goes along; or it is one statement that refuses a
//! transaction, of which can be found out afterwards whether it has done its work; or it is code of the script's own
//! that commits where it likes, of which nobody can tell how far it came. Pure.

use crate::script::{Batch, Script, Statement};
use crate::steps::statement::{self, Alone};
use crate::summary::summary;

/// One step of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) batch: Batch,
    pub(crate) work: Work,
    /// What it does, in one line.
    pub(crate) summary: String,
}

impl Step {
    /// Whether it leaves all or nothing.
    pub(crate) fn is_transaction(&self) -> bool {
        matches!(self.work, Work::Transaction { .. })
    }
}

/// How a step is run, and what is known of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Work {
    /// One transaction; what is to be part of it goes into the script here.
    Transaction {
        end: usize,
    },
    Alone(Alone),
    /// Nobody can tell how far it came.
    Uncertain,
}

/// The steps of a script that is not simply one transaction, because statements of it refuse one or it ends some of its
/// own; none of all others.
pub(crate) fn cut(script: &Script<'_>) -> Vec<Step> {
    if script.is_atomic() {
        return Vec::new();
    }
    let mut steps = Vec::new();
    for batch in script.batches() {
        if batch.transactional {
            steps.extend(transactions(script, batch));
        } else {
            let work = Work::Alone(statement::read(text_of(script, batch)));
            steps.push(step(script, batch.clone(), work));
        }
    }
    // Of this the history alone says that it has begun.
    if matches!(&*steps, [Step { work: Work::Uncertain, .. }]) { Vec::new() } else { steps }
}

/// The transactions of a batch: as many as it ends itself, and perhaps one more.
fn transactions(script: &Script<'_>, batch: &Batch) -> Vec<Step> {
    let statements = &script.statements()[batch.statements.clone()];
    let chained = |statement: &Statement| {
        statement.ends_transaction() && statement.words().iter().any(|word| word == "CHAIN")
    };
    let is_prepared =
        |statement: &Statement| statement.words().first().is_some_and(|word| word == "PREPARE");
    if statements.iter().any(|statement| {
        chained(statement) || is_prepared(statement) && statement.ends_transaction()
    }) {
        return vec![step(script, batch.clone(), Work::Uncertain)];
    }
    let mut steps = Vec::new();
    let mut from = batch.clone();
    for (at, statement) in batch.statements.clone().zip(statements) {
        let is_last = at + 1 == batch.statements.end;
        if !is_last && !statement.ends_transaction() {
            continue;
        }
        let mut piece = from.clone();
        if !is_last {
            (piece.range.end, piece.statements.end) = (statement.range.end, at + 1);
            (from.range.start, from.statements.start) = (statement.range.end, at + 1);
        }
        let work = work_of(script, &piece, statement);
        steps.push(step(script, piece, work));
    }
    steps
}

/// How a piece is run that ends with `last`.
fn work_of(script: &Script<'_>, piece: &Batch, last: &Statement) -> Work {
    let statements = &script.statements()[piece.statements.clone()];
    if let [only] = statements
        && only.may_need_no_transaction()
    {
        return alone(script, only);
    }
    let first = |statement: &Statement| statement.words().first().cloned().unwrap_or_default();
    if !script.is_closed() {
        return Work::Uncertain;
    }
    if last.ends_transaction() {
        return match first(last).as_str() {
            "COMMIT" | "END" if !statements.iter().any(reads_only) => {
                Work::Transaction { end: last.start }
            }
            // It leaves nothing, as often as it is run.
            _ => Work::Alone(Alone::Repeatable),
        };
    }
    if statements.iter().any(Statement::begins_transaction) {
        return Work::Uncertain;
    }
    Work::Transaction { end: piece.range.end }
}

/// Whether it makes its transaction one that nothing can be noted in.
fn reads_only(statement: &Statement) -> bool {
    let words = statement.words();
    let is_of_transaction =
        statement.begins_transaction() || words.first().is_some_and(|word| word == "SET");
    is_of_transaction && words.windows(2).any(|two| two[0] == "READ" && two[1] == "ONLY")
}

/// A single statement that may refuse a transaction, or commit.
fn alone(script: &Script<'_>, statement: &Statement) -> Work {
    if script.is_code_that_stays(statement) {
        return Work::Transaction { end: statement.range.end };
    }
    match statement.words().first().map(String::as_str) {
        Some("DO" | "CALL") => Work::Uncertain,
        _ => Work::Alone(Alone::Repeatable),
    }
}

fn step(script: &Script<'_>, batch: Batch, work: Work) -> Step {
    let statements = &script.statements()[batch.statements.clone()];
    let does_something = |statement: &&Statement| {
        !statement.begins_transaction() && !statement.ends_transaction() || statements.len() == 1
    };
    let mut doing = statements.iter().filter(does_something);
    let words = doing.next().map(|first| summary(&script.text()[first.start..first.range.end]));
    let mut summary = words.unwrap_or_default();
    if let more @ 1.. = doing.count() {
        summary = format!("{summary}, and {more} more");
    }
    Step { batch, work, summary }
}

fn text_of<'a>(script: &Script<'a>, batch: &Batch) -> &'a str {
    &script.text()[batch.range.clone()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, &'static str)> {
        let script = Script::new(text);
        let steps = cut(&script);
        if !steps.is_empty() {
            let whole: String = steps.iter().map(|step| &text[step.batch.range.clone()]).collect();
            assert_eq!(whole, text, "nothing is lost");
            let mut next = 0;
            for step in &steps {
                assert_eq!(step.batch.statements.start, next);
                next = step.batch.statements.end;
            }
            assert_eq!(next, script.statements().len());
        }
        let kind = |work: &Work| match work {
            Work::Transaction { .. } => "transaction",
            Work::Alone(Alone::Repeatable) => "repeatable",
            Work::Alone(_) => "alone",
            Work::Uncertain => "uncertain",
        };
        steps.iter().map(|step| (step.summary.clone(), kind(&step.work))).collect()
    }

    fn kinds(text: &str) -> Vec<&'static str> {
        told(text).into_iter().map(|(_, kind)| kind).collect()
    }

    #[test]
    fn one_transaction_has_no_steps() {
        for text in ["", "SELECT 1", "SELECT 1; SELECT 2", "CALL p()", "BEGIN; SELECT 1"] {
            assert_eq!(kinds(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_refuses_a_transaction_is_a_step_of_its_own() {
        let text = "CREATE TABLE t (a int);\nINSERT INTO t SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;\nSELECT 1;\n";
        let summaries: Vec<String> = told(text).into_iter().map(|(summary, _)| summary).collect();
        assert_eq!(
            summaries,
            [
                "CREATE TABLE t (a int), and 1 more",
                "CREATE INDEX CONCURRENTLY i ON t (a)",
                "VACUUM t",
                "SELECT …"
            ]
        );
        assert_eq!(kinds(text), ["transaction", "alone", "repeatable", "transaction"]);
    }

    #[test]
    fn transactions_of_the_script_are_steps_each() {
        assert_eq!(kinds("BEGIN; SELECT 1; COMMIT;\n-- end"), ["transaction"]);
        let (summary, _) = &told("BEGIN; DROP TABLE t; VALUES (1); COMMIT;")[0];
        assert_eq!(summary, "DROP TABLE t, and 1 more");
        assert_eq!(kinds("BEGIN; SELECT 1; COMMIT; SELECT 2"), ["transaction", "transaction"]);
        let text = "SELECT 1; BEGIN; SELECT 2; COMMIT; BEGIN; SELECT 3; END; SELECT 4; VACUUM; BEGIN; DROP TABLE t; ROLLBACK;";
        assert_eq!(
            kinds(text),
            ["transaction", "transaction", "transaction", "repeatable", "repeatable"]
        );
        let steps = cut(&Script::new(text));
        let Work::Transaction { end } = steps[0].work else { panic!() };
        assert!(text[end..].starts_with("COMMIT; BEGIN; SELECT 3"), "the note is part of it");
    }

    #[test]
    fn what_commits_where_it_likes_is_uncertain() {
        for (text, kind) in [
            ("CALL p();", "uncertain"),
            ("DO $$ BEGIN COMMIT; END $$;", "uncertain"),
            ("DO $$ BEGIN PERFORM 1; END $$;", "transaction"),
            ("REINDEX TABLE p;", "repeatable"),
            ("BEGIN READ ONLY; SELECT 1; COMMIT;", "repeatable"),
            ("BEGIN; SET TRANSACTION READ ONLY; SELECT 1; COMMIT;", "repeatable"),
            ("BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT;", "uncertain"),
            ("BEGIN; SELECT 1; PREPARE TRANSACTION 'x';", "uncertain"),
            ("BEGIN; SELECT 1;", "uncertain"),
        ] {
            let found = kinds(&format!("VACUUM;{text}"));
            assert_eq!(found[1..], [kind], "{text}");
        }
    }
}
