//! What a statement's text says that its data do not: the columns that are set, what may write besides.

use sql::statement::{Column, ConstraintKind};
use sql::{Token, placed_tokens};

/// Whether no row has a value in a new column.
pub(super) fn stays_empty(column: &Column) -> bool {
    let is_plain = column.constraints.iter().all(|constraint| {
        matches!(
            constraint.kind,
            ConstraintKind::Null
                | ConstraintKind::Unique { .. }
                | ConstraintKind::Check(_)
                | ConstraintKind::ForeignKey { .. }
        )
    });
    // A domain may have a default of its own.
    let known = [
        "text",
        "varchar",
        "character varying",
        "int",
        "integer",
        "bigint",
        "smallint",
        "boolean",
        "bool",
        "timestamp",
        "timestamptz",
        "date",
        "time",
        "jsonb",
        "json",
        "uuid",
        "numeric",
        "decimal",
        "double precision",
        "real",
        "bytea",
    ];
    let ty = column.ty.to_ascii_lowercase();
    let ty = ty.split(['(', '[']).next().unwrap_or_default().trim();
    is_plain && known.contains(&ty)
}

/// Whether a query calls what may write.
pub(super) fn calls(text: &str) -> bool {
    let harmless = [
        "SETVAL",
        "NEXTVAL",
        "CURRVAL",
        "SET_CONFIG",
        "PG_GET_SERIAL_SEQUENCE",
        "PG_NOTIFY",
        "PG_SLEEP",
        "COUNT",
        "MAX",
        "MIN",
        "SUM",
        "COALESCE",
        "GREATEST",
        "LEAST",
        "NOW",
        "EXISTS",
        "IN",
        "VALUES",
        "FROM",
        "SELECT",
        "AS",
        "AND",
        "OR",
        "NOT",
        "ON",
        "WHERE",
    ];
    let tokens = sql::tokens(text);
    tokens.windows(2).any(|pair| {
        pair[1].is_mark('(')
            && match &pair[0] {
                Token::Word(word) => !harmless.contains(&word.as_str()),
                Token::Name(_) => true,
                Token::Mark(_) => false,
            }
    })
}

pub(super) fn is_upsert(text: &str) -> bool {
    let tokens = sql::tokens(text);
    tokens.windows(2).any(|pair| pair[0].is("ON") && pair[1].is("CONFLICT"))
}

/// The columns that an `UPDATE` sets; none where that cannot be told.
pub(super) fn updated(text: &str) -> Option<Vec<String>> {
    let tokens = placed_tokens(text);
    let start = tokens.iter().position(|(token, _)| token.is("SET"))? + 1;
    let (mut columns, mut depth, mut is_target) = (Vec::new(), 0_i32, true);
    for (token, _) in &tokens[start..] {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth -= 1,
            Token::Mark('=') if depth == 0 => is_target = false,
            Token::Mark(',') if depth == 0 => is_target = true,
            Token::Word(word)
                if depth == 0 && ["WHERE", "FROM", "RETURNING"].contains(&word.as_str()) =>
            {
                break;
            }
            Token::Word(word) if is_target => columns.push(word.to_lowercase()),
            Token::Name(name) if is_target => columns.push(name.clone()),
            _ => {}
        }
    }
    (!columns.is_empty()).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::updated;

    #[test]
    fn what_an_update_sets() {
        for (text, columns) in [
            ("UPDATE t SET a = 1, \"B\" = (c, d) WHERE e = 5", vec!["a", "B"]),
            ("UPDATE t SET (a, b) = (SELECT x, y), c[1] = f(d, e) FROM u", vec!["a", "b", "c"]),
            ("UPDATE \"set\" SET a = b = c", vec!["a"]),
        ] {
            assert_eq!(updated(text).unwrap(), columns, "{text}");
        }
    }
}
