//! What keeps a write inside the scope of its client, in the same statement: where a value would lead out of it, nothing
//! is written. Nothing depends on the question having been asked before.

use std::collections::HashSet;

use super::scope::{self, Scope, is_same};
use super::sql::{Sql, Statement};
use crate::model::{Descriptor, Link, Relation};
use crate::set::{ColumnChange, SetOp};
use crate::value::PrismaValue;

/// What must hold of values, for the row that they are written to not to leave the scope.
#[derive(Debug, Clone)]
pub(crate) enum Guard {
    /// It cannot hold.
    Refused(Refusal),
    /// The rows that the keys name are in the scope.
    Refers(References),
}

/// Why values cannot be in the scope.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refusal {
    /// The column holds the tenant, and was to hold another one.
    OfAnother(u16),
    /// The column holds the tenant, and rows were no longer to be related by it.
    Parted(u16),
    /// Which row is meant cannot be known beforehand.
    Unknown(&'static Relation),
}

/// The rows that the values of a foreign key lead to.
#[derive(Debug, Clone)]
pub(crate) struct References {
    pub(crate) model: &'static Descriptor,
    pub(crate) relation: &'static Relation,
    /// Whose they have to be.
    tenant: PrismaValue,
    /// A list for each column of the key, without doubles.
    pub(crate) keys: Vec<Vec<PrismaValue>>,
    seen: HashSet<Vec<u8>>,
}

/// The keys by which the rows of a statement can refer to each other.
#[derive(Debug, Clone)]
struct Made {
    relation: &'static Relation,
    keys: HashSet<Vec<u8>>,
}

/// The values of a row, wherever they are.
pub(crate) trait Written: Copy {
    /// How the row sets the column, and to what.
    fn change(&self, column: u16) -> Option<(SetOp, &PrismaValue)>;
}

impl Written for &[ColumnChange] {
    fn change(&self, column: u16) -> Option<(SetOp, &PrismaValue)> {
        let change = self.iter().find(|change| change.column == column)?;
        Some((change.op, &change.value))
    }
}

/// Whether values are of a new row, or change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    New,
    Change,
}

/// The guards of values, which may come row by row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guards {
    references: Vec<References>,
    made: Vec<Made>,
    refused: Option<Refusal>,
}

impl Guards {
    /// Takes the values of one more row into account.
    pub(crate) fn add(
        &mut self,
        scope: Scope<'_>,
        model: &'static Descriptor,
        row: impl Written,
        writing: Writing,
    ) {
        let Some(tenant) = scope.tenant else { return };
        if let Some(column) = model.tenant_column() {
            let right = match row.change(column) {
                Some((op, value)) => {
                    op == SetOp::Set && is_same(model.column(column).kind, value, tenant)
                }
                None => writing == Writing::Change,
            };
            if !right {
                self.refused.get_or_insert(Refusal::OfAnother(column));
            }
        }
        for relation in model.relations {
            self.follow(tenant, model, relation, row, writing);
            if writing == Writing::New && std::ptr::eq(relation.target, model) {
                self.offer(relation, row);
            }
        }
    }

    /// What refers to the row is in the scope, if the row is.
    fn offer(&mut self, relation: &'static Relation, row: impl Written) {
        let Link::Keys { to, holds_key: true, .. } = &relation.link else { return };
        let parts = to.iter().map(|column| row.change(*column).map(|(_, value)| bytes(value)));
        let Some(key) = parts.collect::<Option<Vec<_>>>() else { return };
        let key = key.concat();
        match self.made.iter_mut().find(|made| std::ptr::eq(made.relation, relation)) {
            Some(made) => {
                made.keys.insert(key);
            }
            None => self.made.push(Made { relation, keys: HashSet::from([key]) }),
        }
    }

    fn follow(
        &mut self,
        tenant: &PrismaValue,
        model: &'static Descriptor,
        relation: &'static Relation,
        row: impl Written,
        writing: Writing,
    ) {
        let target = relation.target;
        let Link::Keys { from, to, holds_key: true } = &relation.link else { return };
        if !target.has_tenant()
            || !from.iter().any(|column| is_written(model, *column, row, writing))
        {
            return;
        }
        let mut key = Vec::with_capacity(from.len());
        for (column, of) in from.iter().zip(*to) {
            let value = match row.change(*column) {
                Some((SetOp::Set, value)) => value,
                None if model.tenant_column() == Some(*column) => tenant,
                None if writing == Writing::New && model.column(*column).is_null_unless_set() => {
                    &PrismaValue::Null
                }
                _ => {
                    self.refused.get_or_insert(Refusal::Unknown(relation));
                    return;
                }
            };
            if *value == PrismaValue::Null {
                // It refers to nothing.
                return;
            }
            if target.tenant_column() == Some(*of)
                && is_same(target.column(*of).kind, value, tenant)
            {
                // The foreign key itself sees to it.
                return;
            }
            key.push(value);
        }
        self.refer(tenant, model, relation, &key);
    }

    fn refer(
        &mut self,
        tenant: &PrismaValue,
        model: &'static Descriptor,
        relation: &'static Relation,
        key: &[&PrismaValue],
    ) {
        let known = self.references.iter().position(|known| std::ptr::eq(known.relation, relation));
        let index = known.unwrap_or_else(|| {
            let keys = vec![Vec::new(); key.len()];
            let (tenant, seen) = (tenant.clone(), HashSet::new());
            self.references.push(References { model, relation, tenant, keys, seen });
            self.references.len() - 1
        });
        let references = &mut self.references[index];
        if references.seen.insert(key.iter().flat_map(|value| bytes(value)).collect()) {
            for (values, value) in references.keys.iter_mut().zip(key) {
                values.push((*value).clone());
            }
        }
    }

    /// The guards of rows that are all made or none. Others may refer to what is not made, and to somebody else's row of
    /// that key: `whole` is false of them.
    pub(crate) fn finish(mut self, whole: bool) -> Vec<Guard> {
        if let Some(refusal) = self.refused {
            return vec![Guard::Refused(refusal)];
        }
        for made in self.made.iter().filter(|_| whole) {
            for references in &mut self.references {
                references.leave_out(made);
            }
        }
        let open = self.references.into_iter().filter(|of| !of.keys.iter().any(Vec::is_empty));
        open.map(Guard::Refers).collect()
    }

    pub(crate) fn refused(&self) -> Option<Refusal> {
        self.refused
    }
}

impl References {
    /// Rows of the statement itself need not be there before.
    fn leave_out(&mut self, made: &Made) {
        if !std::ptr::eq(self.relation, made.relation) {
            return;
        }
        let rows = self.keys.first().map_or(0, Vec::len);
        let stays: Vec<bool> = (0..rows)
            .map(|row| {
                let key: Vec<u8> =
                    self.keys.iter().flat_map(|values| bytes(&values[row])).collect();
                !made.keys.contains(&key)
            })
            .collect();
        for values in &mut self.keys {
            let mut stays = stays.iter();
            values.retain(|_| stays.next() == Some(&true));
        }
    }
}

/// Whether a row of these values has one in this column that is not NULL by itself.
fn is_written(
    model: &'static Descriptor,
    column: u16,
    row: impl Written,
    writing: Writing,
) -> bool {
    row.change(column).is_some()
        || writing == Writing::New && !model.column(column).is_null_unless_set()
}

/// What of the values of one or many rows is to be guarded; nothing without a tenant.
pub(super) fn guards(
    scope: Scope<'_>,
    model: &'static Descriptor,
    rows: impl IntoIterator<Item = impl Written>,
    writing: Writing,
    whole: bool,
) -> Vec<Guard> {
    let mut guards = Guards::default();
    if scope.tenant.is_some() {
        for row in rows {
            guards.add(scope, model, row, writing);
        }
    }
    guards.finish(whole)
}

/// All of the guards after `start`, as conditions that do not look at the row which is written.
pub(super) fn guarded(sql: &mut Sql<'_>, guards: Vec<Guard>, mut start: &'static str) {
    for guard in guards {
        sql.push(start);
        start = " AND ";
        match &guard {
            Guard::Refused(_) => {
                sql.push("FALSE");
            }
            Guard::Refers(references) => found(sql, references),
        }
        sql.guard(guard);
    }
}

/// Whether every row that is referred to is there, for a look afterwards. In a batch the client may be another one's.
pub(crate) fn is_found(schema: &str, references: &References) -> Statement {
    let mut sql = Sql::new(Scope { schema, tenant: Some(&references.tenant) });
    sql.push("SELECT ");
    found(&mut sql, references);
    sql.finish()
}

fn found(sql: &mut Sql<'_>, references: &References) {
    let (target, Link::Keys { from, to, .. }) =
        (references.relation.target, references.relation.link)
    else {
        return;
    };
    let one = references.keys.iter().all(|values| values.len() == 1);
    let (keys, row) = (sql.alias(), sql.alias());
    if !one {
        sql.push("NOT EXISTS (SELECT 1 FROM unnest(");
        for (index, (column, values)) in from.iter().zip(&references.keys).enumerate() {
            sql.push(if index == 0 { "" } else { ", " });
            sql.list(references.model.column(*column).kind, values.clone());
        }
        sql.push(") AS ").aliased(keys).push("(");
        for index in 0..from.len() {
            sql.push(if index == 0 { "" } else { ", " }).numbered("k", index);
        }
        sql.push(") WHERE NOT ");
    }
    sql.push("EXISTS (SELECT 1 FROM ").table(target).push(" AS ").aliased(row);
    for (index, ((column, of), values)) in from.iter().zip(to).zip(&references.keys).enumerate() {
        sql.push(if index == 0 { " WHERE " } else { " AND " });
        sql.column(row, target.column(*of)).push(" = ");
        match values.as_slice() {
            [value] if one => {
                sql.value(references.model.column(*column), value.clone());
            }
            _ => {
                sql.aliased(keys).push(".").numbered("k", index);
            }
        }
    }
    scope::own(sql, target, row, " AND ");
    sql.push(if one { ")" } else { "))" });
}

/// Different for different values of one column.
fn bytes(value: &PrismaValue) -> Vec<u8> {
    let letters = match value {
        PrismaValue::String(text) | PrismaValue::Enum(text) => text.clone().into_bytes(),
        PrismaValue::Int(number) => number.to_be_bytes().to_vec(),
        PrismaValue::BigInt(number) => number.to_be_bytes().to_vec(),
        PrismaValue::Uuid(uuid) => uuid.as_bytes().to_vec(),
        other => format!("{other:?}").into_bytes(),
    };
    // The length, so that ("a", "bc") is not ("ab", "c").
    let mut bytes = letters.len().to_be_bytes().to_vec();
    bytes.extend(letters);
    bytes
}
