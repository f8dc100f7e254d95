//! Whether an expression has the same value for every row of one statement.

use sql::{Token, tokens};

/// Functions that are not volatile and that defaults are made of.
const STEADY: &[&str] = &[
    "NOW",
    "TRANSACTION_TIMESTAMP",
    "STATEMENT_TIMESTAMP",
    "TIMEZONE",
    "DATE_TRUNC",
    "DATE_PART",
    "EXTRACT",
    "TO_CHAR",
    "TO_DATE",
    "TO_TIMESTAMP",
    "LOWER",
    "UPPER",
    "INITCAP",
    "CONCAT",
    "CONCAT_WS",
    "COALESCE",
    "NULLIF",
    "GREATEST",
    "LEAST",
    "MD5",
    "LENGTH",
    "SUBSTRING",
    "SUBSTR",
    "TRIM",
    "BTRIM",
    "LTRIM",
    "RTRIM",
    "REPLACE",
    "REPEAT",
    "LPAD",
    "RPAD",
    "ROUND",
    "FLOOR",
    "CEIL",
    "CEILING",
    "ABS",
    "CAST",
    "ARRAY",
    "ROW",
    "JSONB_BUILD_OBJECT",
    "JSON_BUILD_OBJECT",
    "JSONB_BUILD_ARRAY",
    "JSON_BUILD_ARRAY",
    "TO_JSONB",
    "TO_JSON",
    "MAKE_DATE",
    "MAKE_INTERVAL",
    "MAKE_TIMESTAMP",
    "MAKE_TIMESTAMPTZ",
    "CURRENT_SETTING",
    "CURRENT_SCHEMA",
    "CURRENT_DATABASE",
    "CURRENT_USER",
    "VERSION",
    "AGE",
    "ENCODE",
    "DECODE",
    "INT4RANGE",
    "TSRANGE",
    "TSTZRANGE",
    "DATERANGE",
    "NUMRANGE",
    "INT8RANGE",
    "UUID_NIL",
    "CURRENT_TIMESTAMP",
    "LOCALTIMESTAMP",
    "CURRENT_TIME",
    "LOCALTIME",
    "VARCHAR",
    "NUMERIC",
    "CHAR",
    "CHARACTER",
    "VARYING",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "TIME",
    "DECIMAL",
    "BIT",
    "INTERVAL",
    "IN",
    "AND",
    "OR",
    "NOT",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "ANY",
    "ALL",
];

/// False where a function is called that may be volatile: all that are not known are, as functions are unless they say otherwise.
pub(crate) fn is_steady(expression: &str) -> bool {
    let tokens = tokens(expression);
    tokens.iter().zip(tokens.iter().skip(1)).all(|(name, next)| {
        !next.is_mark('(')
            || match name {
                Token::Word(word) => STEADY.contains(&word.as_str()),
                Token::Name(_) => false,
                Token::Mark(_) => true,
            }
    })
}

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
    if tokens.iter().any(|token| token.is("OR") || token.is("CASE")) {
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
        is_column && begins && window[1].is("IS") && window[2].is("NOT") && window[3].is("NULL")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_may_be_volatile() {
        for (expression, steady) in [
            ("5", true),
            ("'random()'", true),
            ("now()", true),
            ("CURRENT_TIMESTAMP", true),
            ("'{}'::jsonb", true),
            ("(1 + 2) * 3", true),
            ("'a'::varchar(20)", true),
            ("gen_random_uuid()", false),
            ("clock_timestamp()", false),
            ("nextval('s')", false),
            ("now() + random() * interval '1 day'", false),
            ("public.\"mine\"()", false),
        ] {
            assert_eq!(is_steady(expression), steady, "{expression}");
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
            ("c > 0", false),
        ] {
            assert_eq!(proves_not_null(condition, "c"), proves, "{condition}");
        }
    }
}
