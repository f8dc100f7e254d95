//! What of a script is neither string nor comment.

use super::{Splitter, is_identifier_start};

/// Whether the byte at `place` is part of no string, quoted name or comment.
pub(crate) fn is_outside(script: &str, place: usize) -> bool {
    let mut splitter = Splitter { text: script, at: 0, statements: Vec::new(), is_closed: true };
    while let Some(byte) = splitter.peek() {
        let start = splitter.at;
        if start >= place {
            return start == place;
        }
        if splitter.blank_or_comment(byte) {
            continue;
        }
        match byte {
            b'\'' | b'"' => splitter.quoted(byte, false),
            b'$' => splitter.dollar(),
            _ if is_identifier_start(byte) => _ = splitter.word(),
            _ if byte.is_ascii_digit() => splitter.number(),
            _ => splitter.at += 1,
        }
    }
    splitter.at == place
}
