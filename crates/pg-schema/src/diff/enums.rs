//! Which enums come and go, and which values of those that stay.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::{Name, Tables, resolved, table::TablePair};
use crate::{AlterEnum, Column, ColumnId, ColumnType, EnumId, Pair, PgSchema, Step};

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
        let mut uses = Self::default();
        uses.find_defaults(schemas, tables);
        for TablePair { ids, dropped, columns, .. } in &tables.pairs {
            for column in columns {
                uses.find_kept(schemas, column.ids);
            }
            for column in dropped {
                uses.find_left(schemas.previous, ids.previous.column(*column));
            }
        }
        for table in &tables.dropped {
            for column in 0..schemas.previous.table_at(*table).columns.len() {
                uses.find_left(schemas.previous, table.column(column));
            }
        }
        // One after another in the order of the tables, whatever the order of the pairs.
        uses.moved.values_mut().chain(uses.left.values_mut()).for_each(|ids| ids.sort_unstable());
        uses
    }

    fn find_kept(&mut self, schemas: Pair<&'a PgSchema>, ids: Pair<ColumnId>) {
        let before = schemas.previous.column_at(ids.previous);
        let was = enum_of(before, schemas.previous);
        let will = enum_of(schemas.next.column_at(ids.next), schemas.next);
        // A default of another type has no cast; such a column will be made anew anyway.
        if let Some(name) = will.filter(|_| before.default.is_none() || was == will) {
            self.moved.entry(name).or_default().push(ids.next);
        }
        if was != will {
            self.find_left(schemas.previous, ids.previous);
        }
    }

    fn find_left(&mut self, previous: &'a PgSchema, id: ColumnId) {
        if let Some(name) = enum_of(previous.column_at(id), previous) {
            self.left.entry(name).or_default().push(id);
        }
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
pub(super) fn enum_of<'a>(column: &'a Column, schema: &'a PgSchema) -> Option<Name<'a>> {
    match &column.ty {
        ColumnType::Enum(name) => Some(resolved(name, schema)),
        _ => None,
    }
}
