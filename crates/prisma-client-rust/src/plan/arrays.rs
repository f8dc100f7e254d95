//! Many new rows column by column, as an INSERT from arrays takes them.

use bytes::BytesMut;

use super::Scope;
use super::defaults::ColumnDefault;
use super::guards::{Guards, Writing, Written};
use super::sql::wire_types;
use crate::model::{Descriptor, Kind};
use crate::set::{SetNode, SetOp};
use crate::value::PrismaValue;
use crate::wire::array::Array;
use crate::wire::encode::Boxed;

/// Rows of one statement: enough that the round trip no longer counts, little enough to hold twice in memory.
const ROWS: usize = 10_000;

/// Rows of one statement where a column holds lists: finding a list among all takes time for each that is before it.
const ROWS_WITH_LISTS: usize = 1_000;

/// Bytes after which a statement gets no more rows: a server closes the connection over a message of 1 GB.
const BYTES: usize = 64 * 1024 * 1024;

/// New rows that set the same columns.
#[derive(Debug, Clone)]
pub(crate) struct Arrays {
    /// In the order of the model.
    pub(super) columns: Vec<Values>,
    /// For each column of the model its place among them.
    places: Vec<Option<usize>>,
    pub(super) rows: usize,
    /// What keeps them in their scope.
    pub(super) guards: Guards,
    /// The row that is being laid out, by the places of its values.
    row: Vec<Option<PrismaValue>>,
}

/// The values of one column, a row each, in the form in which they are sent: so little is held.
#[derive(Debug, Clone)]
pub(super) struct Values {
    pub(super) index: u16,
    pub(super) members: Array<BytesMut>,
    /// Where each value begins and ends, where it is a list itself: they lie one behind the other.
    pub(super) ends: Option<[Array<BytesMut>; 2]>,
}

impl Arrays {
    /// For rows that set these columns.
    pub(super) fn new(model: &'static Descriptor, is_set: impl Fn(u16) -> bool) -> Self {
        let columns = model.indices().filter(|index| is_set(*index));
        let columns: Vec<Values> = columns.map(|index| Values::new(model, index)).collect();
        let (places, row) = (Vec::new(), Vec::new());
        Self { columns, places, rows: 0, guards: Guards::default(), row }.placed(model)
    }

    fn placed(mut self, model: &'static Descriptor) -> Self {
        self.columns.sort_by_key(|column| column.index);
        let place = |index| self.columns.iter().position(|column| column.index == index);
        self.places = model.indices().map(place).collect();
        self.row = vec![None; self.columns.len()];
        self
    }

    /// The same rows with more columns: those that have a default and are not set.
    pub(super) fn completed(
        mut self,
        model: &'static Descriptor,
        defaults: &[Option<ColumnDefault<'_>>],
        now: &PrismaValue,
    ) -> Result<Self, String> {
        for index in model.indices() {
            let Some(default) = defaults[usize::from(index)] else { continue };
            if self.places[usize::from(index)].is_none() {
                let mut values = Values::new(model, index);
                for _ in 0..self.rows {
                    values.push(model, &default.value(now))?;
                }
                self.columns.push(values);
            }
        }
        Ok(self.placed(model))
    }

    /// Whether these are the columns that rows have to set, where the others have defaults.
    pub(super) fn needs(&self, needed: &[u16], defaults: &[Option<ColumnDefault<'_>>]) -> bool {
        let own = self.columns.iter().map(|column| column.index);
        own.filter(|index| defaults[usize::from(*index)].is_none()).eq(needed.iter().copied())
    }

    /// Whether one more can be part of the same statement.
    pub(super) fn has_room(&self) -> bool {
        let has_lists = self.columns.iter().any(|column| column.ends.is_some());
        let bytes: usize = self.columns.iter().map(|column| column.members.bytes()).sum();
        bytes < BYTES && self.rows < if has_lists { ROWS_WITH_LISTS } else { ROWS }
    }

    /// Appends a row that sets each of the columns once; what is wrong with it otherwise, and then there is no use for the
    /// others either.
    pub(super) fn append(
        &mut self,
        model: &'static Descriptor,
        row: &[SetNode],
    ) -> Result<(), String> {
        for node in row {
            let SetNode::Column(change) = node else { continue };
            if let Some(place) = self.places[usize::from(change.column)] {
                self.columns[place].push(model, &change.value)?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// Lays any row out: of two values for one column the later counts. It is not there until it is [`push`](Self::push)ed.
    pub(super) fn set(&mut self, row: Vec<SetNode>) {
        for node in row {
            let SetNode::Column(change) = node else { continue };
            if let Some(place) = self.places[usize::from(change.column)] {
                self.row[place] = Some(change.value);
            }
        }
    }

    /// Gives the row what it does not set.
    pub(super) fn fill(&mut self, defaults: &[Option<ColumnDefault<'_>>], now: &PrismaValue) {
        for (column, value) in self.columns.iter().zip(&mut self.row) {
            if value.is_none() {
                *value = defaults[usize::from(column.index)].map(|default| default.value(now));
            }
        }
    }

    /// Keeps the row in its scope.
    pub(super) fn guard(&mut self, scope: Scope<'_>, model: &'static Descriptor) {
        let row = Row { places: &self.places, values: &self.row };
        self.guards.add(scope, model, row, Writing::New);
    }

    /// Appends the row; as [`append`](Self::append).
    pub(super) fn push(&mut self, model: &'static Descriptor) -> Result<(), String> {
        for (column, value) in self.columns.iter_mut().zip(&mut self.row) {
            column.push(model, value.as_ref().unwrap_or(&PrismaValue::Null))?;
            *value = None;
        }
        self.rows += 1;
        Ok(())
    }
}

impl Values {
    fn new(model: &'static Descriptor, index: u16) -> Self {
        let column = model.column(index);
        let array = |kind: Kind| Array::begin(BytesMut::new(), &wire_types(kind).0, kind.digits());
        let ends = column.is_list().then(|| [array(Kind::Int4), array(Kind::Int4)]);
        Self { index, members: array(column.kind), ends }
    }

    fn push(&mut self, model: &'static Descriptor, value: &PrismaValue) -> Result<(), String> {
        let index = self.index;
        self.append(value).map_err(|reason| format!("`{}`: {reason}", model.column(index).field))
    }

    fn append(&mut self, value: &PrismaValue) -> Result<(), Boxed> {
        let Some(ends) = &mut self.ends else { return self.members.push(value) };
        let mut at = [PrismaValue::Null, PrismaValue::Null];
        if let PrismaValue::List(members) = value {
            at[0] = PrismaValue::Int(self.members.length().saturating_add(1));
            for member in members {
                self.members.push(member)?;
            }
            at[1] = PrismaValue::Int(self.members.length());
        }
        ends.iter_mut().zip(&at).try_for_each(|(ends, at)| ends.push(at))
    }
}

/// A row that is being laid out.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    places: &'a [Option<usize>],
    values: &'a [Option<PrismaValue>],
}

impl Written for Row<'_> {
    fn change(&self, column: u16) -> Option<(SetOp, &PrismaValue)> {
        let value = self.values[self.places[usize::from(column)]?].as_ref()?;
        Some((SetOp::Set, value))
    }
}
