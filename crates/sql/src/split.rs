//! Where the statements of a file are.
//!
//! Cut as the server cuts: at semicolons outside of quotes, comments, parentheses (the actions of a rule) and the bodies
//! of SQL functions between `BEGIN ATOMIC` and `END`. As psql does, the lines of data after a `COPY … FROM STDIN` go with it and a
//! line of psql's own is none of SQL; both are [refused](Refusal), for a server could make nothing of them. Nothing is an
//! error: what is not closed goes to the end of the file, and the server says what is wrong with it.

use crate::lexer::{Lexer, is_identifier_start};
use crate::{Piece, Refusal};

/// A file in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The statements, in order. Each begins where the one before it ends; comments and blanks after the last belong to
    /// none.
    pub pieces: Vec<Piece>,
    /// Whether every quote and comment is closed, so that something may be added at the end.
    pub is_closed: bool,
    /// What cannot be sent to a server, in order.
    pub refusals: Vec<Refusal>,
}

/// Cuts a file into its statements.
pub fn split(text: &str) -> Split {
    let mut splitter =
        Splitter { lexer: Lexer::new(text), pieces: Vec::new(), refusals: Vec::new() };
    splitter.refusals.extend(text.bytes().position(|byte| byte == 0).map(Refusal::nul_byte));
    while splitter.statement() {}
    splitter.refusals.sort_by_key(|refusal| refusal.at);
    Split {
        pieces: splitter.pieces,
        is_closed: splitter.lexer.is_closed,
        refusals: splitter.refusals,
    }
}

struct Splitter<'a> {
    lexer: Lexer<'a>,
    pieces: Vec<Piece>,
    refusals: Vec<Refusal>,
}

impl Splitter<'_> {
    /// Reads one statement; false at the end.
    fn statement(&mut self) -> bool {
        let from = self.lexer.at;
        let mut piece: Option<Piece> = None;
        let mut parentheses = 0usize;
        let mut in_body = false;
        let mut before = Before::Other;
        while let Some(byte) = self.lexer.peek() {
            if self.lexer.blank_or_comment(byte) {
                continue;
            }
            if byte == b';' && parentheses == 0 && !in_body {
                self.lexer.at += 1;
                if let Some(piece) = piece {
                    self.finish(piece);
                    return true;
                }
                // A semicolon alone is no statement; it goes with the next.
                continue;
            }
            if byte == b'\\'
                && let Some((command, sends)) = self.psql_command()
            {
                match piece.take() {
                    Some(mut piece) if sends => {
                        piece.own_end = command;
                        piece.range.end = self.lexer.at;
                        self.pieces.push(piece);
                        return true;
                    }
                    kept => piece = kept,
                }
                continue;
            }
            let start = self.lexer.at;
            let current =
                piece.get_or_insert_with(|| Piece::new(from..self.lexer.text.len(), start));
            let last = std::mem::replace(&mut before, Before::mark(byte));
            match byte {
                b'(' => {
                    parentheses += 1;
                    self.lexer.at += 1;
                }
                b')' => {
                    parentheses = parentheses.saturating_sub(1);
                    self.lexer.at += 1;
                }
                b'\'' => self.lexer.quoted(b'\''),
                b'"' => {
                    self.lexer.quoted(b'"');
                    // A quoted name is a word that equals no keyword.
                    current.word("\"", parentheses);
                }
                b'$' => self.lexer.dollar(),
                _ if is_identifier_start(byte) => {
                    let word = self.lexer.word();
                    current.word(word, parentheses);
                    if parentheses == 0 {
                        before = Before::word(word, last);
                        in_body = match before {
                            Before::Atomic => in_body || current.makes_routine(),
                            Before::End => false,
                            _ => in_body,
                        };
                    }
                }
                _ if byte.is_ascii_digit() => self.lexer.number(),
                _ => self.lexer.at += 1,
            }
        }
        let found = piece.is_some();
        self.pieces.extend(piece);
        found
    }

    /// Takes a statement whose semicolon was just read, and the data that follows it.
    fn finish(&mut self, mut piece: Piece) {
        piece.own_end = self.lexer.at;
        if piece.copies_from_stdin() {
            self.refusals.push(Refusal::copy_from_stdin(piece.start));
            self.data();
        }
        piece.range.end = self.lexer.at;
        self.pieces.push(piece);
    }

    /// The lines up to `\.`, or to the end, if nothing else is on the line where they were asked for.
    fn data(&mut self) {
        let rest = &self.lexer.text[self.lexer.at..];
        let Some((asking, lines)) = rest.split_once('\n') else { return };
        if !asking.trim().is_empty() {
            return;
        }
        let mut at = self.lexer.at + asking.len() + 1;
        for line in lines.split_inclusive('\n') {
            at += line.len();
            if line.trim_end_matches(['\n', '\r']) == "\\." {
                break;
            }
        }
        self.lexer.at = at;
    }

    /// Passes over a command of psql, to the end of its line: where it begins, and whether it sends the statement before it,
    /// as a semicolon does.
    /// A backslash that belongs to a string by another rule than ours (`standard_conforming_strings`) is none.
    fn psql_command(&mut self) -> Option<(usize, bool)> {
        let (before, rest) = self.lexer.text.split_at(self.lexer.at);
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let begins_line = before[line..].trim_start_matches('\u{feff}').trim().is_empty();
        let end = rest[1..].find(|c: char| c.is_whitespace() || c == ';');
        let name = &rest[1..end.map_or(rest.len(), |end| end + 1)];
        let sends = SENDING.contains(&name);
        if name.is_empty() || !(begins_line || sends) {
            return None;
        }
        self.refusals.push(Refusal::psql_command(self.lexer.at, &rest[..=name.len()]));
        let command = self.lexer.at;
        self.lexer.end_of_line();
        Some((command, sends))
    }
}

/// The commands of psql that end a statement.
const SENDING: &[&str] =
    &["g", "gx", "gset", "gexec", "gdesc", "watch", "crosstabview", "bind", "parse", ";"];

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
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        match last {
            Self::Begin if is("ATOMIC") => Self::Atomic,
            Self::Atomic | Self::Semicolon if is("END") => Self::End,
            _ if is("BEGIN") => Self::Begin,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests;
