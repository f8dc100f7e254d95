//! The words, names and marks of one statement, for those who want to know what it names, and what of a text is neither
//! string nor comment.

use std::ops::Range;

use crate::lexer::{Lexer, is_identifier_start};

/// A piece of a statement. Strings, numbers and comments are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A keyword, or a name without quotes, in upper case.
    Word(String),
    /// A name in quotes, as it is.
    Name(String),
    /// Punctuation.
    Mark(char),
}

impl Token {
    /// Whether it is this word, given in upper case.
    pub fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found == word)
    }

    /// Whether it is this mark.
    pub fn is_mark(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }
}

/// The words, names and marks of a text, in order.
pub fn tokens(statement: &str) -> Vec<Token> {
    placed_tokens(statement).into_iter().map(|(token, _)| token).collect()
}

/// The same, each with where it is.
pub fn placed_tokens(statement: &str) -> Vec<(Token, Range<usize>)> {
    let mut lexer = Lexer::new(statement);
    let mut tokens = Vec::new();
    while let Some(byte) = lexer.peek() {
        if lexer.blank_or_comment(byte) {
            continue;
        }
        let start = lexer.at;
        match byte {
            b'\'' => lexer.quoted(b'\''),
            b'"' => {
                lexer.quoted(b'"');
                let quoted = &statement[start + 1..lexer.at];
                let name = quoted.strip_suffix('"').unwrap_or(quoted);
                let name = Token::Name(name.replace("\"\"", "\""));
                tokens.push((name, start..lexer.at));
            }
            b'$' => lexer.dollar(),
            _ if is_identifier_start(byte) => {
                let word = lexer.word();
                // With the letter E goes the string after it.
                if lexer.at == start + word.len() {
                    tokens.push((Token::Word(word.to_uppercase()), start..lexer.at));
                }
            }
            _ if byte.is_ascii_digit() => lexer.number(),
            _ => {
                lexer.at += 1;
                tokens.push((Token::Mark(char::from(byte)), start..lexer.at));
            }
        }
    }
    tokens
}

/// Whether the byte at `place` is part of no string, quoted name or comment.
pub fn is_outside(script: &str, place: usize) -> bool {
    let mut lexer = Lexer::new(script);
    while let Some(byte) = lexer.peek() {
        let start = lexer.at;
        if start >= place {
            return start == place;
        }
        if lexer.blank_or_comment(byte) {
            continue;
        }
        match byte {
            b'\'' | b'"' => lexer.quoted(byte),
            b'$' => lexer.dollar(),
            _ if is_identifier_start(byte) => _ = lexer.word(),
            _ if byte.is_ascii_digit() => lexer.number(),
            _ => lexer.at += 1,
        }
    }
    lexer.at == place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_names_and_marks_are_told_apart() {
        let statement = "drop -- it\n table \"my \"\"T\"\"\".x, E'a' 'b' 1e5 $$ c $$;";
        assert_eq!(
            tokens(statement),
            [
                Token::Word("DROP".to_owned()),
                Token::Word("TABLE".to_owned()),
                Token::Name("my \"T\"".to_owned()),
                Token::Mark('.'),
                Token::Word("X".to_owned()),
                Token::Mark(','),
                Token::Mark(';'),
            ]
        );
    }
}
