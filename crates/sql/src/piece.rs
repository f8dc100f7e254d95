//! One statement of a file, known by its first words: cheap, for whoever runs it.

use std::ops::Range;

/// One statement of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// From the end of the statement before it up to and with its semicolon.
    pub range: Range<usize>,
    /// Where its first word is, after blanks and comments.
    pub start: usize,
    /// Where its semicolon or the text ends; the range goes on over data.
    pub(crate) own_end: usize,
    /// Its words outside of parentheses, in upper case; as many as it takes to know it.
    words: Vec<String>,
    /// Whether `CONCURRENTLY` is among its words, also in parentheses.
    concurrently: bool,
}

/// How many words of a statement are kept.
const WORDS: usize = 48;

impl Piece {
    pub(crate) fn new(range: Range<usize>, start: usize) -> Self {
        Self { own_end: range.end, range, start, words: Vec::new(), concurrently: false }
    }

    /// Where it ends, without its semicolon, the blanks before that, and the data after it.
    pub(crate) fn end(&self, text: &str) -> usize {
        let own = &text[self.start..self.own_end];
        self.start + own.strip_suffix(';').unwrap_or(own).trim_end().len()
    }

    /// Whether it opens a transaction block.
    pub fn begins_transaction(&self) -> bool {
        matches!(self.head().as_slice(), ["BEGIN", ..] | ["START", "TRANSACTION", ..])
    }

    /// Whether it ends one, well or not.
    pub fn ends_transaction(&self) -> bool {
        match self.head().as_slice() {
            ["COMMIT" | "ROLLBACK", "PREPARED", ..] => false,
            ["COMMIT" | "END" | "ABORT", ..] | ["PREPARE", "TRANSACTION", ..] => true,
            ["ROLLBACK", rest @ ..] => !rest.contains(&"TO"),
            _ => false,
        }
    }

    /// False for the statements that PostgreSQL refuses inside a transaction block.
    pub fn runs_in_transaction(&self) -> bool {
        match self.head().as_slice() {
            ["CREATE" | "DROP", "INDEX", ..] | ["CREATE", "UNIQUE", "INDEX", ..] => {
                self.words[1..4.min(self.words.len())].iter().all(|word| word != "CONCURRENTLY")
            }
            ["REINDEX", "SCHEMA" | "DATABASE" | "SYSTEM", ..]
            | ["VACUUM", ..]
            | ["ALTER", "SYSTEM", ..]
            | ["CREATE" | "DROP", "DATABASE" | "TABLESPACE" | "SUBSCRIPTION", ..]
            | ["CLUSTER"]
            | ["CLUSTER", "VERBOSE"]
            | ["ALTER", "DATABASE", _, "SET", "TABLESPACE", ..]
            | ["COMMIT" | "ROLLBACK", "PREPARED", ..] => false,
            ["REINDEX", ..] => !self.concurrently,
            ["ALTER", "SUBSCRIPTION", _, rest @ ..] => !rest.contains(&"PUBLICATION"),
            ["ALTER", "TABLE", rest @ ..] => {
                !(self.concurrently && rest.windows(2).any(|pair| pair == ["DETACH", "PARTITION"]))
            }
            _ => true,
        }
    }

    /// Whether it may commit on its own or refuse a transaction, which its words do not tell: what a procedure or a
    /// block does, whether a table has partitions.
    pub fn may_need_no_transaction(&self) -> bool {
        !self.runs_in_transaction()
            || matches!(
                self.head().as_slice(),
                ["CALL" | "DO" | "REINDEX" | "CLUSTER" | "DISCARD", ..]
                    | ["ALTER", "SUBSCRIPTION", ..]
            )
    }

    /// Whether rows would follow it from the client.
    pub fn copies_from_stdin(&self) -> bool {
        let words = self.head();
        words.first() == Some(&"COPY") && words.windows(2).any(|pair| pair == ["FROM", "STDIN"])
    }

    /// Its words outside of parentheses, in upper case, the first of them; a quoted name is `"`.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The words as slices, to match on.
    fn head(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

impl Piece {
    /// The same of a text that begins so much later.
    pub(crate) fn moved(&self, by: usize) -> Piece {
        let range = self.range.start + by..self.range.end + by;
        Piece { range, start: self.start + by, own_end: self.own_end + by, ..self.clone() }
    }

    pub(crate) fn word(&mut self, word: &str, parentheses: usize) {
        self.concurrently |= word.eq_ignore_ascii_case("CONCURRENTLY");
        if parentheses == 0 && self.words.len() < WORDS {
            self.words.push(word.to_uppercase());
        }
    }

    pub(crate) fn makes_routine(&self) -> bool {
        matches!(
            self.head().as_slice(),
            ["CREATE", "FUNCTION" | "PROCEDURE", ..]
                | ["CREATE", "OR", "REPLACE", "FUNCTION" | "PROCEDURE", ..]
        )
    }
}
