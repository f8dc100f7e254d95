//! What a list of changes means for one row: its columns, rows to find or make first, relations to change and rows to
//! make afterwards.

use super::{Scope, defaults};
use crate::error::QueryError;
use crate::model::{Descriptor, Link, Relation};
use crate::set::{ColumnChange, NewRow, RelationOp, SetNode, SetOp};
use crate::value::PrismaValue;

/// What a list of changes means for one row of one model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    /// Columns of the row itself; each at most once.
    pub(crate) columns: Vec<ColumnChange>,
    /// Rows to find first, since what names them is not what the key holds.
    pub(crate) lookups: Vec<Lookup>,
    /// Rows to make first, since this one refers to them.
    pub(crate) before: Vec<Before>,
    /// What the key of is somewhere else, to be done once the row is there, in the order given.
    pub(crate) after: Vec<After>,
}

#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    pub(crate) relation: &'static Relation,
    /// Columns of this row that take the values of `to` of the found one.
    pub(crate) from: &'static [u16],
    pub(crate) to: &'static [u16],
    pub(crate) key: Vec<(u16, PrismaValue)>,
}

/// A row that is made, or found, before the row that refers to it.
#[derive(Debug, Clone)]
pub(crate) struct Before {
    pub(crate) relation: &'static Relation,
    /// Columns of this row that take the values of `to` of the other one.
    pub(crate) from: &'static [u16],
    pub(crate) to: &'static [u16],
    pub(crate) row: NewRow,
}

/// What is done once the row is there.
#[derive(Debug, Clone)]
pub(crate) enum After {
    Relate(RelationChange),
    Make(&'static Relation, Vec<NewRow>),
}

impl After {
    pub(crate) fn relation(&self) -> &'static Relation {
        match self {
            Self::Relate(change) => change.relation,
            Self::Make(relation, _) => relation,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct RelationChange {
    pub(crate) relation: &'static Relation,
    pub(crate) op: RelationOp,
    pub(crate) keys: Vec<Vec<(u16, PrismaValue)>>,
}

impl Changes {
    pub(crate) fn new(scope: Scope<'_>, model: &'static Descriptor, nodes: Vec<SetNode>) -> Self {
        // What the client adds to a new row is little.
        let columns = Vec::with_capacity(nodes.len() + 4);
        let mut changes = Self { columns, ..Self::default() };
        for node in nodes {
            match node {
                SetNode::Column(change) => changes.put(change),
                SetNode::Relation { relation, op, keys } => {
                    // Whose a row is does not change with what it is related to.
                    let kept = scope.tenant.and(model.tenant_column());
                    changes.relate(model.relation(relation), op, keys, kept);
                }
                SetNode::Nested { relation, rows } => changes.nest(model.relation(relation), rows),
            }
        }
        changes
    }

    /// One of many new rows as columns, with what the client gives it; an error where they are not all of it.
    pub(crate) fn columns_of(
        scope: Scope<'_>,
        model: &'static Descriptor,
        nodes: Vec<SetNode>,
        now: &PrismaValue,
    ) -> Result<Vec<ColumnChange>, QueryError> {
        let changes = Self::new(scope, model, nodes).with_defaults(scope, model, now);
        if !changes.is_plain() {
            let reason = "Input error. Many rows are created by the keys of their relations, not by connect or create.";
            return Err(QueryError::new("P2019", reason).of(model));
        }
        Ok(changes.columns)
    }

    /// What the client gives a new row that names no value of its own.
    pub(crate) fn with_defaults(
        mut self,
        scope: Scope<'_>,
        model: &'static Descriptor,
        now: &PrismaValue,
    ) -> Self {
        if let (Some(_), Some(column)) = (scope.tenant, model.tenant_column()) {
            // Who the row belongs to is known, also where only `nested()` stands for it.
            self.lookups.retain(|lookup| !lookup.key.is_empty() || lookup.from != [column]);
        }
        for column in model.indices() {
            let Some(default) = defaults::of(scope, model, column) else { continue };
            if !self.has(column) && !self.will_have(column) {
                self.set(column, default.value(now));
            }
        }
        self
    }

    /// `@updatedAt` of a row that changes.
    pub(crate) fn touched(mut self, model: &'static Descriptor, now: &PrismaValue) -> Self {
        for column in model.indices() {
            if model.column(column).updated_at && !self.has(column) {
                self.set(column, now.clone());
            }
        }
        self
    }

    /// Of two changes to one column the later wins.
    fn put(&mut self, change: ColumnChange) {
        if self.has(change.column) {
            self.columns.retain(|other| other.column != change.column);
        }
        self.columns.push(change);
    }

    pub(crate) fn set(&mut self, column: u16, value: PrismaValue) {
        self.put(ColumnChange { column, op: SetOp::Set, value });
    }

    /// Whether one statement is enough.
    pub(crate) fn is_plain(&self) -> bool {
        self.lookups.is_empty() && self.before.is_empty() && self.after.is_empty()
    }

    pub(crate) fn value(&self, column: u16) -> Option<&PrismaValue> {
        self.columns
            .iter()
            .find(|change| change.column == column && change.op == SetOp::Set)
            .map(|change| &change.value)
    }

    /// Whether all of a key's columns are set to these values.
    pub(crate) fn holds(&self, key: &[(u16, PrismaValue)]) -> bool {
        !key.is_empty() && key.iter().all(|(column, value)| self.value(*column) == Some(value))
    }

    /// The key of a related row that is known now, whatever was to give it.
    pub(crate) fn refer(
        &mut self,
        from: &'static [u16],
        values: impl IntoIterator<Item = PrismaValue>,
    ) {
        self.release(from);
        for (column, value) in from.iter().zip(values) {
            self.set(*column, value);
        }
    }

    fn has(&self, column: u16) -> bool {
        self.columns.iter().any(|change| change.column == column)
    }

    /// Whether another row gives the column its value.
    fn will_have(&self, column: u16) -> bool {
        self.lookups.iter().any(|lookup| lookup.from.contains(&column))
            || self.before.iter().any(|before| before.from.contains(&column))
    }

    /// Of two changes to one relation the later wins.
    fn release(&mut self, from: &'static [u16]) {
        self.columns.retain(|change| !from.contains(&change.column));
        self.lookups.retain(|lookup| lookup.from != from);
        self.before.retain(|before| before.from != from);
    }

    fn nest(&mut self, relation: &'static Relation, mut rows: Vec<NewRow>) {
        let Link::Keys { from, to, holds_key: true } = &relation.link else {
            self.after.push(After::Make(relation, rows));
            return;
        };
        if let Some(row) = rows.pop() {
            self.release(from);
            self.before.push(Before { relation, from, to, row });
        }
    }

    fn relate(
        &mut self,
        relation: &'static Relation,
        op: RelationOp,
        mut keys: Vec<Vec<(u16, PrismaValue)>>,
        kept: Option<u16>,
    ) {
        let Link::Keys { from, to, holds_key: true } = &relation.link else {
            self.after.push(After::Relate(RelationChange { relation, op, keys }));
            return;
        };
        let is_named = |column: &u16| self.has(*column) || self.will_have(*column);
        if keys.first().is_some_and(Vec::is_empty) && from.iter().all(is_named) {
            // It stands for what is known already: another relation has the column too.
            return;
        }
        let Some(key) = keys.pop() else {
            self.lookups.retain(|lookup| lookup.from != *from);
            self.before.retain(|before| before.from != *from);
            for column in from.iter().filter(|column| kept != Some(**column) || from.len() == 1) {
                self.set(*column, PrismaValue::Null);
            }
            return;
        };
        self.release(from);
        let direct: Option<Vec<PrismaValue>> = to
            .iter()
            .map(|column| key.iter().find(|(of, _)| of == column).map(|(_, value)| value.clone()))
            .collect();
        match direct {
            Some(values) => {
                for (column, value) in from.iter().zip(values) {
                    self.set(*column, value);
                }
            }
            None => self.lookups.push(Lookup { relation, from, to, key }),
        }
    }
}
