//! Names inside of expressions, which a server prints anew after a rename: of columns, types and the values of enums.
//!
//! What a word stands for is told by what is around it: a type comes after `::`, a function before `(`. That is all
//! that is needed of texts in the server's own words.

use std::ops::Range;

use crate::diff::expression::tokens::{Token, pieces};
use crate::quote;

/// Columns have no table before them in what a server prints of a table's own expressions.
pub(super) fn rename_column(text: &str, from: &str, to: &str) -> String {
    rewrite(text, |tokens, at| is_column(tokens, at, from).then(|| word(to)))
}

/// Whether the column is in the expression.
pub(crate) fn names_column(text: &str, column: &str) -> bool {
    let tokens: Vec<Token> = pieces(text).into_iter().map(|(token, _)| token).collect();
    (0..tokens.len()).any(|at| is_column(&tokens, at, column))
}

pub(super) fn rename_type(text: &str, from: &str, to: &str) -> String {
    rewrite(text, |tokens, at| {
        (is_word(&tokens[at], from) && is_type(tokens, at)).then(|| word(to))
    })
}

/// A constant of the type `ty`, as the server writes it: `'a'::"E"`.
pub(super) fn rename_constant(text: &str, ty: &str, from: &str, to: &str) -> String {
    rewrite(text, |tokens, at| {
        let is_it = matches!(&tokens[at], Token::Constant(constant) if constant == from)
            && tokens.get(at + 1).is_some_and(is_cast)
            && (at + 2..tokens.len().min(at + 5))
                .step_by(2)
                .any(|at| is_word(&tokens[at], ty) && is_type(tokens, at));
        is_it.then(|| quote::literal(to).to_string())
    })
}

fn is_column(tokens: &[Token], at: usize, name: &str) -> bool {
    let is_type = at > 0 && is_cast(&tokens[at - 1]);
    let is_qualified = [at.checked_sub(1), Some(at + 1)]
        .into_iter()
        .flatten()
        .any(|at| tokens.get(at) == Some(&Token::Mark('.')));
    let is_function = tokens.get(at + 1) == Some(&Token::Mark('('));
    is_word(&tokens[at], name)
        && !is_type
        && !is_qualified
        && !is_function
        && !is_syntax(tokens, at)
}

/// Whether the word belongs to the one before it: names of types have several, and a check can end in `NOT VALID`.
fn is_syntax(tokens: &[Token], at: usize) -> bool {
    let is = |at: Option<usize>, words: &[&str]| match at.and_then(|at| tokens.get(at)) {
        Some(Token::Word { text, quoted: false }) => words.contains(&text.as_str()),
        _ => false,
    };
    let before = at.checked_sub(1);
    let is_field = is(at.checked_sub(2), &["extract"]) && is(Some(at + 1), &["from"]);
    let is_last = at + 1 == tokens.len();
    is(Some(at), &["precision", "varying", "time", "zone"])
        && is(before, &["double", "character", "bit", "with", "without", "time"])
        || is_last && is(Some(at), &["valid"]) && is(before, &["not"])
        || is_last && is(Some(at), &["inherit"]) && is(before, &["no"])
        || is_field
}

/// Whether a cast is to this word, with a namespace before it or without.
fn is_type(tokens: &[Token], at: usize) -> bool {
    match at.checked_sub(1).map(|before| &tokens[before]) {
        Some(Token::Mark('.')) => at > 2 && is_cast(&tokens[at - 3]),
        Some(before) => is_cast(before),
        None => false,
    }
}

fn is_cast(token: &Token) -> bool {
    *token == Token::Operator("::".to_owned())
}

fn is_word(token: &Token, name: &str) -> bool {
    matches!(token, Token::Word { text, .. } if text == name)
}

/// Quoted unless it is so plain that no server would.
fn word(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_plain { name.to_owned() } else { quote::ident(name).to_string() }
}

fn rewrite(text: &str, replacement: impl Fn(&[Token], usize) -> Option<String>) -> String {
    let (tokens, places): (Vec<Token>, Vec<Range<usize>>) = pieces(text).into_iter().unzip();
    let mut out = String::new();
    let mut done = 0;
    for (at, place) in places.into_iter().enumerate() {
        if let Some(new) = replacement(&tokens, at) {
            out.push_str(&text[done..place.start]);
            out.push_str(&new);
            done = place.end;
        }
    }
    out + &text[done..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_renamed_and_nothing_else_of_their_name() {
        for (text, expected) in [
            ("(status = 'status'::text)", "(state = 'status'::text)"),
            ("status(status) IS NOT NULL", "status(state) IS NOT NULL"),
            ("('a'::status = status)", "('a'::status = state)"),
            ("(\"status\" > 0) AND statuses", "(state > 0) AND statuses"),
        ] {
            assert_eq!(rename_column(text, "status", "state"), expected);
        }
        for text in [
            "(a = '1'::double precision)",
            "(a = '1'::timestamp without time zone)",
            "CHECK ((a > 0)) NOT VALID",
            "(EXTRACT(year FROM a) > 1::numeric)",
            "(a ~~ '%year%'::text)",
        ] {
            for column in ["precision", "time", "zone", "valid", "year", "text"] {
                assert!(!names_column(text, column), "{column} in {text}");
            }
            assert!(names_column(text, "a"), "{text}");
        }
        assert_eq!(rename_column("(\"aB\" = 1)", "aB", "c D"), "(\"c D\" = 1)");
    }

    #[test]
    fn types_and_their_values_are_renamed() {
        let text =
            "((mood = 'ok'::\"Mood\") OR (\"Mood\" = 'ok'::text) OR (x = 'ok'::app.\"Mood\"))";
        assert_eq!(
            rename_type(text, "Mood", "feeling"),
            "((mood = 'ok'::feeling) OR (\"Mood\" = 'ok'::text) OR (x = 'ok'::app.feeling))"
        );
        assert_eq!(
            rename_constant(text, "Mood", "ok", "it's"),
            "((mood = 'it''s'::\"Mood\") OR (\"Mood\" = 'ok'::text) OR (x = 'it''s'::app.\"Mood\"))"
        );
    }
}
