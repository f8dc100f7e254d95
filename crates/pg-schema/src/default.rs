//! What a column holds when nobody says: literals, the time, a sequence, or any expression.
//!
//! Values are kept as they were written, so that they can be written again; whether two of them
//! mean the same is for the diff to say.

use crate::ObjectName;

/// A column's default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnDefault {
    /// A constant.
    Literal(Literal),
    /// A constant array.
    List(Vec<Literal>),
    /// `CURRENT_TIMESTAMP`, by any of its names.
    Now,
    /// The next value of a sequence. `None` is a sequence that the server is to make and name,
    /// which is what `SERIAL` does.
    Autoincrement(Option<ObjectName>),
    /// Any other expression, as the server prints it or as it was asked for.
    Expression(String),
    /// Something, it is not said what: leave it alone.
    Unknown,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    Bool(bool),
    Number(Number),
    /// Without quotes.
    String(String),
    /// The value of an enum, without quotes.
    Enum(String),
    Bytes(Vec<u8>),
    /// The text of a JSON value.
    Json(String),
    /// As written; the diff never compares them, for the server prints them in its own way.
    DateTime(String),
}

impl Literal {
    /// A number, if the text is one.
    pub fn number(text: &str) -> Option<Self> {
        Number::parse(text).map(Self::Number)
    }
}

/// A decimal number of any size, as written. Equal when the values are: `1.0` is `1`.
#[derive(Debug, Clone)]
pub struct Number(String);

impl Number {
    /// Takes an optional sign, digits with perhaps a point among them, perhaps an exponent.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        canonical(text).map(|_| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string())
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        canonical(&self.0) == canonical(&other.0)
    }
}

impl Eq for Number {}

/// Sign, digits without zeroes at either end, and the power of ten of the last digit.
fn canonical(text: &str) -> Option<(bool, String, i64)> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut power = i64::from(exponent) - i64::try_from(fraction.len()).ok()?;
    while digits.ends_with('0') {
        digits.pop();
        power += 1;
    }
    let digits = digits.trim_start_matches('0').to_owned();
    if digits.is_empty() { Some((false, digits, 0)) } else { Some((negative, digits, power)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_equal_by_value() {
        for (a, b) in [
            ("1.0", "1"),
            ("-0", "0"),
            ("1e3", "1000"),
            ("0.50", ".5"),
            ("+7", "7"),
            ("100", "1E+2"),
        ] {
            assert_eq!(number(a), number(b), "{a} is {b}");
        }
        for (a, b) in [("1", "-1"), ("1", "10"), ("1.2", "12"), ("0", "1")] {
            assert_ne!(number(a), number(b), "{a} is not {b}");
        }
    }

    #[test]
    fn numbers_keep_their_spelling() {
        assert_eq!(number("1.50").as_str(), "1.50");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1.2.3", "1e", "e1", "0x10", "NaN", "1 2"] {
            assert!(Number::parse(text).is_none(), "{text:?}");
        }
    }
}
