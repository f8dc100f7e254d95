//! What a list of changes means for one row: its columns, rows to look up first, relations to change afterwards.

use crate::ids;
use crate::model::{ClientDefault, Descriptor, Link, Relation};
use crate::set::{RelationOp, SetNode, SetOp};
use crate::value::PrismaValue;

/// What a list of changes means for one row of one model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    /// Columns of the row itself; each at most once.
    pub(crate) columns: Vec<ColumnChange>,
    /// Rows to find first, since what names them is not what the key holds.
    pub(crate) lookups: Vec<Lookup>,
    /// Relations whose key is somewhere else, to be changed once the row is there.
    pub(crate) after: Vec<RelationChange>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColumnChange {
    pub(crate) column: u16,
    pub(crate) op: SetOp,
    pub(crate) value: PrismaValue,
}

#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    pub(crate) relation: &'static Relation,
    /// Columns of this row that take the values of `to` of the found one.
    pub(crate) from: &'static [u16],
    pub(crate) to: &'static [u16],
    pub(crate) key: Vec<(u16, PrismaValue)>,
}

#[derive(Debug, Clone)]
pub(crate) struct RelationChange {
    pub(crate) relation: &'static Relation,
    pub(crate) op: RelationOp,
    pub(crate) keys: Vec<Vec<(u16, PrismaValue)>>,
}

impl Changes {
    pub(crate) fn new(model: &'static Descriptor, nodes: Vec<SetNode>) -> Self {
        let mut changes = Self::default();
        for node in nodes {
            match node {
                SetNode::Column { column, op, value } => changes.put(column, op, value),
                SetNode::Relation { relation, op, keys } => {
                    changes.relate(model.relation(relation), op, keys);
                }
            }
        }
        changes
    }

    /// What the client gives a new row that names no value of its own.
    pub(crate) fn with_defaults(mut self, model: &'static Descriptor, now: &PrismaValue) -> Self {
        for (index, column) in (0_u16..).zip(model.columns) {
            if self.has(index) || self.lookups.iter().any(|lookup| lookup.from.contains(&index)) {
                continue;
            }
            let default = if column.updated_at { ClientDefault::Now } else { column.default };
            if let Some(value) = ids::generate(default, column.kind, now) {
                self.put(index, SetOp::Set, value);
            }
        }
        self
    }

    /// `@updatedAt` of a row that changes.
    pub(crate) fn touched(mut self, model: &'static Descriptor, now: &PrismaValue) -> Self {
        for (index, column) in (0_u16..).zip(model.columns) {
            if column.updated_at && !self.has(index) {
                self.put(index, SetOp::Set, now.clone());
            }
        }
        self
    }

    /// Of two changes to one column the later wins.
    pub(crate) fn put(&mut self, column: u16, op: SetOp, value: PrismaValue) {
        self.columns.retain(|change| change.column != column);
        self.columns.push(ColumnChange { column, op, value });
    }

    /// Whether one statement is enough.
    pub(crate) fn is_plain(&self) -> bool {
        self.lookups.is_empty() && self.after.is_empty()
    }

    pub(crate) fn value(&self, column: u16) -> Option<&PrismaValue> {
        self.columns
            .iter()
            .find(|change| change.column == column && change.op == SetOp::Set)
            .map(|change| &change.value)
    }

    fn has(&self, column: u16) -> bool {
        self.columns.iter().any(|change| change.column == column)
    }

    fn relate(
        &mut self,
        relation: &'static Relation,
        op: RelationOp,
        mut keys: Vec<Vec<(u16, PrismaValue)>>,
    ) {
        let Link::Keys { from, to, holds_key: true } = &relation.link else {
            self.after.push(RelationChange { relation, op, keys });
            return;
        };
        let Some(key) = keys.pop() else {
            for column in *from {
                self.put(*column, SetOp::Set, PrismaValue::Null);
            }
            return;
        };
        let direct: Option<Vec<PrismaValue>> = to
            .iter()
            .map(|column| key.iter().find(|(of, _)| of == column).map(|(_, value)| value.clone()))
            .collect();
        match direct {
            Some(values) => {
                for (column, value) in from.iter().zip(values) {
                    self.put(*column, SetOp::Set, value);
                }
            }
            None => self.lookups.push(Lookup { relation, from, to, key }),
        }
    }
}
