//! From rows to values: what generated `read` functions stand on.
//!
//! Rows and the relations loaded for them are a tree without types; a reader stands at one row of it.

use std::fmt;

use postgres::driver::Row;

use crate::fetched::Fetched;
use crate::model::{Descriptor, Model};
use crate::plan::join::Join;
use crate::wire::decode::{Cell, FromColumn, Raw};

/// Rows of one model and what was loaded for them.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "they are the rows, what else")]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    /// Relations whose rows stand in the same rows.
    pub(crate) joined: Vec<Join>,
    pub(crate) loaded: Vec<Loaded>,
}

/// The rows of one relation.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) relation: u16,
    pub(crate) rows: Rows,
    /// For each parent row, the positions of its related rows.
    pub(crate) children: Vec<Vec<usize>>,
}

/// Stands at one row.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rows: &'a Rows,
    index: usize,
    /// Where in the row the model's columns begin.
    start: usize,
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

impl Rows {
    pub(crate) fn decode<M: Model>(&self) -> Result<Vec<M::Data>, ReadError> {
        (0..self.rows.len()).map(|index| self.at(index).read::<M>()).collect()
    }

    pub(crate) fn decode_first<M: Model>(&self) -> Result<Option<M::Data>, ReadError> {
        if self.rows.is_empty() { Ok(None) } else { self.at(0).read::<M>().map(Some) }
    }

    pub(crate) fn at(&self, index: usize) -> Reader<'_> {
        Reader { rows: self, index, start: 0, joined: &self.joined }
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
        T::from_column(self.cell(self.start + column))
            .map_err(|reason| ReadError { place: Place::Column(column), reason })
    }

    /// The related rows; `None` when the relation was not fetched.
    pub fn many<N: Model>(
        &self,
        relation: u16,
    ) -> Result<Option<Fetched<Vec<N::Data>>>, ReadError> {
        let Some(loaded) = self.loaded(relation) else { return Ok(None) };
        let children = loaded.children[self.index].iter();
        let rows: Result<_, _> = children.map(|index| loaded.at(*index).read::<N>()).collect();
        rows.map(Fetched::new).map(Some)
    }

    /// The related row; `None` when the relation was not fetched, `Some(None)` when there is none.
    pub fn optional<N: Model>(
        &self,
        relation: u16,
    ) -> Result<Option<Option<Fetched<N::Data>>>, ReadError> {
        if let Some(join) = self.joined.iter().find(|join| join.relation == relation) {
            if self.cell(join.key).bytes.is_none() {
                return Ok(Some(None));
            }
            let row = Reader { start: join.start, joined: &join.joins, ..*self };
            return Ok(Some(Some(Fetched::new(row.read::<N>()?))));
        }
        let Some(loaded) = self.loaded(relation) else { return Ok(None) };
        let Some(index) = loaded.children[self.index].first() else { return Ok(Some(None)) };
        Ok(Some(Some(Fetched::new(loaded.at(*index).read::<N>()?))))
    }

    /// The related row that must be there; `None` when the relation was not fetched.
    pub fn one<N: Model>(&self, relation: u16) -> Result<Option<Fetched<N::Data>>, ReadError> {
        match self.optional::<N>(relation)? {
            None => Ok(None),
            Some(Some(row)) => Ok(Some(row)),
            Some(None) => Err(ReadError {
                place: Place::Relation(relation),
                reason: "Field is required to return data, got `null` instead.".to_owned(),
            }),
        }
    }

    pub(crate) fn read<M: Model>(&self) -> Result<M::Data, ReadError> {
        M::read(self).map_err(|error| error.within(M::descriptor()))
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
