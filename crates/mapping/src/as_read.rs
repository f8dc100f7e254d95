//! A database in the words in which the reference writes it down again.
//!
//! Where a script is to make what a database has, the reference writes the constants that it can read in its own way,
//! and every other default as the server prints it. Which those are has nothing to do with what can be read: of lists of
//! `smallint` it reads nothing.
//!
//! This is for writing only. To tell whether two columns differ, constants are compared as constants.

use pg_schema::{Arity, Column, ColumnDefault, ColumnType, PgSchema};

use crate::printed::{Kind, constant, is_now, list};

/// The same database, with the defaults and precisions that the reference would write.
pub fn as_read(schema: &mut PgSchema) {
    for column in schema.tables.iter_mut().flat_map(|table| &mut table.columns) {
        column.ty = written_type(column);
        if let Some(text) = printed_default(column) {
            column.default = Some(ColumnDefault::Expression(text));
        }
    }
}

/// The precision that a list does not say is not said for it, other than for a single value.
fn written_type(column: &Column) -> ColumnType {
    let printed = column.printed.as_ref().map_or("", |printed| printed.formatted_type.as_str());
    if column.arity != Arity::List || printed.contains('(') {
        return column.ty.clone();
    }
    match column.ty {
        ColumnType::Timestamp(_) => ColumnType::Timestamp(None),
        ColumnType::Timestamptz(_) => ColumnType::Timestamptz(None),
        ColumnType::Time(_) => ColumnType::Time(None),
        ColumnType::Timetz(_) => ColumnType::Timetz(None),
        ref other => other.clone(),
    }
}

/// The server's text of a constant that the reference does not read.
fn printed_default(column: &Column) -> Option<String> {
    let text = column.printed.as_ref()?.default.as_deref()?;
    let is_read = match (&column.default, kind(&column.ty)) {
        (Some(ColumnDefault::Literal(_)), Some(kind)) => constant(text, kind).is_some(),
        (Some(ColumnDefault::List(_)), Some(kind)) => list(text, kind).is_some(),
        // Of a list without values nothing has to be read.
        (Some(ColumnDefault::List(values)), None) if values.is_empty() => true,
        (Some(ColumnDefault::Literal(_) | ColumnDefault::List(_)), None) => false,
        // The moment by another name, or to so many digits.
        (Some(ColumnDefault::Now), _) => is_now(text),
        _ => true,
    };
    (!is_read).then(|| text.to_owned())
}

/// `None` for a type of which the reference reads no constants.
fn kind(ty: &ColumnType) -> Option<Kind> {
    Some(match ty {
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt | ColumnType::Oid => {
            Kind::Whole
        }
        ColumnType::Decimal(_)
        | ColumnType::Money
        | ColumnType::Real
        | ColumnType::DoublePrecision => Kind::Fraction,
        ColumnType::Boolean => Kind::Boolean,
        ColumnType::VarChar(_)
        | ColumnType::Char(_)
        | ColumnType::Text
        | ColumnType::Bit(_)
        | ColumnType::VarBit(_)
        | ColumnType::Xml
        | ColumnType::Inet
        | ColumnType::Citext => Kind::Text,
        ColumnType::Json | ColumnType::JsonB => Kind::Json,
        ColumnType::ByteA => Kind::Bytes,
        ColumnType::Enum(_) => Kind::Enum,
        ColumnType::Timestamp(_)
        | ColumnType::Timestamptz(_)
        | ColumnType::Time(_)
        | ColumnType::Timetz(_)
        | ColumnType::Date => Kind::Time,
        ColumnType::Uuid | ColumnType::Unsupported(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use pg_schema::{Literal, Number, ObjectName, Printed, Table};

    use super::*;

    fn read(ty: ColumnType, formatted: &str, printed: &str) -> Column {
        let mut column = Column::new("c", ty, Arity::List);
        let value = Literal::Number(Number::parse("1").unwrap());
        column.default = Some(ColumnDefault::List(vec![value]));
        column.printed = Some(Printed {
            type_name: String::new(),
            is_added_base_type: false,
            formatted_type: formatted.to_owned(),
            default: Some(printed.to_owned()),
        });
        let mut table = Table::new(ObjectName::bare("T"));
        table.columns.push(column);
        let mut schema = PgSchema { tables: vec![table], ..PgSchema::default() };
        as_read(&mut schema);
        schema.tables.remove(0).columns.remove(0)
    }

    #[test]
    fn what_the_reference_does_not_read_is_as_the_server_prints_it() {
        let printed = "ARRAY[(1)::smallint]";
        let column = read(ColumnType::SmallInt, "smallint[]", printed);
        assert_eq!(column.default, Some(ColumnDefault::Expression(printed.to_owned())));
        let column = read(ColumnType::Integer, "integer[]", "ARRAY[1]");
        assert!(matches!(column.default, Some(ColumnDefault::List(_))), "{:?}", column.default);
    }

    #[test]
    fn a_list_has_no_precision_that_nobody_said() {
        let precise = ColumnType::Timestamp(Some(6));
        let bare = read(precise.clone(), "timestamp without time zone[]", "'{}'");
        assert_eq!(bare.ty, ColumnType::Timestamp(None));
        assert_eq!(read(precise.clone(), "timestamp(6) without time zone[]", "'{}'").ty, precise);
    }
}
