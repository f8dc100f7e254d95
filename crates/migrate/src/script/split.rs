//! Where the statements of a script are, and their first words.
//!
//! A lexer of PostgreSQL's own rules as far as they matter to semicolons: comments that nest, strings of
//! every kind, dollar quotes, parentheses, and the bodies of SQL functions between `BEGIN ATOMIC` and
//! `END`. It assumes `standard_conforming_strings`, which is on since PostgreSQL 9.1. Nothing is an error:
//! what is not closed goes to the end of the script, and the server says what is wrong with it.

mod quoted;
mod tokens;

use std::ops::Range;

pub(crate) use quoted::is_outside;
pub(crate) use tokens::{Token, tokens};

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// From the end of the statement before it up to and with its semicolon.
    pub range: Range<usize>,
    /// Where its first word is, after blanks and comments.
    pub start: usize,
    /// Its words outside of parentheses, in upper case; as many as it takes to know it.
    words: Vec<String>,
    /// Whether `CONCURRENTLY` is among its words, also in parentheses.
    concurrently: bool,
}

/// How many words of a statement are kept.
const WORDS: usize = 48;

/// The statements of a script, and whether every quote and comment is closed. Comments and blanks after the last
/// statement belong to none.
pub(super) fn split_and_look(script: &str) -> (Vec<Statement>, bool) {
    let mut splitter = Splitter { text: script, at: 0, statements: Vec::new(), is_closed: true };
    while splitter.statement() {}
    (splitter.statements, splitter.is_closed)
}

impl Statement {
    pub(crate) fn begins_transaction(&self) -> bool {
        matches!(self.head().as_slice(), ["BEGIN", ..] | ["START", "TRANSACTION", ..])
    }

    pub(crate) fn ends_transaction(&self) -> bool {
        match self.head().as_slice() {
            ["COMMIT" | "ROLLBACK", "PREPARED", ..] => false,
            ["COMMIT" | "END" | "ABORT", ..] | ["PREPARE", "TRANSACTION", ..] => true,
            ["ROLLBACK", rest @ ..] => !rest.contains(&"TO"),
            _ => false,
        }
    }

    /// False for the statements that PostgreSQL refuses inside a transaction block.
    pub(crate) fn runs_in_transaction(&self) -> bool {
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
    pub(crate) fn may_need_no_transaction(&self) -> bool {
        !self.runs_in_transaction()
            || matches!(
                self.head().as_slice(),
                ["CALL" | "DO" | "REINDEX" | "CLUSTER" | "DISCARD", ..]
                    | ["ALTER", "SUBSCRIPTION", ..]
            )
    }

    pub(crate) fn copies_from_stdin(&self) -> bool {
        let words = self.head();
        words.first() == Some(&"COPY") && words.windows(2).any(|pair| pair == ["FROM", "STDIN"])
    }

    /// Its words outside of parentheses, in upper case, the first of them; a quoted name is `"`.
    pub(crate) fn words(&self) -> &[String] {
        &self.words
    }

    /// The words as slices, to match on.
    fn head(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

struct Splitter<'a> {
    text: &'a str,
    at: usize,
    statements: Vec<Statement>,
    is_closed: bool,
}

impl Splitter<'_> {
    /// Reads one statement; false at the end.
    fn statement(&mut self) -> bool {
        let from = self.at;
        let mut statement: Option<Statement> = None;
        let mut parentheses = 0usize;
        let mut in_body = false;
        let mut before = Before::Other;
        while let Some(byte) = self.peek() {
            if self.blank_or_comment(byte) {
                continue;
            }
            if byte == b';' && parentheses == 0 && !in_body {
                self.at += 1;
                if let Some(mut statement) = statement {
                    statement.range.end = self.at;
                    self.statements.push(statement);
                    return true;
                }
                // A semicolon alone is no statement; it goes with the next.
                continue;
            }
            let start = self.at;
            let current = statement.get_or_insert_with(|| Statement {
                range: from..self.text.len(),
                start,
                words: Vec::new(),
                concurrently: false,
            });
            let last = std::mem::replace(&mut before, Before::mark(byte));
            match byte {
                b'(' => {
                    parentheses += 1;
                    self.at += 1;
                }
                b')' => {
                    parentheses = parentheses.saturating_sub(1);
                    self.at += 1;
                }
                b'\'' => self.quoted(b'\'', false),
                b'"' => {
                    self.quoted(b'"', false);
                    // A quoted name is a word that equals no keyword.
                    current.word("\"", parentheses);
                }
                b'$' => self.dollar(),
                _ if is_identifier_start(byte) => {
                    let word = self.word();
                    current.word(&word, parentheses);
                    if parentheses == 0 {
                        before = Before::word(&word, last);
                        in_body = match before {
                            Before::Atomic => in_body || current.makes_routine(),
                            Before::End => false,
                            _ => in_body,
                        };
                    }
                }
                _ if byte.is_ascii_digit() => self.number(),
                _ => self.at += 1,
            }
        }
        let found = statement.is_some();
        self.statements.extend(statement);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn blank_or_comment(&mut self, byte: u8) -> bool {
        if byte.is_ascii_whitespace() || byte == 0x0b {
            self.at += 1;
        } else if self.rest().starts_with("\u{feff}".as_bytes()) && self.at == 0 {
            self.at += 3;
        } else if self.rest().starts_with(b"--") {
            let line = self.rest().iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            self.at = line.map_or(self.text.len(), |line| self.at + line);
        } else if self.rest().starts_with(b"/*") {
            self.block_comment();
        } else {
            return false;
        }
        true
    }

    fn block_comment(&mut self) {
        let mut depth = 0usize;
        while self.at < self.text.len() {
            if self.rest().starts_with(b"/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.at += 1;
            }
        }
        self.is_closed = false;
    }

    /// A string or quoted name; a doubled quote is part of it, and with `escapes` so is a backslash and
    /// what follows.
    fn quoted(&mut self, quote: u8, escapes: bool) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'\\' && escapes {
                self.at = (self.at + 1).min(self.text.len());
            } else if byte == quote {
                if self.peek() != Some(quote) {
                    return;
                }
                self.at += 1;
            }
        }
        self.is_closed = false;
    }

    /// `$$…$$`, `$tag$…$tag$`, or just a parameter such as `$1`.
    fn dollar(&mut self) {
        let inner = &self.rest()[1..];
        let tag = inner.iter().position(|&byte| !is_tag(byte)).unwrap_or(inner.len());
        let opens = inner.get(tag) == Some(&b'$') && !inner[0].is_ascii_digit();
        if !opens {
            self.at += 1 + tag;
            return;
        }
        let delimiter = &self.text[self.at..self.at + tag + 2];
        let body = self.at + delimiter.len();
        let end = self.text[body..].find(delimiter);
        self.is_closed &= end.is_some();
        self.at = end.map_or(self.text.len(), |end| body + end + delimiter.len());
    }

    /// A word, upper-cased; the string that follows an `E` at once is read with it.
    fn word(&mut self) -> String {
        let start = self.at;
        let length =
            self.rest().iter().position(|&byte| !is_identifier(byte)).unwrap_or(self.rest().len());
        self.at += length;
        let word = self.text[start..self.at].to_uppercase();
        if word == "E" && self.peek() == Some(b'\'') {
            self.quoted(b'\'', true);
        }
        word
    }

    /// Digits and the letters that stick to them, so that `1e5` is no word.
    fn number(&mut self) {
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'))
        {
            self.at += 1;
        }
    }
}

impl Statement {
    fn word(&mut self, word: &str, parentheses: usize) {
        self.concurrently |= word == "CONCURRENTLY";
        if parentheses == 0 && self.words.len() < WORDS {
            self.words.push(word.to_owned());
        }
    }

    fn makes_routine(&self) -> bool {
        matches!(
            self.head().as_slice(),
            ["CREATE", "FUNCTION" | "PROCEDURE", ..]
                | ["CREATE", "OR", "REPLACE", "FUNCTION" | "PROCEDURE", ..]
        )
    }
}

/// What was read last, as far as it tells the body of an SQL function from columns and parameters that are called
/// `begin`, `end` or `case`: the body starts with two words side by side, and its `END` follows a semicolon, or
/// nothing.
#[derive(Clone, Copy)]
enum Before {
    Begin,
    /// The second word of `BEGIN ATOMIC`.
    Atomic,
    Semicolon,
    /// The `END` of a body.
    End,
    Other,
}

impl Before {
    fn mark(byte: u8) -> Self {
        if byte == b';' { Self::Semicolon } else { Self::Other }
    }

    fn word(word: &str, last: Self) -> Self {
        match (word, last) {
            ("ATOMIC", Self::Begin) => Self::Atomic,
            ("BEGIN", _) => Self::Begin,
            ("END", Self::Atomic | Self::Semicolon) => Self::End,
            _ => Self::Other,
        }
    }
}

fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

fn is_identifier(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_tag(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests;
