//! From rows to values: what generated `read` functions stand on.
//!
//! Rows and the relations loaded for them are a tree without types; a reader stands at one row of it.

use std::fmt;

use postgres::driver::Row;

use crate::columns::Columns;
use crate::model::{Descriptor, Model};
use crate::plan::join::Join;
use crate::wire::decode::{Cell, FromColumn, Raw};

/// Rows of one model and what was loaded for them.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are the rows, what else")]
pub struct Rows {
    pub(crate) rows: Vec<Row>,
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
    rows: &'a Rows,
    index: usize,
    /// Where in the row the model's columns begin.
    start: usize,
    /// Which of its columns are there.
    columns: &'a Columns,
    joined: &'a [Join],
}

/// A column that does not hold what the schema says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    place: Place,
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Within the model that is being read.
    Column(usize),
    Relation(u16),
    /// The names, once the model is known.
    Field {
        model: &'static str,
        field: &'static str,
    },
}

/// What a row is read as: a model, for its whole `Data`, or the struct that `select!` or `include!` made.
pub trait Pick: 'static {
    /// The value of one row.
    type Output: Send + 'static;

    /// The model that the row is of.
    fn model() -> &'static Descriptor;

    /// Decodes the row that the reader stands at.
    fn read(row: &Reader<'_>) -> Result<Self::Output, ReadError>;
}

impl<M: Model> Pick for M {
    type Output = M::Data;

    fn model() -> &'static Descriptor {
        M::descriptor()
    }

    fn read(row: &Reader<'_>) -> Result<M::Data, ReadError> {
        <M as Model>::read(row)
    }
}

impl Rows {
    pub(crate) fn new(rows: Vec<Row>, columns: Columns) -> Self {
        Self { rows, columns, ..Self::default() }
    }

    pub(crate) fn decode<P: Pick>(&self) -> Result<Vec<P::Output>, ReadError> {
        (0..self.rows.len()).map(|index| self.at(index).read::<P>()).collect()
    }

    pub(crate) fn decode_first<P: Pick>(&self) -> Result<Option<P::Output>, ReadError> {
        if self.rows.is_empty() { Ok(None) } else { self.at(0).read::<P>().map(Some) }
    }

    pub(crate) fn at(&self, index: usize) -> Reader<'_> {
        let (columns, joined) = (&self.columns, self.joined.as_slice());
        Reader { rows: self, index, start: 0, columns, joined }
    }

    /// One value; `None` where the column was not asked for.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Option<Cell<'_>> {
        Some(cell(&self.rows[row], self.columns.place(column)?))
    }
}

impl Loaded {
    fn at(&self, index: usize) -> Reader<'_> {
        self.rows.at(index)
    }
}

impl Reader<'_> {
    /// The value of a column.
    pub fn get<T: FromColumn>(&self, column: usize) -> Result<T, ReadError> {
        let place = self.columns.place(column).ok_or_else(|| NOT_READ.to_owned());
        place
            .and_then(|place| T::from_column(self.cell(self.start + place)))
            .map_err(|reason| ReadError { place: Place::Column(column), reason })
    }

    /// The related rows; `None` when the relation was not fetched.
    pub fn many<P: Pick>(&self, relation: u16) -> Result<Option<Vec<P::Output>>, ReadError> {
        let Some(loaded) = self.loaded(relation) else { return Ok(None) };
        let children = loaded.children[self.index].iter();
        let rows: Result<_, _> = children.map(|index| loaded.at(*index).read::<P>()).collect();
        rows.map(Some)
    }

    /// The related row; `None` when the relation was not fetched, `Some(None)` when there is none.
    pub fn optional<P: Pick>(&self, relation: u16) -> Result<Option<Option<P::Output>>, ReadError> {
        if let Some(join) = self.joined.iter().find(|join| join.relation == relation) {
            if self.cell(join.key).bytes.is_none() {
                return Ok(Some(None));
            }
            let (columns, joined) = (&join.columns, join.joins.as_slice());
            let row = Reader { start: join.start, columns, joined, ..*self };
            return row.read::<P>().map(Some).map(Some);
        }
        let Some(loaded) = self.loaded(relation) else { return Ok(None) };
        let Some(index) = loaded.children[self.index].first() else { return Ok(Some(None)) };
        loaded.at(*index).read::<P>().map(Some).map(Some)
    }

    /// The related row that must be there; `None` when the relation was not fetched.
    pub fn one<P: Pick>(&self, relation: u16) -> Result<Option<P::Output>, ReadError> {
        match self.optional::<P>(relation)? {
            None => Ok(None),
            Some(Some(row)) => Ok(Some(row)),
            Some(None) => Err(ReadError {
                place: Place::Relation(relation),
                reason: "Field is required to return data, got `null` instead.".to_owned(),
            }),
        }
    }

    /// How many related rows there are.
    pub(crate) fn count(&self, relation: u16) -> Result<i64, ReadError> {
        let counted = self.rows.counted.iter().find(|counted| counted.relation == relation);
        Self::chosen(relation, counted.map(|counted| counted.counts[self.index]))
    }

    /// What must be there because it was chosen.
    pub(crate) fn chosen<T>(relation: u16, found: Option<T>) -> Result<T, ReadError> {
        found.ok_or_else(|| ReadError {
            place: Place::Relation(relation),
            reason: NOT_READ.to_owned(),
        })
    }

    pub(crate) fn read<P: Pick>(&self) -> Result<P::Output, ReadError> {
        P::read(self).map_err(|error| error.within(P::model()))
    }

    fn loaded(&self, relation: u16) -> Option<&Loaded> {
        // Nothing is loaded beside a row that was joined.
        if self.start > 0 {
            return None;
        }
        self.rows.loaded.iter().find(|loaded| loaded.relation == relation)
    }

    fn cell(&self, place: usize) -> Cell<'_> {
        cell(&self.rows.rows[self.index], place)
    }
}

const NOT_READ: &str = "the query did not ask for the field";

/// One value of a driver's row.
pub(crate) fn cell(row: &Row, column: usize) -> Cell<'_> {
    let bytes = row.get::<_, Option<Raw<'_>>>(column).map(|raw| raw.0);
    Cell { ty: row.columns()[column].type_(), bytes }
}

impl ReadError {
    /// The model that the error is about, once it is known.
    pub(crate) fn model(&self) -> Option<&'static str> {
        match self.place {
            Place::Field { model, .. } => Some(model),
            Place::Column(_) | Place::Relation(_) => None,
        }
    }

    fn within(self, model: &'static Descriptor) -> Self {
        let field = match self.place {
            Place::Column(column) => model.columns[column].field,
            Place::Relation(relation) => model.relation(relation).field,
            Place::Field { .. } => return self,
        };
        Self { place: Place::Field { model: model.name, field }, ..self }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inconsistent query result: ")?;
        match self.place {
            Place::Field { model, field } => write!(f, "{model}.{field}: {}", self.reason),
            Place::Column(_) | Place::Relation(_) => f.write_str(&self.reason),
        }
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
