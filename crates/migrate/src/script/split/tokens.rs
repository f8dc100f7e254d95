//! The words, names and marks of one statement, for those who want to know what it names.

use super::{Splitter, is_identifier_start};

/// A piece of a statement. Strings, numbers and comments are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A keyword, or a name without quotes, in upper case.
    Word(String),
    /// A name in quotes, as it is.
    Name(String),
    /// Punctuation.
    Mark(char),
}

impl Token {
    pub(crate) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found == word)
    }

    pub(crate) fn is_mark(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }
}

pub(crate) fn tokens(statement: &str) -> Vec<Token> {
    let mut splitter = Splitter { text: statement, at: 0, statements: Vec::new(), is_closed: true };
    let mut tokens = Vec::new();
    while let Some(byte) = splitter.peek() {
        if splitter.blank_or_comment(byte) {
            continue;
        }
        let start = splitter.at;
        match byte {
            b'\'' => splitter.quoted(b'\'', false),
            b'"' => {
                splitter.quoted(b'"', false);
                let quoted = &statement[start + 1..splitter.at];
                let name = quoted.strip_suffix('"').unwrap_or(quoted);
                tokens.push(Token::Name(name.replace("\"\"", "\"")));
            }
            b'$' => splitter.dollar(),
            _ if is_identifier_start(byte) => {
                let word = splitter.word();
                // With the letter E goes the string after it.
                if splitter.at == start + word.len() {
                    tokens.push(Token::Word(word));
                }
            }
            _ if byte.is_ascii_digit() => splitter.number(),
            _ => {
                splitter.at += 1;
                tokens.push(Token::Mark(char::from(byte)));
            }
        }
    }
    tokens
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
