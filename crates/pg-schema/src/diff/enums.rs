//! Which enums come and go, and which values of those that stay.

use std::collections::HashMap;

use super::{Tables, resolved, table::TablePair};
use crate::{AlterEnum, Column, ColumnId, ColumnType, EnumId, ObjectName, Pair, PgSchema, Step};

pub(super) fn push_steps(schemas: Pair<&PgSchema>, tables: &Tables<'_>, steps: &mut Vec<Step>) {
    let mut next: HashMap<_, _> = schemas
        .next
        .enums
        .iter()
        .enumerate()
        .map(|(id, e)| (resolved(&e.name, schemas.next), EnumId(id)))
        .collect();
    for (id, previous) in schemas.previous.enums.iter().enumerate() {
        match next.remove(&resolved(&previous.name, schemas.previous)) {
            Some(next) => push_changed(schemas, tables, Pair::new(EnumId(id), next), steps),
            None => steps.push(Step::DropEnum(EnumId(id))),
        }
    }
    steps.extend(next.into_values().map(Step::CreateEnum));
}

fn push_changed(
    schemas: Pair<&PgSchema>,
    tables: &Tables<'_>,
    enums: Pair<EnumId>,
    steps: &mut Vec<Step>,
) {
    let previous = schemas.previous.enum_at(enums.previous);
    let next = schemas.next.enum_at(enums.next);
    let missing = |values: &[String], among: &[String]| -> Vec<String> {
        values.iter().filter(|value| !among.contains(value)).cloned().collect()
    };
    let added = missing(&next.values, &previous.values);
    let removed = missing(&previous.values, &next.values);
    if added.is_empty() && removed.is_empty() {
        return;
    }
    let defaults = defaults(schemas, tables, Pair::new(&previous.name, &next.name));
    steps.push(Step::AlterEnum(AlterEnum { enums, added, removed, defaults }));
}

/// Columns of the enum that have a default, dropped ones too: the old enum cannot go before all
/// its defaults have.
fn defaults(
    schemas: Pair<&PgSchema>,
    tables: &Tables<'_>,
    names: Pair<&ObjectName>,
) -> Vec<(ColumnId, Option<ColumnId>)> {
    let has_default = |column: &Column, name: &ObjectName, schema: &PgSchema| {
        column.default.is_some()
            && matches!(&column.ty, ColumnType::Enum(ty) if resolved(ty, schema) == resolved(name, schema))
    };
    let uses_previous = |id: &ColumnId| {
        has_default(schemas.previous.column_at(*id), names.previous, schemas.previous)
    };

    let mut defaults = Vec::new();
    for table in &tables.dropped {
        let columns =
            (0..schemas.previous.table_at(*table).columns.len()).map(|column| table.column(column));
        defaults.extend(columns.filter(uses_previous).map(|column| (column, None)));
    }
    for TablePair { ids, dropped, columns, .. } in &tables.pairs {
        let dropped = dropped.iter().map(|column| ids.previous.column(*column));
        defaults.extend(dropped.filter(uses_previous).map(|column| (column, None)));
        for column in columns.iter().filter(|column| uses_previous(&column.ids.previous)) {
            let next = Some(column.ids.next).filter(|next| {
                has_default(schemas.next.column_at(*next), names.next, schemas.next)
            });
            defaults.push((column.ids.previous, next));
        }
    }
    defaults
}
