//! From two schemas to the steps between them.
//!
//! Things are paired by name, never by likeness: a renamed table is a dropped and a created one.
//! Objects that nobody asked for and that a schema cannot say (views, checks, triggers,
//! expression and exclusion indexes, partitions) are looked past.

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

use crate::name::{kept, same_kept};
use crate::{
    AlterTable, ColumnChanges, ColumnDefault, ColumnId, CreateIndex, NamespaceId, ObjectName, Pair,
    Partitioning, PgSchema, Step, Table, TableChange, TableId, TypeChange,
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
    let sequences = used_sequences(schemas.next);
    for pair in &tables.pairs {
        push_changed_table(pair, &sequences, &mut steps);
    }
    let recreated = index::resolve_name_clashes(schemas, &mut steps);
    steps.extend(recreated);
    let lost = foreign_key::Lost::find(schemas.previous, &steps);
    for pair in &tables.pairs {
        foreign_key::push_steps(pair, &lost, &mut steps);
    }
    steps.sort();
    lost.let_go_of_enums(&mut steps);
    keep_unique_until_primary_key(schemas, steps)
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
    let mut next: HashMap<Name<'_>, usize> = HashMap::new();
    for (id, table) in schemas.next.tables.iter().enumerate() {
        next.insert(resolved(&table.name, schemas.next), id);
    }
    let mut tables = Tables { dropped: Vec::new(), created: Vec::new(), pairs: Vec::new() };
    let mut paired = HashSet::new();
    for (id, table) in schemas.previous.tables.iter().enumerate() {
        match next.get(&resolved(&table.name, schemas.previous)) {
            Some(next_id) => {
                paired.insert(*next_id);
                // A partition is as its table is, for which no schema file has words of its own. What it has beyond that,
                // the names that the server gives its indexes say, is another on each server.
                let is_partition = |table: &Table| table.partitioning == Partitioning::Partition;
                if !(is_partition(table) && is_partition(&schemas.next.tables[*next_id])) {
                    let ids = Pair::new(TableId(id), TableId(*next_id));
                    tables.pairs.push(TablePair::new(schemas, ids));
                }
            }
            // It comes and goes with its table.
            None if table.partitioning == Partitioning::Partition => {}
            None => tables.dropped.push(TableId(id)),
        }
    }
    let is_created = |id: &usize| {
        !paired.contains(id) && schemas.next.tables[*id].partitioning != Partitioning::Partition
    };
    tables.created = (0..schemas.next.tables.len()).filter(is_created).map(TableId).collect();
    tables
}

/// A namespace and a name in it, as the server keeps it.
pub(crate) type Name<'a> = (&'a str, &'a str);

/// A name with its namespace, whether that was said or not.
pub(crate) fn resolved<'a>(name: &'a ObjectName, schema: &'a PgSchema) -> Name<'a> {
    (name.namespace_or(&schema.default_namespace), kept(&name.name))
}

/// Whether two names are one, each with its schema's default namespace.
pub(crate) fn same_name(names: Pair<&ObjectName>, schemas: Pair<&PgSchema>) -> bool {
    resolved(names.previous, schemas.previous) == resolved(names.next, schemas.next)
}

/// A namespace is created when something is to be in it: an empty one is nobody's wish.
fn push_namespaces(schemas: Pair<&PgSchema>, steps: &mut Vec<Step>) {
    let Pair { previous, next } = schemas;
    let used = used_namespaces(next);
    let used_before = used_namespaces(previous);
    // Of a server, what it has is known. Of a wanted schema, that its namespaces were made when something
    // came to be in them; the default one is in every new database.
    let exists = |namespace: &str| {
        previous.namespaces.iter().any(|known| known == namespace)
            && (!previous.is_desired
                || namespace == previous.default_namespace
                || used_before.contains(namespace))
    };
    for (id, namespace) in next.namespaces.iter().enumerate() {
        if used.contains(namespace.as_str()) && !exists(namespace) {
            steps.push(Step::CreateSchema(NamespaceId(id)));
        }
    }
}

/// The namespaces that tables and enums are in.
fn used_namespaces(schema: &PgSchema) -> HashSet<&str> {
    let tables = schema.tables.iter().map(|table| &table.name);
    let enums = schema.enums.iter().map(|enumeration| &enumeration.name);
    tables.chain(enums).map(|name| name.namespace_or(&schema.default_namespace)).collect()
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

/// The sequences that columns count with; those that no server has named yet cannot be told apart.
fn used_sequences(schema: &PgSchema) -> HashSet<Option<&ObjectName>> {
    let columns = schema.tables.iter().flat_map(|table| &table.columns);
    columns
        .filter_map(|column| match &column.default {
            Some(ColumnDefault::Autoincrement(sequence)) => Some(sequence.as_ref()),
            _ => None,
        })
        .collect()
}

fn push_changed_table(
    tables: &TablePair<'_>,
    used: &HashSet<Option<&ObjectName>>,
    steps: &mut Vec<Step>,
) {
    index::push_steps(tables, steps);
    let changes = table_changes(tables);
    if !changes.is_empty() {
        let unused_sequences = unused_sequences(tables, used);
        steps.push(Step::AlterTable(AlterTable { tables: tables.ids, changes, unused_sequences }));
    }
}

/// Columns whose sequence is to go: they stop counting, and no other column counts with it.
fn unused_sequences(tables: &TablePair<'_>, used: &HashSet<Option<&ObjectName>>) -> Vec<ColumnId> {
    let stops = tables.columns.iter().filter(|column| {
        column.changes.autoincrement && column.changes.ty != Some(TypeChange::NotCastable)
    });
    stops
        .map(|column| column.ids.previous)
        .filter(|id| match &tables.schemas.previous.column_at(*id).default {
            Some(ColumnDefault::Autoincrement(sequence)) => !used.contains(&sequence.as_ref()),
            _ => false,
        })
        .collect()
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
    let is_altered = !changes.is_empty()
        || key.added
        || tables.columns.iter().any(|column| column.changes.any());
    let mut altered: Vec<_> = tables
        .columns
        .iter()
        .map(|column| {
            let restated = is_altered && column.is_default_restated;
            (
                column.ids,
                ColumnChanges { default: column.changes.default || restated, ..column.changes },
            )
        })
        .filter(|(_, changes)| changes.any())
        .collect();
    altered.sort_by_key(|(ids, _)| *ids);
    changes.extend(altered.into_iter().map(|(ids, column_changes)| match column_changes.ty {
        Some(TypeChange::NotCastable) => TableChange::RecreateColumn(ids, column_changes),
        _ => TableChange::AlterColumn(ids, column_changes),
    }));
    if key.added {
        changes.push(TableChange::AddPrimaryKey);
    }
    changes
}

/// A unique index that gives way to a primary key over the same columns goes after the key has
/// come, so that replicas that need uniqueness are never without.
fn keep_unique_until_primary_key(schemas: Pair<&PgSchema>, steps: Vec<Step>) -> Vec<Step> {
    let keys: HashMap<TableId, &AlterTable> = steps
        .iter()
        .filter_map(|step| match step {
            Step::AlterTable(alter) if alter.changes.contains(&TableChange::AddPrimaryKey) => {
                Some((alter.tables.previous, alter))
            }
            _ => None,
        })
        .collect();
    let waits = |step: &Step| match step {
        Step::DropIndex(id) => {
            keys.get(&id.table).is_some_and(|alter| becomes_primary_key(schemas, *id, alter))
        }
        _ => false,
    };
    let waiting: Vec<bool> = steps.iter().map(waits).collect();
    if !waiting.contains(&true) {
        return steps;
    }
    let mut late: HashMap<TableId, Vec<Step>> = HashMap::new();
    let mut kept = Vec::with_capacity(steps.len());
    for (step, waits) in steps.into_iter().zip(waiting) {
        match step {
            Step::DropIndex(id) if waits => late.entry(id.table).or_default().push(step),
            Step::AlterTable(AlterTable { tables, .. }) => {
                kept.push(step);
                kept.extend(late.remove(&tables.previous).into_iter().flatten().rev());
            }
            step => kept.push(step),
        }
    }
    kept
}

fn becomes_primary_key(schemas: Pair<&PgSchema>, id: crate::IndexId, alter: &AlterTable) -> bool {
    let table = schemas.previous.table_at(id.table);
    let index = schemas.previous.index_at(id);
    let Some(columns) = index.columns() else { return false };
    let columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
    let lost = |column: ColumnId| columns.contains(&schemas.previous.column_at(column).name);
    index.unique
        && table.primary_key.is_none()
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
            .is_some_and(|key| same_kept(&key.columns, &columns))
}
