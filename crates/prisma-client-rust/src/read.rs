//! From rows to values: what generated `read` functions stand on.
//!
//! Rows and the relations loaded for them are a tree without types; a reader stands at one row of it.

use std::fmt;

use postgres::driver::Row;

use crate::columns::Columns;
use crate::error::QueryError;
use crate::fetched::Held;
use crate::model::{Descriptor, Model};
use crate::plan::join::Join;
use crate::record::{self, Place, Record};
use crate::wire::decode::{Cell, FromColumn, Raw};
use crate::wire::line::Line;

/// Rows of one model and what was loaded for them.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are the rows, what else")]
pub struct Rows {
    pub(crate) rows: Vec<Row>,
    /// The one row, where rows are read one by one without the driver.
    pub(crate) line: Option<Line>,
    /// What each row begins with.
    pub(crate) columns: Columns,
    /// Relations whose rows stand in the same rows.
    pub(crate) joined: Vec<Join>,
    pub(crate) loaded: Vec<Loaded>,
    pub(crate) counted: Vec<Counted>,
}

/// The rows of one relation.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) relation: u16,
    pub(crate) rows: Rows,
    /// For each parent row, the positions of its related rows.
    pub(crate) children: Vec<Vec<usize>>,
}

/// How many rows a relation has for each parent row.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) relation: u16,
    pub(crate) counts: Vec<i64>,
}

/// Stands at one row.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    model: &'static Descriptor,
    values: Values<'a>,
    /// The rows that it is one of, with what was loaded beside them, and its place among them.
    rows: &'a Rows,
    index: usize,
    /// Where in the row the model's columns begin.
    start: usize,
    /// Which of its columns are there.
    columns: &'a Columns,
    joined: &'a [Join],
}

/// A row itself.
#[derive(Debug, Clone, Copy)]
enum Values<'a> {
    Row(&'a Row),
    Line(&'a Line),
}

/// What a relation has for one row.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// No row, where there may be none or one.
    Nobody,
    /// One row.
    One(Reader<'a>),
    /// Any number of them.
    Many(Children<'a>),
}

/// Some rows of a relation.
#[derive(Debug, Clone, Copy)]
pub struct Children<'a> {
    model: &'static Descriptor,
    rows: &'a Rows,
    positions: &'a [usize],
}

/// A column that does not hold what the schema says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Box<Unreadable>);

/// In a box, since a result is as large as its error and there is one for each value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unreadable {
    model: &'static str,
    field: &'static str,
    reason: String,
}

/// What a relation has for one row, read: one row or rows, whichever its field holds, and nothing where there is no row.
pub type Related = Result<Option<Box<dyn Held>>, ReadError>;

impl Rows {
    const EMPTY: Self = Self {
        rows: Vec::new(),
        line: None,
        columns: Columns::All,
        joined: Vec::new(),
        loaded: Vec::new(),
        counted: Vec::new(),
    };

    pub(crate) fn new(rows: Vec<Row>, columns: Columns) -> Self {
        Self { rows, columns, ..Self::default() }
    }

    pub(crate) fn decode<R: Record>(&self) -> Result<Vec<R>, ReadError> {
        let mut records = Vec::with_capacity(self.rows.len());
        for index in 0..self.rows.len() {
            record::read_into(&self.at(R::SHAPE.model, index), &mut records)?;
        }
        Ok(records)
    }

    /// A row of which all columns were asked for and nothing else.
    pub(crate) fn decode_one<R: Record>(row: &Row) -> Result<Option<R>, QueryError> {
        static ALONE: Rows = Rows::EMPTY;
        record::read_one(&ALONE.with(R::SHAPE.model, Values::Row(row), 0))
    }

    pub(crate) fn decode_first<R: Record>(&self) -> Result<Option<R>, QueryError> {
        if self.rows.is_empty() {
            return Ok(None);
        }
        record::read_one(&self.at(R::SHAPE.model, 0))
    }

    pub(crate) fn at(&self, model: &'static Descriptor, index: usize) -> Reader<'_> {
        let values = match &self.line {
            Some(line) => Values::Line(line),
            None => Values::Row(&self.rows[index]),
        };
        self.with(model, values, index)
    }

    fn with<'a>(
        &'a self,
        model: &'static Descriptor,
        values: Values<'a>,
        index: usize,
    ) -> Reader<'a> {
        let (columns, joined) = (&self.columns, self.joined.as_slice());
        Reader { model, values, rows: self, index, start: 0, columns, joined }
    }

    /// One value; `None` where the column was not asked for.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Option<Cell<'_>> {
        Some(cell(&self.rows[row], self.columns.place(column)?))
    }
}

impl<'a> Reader<'a> {
    /// The value of a column.
    pub fn get<T: FromColumn>(&self, place: Place) -> Result<T, ReadError> {
        let Place::Column(column) = place else { return Err(self.error(place, NOT_READ)) };
        match self.columns.place(usize::from(column)) {
            Some(at) => match T::from_column(self.in_row(self.start + at)) {
                Ok(value) => Ok(value),
                Err(reason) => Err(self.error(place, reason)),
            },
            None => Err(self.error(place, NOT_READ)),
        }
    }

    pub(crate) fn many<R: Record>(&self, place: Place) -> Result<Vec<R>, ReadError> {
        match self.found(place) {
            Some(Found::Many(rows)) => rows.read(),
            _ => Err(self.error(place, NOT_READ)),
        }
    }

    pub(crate) fn optional<R: Record>(&self, place: Place) -> Result<Option<R>, ReadError> {
        match self.found(place) {
            Some(Found::One(row)) => row.read().map(Some),
            Some(Found::Nobody) => Ok(None),
            _ => Err(self.error(place, NOT_READ)),
        }
    }

    pub(crate) fn one<R: Record>(&self, place: Place) -> Result<R, ReadError> {
        self.optional(place)?.ok_or_else(|| self.error(place, MISSING))
    }

    /// What a model's `Data` holds of a relation; `None` where it was not fetched, `Some(None)` where there is no row.
    ///
    /// The other model is known by its descriptor alone: models lead to each other in long chains, and what is compiled
    /// for one must not ask for the same of the next.
    #[expect(
        clippy::option_option,
        reason = "not fetched, and fetched but not there, are two things"
    )]
    pub(crate) fn fetched(&self, place: Place) -> Result<Option<Option<Box<dyn Held>>>, ReadError> {
        match (place, self.found(place)) {
            (Place::Relation(relation), Some(found)) => {
                (self.model.relation(relation).target.fetched)(found).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Whether the model's columns stand in the row, all of them and in order.
    pub(crate) fn has_all_columns(&self) -> bool {
        matches!(self.columns, Columns::All)
    }

    /// Whether nothing was fetched beside the row.
    pub(crate) fn is_alone(&self) -> bool {
        self.joined.is_empty() && self.rows.loaded.is_empty()
    }

    /// What a relation has; `None` where it was not fetched.
    fn found(&self, place: Place) -> Option<Found<'a>> {
        let Place::Relation(relation) = place else { return None };
        if self.is_alone() {
            return None;
        }
        if let Some(join) = self.joined.iter().find(|join| join.relation == relation) {
            if self.in_row(join.key).bytes.is_none() {
                return Some(Found::Nobody);
            }
            let (model, columns, joined) = (join.target, &join.columns, join.joins.as_slice());
            return Some(Found::One(Reader { model, start: join.start, columns, joined, ..*self }));
        }
        // Nothing is loaded beside a row that was joined.
        if self.start > 0 {
            return None;
        }
        let loaded = self.rows.loaded.iter().find(|loaded| loaded.relation == relation)?;
        let positions = loaded.children[self.index].as_slice();
        let relation = self.model.relation(relation);
        let (model, rows) = (relation.target, &loaded.rows);
        Some(match positions {
            _ if relation.many => Found::Many(Children { model, rows, positions }),
            [] => Found::Nobody,
            [index, ..] => Found::One(rows.at(model, *index)),
        })
    }

    /// How many related rows there are.
    pub(crate) fn count(&self, relation: u16) -> Result<i64, ReadError> {
        let counted = self.rows.counted.iter().find(|counted| counted.relation == relation);
        self.chosen(Place::Relation(relation), counted.map(|counted| counted.counts[self.index]))
    }

    /// What must be there because it was chosen.
    pub(crate) fn chosen<T>(&self, place: Place, found: Option<T>) -> Result<T, ReadError> {
        found.ok_or_else(|| self.error(place, NOT_READ))
    }

    pub(crate) fn read<R: Record>(&self) -> Result<R, ReadError> {
        record::read(self)
    }

    #[cold]
    pub(crate) fn error(&self, place: Place, reason: impl Into<String>) -> ReadError {
        let field = match place {
            Place::Column(column) => self.model.column(column).field,
            Place::Relation(relation) | Place::Count(relation) => {
                self.model.relation(relation).field
            }
            Place::Row => "_count",
        };
        ReadError(Box::new(Unreadable { model: self.model.name, field, reason: reason.into() }))
    }

    /// The value of a column, where the row has them all.
    #[inline]
    pub(crate) fn cell(&self, column: usize) -> Cell<'a> {
        self.in_row(self.start + column)
    }

    #[expect(
        clippy::inline_always,
        reason = "each value of each row, and a handful of types that it is read as"
    )]
    #[inline(always)]
    fn in_row(&self, place: usize) -> Cell<'a> {
        match self.values {
            Values::Row(row) => cell(row, place),
            Values::Line(line) => line.cell(place),
        }
    }
}

impl Children<'_> {
    #[expect(
        clippy::question_mark,
        reason = "this is compiled for each model, and a `collect` or a `?` costs a client's build several times as much"
    )]
    fn read<R: Record>(self) -> Result<Vec<R>, ReadError> {
        let mut records = Vec::with_capacity(self.positions.len());
        for index in self.positions {
            let row = self.rows.at(self.model, *index);
            if let Err(error) = record::read_into(&row, &mut records) {
                return Err(error);
            }
        }
        Ok(records)
    }
}

/// For generated code: reads what a relation to the model has, one row or many.
pub fn fetched<M: Model>(found: Found<'_>) -> Related {
    match found {
        Found::Nobody => Ok(None),
        Found::One(row) => match row.read::<M>() {
            Ok(row) => Ok(Some(Box::new(row))),
            Err(error) => Err(error),
        },
        Found::Many(rows) => match rows.read::<M>() {
            Ok(rows) => Ok(Some(Box::new(rows))),
            Err(error) => Err(error),
        },
    }
}

const NOT_READ: &str = "the query did not ask for the field";
pub(crate) const MISSING: &str = "Field is required to return data, got `null` instead.";

/// One value of a driver's row.
pub(crate) fn cell(row: &Row, column: usize) -> Cell<'_> {
    let bytes = row.get::<_, Option<Raw<'_>>>(column).map(|raw| raw.0);
    Cell { ty: row.columns()[column].type_(), bytes }
}

impl ReadError {
    pub(crate) fn model(&self) -> &'static str {
        self.0.model
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unreadable { model, field, reason } = &*self.0;
        write!(f, "Inconsistent query result: {model}.{field}: {reason}")
    }
}

impl std::error::Error for ReadError {}

/// An accessor of a relation that the query did not fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationNotFetchedError {
    field: &'static str,
}

impl RelationNotFetchedError {
    /// For generated accessors.
    pub const fn new(field: &'static str) -> Self {
        Self { field }
    }
}

impl fmt::Display for RelationNotFetchedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Attempted to access field '{}' but did not fetch it using the .with() syntax",
            self.field
        )
    }
}

impl std::error::Error for RelationNotFetchedError {}
