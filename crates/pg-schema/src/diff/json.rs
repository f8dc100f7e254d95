//! Whether two JSON texts say the same: order of keys and white space do not count.
//!
//! A reader of our own, because the ground floor has no dependencies and this is all it needs.

use std::collections::BTreeMap;

use crate::Number;

/// True as well where one of the two is no JSON: then there is nothing to compare.
pub(super) fn same_json(previous: &str, next: &str) -> bool {
    match (parse(previous), parse(next)) {
        (Some(previous), Some(next)) => previous == next,
        _ => true,
    }
}

#[derive(Debug, PartialEq)]
enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Value>),
    Object(BTreeMap<String, Value>),
}

/// Deeper than that is no default that anyone writes, and the reader is recursive.
const MAX_DEPTH: usize = 128;

fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.skip_space();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.skip_space();
        match self.rest.as_bytes().first()? {
            b'n' => self.eat("null").then_some(Value::Null),
            b't' => self.eat("true").then_some(Value::Bool(true)),
            b'f' => self.eat("false").then_some(Value::Bool(false)),
            b'"' => self.string().map(Value::String),
            b'[' => self.array(depth),
            b'{' => self.object(depth),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        self.list('[', ']', |reader| {
            items.push(reader.value(depth + 1)?);
            Some(())
        })?;
        Some(Value::Array(items))
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut entries = BTreeMap::new();
        self.list('{', '}', |reader| {
            let key = reader.string()?;
            reader.skip_space();
            if !reader.eat(":") {
                return None;
            }
            entries.insert(key, reader.value(depth + 1)?);
            Some(())
        })?;
        Some(Value::Object(entries))
    }

    fn list(
        &mut self,
        open: char,
        close: char,
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.rest = self.rest.strip_prefix(open)?;
        self.skip_space();
        if let Some(rest) = self.rest.strip_prefix(close) {
            self.rest = rest;
            return Some(());
        }
        loop {
            self.skip_space();
            item(self)?;
            self.skip_space();
            if let Some(rest) = self.rest.strip_prefix(close) {
                self.rest = rest;
                return Some(());
            }
            self.rest = self.rest.strip_prefix(',')?;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.rest = self.rest.strip_prefix('"')?;
        // UTF-16 units, because escapes may name halves of surrogate pairs.
        let mut units: Vec<u16> = Vec::new();
        let mut chars = self.rest.char_indices();
        loop {
            match chars.next()? {
                (at, '"') => {
                    self.rest = &self.rest[at + 1..];
                    return String::from_utf16(&units).ok();
                }
                (_, '\\') => {
                    let (at, escaped) = chars.next()?;
                    let unit = match escaped {
                        'n' => u16::from(b'\n'),
                        't' => u16::from(b'\t'),
                        'r' => u16::from(b'\r'),
                        'b' => 8,
                        'f' => 12,
                        '"' | '\\' | '/' => u16::try_from(u32::from(escaped)).ok()?,
                        'u' => {
                            let digits = self.rest.get(at + 1..at + 5)?;
                            chars.nth(3)?;
                            u16::from_str_radix(digits, 16).ok()?
                        }
                        _ => return None,
                    };
                    units.push(unit);
                }
                (_, c) => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
    }

    fn number(&mut self) -> Option<Value> {
        let end = self.rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        Number::parse(text).map(Value::Number)
    }

    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count() {
        for (a, b) in [
            (r#"{"a": 1, "b": [true, null]}"#, r#"{ "b":[true,null],"a":1.0 }"#),
            (r#""\u00e9\ud83d\ude00""#, r#""é😀""#),
            ("[]", " [ ] "),
            ("{}", "{ }"),
        ] {
            assert!(same_json(a, b), "{a} is {b}");
        }
    }

    #[test]
    fn values_count() {
        for (a, b) in
            [("{}", "[]"), ("1", "2"), (r#"["a"]"#, r#"["b"]"#), (r#"{"a":1}"#, r#"{"a":1,"b":2}"#)]
        {
            assert!(!same_json(a, b), "{a} is not {b}");
        }
    }

    #[test]
    fn no_json_is_not_compared() {
        for text in ["", "{", "[1,]", "nul", r#"{"a"}"#, "1 2", r#""\u12"#, r#""\ud800""#] {
            assert!(parse(text).is_none(), "{text:?}");
            assert!(same_json(text, "{}"));
        }
    }
}
