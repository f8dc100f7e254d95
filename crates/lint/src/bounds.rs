//! Whether a condition that holds for all rows rules out what belongs into a partition, as the server sees it without looking.

use sql::statement::Bounds;
use sql::{Token, placed_tokens};

use crate::expression::{Condition, comparison};

/// Whether no row of which `condition` is not false belongs into a partition by one column.
pub(crate) fn rules_out(condition: &str, column: &str, ty: &str, bounds: &Bounds) -> bool {
    let condition = bare(condition);
    let alternatives = split(condition, "OR");
    let demands = split(condition, "AND");
    let rules = |part: &&str| rules_out(part, column, ty, bounds);
    if alternatives.len() > 1 {
        return alternatives.iter().all(|part| is_null(part, column) || rules(part));
    }
    if demands.len() > 1 {
        return demands.iter().any(rules);
    }
    if let Some(denied) = denied(condition) {
        return covers(denied, column, ty, bounds);
    }
    let Some(said) = comparison(condition) else { return false };
    match bounds {
        Bounds::Range { from, to } => {
            let ([from], [to]) = (from.as_slice(), to.as_slice()) else { return false };
            said.is(column, "<", from, ty) || said.is(column, ">=", to, ty)
        }
        Bounds::List(values) => {
            // None of some is not one of them.
            let is_opposite = said.operator == "<>";
            is_opposite
                && is_one_of(&Condition { operator: "=".to_owned(), ..said }, column, ty, values)
        }
        Bounds::Hash | Bounds::Default => false,
    }
}

/// Whether all that belongs into the partition fulfils a condition.
fn covers(condition: &str, column: &str, ty: &str, bounds: &Bounds) -> bool {
    let parts = split(bare(condition), "AND");
    let said: Option<Vec<Condition>> = parts.into_iter().map(comparison).collect();
    let Some(said) = said else { return false };
    said.iter().all(|one| match bounds {
        Bounds::Range { from, to } => {
            let ([from], [to]) = (from.as_slice(), to.as_slice()) else { return false };
            let bound = |operator: &str, value: &str| {
                let values = vec![value.to_owned()];
                Condition { column: column.to_owned(), operator: operator.to_owned(), values }
            };
            let value = one.values.first().map_or("", String::as_str);
            bound(">=", from).is(&one.column, &one.operator, value, ty)
                || bound("<", to).is(&one.column, &one.operator, value, ty)
        }
        Bounds::List(values) => is_one_of(one, column, ty, values),
        Bounds::Hash | Bounds::Default => false,
    })
}

/// Whether each of the values is among those that a condition allows.
fn is_one_of(said: &Condition, column: &str, ty: &str, values: &[String]) -> bool {
    let each = |value: &String| {
        let one = Condition { values: vec![value.clone()], ..said.clone() };
        one.is_among(column, &said.values, ty)
    };
    values.iter().all(each)
}

/// What `NOT` denies, where it denies all that follows.
fn denied(condition: &str) -> Option<&str> {
    let (first, rest) = condition.split_at_checked("NOT".len())?;
    let rest = rest.trim();
    (first.eq_ignore_ascii_case("NOT") && bare(rest) != rest).then_some(rest)
}

fn is_null(part: &str, column: &str) -> bool {
    let tokens = sql::tokens(bare(part));
    let [name, is, null] = tokens.as_slice() else { return false };
    let is_column = match name {
        Token::Word(word) => word.to_lowercase() == column,
        Token::Name(name) => name == column,
        Token::Mark(_) => false,
    };
    is_column && is.is("IS") && null.is("NULL")
}

/// Without the parentheses that are around all of it.
fn bare(condition: &str) -> &str {
    let condition = condition.trim();
    let Some(inner) = condition.strip_prefix('(').and_then(|it| it.strip_suffix(')')) else {
        return condition;
    };
    let mut depth = 0_i32;
    let is_one = sql::tokens(inner).iter().all(|token| {
        depth += i32::from(token.is_mark('(')) - i32::from(token.is_mark(')'));
        depth >= 0
    });
    if is_one { bare(inner) } else { condition }
}

/// The parts between a word, where it stands outside of parentheses.
fn split<'c>(condition: &'c str, word: &str) -> Vec<&'c str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    for (token, place) in placed_tokens(condition) {
        depth += i32::from(token.is_mark('(')) - i32::from(token.is_mark(')'));
        if depth == 0 && token.is(word) {
            parts.push(&condition[start..place.start]);
            start = place.end;
        }
    }
    parts.push(&condition[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_condition_leaves_out() {
        let list = |values: &[&str]| {
            Bounds::List(values.iter().map(|value| format!("'{value}'")).collect())
        };
        let year = |year: u16| Bounds::Range {
            from: vec![format!("'{year}-01-01'")],
            to: vec![format!("'{}-01-01'", year + 1)],
        };
        for (condition, bounds, is_out) in [
            ("c <> 'a'", list(&["a"]), true),
            ("(c <> 'a'::text)", list(&["a"]), true),
            ("c <> 'a'", list(&["a", "b"]), false),
            ("c <> 'a' AND c <> 'b'", list(&["b"]), true),
            ("c NOT IN ('a', 'b')", list(&["a", "b"]), true),
            ("NOT (c IN ('a', 'b', 'x'))", list(&["a", "b"]), true),
            ("NOT (c = 'a')", list(&["a"]), true),
            ("NOT (c = 'a' AND d = 1)", list(&["a"]), false),
            ("NOT (d = 'a')", list(&["a"]), false),
            ("c = 'a'", list(&["a"]), false),
            ("c < '2026-01-01'", year(2026), true),
            ("c < '2026-01-01'", year(2027), true),
            ("c < '2026-06-01'", year(2026), false),
            ("c >= '2027-01-01'", year(2026), true),
            ("NOT (c >= '2026-01-01' AND c < '2027-01-01')", year(2026), true),
            ("NOT (c >= '2025-01-01' AND c < '2028-01-01')", year(2026), true),
            ("NOT (c >= '2026-01-01' AND c < '2026-12-01')", year(2026), false),
            ("NOT (c >= '2026-01-01' AND d < 5)", year(2026), false),
            ("c < '2026-01-01' OR c >= '2027-01-01'", year(2026), true),
            ("c IS NULL OR c < '2026-01-01' OR c >= '2027-01-01'", year(2026), true),
            ("c < '2026-01-01' OR d", year(2026), false),
            ("d < '2026-01-01'", year(2026), false),
        ] {
            assert_eq!(
                rules_out(condition, "c", "text", &bounds),
                is_out,
                "{condition} {bounds:?}"
            );
        }
    }
}
