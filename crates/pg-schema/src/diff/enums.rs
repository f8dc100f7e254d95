//! Which enums come and go, and which values of those that stay.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::{Name, Tables, resolved, table::TablePair};
use crate::name::kept;
use crate::{AlterEnum, Column, ColumnId, ColumnType, EnumId, Pair, PgSchema, Step, TableId};

pub(super) fn push_steps(schemas: Pair<&PgSchema>, tables: &Tables<'_>, steps: &mut Vec<Step>) {
    let mut next: HashMap<_, _> = schemas
        .next
        .enums
        .iter()
        .enumerate()
        .map(|(id, e)| (resolved(&e.name, schemas.next), EnumId(id)))
        .collect();
    let uses = OnceCell::new();
    for (id, previous) in schemas.previous.enums.iter().enumerate() {
        match next.remove(&resolved(&previous.name, schemas.previous)) {
            Some(next) => {
                let uses = || uses.get_or_init(|| Uses::find(schemas, tables));
                push_changed(schemas, Pair::new(EnumId(id), next), uses, steps);
            }
            None => steps.push(Step::DropEnum(EnumId(id))),
        }
    }
    steps.extend(next.into_values().map(Step::CreateEnum));
}

fn push_changed<'u, 's: 'u>(
    schemas: Pair<&'s PgSchema>,
    enums: Pair<EnumId>,
    uses: impl Fn() -> &'u Uses<'s>,
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
    let of = |columns: &HashMap<Name<'_>, Vec<ColumnId>>| {
        columns.get(&resolved(&previous.name, schemas.previous)).cloned().unwrap_or_default()
    };
    let uses = uses();
    let defaults = uses.defaults.get(&resolved(&previous.name, schemas.previous));
    steps.push(Step::AlterEnum(AlterEnum {
        enums,
        added,
        removed,
        defaults: defaults.cloned().unwrap_or_default(),
        moved: of(&uses.moved),
        left: of(&uses.left),
    }));
}

/// The columns of each enum, by what becomes of them. Found once for all enums: going through all tables for
/// each would take the square of their number.
#[derive(Default)]
struct Uses<'a> {
    /// Columns that have a default, dropped ones too: the old enum cannot go before all its defaults have. With
    /// them what they become, where that has a default too.
    defaults: HashMap<Name<'a>, Vec<(ColumnId, Option<ColumnId>)>>,
    /// Of the next schema: were and will be of the enum. Those that do not exist yet will be made with it.
    moved: HashMap<Name<'a>, Vec<ColumnId>>,
    /// Of the previous schema: will not be of the enum any more.
    left: HashMap<Name<'a>, Vec<ColumnId>>,
}

impl<'a> Uses<'a> {
    fn find(schemas: Pair<&'a PgSchema>, tables: &Tables<'_>) -> Self {
        let Pair { previous, next } = schemas;
        let mut uses = Self::default();
        uses.find_defaults(schemas, tables);

        let (old, new) = (columns_by_name(previous), columns_by_name(next));
        for (place, id) in all_columns(next) {
            let Some(name) = enum_of(next.column_at(id), next) else { continue };
            // A default of another type has no cast; such a column will be made anew anyway.
            let can_move =
                old.get(&place).map(|id| previous.column_at(*id)).is_some_and(|before| {
                    before.default.is_none() || enum_of(before, previous) == Some(name)
                });
            if can_move {
                uses.moved.entry(name).or_default().push(id);
            }
        }
        for (place, id) in all_columns(previous) {
            let Some(name) = enum_of(previous.column_at(id), previous) else { continue };
            let after = new.get(&place).and_then(|id| enum_of(next.column_at(*id), next));
            if after != Some(name) {
                uses.left.entry(name).or_default().push(id);
            }
        }
        uses
    }

    fn find_defaults(&mut self, schemas: Pair<&'a PgSchema>, tables: &Tables<'_>) {
        let with_default = |column: &'a Column, schema: &'a PgSchema| {
            enum_of(column, schema).filter(|_| column.default.is_some())
        };
        let mut push = |id: ColumnId, next: Option<ColumnId>| {
            let column = schemas.previous.column_at(id);
            let Some(name) = with_default(column, schemas.previous) else { return };
            let next = next.filter(|next| {
                with_default(schemas.next.column_at(*next), schemas.next) == Some(name)
            });
            self.defaults.entry(name).or_default().push((id, next));
        };
        for table in &tables.dropped {
            for column in 0..schemas.previous.table_at(*table).columns.len() {
                push(table.column(column), None);
            }
        }
        for TablePair { ids, dropped, columns, .. } in &tables.pairs {
            for column in dropped {
                push(ids.previous.column(*column), None);
            }
            for column in columns {
                push(column.ids.previous, Some(column.ids.next));
            }
        }
    }
}

/// The enum that a column is of.
fn enum_of<'a>(column: &'a Column, schema: &'a PgSchema) -> Option<Name<'a>> {
    match &column.ty {
        ColumnType::Enum(name) => Some(resolved(name, schema)),
        _ => None,
    }
}

/// Every column with its table's name and its own, in order.
fn all_columns(schema: &PgSchema) -> impl Iterator<Item = ((Name<'_>, &str), ColumnId)> {
    schema.tables.iter().enumerate().flat_map(move |(id, table)| {
        let name = resolved(&table.name, schema);
        let columns = table.columns.iter().enumerate();
        columns.map(move |(at, column)| ((name, kept(&column.name)), TableId(id).column(at)))
    })
}

fn columns_by_name(schema: &PgSchema) -> HashMap<(Name<'_>, &str), ColumnId> {
    all_columns(schema).collect()
}
