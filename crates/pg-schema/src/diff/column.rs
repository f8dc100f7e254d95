//! What differs between two columns of one name.

use super::expression::{constant, same_expression};
use super::json::same_json;
use super::type_change::type_change;
use crate::render::default_sql;
use crate::{Arity, Column, ColumnChanges, ColumnDefault, ColumnType, Literal, Pair, PgSchema};

/// What differs but for the names.
pub fn changes(schemas: Pair<&PgSchema>, columns: Pair<&Column>) -> ColumnChanges {
    ColumnChanges {
        arity: columns.map(|column| column.arity).differs()
            && !is_arity_of_serial(schemas, columns),
        default: !defaults_match(schemas, columns),
        ty: type_change(schemas, columns),
        autoincrement: columns.map(Column::is_autoincrement).differs()
            && !is_in_the_servers_words(schemas, columns),
    }
}

/// Whether the wanted default is an expression that the server prints for what it has. Whatever else that could be
/// read as, a sequence or this moment, it is there already.
fn is_in_the_servers_words(schemas: Pair<&PgSchema>, columns: Pair<&Column>) -> bool {
    let Some(ColumnDefault::Expression(next)) = &columns.next.default else { return false };
    !schemas.previous.is_desired
        && printed_default(columns.previous).is_some_and(|printed| same_expression(printed, next))
}

/// The default in the server's words.
fn printed_default(column: &Column) -> Option<&str> {
    column.printed.as_ref()?.default.as_deref()
}

/// `SERIAL` makes a column NOT NULL whether anybody asked for it or not.
fn is_arity_of_serial(schemas: Pair<&PgSchema>, columns: Pair<&Column>) -> bool {
    !schemas.previous.is_desired
        && columns.previous.is_autoincrement()
        && columns.next.is_autoincrement()
        && (columns.previous.arity, columns.next.arity) == (Arity::Required, Arity::Nullable)
}

/// Whether nothing is to be done about the default.
///
/// Sequences are no business of this rule, which is why they match whatever comes next: what
/// makes and drops them is [`ColumnChanges::autoincrement`].
fn defaults_match(schemas: Pair<&PgSchema>, columns: Pair<&Column>) -> bool {
    use ColumnDefault::{Autoincrement, Expression, List, Literal as Value, Now, Unknown};

    // What a generated column or an identity holds is not for a default to say.
    if columns.previous.generated.is_some() || is_in_the_servers_words(schemas, columns) {
        return true;
    }
    let Some(previous) = &columns.previous.default else {
        return matches!(columns.next.default, None | Some(Unknown | Autoincrement(_)));
    };
    let Some(next) = &columns.next.default else {
        // What begins like that is no default where it is pulled, `NULLIF(…)` included.
        return matches!(previous, Autoincrement(_))
            || matches!(previous, Expression(text) if !schemas.previous.is_desired && text.starts_with("NULL"));
    };
    match (previous, next) {
        // The server prints points in time in its own way, inside lists too.
        (Expression(_) | Unknown, List(_)) | (List(_), Expression(_) | Unknown)
            if has_time(columns) =>
        {
            true
        }
        (Value(Literal::DateTime(_)), _)
        | (_, Value(Literal::DateTime(_)) | Unknown | Autoincrement(_))
        | (Now, Now) => true,
        (List(previous), List(next)) => lists_match(previous, next),
        (Value(previous), Value(next)) => literals_match(previous, next),
        (Value(Literal::Json(previous)), Expression(next))
            if !schemas.previous.is_desired
                && constant(next).is_some_and(|next| same_json(previous, &next)) =>
        {
            true
        }
        // Asked for as an expression, printed as what it is.
        (Value(_) | List(_) | Now, Expression(next)) if !schemas.previous.is_desired => {
            default_sql(previous, columns.previous, schemas.previous)
                .is_some_and(|previous| same_expression(&previous, next))
        }
        (Expression(previous), Expression(next)) => expressions_match(schemas, previous, next),
        (Value(_) | List(_) | Now | Autoincrement(_) | Expression(_) | Unknown, _) => false,
    }
}

/// Whether the default is the wanted one, but the server has a constant where an expression was asked for.
///
/// To the reference these two always differ, and setting the default again changes nothing about that. So it is set
/// where the table is altered anyway, as the reference does, and is no difference of its own, which would never end.
pub(super) fn is_default_restated(schemas: Pair<&PgSchema>, columns: Pair<&Column>) -> bool {
    use ColumnDefault::{Expression, List, Literal, Now};

    let is_constant_to_the_reference = match &columns.previous.default {
        Some(Literal(_)) => true,
        // It compares no points in time.
        Some(List(_)) => !has_time(columns),
        // `CURRENT_TIMESTAMP(3)` is an expression to it.
        Some(Now) => printed_default(columns.previous).is_none_or(|printed| {
            ["now()", "current_timestamp"].contains(&printed.to_ascii_lowercase().as_str())
        }),
        _ => false,
    };
    !schemas.previous.is_desired
        && is_constant_to_the_reference
        && matches!(&columns.next.default, Some(Expression(_)))
        && defaults_match(schemas, columns)
}

/// Both in somebody's words: the words count. One in the server's: what they mean.
pub(super) fn expressions_match(schemas: Pair<&PgSchema>, previous: &str, next: &str) -> bool {
    if schemas.previous.is_desired {
        previous.trim().eq_ignore_ascii_case(next.trim())
    } else {
        same_expression(previous, next)
    }
}

fn has_time(columns: Pair<&Column>) -> bool {
    let is_time = |column: &Column| {
        matches!(
            column.ty,
            ColumnType::Timestamp(_)
                | ColumnType::Timestamptz(_)
                | ColumnType::Time(_)
                | ColumnType::Timetz(_)
                | ColumnType::Date
        )
    };
    is_time(columns.previous) || is_time(columns.next)
}

fn lists_match(previous: &[Literal], next: &[Literal]) -> bool {
    previous.len() == next.len()
        && previous.iter().zip(next).all(|(previous, next)| literals_match(previous, next))
}

/// A text is taken for whatever the other side says it is: the server has one way to write all
/// of them.
fn literals_match(previous: &Literal, next: &Literal) -> bool {
    use Literal::{Bytes, DateTime, Enum, Json, String};

    match (previous, next) {
        (DateTime(_), _) | (_, DateTime(_)) => true,
        (Json(previous), Json(next) | String(next)) | (String(previous), Json(next)) => {
            same_json(previous, next)
        }
        (Enum(previous) | String(previous), Enum(next) | String(next)) => previous == next,
        (Enum(text) | String(text), Bytes(bytes)) | (Bytes(bytes), Enum(text) | String(text)) => {
            is_hex_of(text, bytes)
        }
        _ => previous == next,
    }
}

fn is_hex_of(text: &str, bytes: &[u8]) -> bool {
    let Some(digits) = text.strip_prefix("\\x") else { return false };
    digits.len() == bytes.len() * 2
        && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        && (0..bytes.len())
            .all(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16) == Ok(bytes[at]))
}
