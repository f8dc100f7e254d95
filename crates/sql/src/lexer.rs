//! PostgreSQL's lexical rules, as far as they matter to where something ends.
//!
//! Comments that nest, strings of every kind, dollar quotes, names, numbers. It assumes `standard_conforming_strings`,
//! which is on since PostgreSQL 9.1. Nothing is an error: what is not closed goes to the end of the text.

/// A place in a text that steps over one lexical piece at a time.
pub(crate) struct Lexer<'a> {
    pub text: &'a str,
    pub at: usize,
    /// Whether every quote and comment so far was closed.
    pub is_closed: bool,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, is_closed: true }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    pub(crate) fn blank_or_comment(&mut self, byte: u8) -> bool {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
            0xef if self.at == 0 && self.rest().starts_with("\u{feff}".as_bytes()) => self.at += 3,
            b'-' if self.rest().starts_with(b"--") => self.end_of_line(),
            b'/' if self.rest().starts_with(b"/*") => self.block_comment(),
            _ => return false,
        }
        true
    }

    /// To the end of the line, before the line break.
    pub(crate) fn end_of_line(&mut self) {
        let line = self.rest().iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        self.at = line.map_or(self.text.len(), |line| self.at + line);
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

    /// A string or quoted name; a doubled quote is part of it.
    pub(crate) fn quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == quote {
                if self.peek() != Some(quote) {
                    return;
                }
                self.at += 1;
            }
        }
        self.is_closed = false;
    }

    /// What follows an `E` at once: a backslash and what follows it are part of it, and where it goes on on a later line,
    /// it goes on with the same rules.
    fn escaped(&mut self) {
        loop {
            self.at += 1;
            loop {
                match self.peek() {
                    None => {
                        self.is_closed = false;
                        return;
                    }
                    Some(b'\\') => self.at = (self.at + 2).min(self.text.len()),
                    Some(b'\'') if self.rest().starts_with(b"''") => self.at += 2,
                    Some(b'\'') => break,
                    Some(_) => self.at += 1,
                }
            }
            self.at += 1;
            let Some(next) = self.goes_on() else { return };
            self.at = next;
        }
    }

    /// Where the quote is that continues a string which was just closed: after blanks and comments with a line break
    /// among them.
    fn goes_on(&self) -> Option<usize> {
        let mut ahead = Lexer { text: self.text, at: self.at, is_closed: true };
        while let Some(byte) = ahead.peek() {
            let is_blank = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c);
            if !is_blank && !ahead.rest().starts_with(b"--") {
                let has_break = self.text[self.at..ahead.at].contains(['\n', '\r']);
                return (byte == b'\'' && has_break).then_some(ahead.at);
            }
            ahead.blank_or_comment(byte);
        }
        None
    }

    /// `$$…$$`, `$tag$…$tag$`, or just a parameter such as `$1`.
    pub(crate) fn dollar(&mut self) {
        let inner = &self.rest()[1..];
        let is_part = |byte: &u8| is_identifier_start(*byte) || byte.is_ascii_digit();
        let tag = inner.iter().position(|byte| !is_part(byte)).unwrap_or(inner.len());
        let is_parameter = inner.first().is_some_and(u8::is_ascii_digit);
        if is_parameter || inner.get(tag) != Some(&b'$') {
            self.at += 1;
            return;
        }
        let delimiter = &self.text[self.at..self.at + tag + 2];
        let body = self.at + delimiter.len();
        let end = self.text[body..].find(delimiter);
        self.is_closed &= end.is_some();
        self.at = end.map_or(self.text.len(), |end| body + end + delimiter.len());
    }

    /// A word as it is written; the string that follows an `E` at once is passed over with it.
    pub(crate) fn word(&mut self) -> &'a str {
        let length =
            self.rest().iter().position(|&byte| !is_identifier(byte)).unwrap_or(self.rest().len());
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        if word.eq_ignore_ascii_case("E") && self.peek() == Some(b'\'') {
            self.escaped();
        }
        word
    }

    /// Digits and the letters that stick to them, so that `1e5` is no word.
    pub(crate) fn number(&mut self) {
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'))
        {
            self.at += 1;
        }
    }
}

pub(crate) fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}

fn is_identifier(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit() || byte == b'$'
}
