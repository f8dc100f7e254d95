//! JSON. Says what is wrong first, and where in the text.

use std::ops::ControlFlow;

/// Arrays and objects inside each other; also what keeps this from exhausting the stack.
const MAX_DEPTH: usize = 127;

pub(in crate::validate) fn error(text: &str) -> Option<String> {
    let mut reader = Reader { text: text.as_bytes(), position: 0, depth: 0 };
    match reader.document() {
        ControlFlow::Continue(()) => None,
        ControlFlow::Break((message, position)) => {
            let before = &reader.text[..position];
            let line_start =
                before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
            let line = before.split(|byte| *byte == b'\n').count();
            Some(format!("{message} at line {line} column {}", position - line_start))
        }
    }
}

/// A message and the end of the text that it is about.
type Read<T = ()> = ControlFlow<(&'static str, usize), T>;

struct Reader<'t> {
    text: &'t [u8],
    position: usize,
    depth: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Read {
        self.value()?;
        match self.next_after_blanks() {
            None => Read::Continue(()),
            Some(_) => self.ahead("trailing characters"),
        }
    }

    fn value(&mut self) -> Read {
        match self.next_after_blanks() {
            None => self.ahead("EOF while parsing a value"),
            Some(b'n') => self.word(b"null"),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'"') => self.string(),
            Some(b'[') => self.nested(Self::array),
            Some(b'{') => self.nested(Self::object),
            Some(_) => self.ahead("expected value"),
        }
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Read) -> Read {
        if self.depth == MAX_DEPTH {
            return self.ahead("recursion limit exceeded");
        }
        self.depth += 1;
        self.position += 1;
        inner(self)?;
        self.depth -= 1;
        Read::Continue(())
    }

    fn array(&mut self) -> Read {
        for element in 0.. {
            match self.next_after_blanks() {
                None => return self.ahead("EOF while parsing a list"),
                Some(b']') => break,
                Some(b',') if element > 0 => {
                    self.position += 1;
                    if self.next_after_blanks() == Some(b']') {
                        return self.ahead("trailing comma");
                    }
                }
                Some(_) if element > 0 => return self.ahead("expected `,` or `]`"),
                Some(_) => {}
            }
            self.value()?;
        }
        self.position += 1;
        Read::Continue(())
    }

    fn object(&mut self) -> Read {
        for member in 0.. {
            match self.next_after_blanks() {
                None => return self.ahead("EOF while parsing an object"),
                Some(b'}') => break,
                Some(b',') if member > 0 => {
                    self.position += 1;
                    match self.next_after_blanks() {
                        Some(b'}') => return self.ahead("trailing comma"),
                        None => return self.ahead("EOF while parsing a value"),
                        Some(_) => {}
                    }
                }
                Some(_) if member > 0 => return self.ahead("expected `,` or `}`"),
                Some(_) => {}
            }
            if self.next() != Some(b'"') {
                return self.ahead("key must be a string");
            }
            self.string()?;
            match self.next_after_blanks() {
                Some(b':') => self.position += 1,
                Some(_) => return self.ahead("expected `:`"),
                None => return self.ahead("EOF while parsing an object"),
            }
            self.value()?;
        }
        self.position += 1;
        Read::Continue(())
    }

    fn word(&mut self, word: &[u8]) -> Read {
        for expected in word {
            match self.take() {
                None => return self.behind("EOF while parsing a value"),
                Some(byte) if byte != *expected => return self.behind("expected ident"),
                Some(_) => {}
            }
        }
        Read::Continue(())
    }

    fn number(&mut self) -> Read {
        let start = self.position;
        if self.next() == Some(b'-') {
            self.position += 1;
        }
        match self.take() {
            None => return self.behind("EOF while parsing a value"),
            Some(b'0') if self.next().is_some_and(|next| next.is_ascii_digit()) => {
                return self.ahead("invalid number");
            }
            Some(b'0'..=b'9') => self.digits(),
            Some(_) => return self.behind("invalid number"),
        }
        if self.next() == Some(b'.') {
            self.position += 1;
            match self.next() {
                None => return self.ahead("EOF while parsing a value"),
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return self.ahead("invalid number"),
            }
        }
        if let Some(b'e' | b'E') = self.next() {
            self.position += 1;
            if let Some(b'+' | b'-') = self.next() {
                self.position += 1;
            }
            match self.take() {
                None => return self.behind("EOF while parsing a value"),
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return self.behind("invalid number"),
            }
        }
        let number = std::str::from_utf8(&self.text[start..self.position])
            .ok()
            .and_then(|text| text.parse().ok());
        if number.is_some_and(f64::is_infinite) {
            return self.behind("number out of range");
        }
        Read::Continue(())
    }

    fn digits(&mut self) {
        while self.next().is_some_and(|next| next.is_ascii_digit()) {
            self.position += 1;
        }
    }

    fn string(&mut self) -> Read {
        self.position += 1;
        loop {
            match self.take() {
                None => return self.behind("EOF while parsing a string"),
                Some(b'"') => return Read::Continue(()),
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) => {
                    return self.behind(
                        "control character (\\u0000-\\u001F) found while parsing a string",
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn escape(&mut self) -> Read {
        match self.take() {
            None => self.behind("EOF while parsing a string"),
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Read::Continue(()),
            Some(b'u') => match self.hex()? {
                0xdc00..=0xdfff => self.behind("lone leading surrogate in hex escape"),
                0xd800..=0xdbff => {
                    for expected in [b'\\', b'u'] {
                        match self.take() {
                            None => return self.behind("EOF while parsing a string"),
                            Some(byte) if byte != expected => {
                                return self.behind("unexpected end of hex escape");
                            }
                            Some(_) => {}
                        }
                    }
                    match self.hex()? {
                        0xdc00..=0xdfff => Read::Continue(()),
                        _ => self.behind("lone leading surrogate in hex escape"),
                    }
                }
                _ => Read::Continue(()),
            },
            Some(_) => self.behind("invalid escape"),
        }
    }

    fn hex(&mut self) -> Read<u32> {
        let Some(digits) = self.text.get(self.position..self.position + 4) else {
            self.position = self.text.len();
            return self.behind("EOF while parsing a string");
        };
        self.position += 4;
        let mut value = 0;
        for digit in digits {
            match char::from(*digit).to_digit(16) {
                Some(digit) => value = value * 16 + digit,
                None => return self.behind("invalid escape"),
            }
        }
        Read::Continue(value)
    }

    fn next(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let next = self.next()?;
        self.position += 1;
        Some(next)
    }

    fn next_after_blanks(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.next() {
            self.position += 1;
        }
        self.next()
    }

    /// Wrong is the character that comes next.
    fn ahead<T>(&self, message: &'static str) -> Read<T> {
        Read::Break((message, self.text.len().min(self.position + 1)))
    }

    /// Wrong is the character that was taken last.
    fn behind<T>(&self, message: &'static str) -> Read<T> {
        Read::Break((message, self.position))
    }
}

#[cfg(test)]
mod tests {
    use super::error;

    #[test]
    fn values() {
        for valid in
            ["1", " [1, {\"a\": null}] ", "\"\\ud83d\\ude00\"", "-0.5e+3", "{}", "[]", "true"]
        {
            assert_eq!(error(valid), None, "{valid}");
        }
    }

    #[test]
    fn what_is_wrong_and_where() {
        for (text, message) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("[1,]", "trailing comma at line 1 column 4"),
            ("nul", "EOF while parsing a value at line 1 column 3"),
            ("{\"a\" 1}", "expected `:` at line 1 column 6"),
            ("1 2", "trailing characters at line 1 column 3"),
            ("{'a':1}", "key must be a string at line 1 column 2"),
            ("[1 2]", "expected `,` or `]` at line 1 column 4"),
            ("{\"a\":}", "expected value at line 1 column 6"),
            ("01", "invalid number at line 1 column 2"),
            ("1e999", "number out of range at line 1 column 5"),
            ("\"\\x\"", "invalid escape at line 1 column 3"),
            ("[\n1,\n}", "expected value at line 3 column 1"),
            ("\"\\ud800\"", "unexpected end of hex escape at line 1 column 8"),
            ("\"\\u12\"", "EOF while parsing a string at line 1 column 6"),
        ] {
            assert_eq!(error(text).as_deref(), Some(message), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error() {
        assert!(
            error(&"[".repeat(100_000))
                .is_some_and(|message| message.starts_with("recursion limit exceeded"))
        );
    }
}
