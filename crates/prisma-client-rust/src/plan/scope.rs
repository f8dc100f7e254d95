//! Whose rows a statement may touch: those of one tenant, where the client speaks for one.
//!
//! A row belongs to the tenant that its own column names; without such a column, to the tenant of all the rows that it
//! cannot be without. Which of the two it is, and for which models neither, the descriptors say. Conditions are added
//! where a table gets its name in a statement, so no part of a query is without them.
//!
//! What is written is guarded beside it (`guards.rs`).

use uuid::Uuid;

use super::relation;
use super::sql::{Alias, Sql};
use crate::model::{Descriptor, Kind, Link, Relation};
use crate::value::PrismaValue;

/// The tables that a statement is about, and whose rows in them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'s> {
    /// The schema of models that name none.
    pub(crate) schema: &'s str,
    /// Whose rows; everybody's without it.
    pub(crate) tenant: Option<&'s PrismaValue>,
}

impl Scope<'_> {
    /// Whether the rows of a model belong to somebody, and not all of them are meant.
    pub(crate) fn restricts(self, model: &Descriptor) -> bool {
        self.tenant.is_some() && model.has_tenant()
    }
}

/// ` AND …`, where the scope restricts what a relation of rows that are in it leads to.
pub(crate) fn and_related(
    sql: &mut Sql<'_>,
    model: &Descriptor,
    relation: &Relation,
    alias: Alias,
) {
    condition(sql, relation.target, alias, Some((model, relation)), " AND ");
}

/// The condition that a row is in the scope after `start`, or nothing; says whether there is one.
pub(crate) fn own(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    start: &'static str,
) -> bool {
    condition(sql, model, alias, None, start)
}

/// Rows that are found by the other side of the relation which makes them the tenant's need not be asked for it.
fn condition(
    sql: &mut Sql<'_>,
    model: &'static Descriptor,
    alias: Alias,
    found_by: Option<(&Descriptor, &Relation)>,
    mut start: &'static str,
) -> bool {
    let Some(tenant) = sql.scope().tenant else { return false };
    if let Some(column) = model.tenant_column() {
        let column = model.column(column);
        sql.push(start).column(alias, column).push(" = ").value(column, tenant.clone());
        return true;
    }
    let mut restricted = false;
    for relation in model.relations.iter().filter(|relation| relation.tenant) {
        if found_by.is_some_and(|(from, by)| is_other_side(relation, from, by)) {
            continue;
        }
        sql.push(start).push("EXISTS (SELECT 1 FROM ");
        relation::joined(sql, model, alias, relation);
        sql.push(")");
        start = " AND ";
        restricted = true;
    }
    restricted
}

/// Whether `by` leads from the rows of `model` to those that `relation` leads back from.
fn is_other_side(relation: &Relation, model: &Descriptor, by: &Relation) -> bool {
    match (relation.link, by.link) {
        (
            Link::Keys { from, to, holds_key: true },
            Link::Keys { from: there, to: here, holds_key: false },
        ) => from == here && to == there && std::ptr::eq(relation.target, model),
        _ => false,
    }
}

/// Whether a value is the tenant. What is not known to be equal is not.
pub(crate) fn is_same(kind: Kind, value: &PrismaValue, tenant: &PrismaValue) -> bool {
    match (kind, value, tenant) {
        (_, PrismaValue::Null, _) => false,
        (Kind::Uuid, value, tenant) => {
            let parsed = uuid(value);
            parsed.is_some() && parsed == uuid(tenant)
        }
        _ => value == tenant,
    }
}

/// Text, as it is given, or what was read from a row.
fn uuid(value: &PrismaValue) -> Option<Uuid> {
    match value {
        PrismaValue::Uuid(uuid) => Some(*uuid),
        PrismaValue::String(text) => Uuid::parse_str(text).ok(),
        _ => None,
    }
}
