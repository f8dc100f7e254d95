//! From two schemas to the steps between them.
//!
//! Things are paired by name, never by likeness: a renamed table is a dropped and a created one.
//! Objects that nobody asked for and that a schema cannot say (views, checks, triggers,
//! expression and exclusion indexes) are looked past.

mod column;
mod enums;
pub(crate) mod expression;
mod extension;
mod foreign_key;
mod index;
mod json;
mod primary_key;
mod table;
mod type_change;

use std::collections::{HashMap, HashSet};

use crate::{
    AlterTable, ColumnId, CreateIndex, NamespaceId, ObjectName, Pair, Partitioning, PgSchema, Step,
    TableChange, TableId, TypeChange,
};
pub use column::changes as column_changes;
use table::TablePair;

/// The steps from the previous schema to the next, in the order in which they are to be taken.
///
/// ```
/// use pg_schema::{ObjectName, Pair, Partitioning, PgSchema, Step, Table, diff, render};
///
/// let next = PgSchema { tables: vec![Table::new(ObjectName::bare("T"))], ..PgSchema::default() };
/// let pair = Pair::new(&PgSchema::default(), &next).map(Clone::clone);
/// let steps = diff(pair.as_ref());
///
/// assert!(matches!(steps[..], [Step::CreateTable(_)]));
/// assert!(diff(Pair::new(&next, &next)).is_empty());
/// ```
pub fn diff(schemas: Pair<&PgSchema>) -> Vec<Step> {
    let tables = pair_tables(schemas);
    let mut steps = Vec::new();
    push_namespaces(schemas, &mut steps);
    extension::push_steps(schemas, &mut steps);
    enums::push_steps(schemas, &tables, &mut steps);
    for id in &tables.created {
        push_created_table(schemas.next, *id, &mut steps);
    }
    for id in &tables.dropped {
        push_dropped_table(schemas.previous, *id, &mut steps);
    }
    for pair in &tables.pairs {
        push_changed_table(pair, &mut steps);
    }
    let recreated = index::resolve_name_clashes(schemas, &mut steps);
    steps.extend(recreated);
    steps.sort();
    keep_unique_until_primary_key(schemas, &mut steps);
    steps
}

/// The tables of both schemas, sorted out.
struct Tables<'a> {
    /// In the order of the previous schema.
    dropped: Vec<TableId>,
    /// In the order of the next schema.
    created: Vec<TableId>,
    /// In the order of the previous schema.
    pairs: Vec<TablePair<'a>>,
}

fn pair_tables(schemas: Pair<&PgSchema>) -> Tables<'_> {
    let mut next: HashMap<(&str, &str), usize> = HashMap::new();
    for (id, table) in schemas.next.tables.iter().enumerate() {
        next.insert(resolved(&table.name, schemas.next), id);
    }
    let mut tables = Tables { dropped: Vec::new(), created: Vec::new(), pairs: Vec::new() };
    let mut paired = HashSet::new();
    for (id, table) in schemas.previous.tables.iter().enumerate() {
        match next.get(&resolved(&table.name, schemas.previous)) {
            Some(next_id) => {
                paired.insert(*next_id);
                tables
                    .pairs
                    .push(TablePair::new(schemas, Pair::new(TableId(id), TableId(*next_id))));
            }
            // A partition comes and goes with its table.
            None if table.partitioning == Partitioning::Partition => {}
            None => tables.dropped.push(TableId(id)),
        }
    }
    tables.created =
        (0..schemas.next.tables.len()).filter(|id| !paired.contains(id)).map(TableId).collect();
    tables
}

/// A name with its namespace, whether that was said or not.
fn resolved<'a>(name: &'a ObjectName, schema: &'a PgSchema) -> (&'a str, &'a str) {
    (name.namespace_or(&schema.default_namespace), &name.name)
}

/// Whether two names are one, each with its schema's default namespace.
pub(crate) fn same_name(names: Pair<&ObjectName>, schemas: Pair<&PgSchema>) -> bool {
    resolved(names.previous, schemas.previous) == resolved(names.next, schemas.next)
}

/// A namespace is created when something is to be in it: an empty one is nobody's wish.
fn push_namespaces(schemas: Pair<&PgSchema>, steps: &mut Vec<Step>) {
    let next = schemas.next;
    let names =
        next.tables.iter().map(|table| &table.name).chain(next.enums.iter().map(|e| &e.name));
    let used: HashSet<&str> =
        names.map(|name| name.namespace_or(&next.default_namespace)).collect();
    for (id, namespace) in next.namespaces.iter().enumerate() {
        if !schemas.previous.namespaces.contains(namespace) && used.contains(namespace.as_str()) {
            steps.push(Step::CreateSchema(NamespaceId(id)));
        }
    }
}

fn push_created_table(next: &PgSchema, id: TableId, steps: &mut Vec<Step>) {
    let table = next.table_at(id);
    steps.push(Step::CreateTable(id));
    steps.extend((0..table.foreign_keys.len()).map(|key| Step::AddForeignKey(id.foreign_key(key))));
    steps.extend((0..table.indexes.len()).map(|index| {
        Step::CreateIndex(CreateIndex {
            previous_table: None,
            index: id.index(index),
            recreated: false,
        })
    }));
}

/// Keys go first, so that tables can go in any order.
fn push_dropped_table(previous: &PgSchema, id: TableId, steps: &mut Vec<Step>) {
    let keys = previous.table_at(id).foreign_keys.len();
    steps.push(Step::DropTable(id));
    steps.extend((0..keys).map(|key| Step::DropForeignKey(id.foreign_key(key))));
}

fn push_changed_table(tables: &TablePair<'_>, steps: &mut Vec<Step>) {
    foreign_key::push_steps(tables, steps);
    index::push_steps(tables, steps);
    let changes = table_changes(tables);
    if !changes.is_empty() {
        steps.push(Step::AlterTable(AlterTable { tables: tables.ids, changes }));
    }
}

/// The changes in the order in which one statement makes them.
fn table_changes(tables: &TablePair<'_>) -> Vec<TableChange> {
    let key = primary_key::change(tables);
    let mut changes = Vec::new();
    if key.dropped {
        changes.push(TableChange::DropPrimaryKey);
    }
    if key.renamed {
        changes.push(TableChange::RenamePrimaryKey);
    }
    changes.extend(
        tables
            .dropped
            .iter()
            .map(|column| TableChange::DropColumn(tables.ids.previous.column(*column))),
    );
    changes.extend(
        tables.added.iter().map(|column| TableChange::AddColumn(tables.ids.next.column(*column))),
    );
    let mut altered: Vec<_> = tables.columns.iter().filter(|column| column.changes.any()).collect();
    altered.sort_by_key(|column| column.ids);
    changes.extend(altered.into_iter().map(|column| match column.changes.ty {
        Some(TypeChange::NotCastable) => TableChange::RecreateColumn(column.ids, column.changes),
        _ => TableChange::AlterColumn(column.ids, column.changes),
    }));
    if key.added {
        changes.push(TableChange::AddPrimaryKey);
    }
    changes
}

/// A unique index that gives way to a primary key over the same columns goes after the key has
/// come, so that foreign keys and replicas that need uniqueness are never without.
fn keep_unique_until_primary_key(schemas: Pair<&PgSchema>, steps: &mut [Step]) {
    let mut at = 0;
    while at < steps.len() {
        let Step::DropIndex(id) = steps[at] else {
            at += 1;
            continue;
        };
        let replaced_at = steps[at + 1..].iter().position(|step| match step {
            Step::AlterTable(alter) => becomes_primary_key(schemas, id, alter),
            _ => false,
        });
        match replaced_at {
            // What followed moves up to `at`.
            Some(offset) => steps[at..=at + 1 + offset].rotate_left(1),
            None => at += 1,
        }
    }
}

fn becomes_primary_key(schemas: Pair<&PgSchema>, id: crate::IndexId, alter: &AlterTable) -> bool {
    let table = schemas.previous.table_at(id.table);
    let index = schemas.previous.index_at(id);
    let Some(columns) = index.columns() else { return false };
    let lost =
        |column: ColumnId| columns.contains(&schemas.previous.column_at(column).name.as_str());
    index.unique
        && table.primary_key.is_none()
        && alter.tables.previous == id.table
        && alter.changes.contains(&TableChange::AddPrimaryKey)
        && !alter.changes.iter().any(|change| match change {
            TableChange::DropColumn(column) => lost(*column),
            TableChange::RecreateColumn(column, _) => lost(column.previous),
            _ => false,
        })
        && schemas
            .next
            .table_at(alter.tables.next)
            .primary_key
            .as_ref()
            .is_some_and(|key| key.columns == columns)
}
