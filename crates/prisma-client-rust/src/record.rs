//! Structs whose fields are known by their types: the `Data` of a model, and what `select!`, `include!` and
//! `partial_unchecked!` make.
//!
//! Generated code says two things of such a struct: how it is put together of one value after the other, and what its
//! values are. Everything else is here and in `serialize.rs`, compiled once: reading a row, comparing, showing, JSON.
//! A value that cannot be read leaves a blank and the reason behind, so that no field has a way out of its own: these
//! would be most of what the compiler had to do for a client.

pub mod boxed;
mod items;

use std::any::Any;
use std::fmt::{self, Debug};

use bigdecimal::BigDecimal;
use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use crate::error::QueryError;
use crate::model::Descriptor;
use crate::read::{ReadError, Reader};
use crate::wire::decode::Cell;

/// A struct of values.
pub trait Record:
    Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Its fields, in order.
    const SHAPE: Shape;

    /// Puts the struct together: asks for each value in order.
    fn make<S: Source>(from: &mut S) -> Self;

    /// Each value, in order.
    fn values(&self) -> Vec<&dyn Value>;
}

/// The fields of a [`Record`].
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The model that the fields are of.
    pub(crate) model: &'static Descriptor,
    /// The fields, where they are not those of the model: all columns, then all relations.
    pub(crate) fields: Option<&'static [(&'static str, Place)]>,
    /// Whether the values are changes, so that one that is not there is none.
    pub(crate) changes: bool,
}

/// What in a row a field is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A column, by its position in the descriptor.
    Column(u16),
    /// The rows of a relation.
    Relation(u16),
    /// How many rows a relation has.
    Count(u16),
    /// The row itself, from which a struct inside is read.
    Row,
}

/// Where the values of a [`Record`] come from, one after the other.
pub trait Source {
    /// The next value, or a blank one where it cannot be had: then the source knows why.
    fn next<T: Field>(&mut self) -> T;
}

/// A value with its type forgotten.
pub trait Value: Any {
    /// The value as JSON has it.
    fn show(&self) -> Shown<'_>;

    /// The value as Rust shows it.
    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl Debug for dyn Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug(f)
    }
}

/// A value as JSON has it. Two values of one type are equal where these are.
#[derive(Debug, PartialEq)]
pub enum Shown<'a> {
    /// Not there at all.
    Absent,
    /// `null`.
    Null,
    /// `null`, and not because nothing was said.
    Nothing,
    /// A value that need not be there.
    There(&'a dyn Value),
    /// A value that need not be there, of which something need not have been said.
    Said(&'a dyn Value),
    /// A Boolean.
    Bool(bool),
    /// An Int.
    Int(i32),
    /// A `BigInt`.
    BigInt(i64),
    /// A Float.
    Float(f64),
    /// A String, or the name of an enum's value.
    Text(&'a str),
    /// A Decimal.
    Decimal(&'a BigDecimal),
    /// A `DateTime`.
    Moment(&'a DateTime<FixedOffset>),
    /// A Json document.
    Json(&'a serde_json::Value),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A list, or rows.
    List(Vec<Shown<'a>>),
    /// A row.
    Row(Shape, Vec<&'a dyn Value>),
}

impl PartialEq for dyn Value {
    fn eq(&self, other: &Self) -> bool {
        self.show() == other.show()
    }
}

// Rows that are compared are of one type, and so are their shapes.
impl PartialEq for Shape {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What a field can hold.
pub trait Field: Value + Clone {
    /// Reads it.
    fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError>;

    /// Reads it of its column, if that is all there is to it.
    fn of_cell(cell: Cell<'_>) -> Option<Result<Self, String>>;

    /// Something in the place of a value that cannot be read.
    fn blank() -> Self;

    /// What it is where nothing is said of it, unless that is a mistake.
    fn absent() -> Option<Self>;

    /// Reads it from JSON, or whatever else there is.
    fn parse<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

/// A value that is there: a [`Field`] itself, or inside an `Option`.
pub trait Item: Clone + PartialEq + Value + for<'de> Deserialize<'de> {
    /// Reads it.
    fn read(row: &Reader<'_>, place: Place) -> Result<Self, ReadError>;

    /// Reads it of its column, if that is all there is to it.
    fn of_cell(_: Cell<'_>) -> Option<Result<Self, String>> {
        None
    }

    /// Reads it where it need not be there.
    fn read_optional(row: &Reader<'_>, place: Place) -> Result<Option<Self>, ReadError>;

    /// Reads any number of them.
    fn read_many(row: &Reader<'_>, place: Place) -> Result<Vec<Self>, ReadError>;

    /// Reads it where it need not be there, and may not have been asked for.
    fn read_fetched(row: &Reader<'_>, place: Place) -> Result<Option<Option<Self>>, ReadError> {
        Self::read_optional(row, place).map(Some)
    }

    /// Reads any number of them, where they may not have been asked for.
    fn read_many_fetched(row: &Reader<'_>, place: Place) -> Result<Option<Vec<Self>>, ReadError> {
        Self::read_many(row, place).map(Some)
    }

    /// Something in the place of one that cannot be read.
    fn blank() -> Self;
}

impl Shape {
    /// All fields of a model.
    pub const fn of(model: &'static Descriptor) -> Self {
        Self { model, fields: None, changes: false }
    }

    /// Some fields of a model.
    pub const fn some(
        model: &'static Descriptor,
        fields: &'static [(&'static str, Place)],
    ) -> Self {
        Self { model, fields: Some(fields), changes: false }
    }

    /// Changes of some fields.
    pub const fn changes(
        model: &'static Descriptor,
        fields: &'static [(&'static str, Place)],
    ) -> Self {
        Self { model, fields: Some(fields), changes: true }
    }

    pub(crate) fn len(&self) -> usize {
        let all = self.model.columns.len() + self.model.relations.len();
        self.fields.map_or(all, <[_]>::len)
    }

    /// The name of a field in the schema.
    pub(crate) fn name(&self, index: usize) -> &'static str {
        if let Some(fields) = self.fields {
            return fields[index].0;
        }
        match index.checked_sub(self.model.columns.len()) {
            None => self.model.columns[index].field,
            Some(relation) => self.model.relations[relation].field,
        }
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        (0..self.len()).find(|index| self.name(*index) == name)
    }
}

/// A row as the source of a record.
pub(crate) struct FromRow<'a, 'r> {
    row: &'a Reader<'r>,
    fields: Option<&'static [(&'static str, Place)]>,
    /// How many columns come before the first relation.
    columns: u16,
    /// How many of the values stand in the row as they are asked for.
    in_order: u16,
    next: u16,
    /// Whether there is nothing beside the row: then a model's relations need no look each.
    is_alone: bool,
    error: Option<ReadError>,
}

/// Reads a row.
pub(crate) fn read<R: Record>(row: &Reader<'_>) -> Result<R, ReadError> {
    let mut from = FromRow::of::<R>(row);
    let record = R::make(&mut from);
    match from.error {
        None => Ok(record),
        Some(error) => Err(error),
    }
}

/// Reads a row behind others; one that cannot be read is not there afterwards.
///
/// A record is large, and each result that it is put into moves it: this makes it where it stays.
pub(crate) fn read_into<R: Record>(
    row: &Reader<'_>,
    records: &mut Vec<R>,
) -> Result<(), ReadError> {
    let mut from = FromRow::of::<R>(row);
    records.push(R::make(&mut from));
    match from.error {
        None => Ok(()),
        Some(error) => {
            drop(records.pop());
            Err(error)
        }
    }
}

/// Reads a row as the answer of a query that asks for one; like [`read_into`] it makes the record where it stays.
pub(crate) fn read_one<R: Record>(row: &Reader<'_>) -> Result<Option<R>, QueryError> {
    let mut from = FromRow::of::<R>(row);
    let mut answer = Ok(Some(R::make(&mut from)));
    if let Some(error) = from.error {
        answer = Err(error.into());
    }
    answer
}

impl<'a, 'r> FromRow<'a, 'r> {
    fn of<R: Record>(row: &'a Reader<'r>) -> Self {
        let Shape { model, fields, .. } = R::SHAPE;
        let columns = u16::try_from(model.columns.len()).unwrap_or(u16::MAX);
        let in_order = if fields.is_none() && row.has_all_columns() { columns } else { 0 };
        let is_alone = row.is_alone();
        Self { row, fields, columns, in_order, next: 0, is_alone, error: None }
    }

    #[cold]
    fn refused<T: Field>(&mut self, error: ReadError) -> T {
        self.error.get_or_insert(error);
        T::blank()
    }
}

impl Source for FromRow<'_, '_> {
    fn next<T: Field>(&mut self) -> T {
        let index = self.next;
        self.next += 1;
        // By far the most values.
        if index < self.in_order
            && let Some(read) = T::of_cell(self.row.cell(usize::from(index)))
        {
            return match read {
                Ok(value) => value,
                Err(reason) => self.refused(self.row.error(Place::Column(index), reason)),
            };
        }
        let place = match (self.fields, index.checked_sub(self.columns)) {
            (Some(fields), _) => fields[usize::from(index)].1,
            (None, None) => Place::Column(index),
            (None, Some(_)) if self.is_alone => return T::blank(),
            (None, Some(relation)) => Place::Relation(relation),
        };
        match T::read(self.row, place) {
            Ok(value) => value,
            Err(error) => self.refused(error),
        }
    }
}

/// Nothing but blanks.
struct Blank;

impl Source for Blank {
    fn next<T: Field>(&mut self) -> T {
        T::blank()
    }
}

/// A clone of a struct: it is put together of its own values.
///
/// A derive would say of each value of each model how it is cloned, which `make` and `values` have said already.
pub fn another<R: Record>(record: &R) -> R {
    R::make(&mut Values(record.values().into_iter()))
}

/// The values of a struct of the same type.
struct Values<'a>(std::vec::IntoIter<&'a dyn Value>);

impl Source for Values<'_> {
    fn next<T: Field>(&mut self) -> T {
        // Compiled for each relation of each model, so as little as can be.
        match self.value().downcast_ref::<T>() {
            Some(value) => value.clone(),
            None => unreachable!("{}", Self::IN_ORDER),
        }
    }
}

impl<'a> Values<'a> {
    const IN_ORDER: &'static str = "a struct lists its values as it is made of them";

    fn value(&mut self) -> &'a dyn Any {
        self.0.next().expect(Self::IN_ORDER)
    }
}

/// Shows a struct as a derive of `Debug` would; `names` are its own and those of its fields in Rust, in one text.
///
/// The values themselves are taken, here and below, so that in each struct there is nothing left to drop.
pub fn debug(values: Vec<&dyn Value>, names: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut names = names.split_whitespace();
    let mut shown = f.debug_struct(names.next().unwrap_or_default());
    for (name, value) in names.zip(values) {
        shown.field(name.trim_start_matches("r#"), &value);
    }
    shown.finish()
}

/// Whether two structs of one type have the same values.
pub fn are_equal(values: Vec<&dyn Value>, others: Vec<&dyn Value>) -> bool {
    values.into_iter().eq(others)
}
