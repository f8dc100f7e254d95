//! What a condition says of columns, as far as the server sees it too.

use std::cmp::Ordering;

use sql::{Token, tokens};

/// Whether the column's name stands in it.
pub(crate) fn names(expression: &str, column: &str) -> bool {
    tokens(expression).iter().any(|token| match token {
        Token::Word(word) => word.eq_ignore_ascii_case(column),
        Token::Name(name) => name == column,
        Token::Mark(_) => false,
    })
}

/// Whether a condition that holds for each row makes the column never null: `c IS NOT NULL`, alone or beside others.
pub(crate) fn proves_not_null(condition: &str, column: &str) -> bool {
    let tokens = tokens(condition);
    if !is_conjunction(&tokens.iter().collect::<Vec<_>>()) {
        return false;
    }
    tokens.windows(4).enumerate().any(|(at, window)| {
        let is_column = match &window[0] {
            Token::Word(word) => word.eq_ignore_ascii_case(column),
            Token::Name(name) => name == column,
            Token::Mark(_) => false,
        };
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let begins = before.is_none_or(|token| token.is_mark('(') || token.is("AND"));
        let after = tokens.get(at + 4);
        let ends = after.is_none_or(|token| token.is_mark(')') || token.is("AND"));
        is_column
            && begins
            && ends
            && !is_argument(&tokens, at)
            && window[1].is("IS")
            && window[2].is("NOT")
            && window[3].is("NULL")
    })
}

/// One of the conditions that hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    pub column: String,
    pub operator: String,
    pub values: Vec<String>,
}

impl Condition {
    /// Whether it says this of a column, or more; a value may be cast to the column's own type.
    pub(crate) fn is(&self, column: &str, operator: &str, value: &str, ty: &str) -> bool {
        let order = || order(bare(self.values.first()?, ty), bare(value, ty));
        let suffices = |order: Ordering| match operator {
            ">=" => order.is_ge(),
            "<" => order.is_le(),
            _ => order.is_eq(),
        };
        self.column == column
            && self.operator == operator
            && self.values.len() == 1
            && order().is_some_and(suffices)
    }

    /// Whether it says that a column is one of these values.
    pub(crate) fn is_among(&self, column: &str, values: &[String], ty: &str) -> bool {
        self.column == column
            && self.operator == "="
            && self
                .values
                .iter()
                .all(|own| values.iter().any(|value| bare(own, ty) == bare(value, ty)))
    }
}

/// How constants of one type follow one another, where that is seen: whole numbers, days and times as they are mostly written.
fn order(one: &str, other: &str) -> Option<Ordering> {
    if one == other {
        return Some(Ordering::Equal);
    }
    if let (Ok(one), Ok(other)) = (one.parse::<i64>(), other.parse::<i64>()) {
        return Some(one.cmp(&other));
    }
    let shape = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
    };
    let is_day = shape(one).starts_with("'0000-00-00") && shape(one) == shape(other);
    // Behind a sign there is a time zone, by which hours differ.
    let has_zone = |text: &str| text.get(11..).is_some_and(|time| time.contains(['+', '-']));
    (is_day && !has_zone(one)).then(|| one.cmp(other))
}

/// A constant without a cast to a type that it has anyway.
fn bare<'v>(value: &'v str, ty: &str) -> &'v str {
    match value.trim().split_once("::") {
        Some((constant, cast))
            if crate::types::Type::read(cast) == crate::types::Type::read(ty) =>
        {
            constant.trim()
        }
        _ => value.trim(),
    }
}

/// What a condition says of single columns: comparisons with constants that are joined by `AND`. What it says besides is left
/// out, and nothing is said where there is an `OR` or a `NOT`.
pub(crate) fn conditions(condition: &str) -> Vec<Condition> {
    let tokens = sql::placed_tokens(condition);
    if !is_conjunction(&tokens.iter().map(|(token, _)| token).collect::<Vec<_>>()) {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for (token, place) in &tokens {
        if token.is("AND") {
            parts.push(&condition[start..place.start]);
            start = place.end;
        }
    }
    parts.push(&condition[start..]);
    parts.into_iter().filter_map(comparison).collect()
}

/// Whether all that is said is said of the row: nothing in it is one of two possibilities, denied or compared as a whole.
fn is_conjunction(tokens: &[&Token]) -> bool {
    let (mut open, mut closed) = (Vec::new(), Some(true));
    tokens.iter().enumerate().all(|(at, token)| {
        let before = at.checked_sub(1).map(|before| tokens[before]);
        // `IS NOT NULL` denies nothing.
        let is_denied = token.is("NOT") && before.is_none_or(|before| !before.is("IS"));
        let is_other = ["OR", "CASE", "BETWEEN", "SELECT"].iter().any(|word| token.is(word));
        // What is done with a whole group changes what it says; what is done with a value does not.
        let ends = before.is_some_and(|it| it.is_mark(')'));
        let is_changed = ends && closed == Some(false) && changes_group(token);
        if token.is_mark('(') {
            open.push(before.is_some_and(calls));
        } else if token.is_mark(')') {
            closed = open.pop();
        }
        !(is_other || is_denied || is_changed)
    })
}

/// Whether the parentheses behind it are those of arguments, and not of a group of conditions.
fn calls(before: &Token) -> bool {
    match before {
        Token::Word(word) => word != "AND",
        Token::Name(_) => true,
        Token::Mark(_) => false,
    }
}

/// Whether a place stands in the argument of a function, rather than in a group of conditions.
fn is_argument(tokens: &[Token], place: usize) -> bool {
    let mut open = Vec::new();
    for (at, token) in tokens[..place].iter().enumerate() {
        if token.is_mark('(') {
            open.push(at > 0 && calls(&tokens[at - 1]));
        } else if token.is_mark(')') {
            open.pop();
        }
    }
    open.contains(&true)
}

fn changes_group(token: &Token) -> bool {
    match token {
        Token::Mark(mark) => !matches!(mark, ')' | ',' | ':'),
        Token::Word(word) => word != "AND",
        Token::Name(_) => true,
    }
}

/// `column >= constant`, `column = constant`, `column IN (constants)` and their opposites, in parentheses or not.
pub(crate) fn comparison(part: &str) -> Option<Condition> {
    let part = part.trim();
    let part = part.trim_start_matches(['(', ' ']);
    let end = part
        .find(|c: char| c.is_whitespace() || "<>=!".contains(c))
        .filter(|_| !part.starts_with('"'))
        .or_else(|| part.get(1..)?.find('"').map(|at| at + 2))?;
    let (column, rest) = part.split_at(end);
    let column = match tokens(column).as_slice() {
        [Token::Word(word)] => word.to_lowercase(),
        [Token::Name(name)] => name.clone(),
        _ => return None,
    };
    let rest = rest.trim();
    let without = |value: &str| value.trim().trim_end_matches([')', ' ']).trim().to_owned();
    let is_constant = |value: &String| {
        let plain = value.split("::").next().unwrap_or_default();
        !value.is_empty() && tokens(plain).iter().all(|token| token.is_mark('-'))
    };
    let (operator, values) = if let Some(value) = rest.strip_prefix(">=") {
        (">=", vec![without(value)])
    } else if let Some(value) = rest.strip_prefix("<>").or_else(|| rest.strip_prefix("!=")) {
        ("<>", vec![without(value)])
    } else if let Some(value) = rest.strip_prefix('<').filter(|rest| !rest.starts_with(['=', '>']))
    {
        ("<", vec![without(value)])
    } else if let Some(value) = rest.strip_prefix('=') {
        ("=", vec![without(value)])
    } else {
        let after = |text: &'_ str, word: &str| {
            let found = text.get(..word.len()).filter(|found| found.eq_ignore_ascii_case(word));
            found.map(|_| text[word.len()..].trim_start().to_owned())
        };
        let (operator, list) = match after(rest, "not") {
            Some(rest) => ("<>", after(&rest, "in")?),
            None => ("=", after(rest, "in")?),
        };
        (operator, list.strip_prefix('(')?.split(',').map(without).collect())
    };
    let operator = operator.to_owned();
    values.iter().all(is_constant).then_some(Condition { column, operator, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_with_constants_are_read() {
        let read = |condition| {
            let all = conditions(condition);
            all.into_iter()
                .map(|one| format!("{} {} {}", one.column, one.operator, one.values.join(" ")))
                .collect::<Vec<_>>()
        };
        for (condition, found) in [
            (
                "day >= '2026-01-01' AND day < '2027-01-01'",
                vec!["day >= '2026-01-01'", "day < '2027-01-01'"],
            ),
            (
                "((\"Day\" >= '2026-01-01'::date) AND (n < -5))",
                vec!["Day >= '2026-01-01'::date", "n < -5"],
            ),
            ("a IS NOT NULL AND a IN ('x', 'y')", vec!["a = 'x' 'y'"]),
            ("a = 5", vec!["a = 5"]),
            ("a <= 5 AND b <> 3 AND c > 1", vec!["b <> 3"]),
            ("a != 'x'", vec!["a <> 'x'"]),
            ("a < b AND a >= now()", vec![]),
            ("a >= 1 OR a < 0", vec![]),
            ("NOT (a >= 1)", vec![]),
            ("(a >= 1 AND b) = false", vec![]),
        ] {
            assert_eq!(read(condition), found, "{condition}");
        }
    }

    #[test]
    fn a_condition_may_prove_that_nothing_is_null() {
        for (condition, proves) in [
            ("c IS NOT NULL", true),
            ("(\"c\" IS NOT NULL)", true),
            ("a > 0 AND c IS NOT NULL", true),
            ("c IS NOT NULL OR a > 0", false),
            ("NOT (c IS NULL)", false),
            ("b.c IS NOT NULL", false),
            ("(a IS NOT NULL) <> (c IS NOT NULL)", false),
            ("(c IS NOT NULL) = (a IS NOT NULL)", false),
            ("NOT (c IS NOT NULL)", false),
            ("NOT (a > 0 AND c IS NOT NULL)", false),
            ("coalesce(c IS NOT NULL, true)", false),
            ("coalesce(a > 0 AND c IS NOT NULL AND true, true)", false),
            ("length(a) > 3 AND (c IS NOT NULL AND f(a) = 1)", true),
            ("(c IS NOT NULL) IS NOT TRUE", false),
            ("c > 0", false),
        ] {
            assert_eq!(proves_not_null(condition, "c"), proves, "{condition}");
        }
    }
}
