//! A migration's script, cut into what is sent to the server at once.
//!
//! A script goes as one simple query and is thereby one implicit transaction; `BEGIN` and `COMMIT` in it
//! mean what they say. It is cut only around statements that refuse to run inside a transaction, and not
//! even there when the script has opened one itself: then the server shall complain. All of it is text;
//! what the server answers is not known here.

use std::ops::Range;

pub(crate) use sql::Piece as Statement;
use sql::{Refusal, Split};
pub(crate) use sql::{Token, is_outside, placed_tokens, tokens};

/// A script as it will be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Script<'a> {
    text: &'a str,
    statements: Vec<Statement>,
    batches: Vec<Batch>,
    opens_transaction: bool,
    ends_transaction: bool,
    is_closed: bool,
    refusal: Option<Refusal>,
}

/// What is sent to the server at once: a range of the script, all statements of which succeed or fail
/// together, unless the script itself commits in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    pub range: Range<usize>,
    /// False for a single statement that cannot run in a transaction.
    pub transactional: bool,
    /// The statements of it, as indices of [`Script::statements`].
    pub statements: Range<usize>,
}

impl<'a> Script<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        // psql skips a byte order mark; the server takes it for a syntax error.
        let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
        let Split { pieces: statements, is_closed, refusals } = sql::split(text);
        let opens_transaction = statements.iter().any(Statement::begins_transaction);
        let ends_transaction = statements.iter().any(Statement::ends_transaction);
        Self {
            text,
            batches: batches(start..text.len(), &statements),
            statements,
            opens_transaction,
            ends_transaction,
            is_closed,
            refusal: refusals.into_iter().next(),
        }
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// What is sent, in order; together all of the script, save a byte order mark. There is always one.
    pub(crate) fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// Whether the script begins transactions of its own.
    pub(crate) fn opens_transaction(&self) -> bool {
        self.opens_transaction
    }

    /// Whether it holds a word that begins a transaction, be it in a quote: the server may read quotes otherwise than we
    /// do, where a setting says so.
    pub(crate) fn may_leave_transaction_open(&self) -> bool {
        ["begin", "start"].iter().any(|word| has_word(self.text, word))
    }

    /// Whether every quote and comment is closed, so that something may be added at the end.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whether a failure anywhere leaves nothing of the script behind.
    pub(crate) fn is_atomic(&self) -> bool {
        self.fits_in_transaction() && !self.goes_alone(&self.batches[0])
    }

    /// Whether the end of the script can be noted in the transaction that it is, whatever the server takes for quotes.
    pub(crate) fn takes_a_note(&self) -> bool {
        let ends = ["abort", "commit", "rollback"];
        let has_end = || ends.iter().any(|word| has_word(self.text, word));
        self.is_atomic() && self.is_closed && (self.has_plain_quotes() || !has_end())
    }

    /// Whether its quotes end where they seem to: `standard_conforming_strings` matters to those with a backslash only.
    fn has_plain_quotes(&self) -> bool {
        !self.text.contains('\\')
    }

    /// Whether the script leaves it to others where its transaction begins and ends.
    pub(crate) fn fits_in_transaction(&self) -> bool {
        let has_own = self.opens_transaction || self.ends_transaction;
        self.batches.len() == 1 && self.batches[0].transactional && !has_own
    }

    /// Whether nothing may be sent together with this batch: already two statements are a transaction, which a single
    /// one of its kind may refuse.
    pub(crate) fn goes_alone(&self, batch: &Batch) -> bool {
        match &self.statements[batch.statements.clone()] {
            [only] => only.may_need_no_transaction() && !self.is_code_that_stays(only),
            _ => false,
        }
    }

    /// Whether it is a `DO` that ends no transaction. `EXECUTE` cannot, nor can a procedure that it calls; a `CALL` of its own
    /// can.
    pub(crate) fn is_code_that_stays(&self, statement: &Statement) -> bool {
        let text = &self.text[statement.start..statement.range.end];
        self.is_closed
            && statement.words().first().is_some_and(|word| word == "DO")
            && !["commit", "rollback", "call"].iter().any(|word| has_word(text, word))
    }

    /// Whether it may leave the session another than it was. What a function does that it calls is not seen.
    pub(crate) fn sets_something(&self) -> bool {
        let is_set = |statement: &Statement| {
            let text = &self.text[statement.start..statement.range.end];
            let first = text.split_whitespace().next().unwrap_or_default();
            first.eq_ignore_ascii_case("SET")
                || first.eq_ignore_ascii_case("RESET")
                || text.to_ascii_lowercase().contains("set_config")
        };
        self.statements.iter().any(is_set)
    }

    /// Whether it leaves the session as it was, for certain: nothing in it but definitions of ordinary objects, whatever the
    /// server takes for quotes.
    pub(crate) fn leaves_the_session(&self) -> bool {
        let defines = |statement: &Statement| {
            let first = statement.words().first().map(String::as_str);
            matches!(first, Some("CREATE" | "ALTER" | "DROP" | "COMMENT"))
        };
        self.is_closed
            && self.has_plain_quotes()
            && self.statements.iter().all(defines)
            && !self.sets_something()
    }

    /// The first thing in it that no server can be sent: data for a `COPY … FROM STDIN`, a command of psql, a zero byte.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }
}

/// Whether a text has this word anywhere, in any case.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_part =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = text.as_bytes();
    bytes.windows(word.len()).enumerate().any(|(at, window)| {
        window.eq_ignore_ascii_case(word.as_bytes())
            && !is_part(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !is_part(bytes.get(at + word.len()))
    })
}

fn batches(all: Range<usize>, statements: &[Statement]) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    let mut in_transaction = false;
    for (at, statement) in statements.iter().enumerate() {
        if statement.begins_transaction() {
            in_transaction = true;
        } else if statement.ends_transaction() {
            in_transaction = false;
        }
        let transactional = in_transaction || statement.runs_in_transaction();
        match batches.last_mut() {
            Some(last) if last.transactional && transactional => {
                last.range.end = statement.range.end;
                last.statements.end = at + 1;
            }
            _ => batches.push(Batch {
                range: statement.range.clone(),
                transactional,
                statements: at..at + 1,
            }),
        }
    }
    // What is left, the comments and blanks at either end, belongs to the outermost batches.
    match (batches.first_mut(), all) {
        (Some(first), all) => {
            first.range.start = all.start;
            if let Some(last) = batches.last_mut() {
                last.range.end = all.end;
            }
        }
        (None, all) => batches.push(Batch { range: all, transactional: true, statements: 0..0 }),
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> Vec<(&str, bool)> {
        let script = Script::new(text);
        let sent: Vec<_> = script
            .batches()
            .iter()
            .map(|batch| (&text[batch.range.clone()], batch.transactional))
            .collect();
        let whole: String = sent.iter().map(|(text, _)| *text).collect();
        assert_eq!(whole, text.trim_start_matches('\u{feff}'), "nothing is lost");
        sent
    }

    #[test]
    fn a_script_is_one_batch() {
        for text in [
            "",
            "-- nothing\n",
            "SELECT 1",
            "SELECT 1;\n\n-- end\n",
            "\u{feff}SELECT 1;\nBEGIN; SELECT 2; COMMIT;\nSELECT 3;\n",
            "CREATE INDEX i ON t (concurrently);\nSELECT 'VACUUM;';\n",
        ] {
            assert_eq!(sent(text).len(), 1, "{text}");
            assert!(sent(text)[0].1);
        }
    }

    #[test]
    fn what_refuses_a_transaction_goes_alone() {
        assert_eq!(
            sent(
                "-- a\nSELECT 1;\nSELECT 2;\n-- b\nCREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 3\n-- c\n"
            ),
            [
                ("-- a\nSELECT 1;\nSELECT 2;", true),
                ("\n-- b\nCREATE INDEX CONCURRENTLY i ON t (a);", false),
                ("\nSELECT 3\n-- c\n", true),
            ]
        );
        assert_eq!(sent("VACUUM;VACUUM;"), [("VACUUM;", false), ("VACUUM;", false)]);
    }

    #[test]
    fn nothing_is_cut_inside_a_transaction_of_the_script() {
        assert_eq!(sent("BEGIN;\nVACUUM;\nCOMMIT;\nVACUUM;\n").len(), 2);
        assert_eq!(sent("START TRANSACTION;\nSAVEPOINT s;ROLLBACK TO s;VACUUM;\nEND;\n").len(), 1);
    }

    #[test]
    fn a_word_may_begin_a_transaction_wherever_it_stands() {
        for (text, may) in [
            ("BEGIN;SELECT 1", true),
            ("SELECT 1;\n start/**/TRANSACTION", true),
            (r"SELECT '\'; begin; --'", true),
            ("SELECT 1", false),
            ("ALTER TABLE t ADD \"startAt\" date, ADD beginning int, ADD re_start int", false),
        ] {
            assert_eq!(Script::new(text).may_leave_transaction_open(), may, "{text}");
        }
    }

    #[test]
    fn atomic_is_one_transaction_that_the_script_does_not_end() {
        for (text, atomic) in [
            ("SELECT 1;SELECT 2", true),
            ("BEGIN;SELECT 1;COMMIT;", false),
            ("VACUUM", false),
            ("SELECT 1;COMMIT;SELECT 2", false),
            ("SELECT 1;END", false),
            ("SELECT 1;ROLLBACK;", false),
            ("SAVEPOINT s;ROLLBACK TO s", true),
            ("CALL p()", false),
            ("SELECT 1;CALL p()", true),
            ("SELECT 1;DROP INDEX CONCURRENTLY i;", false),
        ] {
            assert_eq!(Script::new(text).is_atomic(), atomic, "{text}");
        }
    }

    #[test]
    fn a_word_ends_a_transaction_where_quotes_may_be_others() {
        for (text, takes) in [
            ("CREATE TABLE t (a int);", true),
            ("SELECT 'abort it'; -- or commit", true),
            (r"SELECT 'a\'; ROLLBACK; --'", false),
            (r"SELECT 'a\b'", true),
            ("SELECT 1; COMMIT;", false),
            ("SELECT 'a", false),
        ] {
            assert_eq!(Script::new(text).takes_a_note(), takes, "{text}");
        }
    }

    #[test]
    fn definitions_leave_the_session() {
        for (text, leaves) in [
            ("-- nothing", true),
            ("CREATE TABLE t (a int); ALTER TABLE t ALTER a SET DEFAULT 1; DROP TYPE e;", true),
            ("COMMENT ON TABLE t IS 'SET ROLE nobody;'", true),
            (r"COMMENT ON TABLE t IS '\'; SET ROLE nobody; --'", false),
            ("CREATE TABLE t (a int); SET search_path TO x", false),
            ("CREATE TABLE t AS SELECT set_config('role', 'nobody', false)", false),
            ("DO $$ BEGIN PERFORM 1; END $$", false),
            ("INSERT INTO t SELECT f()", false),
        ] {
            assert_eq!(Script::new(text).leaves_the_session(), leaves, "{text}");
        }
    }

    #[test]
    fn what_is_not_closed_is_known() {
        for (text, closed) in [
            ("SELECT 1 -- it's", true),
            ("SELECT (1", true),
            ("SELECT 'a', \"b\", $$c$$ /* d */", true),
            ("SELECT 'a", false),
            ("SELECT \"a", false),
            ("SELECT $a$ $$", false),
            ("SELECT 1 /* /* */", false),
        ] {
            assert_eq!(Script::new(text).is_closed(), closed, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_found() {
        for (text, found) in [
            ("SELECT 1;\nCOPY t (a, b) FROM stdin;\n1\t2\n\\.\n", true),
            ("COPY t FROM '/tmp/x'", false),
            ("COPY t TO STDOUT", false),
            ("SELECT 1;\n\\connect other\n", true),
        ] {
            assert_eq!(Script::new(text).refusal().is_some(), found, "{text}");
        }
    }
}
