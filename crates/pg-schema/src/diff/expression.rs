//! Whether two SQL expressions are the same but for how they are written.
//!
//! The server prints an expression in its own words: parentheses around every operator, casts
//! after every constant, other names of types and operators. Both texts are read into trees that
//! know of none of this, and the trees are compared. What cannot be read is compared word by word.
//!
//! A difference that is not seen would never be migrated, so that what may be one counts as one.

mod constant;
mod parser;
pub(crate) mod tokens;
mod types;

use constant::same_constant;
use parser::Expr;

pub(super) fn same_expression(previous: &str, next: &str) -> bool {
    let previous_tokens = tokens::tokens(previous);
    let next_tokens = tokens::tokens(next);
    match (parser::parse(&previous_tokens), parser::parse(&next_tokens)) {
        (Some(previous), Some(next)) => same(&previous, &next),
        _ => previous_tokens == next_tokens,
    }
}

fn same(a: &Expr, b: &Expr) -> bool {
    match (a, b) {
        (Expr::Cast(a, a_type), Expr::Cast(b, b_type)) => {
            a_type == b_type && same_of_type(a_type, a, b)
        }
        (Expr::Cast(cast, ty), plain) | (plain, Expr::Cast(cast, ty)) => {
            is_implied(cast, ty) && same_of_type(ty, cast, plain)
        }
        (Expr::Constant(a), Expr::Constant(b)) => a == b,
        (Expr::Name(a), Expr::Name(b)) => same_name(a, b),
        (Expr::Call(a, a_arguments), Expr::Call(b, b_arguments)) => {
            same_name(a, b) && all_same(a_arguments, b_arguments)
        }
        (Expr::Operator(a, a_operands), Expr::Operator(b, b_operands)) => {
            a == b && all_same(a_operands, b_operands)
        }
        (Expr::Array(a), Expr::Array(b)) => all_same(a, b),
        (Expr::Array(items), Expr::Constant(text)) | (Expr::Constant(text), Expr::Array(items)) => {
            items.is_empty() && text == "{}"
        }
        _ => false,
    }
}

fn same_of_type(ty: &str, a: &Expr, b: &Expr) -> bool {
    match (a, b) {
        (Expr::Constant(a), Expr::Constant(b)) => same_constant(ty, a, b),
        (a, b) => same(a, b),
    }
}

/// The text of an expression that is nothing but a constant, cast or not.
pub(super) fn constant(expression: &str) -> Option<String> {
    let mut tree = parser::parse(&tokens::tokens(expression))?;
    loop {
        match tree {
            Expr::Constant(text) => return Some(text),
            Expr::Cast(operand, _) => tree = *operand,
            _ => return None,
        }
    }
}

/// Whether two names of types mean the same type: `numeric(5, 1)` is `DECIMAL(5,1)`.
pub(super) fn same_type(a: &str, b: &str) -> bool {
    let name = |text: &str| parser::type_name(&tokens::tokens(text));
    a.eq_ignore_ascii_case(b) || name(a).is_some_and(|a| Some(a) == name(b))
}

fn all_same(a: &[Expr], b: &[Expr]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// Casts that the server adds by itself: of constants to what they stand beside, and of strings
/// of other kinds to text.
fn is_implied(operand: &Expr, ty: &str) -> bool {
    match operand {
        Expr::Constant(_) => true,
        Expr::Array(items) => items.iter().all(|item| is_implied(item, ty)),
        Expr::Cast(operand, _) => is_implied(operand, ty),
        Expr::Name(_) => matches!(ty, "text" | "text[]" | "character varying" | "bpchar"),
        Expr::Call(..) | Expr::Operator(..) => false,
    }
}

/// A name without a namespace may be in any.
fn same_name(a: &[String], b: &[String]) -> bool {
    let shorter = a.len().min(b.len());
    a[a.len() - shorter..] == b[b.len() - shorter..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_words_are_the_same() {
        for (printed, written) in [
            ("gen_random_uuid()", "GEN_RANDOM_UUID()"),
            ("(1 + 1)", "1 + 1"),
            ("(now() + '1 day'::interval)", "now() + interval '1 day'"),
            ("CURRENT_TIMESTAMP", "now()"),
            ("('a'::text || 'b'::text)", "'a' || 'b'"),
            ("(active = true)", "active = TRUE"),
            ("(deleted_at IS NULL)", "deleted_at is null"),
            ("((status)::text = 'open'::text)", "status = 'open'"),
            ("((\"orgId\" = 1) AND (b OR c))", "\"orgId\" = 1 and (b or c)"),
            ("(a = ANY (ARRAY[1, 2]))", "a IN (1, 2)"),
            ("(name ~~ 'a%'::text)", "name LIKE 'a%'"),
            ("'-1'::integer", "-1"),
            ("nextval('s'::regclass)", "nextval('s')"),
            ("'{}'::jsonb", "'{}'"),
            ("(now())::date", "cast(now() as date)"),
            ("('now'::text)::timestamp(3) with time zone", "'now'::timestamptz(3)"),
            ("((1 + 2) * 3)", "(1 + 2) * 3"),
            ("(1 + (2 * 3))", "1 + 2 * 3"),
            ("(NOT (a AND b))", "not (a and b)"),
            ("((a >= 1) AND (a <= 2))", "a BETWEEN 1 AND 2"),
            ("public.f(x)", "f(x)"),
            ("('{}'::text[])", "ARRAY[]::text[]"),
            ("(a <> 1)", "a != 1"),
            ("'it''s'::text", "'it''s'"),
            ("(now() AT TIME ZONE 'UTC'::text)", "(now() at time zone 'UTC')"),
            ("timezone('utc'::text, now())", "now() AT TIME ZONE 'utc'"),
            ("(EXTRACT(epoch FROM now()))::bigint", "extract(EPOCH from now())::bigint"),
            (
                "\"substring\"(md5((random())::text), 1, 8)",
                "substring(md5(random()::text) from 1 for 8)",
            ),
            ("TRIM(BOTH FROM ' a '::text)", "trim(' a ')"),
            ("btrim(a, 'x'::text)", "trim(both 'x' from a)"),
            ("POSITION(('a'::text) IN ('abc'::text))", "position('a' in 'abc')"),
            (
                "CASE\n    WHEN (1 > 0) THEN 'a'::text\n    ELSE 'b'::text\nEND",
                "case when 1 > 0 then 'a' else 'b' end",
            ),
            ("(now() + '01:30:00'::interval)", "now() + interval '1 hour 30 minutes'"),
            ("(CURRENT_DATE + '1 mon'::interval)", "current_date + interval '1 month'"),
            ("'2020-01-01 00:00:00'::timestamp without time zone", "'2020-01-01'"),
            ("'10:00:00'::time without time zone", "'10:00'"),
            ("'{\"a\": 1}'::jsonb", "'{\"a\":1}'::jsonb"),
            ("'$1,000.00'::money", "'1000.00'"),
            (r"'\x61005c'::bytea", r"'a\000\\'::bytea"),
            ("'a\nb'::text", r"E'a\nb'"),
            ("B'101'::\"bit\"", "'101'"),
        ] {
            assert!(same_expression(printed, written), "{printed} is {written}");
            assert!(same_expression(written, printed), "{written} is {printed}");
        }
    }

    #[test]
    fn differences_are_seen() {
        for (a, b) in [
            ("1 + 2 * 3", "(1 + 2) * 3"),
            ("a - (b - c)", "a - b - c"),
            ("now()", "now()::date"),
            ("'a'", "'A'"),
            ("\"A\"", "a"),
            ("f(1)", "f(1, 2)"),
            ("a AND b OR c", "a AND (b OR c)"),
            ("'1'::text", "'1'::integer"),
            ("a = 1", "a <> 1"),
            ("CASE WHEN a THEN 1 END", "CASE WHEN b THEN 1 END"),
            ("x", "x +"),
            ("now() AT TIME ZONE 'utc'", "now() AT TIME ZONE 'cet'"),
            ("EXTRACT(epoch FROM a)", "EXTRACT(year FROM a)"),
            ("CASE WHEN a THEN 1 END", "CASE a WHEN 1 THEN 2 END"),
            ("CASE WHEN a THEN 1 WHEN b THEN 2 END", "CASE WHEN a THEN 1 ELSE 2 END"),
            ("'1 hour'::interval", "interval '1 day'"),
            ("'2020-01-01 00:00:01'::timestamp without time zone", "'2020-01-01'"),
            ("ltrim(a)", "trim(trailing from a)"),
            (r"'\x6100'::bytea", "'a'::bytea"),
            ("'1.50'::money", "'1.5'::numeric"),
            (r"E'a\nb'", "'anb'"),
            ("", "a"),
        ] {
            assert!(!same_expression(a, b), "{a} is not {b}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_compared_word_by_word() {
        assert!(same_expression("CASE WHEN a THEN 1 END", "case  when A then 1 end"));
        assert!(same_expression("'open", "'open"));
        assert!(!same_expression("'open", "'closed"));
    }
}
