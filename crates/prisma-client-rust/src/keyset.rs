//! Pages by the values where the last one ended: the next page costs as much as the first, however many there were.
//!
//! A [`Cursor`] holds those values and the order that they are of. As text it can go to a browser and come back; what
//! comes back is checked against the order of the query, so that nobody chooses another column to sort by.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset};
use serde_json::{Value, json};

use crate::error::QueryError;
use crate::fetch::Selection;
use crate::model::{Descriptor, Kind, Model};
use crate::order::{OrderNode, SortOrder};
use crate::plan::order::criteria;
use crate::read::Rows;
use crate::value::PrismaValue;
use crate::wire::decode::Cell;
use crate::wire::encode::document;

/// Where a page of rows of `M` ended: [`Page::next`], for `find_many(..).after(cursor)`.
///
/// `to_string()` and `parse()` lead to text and back. The text shows the values that the page is sorted by to whoever
/// decodes it.
pub struct Cursor<M> {
    pub(crate) keyset: Keyset,
    model: PhantomData<fn() -> M>,
}

/// Some rows, and where the next ones are.
#[derive(Debug, Clone)]
pub struct Page<T, M> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Cursor<M>>,
}

/// The values of a row in the columns that it is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Keyset {
    pub(crate) columns: Vec<(u16, SortOrder)>,
    pub(crate) values: Vec<PrismaValue>,
}

/// A text that is no cursor of this model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorError {
    model: &'static str,
}

impl Keyset {
    /// Of the last row, if there is one.
    fn of_last(
        model: &'static Descriptor,
        columns: Vec<(u16, SortOrder)>,
        rows: &Rows,
    ) -> Result<Option<Self>, QueryError> {
        let Some(last) = rows.rows.len().checked_sub(1) else { return Ok(None) };
        let cells = columns.iter().filter_map(|(column, _)| rows.cell(last, usize::from(*column)));
        let values: Result<Vec<PrismaValue>, String> = cells.map(Cell::value).collect();
        let values = values.map_err(|reason| QueryError::new("P2023", reason).of(model))?;
        Ok(Some(Self { columns, values }))
    }
}

/// The columns that rows are sorted by, with the id last; an error where there are others than the model's own.
pub(crate) fn columns(
    model: &'static Descriptor,
    selection: &Selection,
) -> Result<Vec<(u16, SortOrder)>, QueryError> {
    let refused =
        |reason: &str| Err(QueryError::new("P2019", format!("Input error. {reason}")).of(model));
    if !model.has_id() {
        return refused("Without a unique key there are no pages that follow one another.");
    }
    if selection.take.is_some_and(|take| take < 0) || selection.cursor.is_some() {
        return refused(
            "Pages that follow one another go forwards and have a cursor of their own.",
        );
    }
    let own = criteria(model, selection).into_iter().map(|order| match order {
        OrderNode::Column(column, direction) => Some((column, direction)),
        OrderNode::Relation(..) | OrderNode::Count(..) => None,
    });
    match own.collect() {
        Some(columns) => Ok(columns),
        None => refused("Pages that follow one another are sorted by fields of the model itself."),
    }
}

/// Refuses a cursor that is of another order than the query's.
pub(crate) fn check(model: &'static Descriptor, selection: &Selection) -> Result<(), QueryError> {
    let Some(keyset) = &selection.after else { return Ok(()) };
    if columns(model, selection)? == keyset.columns {
        return Ok(());
    }
    let reason = "Input error. The cursor is of a page that was sorted in another way.";
    Err(QueryError::new("P2019", reason).of(model))
}

/// Cuts a page to its size and says where the next one begins: one row more than the size was asked for.
pub(crate) fn cut<M: Model>(
    selection: &Selection,
    size: Option<usize>,
    rows: &mut Rows,
) -> Result<Option<Cursor<M>>, QueryError> {
    let Some(size) = size.filter(|size| *size < rows.rows.len()) else { return Ok(None) };
    rows.rows.truncate(size);
    let model = M::descriptor();
    let keyset = Keyset::of_last(model, columns(model, selection)?, rows)?;
    Ok(keyset.map(Cursor::new))
}

impl<M> Cursor<M> {
    fn new(keyset: Keyset) -> Self {
        Self { keyset, model: PhantomData }
    }
}

impl<M: Model> fmt::Display for Cursor<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |((column, direction), value): (&(u16, SortOrder), &PrismaValue)| {
            let value = match value {
                // JSON has no NaN and no infinity.
                PrismaValue::Float(value) => Value::String(value.to_string()),
                value => document(value),
            };
            json!([M::descriptor().column(*column).field, *direction == SortOrder::Desc, value])
        };
        let parts = self.keyset.columns.iter().zip(&self.keyset.values).map(part);
        f.write_str(&to_base64(parts.collect::<Value>().to_string().as_bytes()))
    }
}

impl<M: Model> FromStr for Cursor<M> {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let model = M::descriptor();
        parse(model, text).map(Self::new).ok_or(CursorError { model: model.name })
    }
}

fn parse(model: &'static Descriptor, text: &str) -> Option<Keyset> {
    let parts: Vec<(String, bool, Value)> = serde_json::from_slice(&from_base64(text)?).ok()?;
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for (field, descending, value) in parts {
        let index = model.columns.iter().position(|column| column.field == field)?;
        let direction = if descending { SortOrder::Desc } else { SortOrder::Asc };
        columns.push((u16::try_from(index).ok()?, direction));
        values.push(read(model.columns[index].kind, value)?);
    }
    (!columns.is_empty()).then_some(Keyset { columns, values })
}

/// A value of a column, from what [`Cursor`]'s `Display` wrote.
fn read(kind: Kind, value: Value) -> Option<PrismaValue> {
    Some(match (kind, value) {
        (_, Value::Null) => PrismaValue::Null,
        (Kind::Bool, Value::Bool(value)) => PrismaValue::Boolean(value),
        (Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::Oid, Value::Number(value)) => {
            PrismaValue::BigInt(value.as_i64()?)
        }
        (Kind::Float4 | Kind::Float8, Value::String(value)) => {
            PrismaValue::Float(value.parse().ok()?)
        }
        (Kind::Numeric | Kind::Money, Value::String(value)) => {
            PrismaValue::Decimal(value.parse().ok()?)
        }
        (
            Kind::Timestamp(_) | Kind::Timestamptz(_) | Kind::Date | Kind::Time | Kind::Timetz,
            Value::String(value),
        ) => PrismaValue::DateTime(moment(&value)?),
        (Kind::Bytes, Value::Array(bytes)) => {
            let byte = |byte: &Value| u8::try_from(byte.as_u64()?).ok();
            PrismaValue::Bytes(bytes.iter().map(byte).collect::<Option<_>>()?)
        }
        (
            Kind::Text | Kind::Char | Kind::Uuid | Kind::Via(_) | Kind::Enum(..),
            Value::String(value),
        ) => PrismaValue::String(value),
        _ => return None,
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 64 as in addresses, without padding.
fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 3);
    for three in bytes.chunks(3) {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            let index = (number >> (18 - 6 * place)) & 63;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for four in text.as_bytes().chunks(4) {
        let mut number = 0_u32;
        for letter in four {
            let index = ALPHABET.iter().position(|known| known == letter)?;
            number = number << 6 | u32::try_from(index).ok()?;
        }
        number <<= 6 * (4 - four.len());
        let [_, all @ ..] = number.to_be_bytes();
        bytes.extend(&all[..four.len().checked_sub(1).filter(|length| *length > 0)?]);
    }
    Some(bytes)
}

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the text is no cursor of `{}`", self.model)
    }
}

impl std::error::Error for CursorError {}

// Written out, since derives would ask the model marker for the same traits.
impl<M> Clone for Cursor<M> {
    fn clone(&self) -> Self {
        Self::new(self.keyset.clone())
    }
}

impl<M> PartialEq for Cursor<M> {
    fn eq(&self, other: &Self) -> bool {
        self.keyset == other.keyset
    }
}

impl<M> fmt::Debug for Cursor<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keyset.fmt(f)
    }
}

/// A moment as it was written; years of more than four digits are beyond RFC 3339.
fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let later = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%:z").ok();
    DateTime::parse_from_rfc3339(text).ok().or_else(later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_text() {
        for length in 0..20 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte * 13 + 200 % (byte + 1)).collect();
            assert_eq!(from_base64(&to_base64(&bytes)), Some(bytes));
        }
        for wrong in ["A", "AAAAA", "ä", "A=", "A B"] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }
}
