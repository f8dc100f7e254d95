//! Integers of 64 bits.

pub(in crate::validate) fn error(text: &str) -> Option<String> {
    text.parse::<i64>().err().map(|error| error.to_string())
}
