//! What changes in a column, in the words and the notation of the reference.

use crate::{Column, ColumnChanges, ColumnDefault, ColumnType, Literal, Number, Pair, PgSchema};

pub(super) fn changes(
    changes: ColumnChanges,
    columns: Pair<&Column>,
    schemas: Pair<&PgSchema>,
) -> String {
    let mut parts = Vec::new();
    if changes.arity {
        parts
            .push(format!("changed from {:?} to {:?}", columns.previous.arity, columns.next.arity));
    }
    if changes.default {
        let defaults = columns.zip(schemas).map(|(column, schema)| default(column, schema));
        parts.push(format!("default changed from `{}` to `{}`", defaults.previous, defaults.next));
    }
    if changes.ty.is_some() {
        parts.push("type changed".to_owned());
    }
    if changes.autoincrement {
        parts.push(if columns.previous.is_autoincrement() {
            "column is no longer autoincrementing".to_owned()
        } else {
            "column became autoincrementing".to_owned()
        });
    }
    parts.join(", ")
}

fn default(column: &Column, schema: &PgSchema) -> String {
    let wanted = schema.is_desired;
    match &column.default {
        None => "None".to_owned(),
        Some(ColumnDefault::Now) => "Some(Now)".to_owned(),
        Some(ColumnDefault::Unknown) => "Some(DbGenerated(None))".to_owned(),
        Some(ColumnDefault::Expression(expression)) => {
            format!("Some(DbGenerated(Some({expression:?})))")
        }
        Some(ColumnDefault::Autoincrement(sequence)) => {
            let name = sequence.as_ref().map(|name| name.name.as_str()).unwrap_or_default();
            format!("Some(Sequence({name:?}))")
        }
        Some(ColumnDefault::Literal(value)) => {
            format!("Some(Value({}))", literal(value, &column.ty, wanted))
        }
        Some(ColumnDefault::List(values)) => {
            let values: Vec<String> =
                values.iter().map(|value| literal(value, &column.ty, wanted)).collect();
            format!("Some(Value(List([{}])))", values.join(", "))
        }
    }
}

fn literal(value: &Literal, ty: &ColumnType, wanted: bool) -> String {
    match value {
        Literal::Bool(value) => format!("Boolean({value})"),
        Literal::Number(value) => number(value, ty, wanted),
        Literal::String(text) => format!("String({text:?})"),
        Literal::Enum(text) => format!("Enum({text:?})"),
        Literal::Bytes(bytes) => format!("Bytes({bytes:?})"),
        // As the server prints it, not as anybody asked for it.
        Literal::Json(text) if !wanted => format!("String({text:?})"),
        Literal::Json(text) => format!("Json({text:?})"),
        // `2020-01-01 00:00:00 +00:00` is `2020-01-01T00:00:00+00:00`.
        Literal::DateTime(text) => {
            format!("DateTime({})", text.replacen(' ', "T", 1).replacen(' ', "", 1))
        }
    }
}

fn number(value: &Number, ty: &ColumnType, wanted: bool) -> String {
    let value = value.as_str();
    match ty {
        // Of a server's numbers the reference does not tell these two apart.
        ColumnType::BigInt if wanted => format!("BigInt({value})"),
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt | ColumnType::Oid => {
            format!("Int({value})")
        }
        _ => format!("Float(BigDecimal(\"{value}\"))"),
    }
}
