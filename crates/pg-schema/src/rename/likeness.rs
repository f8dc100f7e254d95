//! How much alike two things are, in points. What may be one thing under two names gets [`ENOUGH`] of them; less is
//! not worth a question. `None` is for what cannot be one: there would be nothing to keep.

use std::collections::HashMap;

use super::join;
use crate::diff::{column_changes, same_name};
use crate::{
    Arity, Column, ColumnId, ColumnType, Enum, EnumId, EnumValueId, ObjectName, Pair, PgSchema,
    Table, TableId, TypeChange,
};

pub(super) const ENOUGH: u32 = 70;

/// Columns of one table. They have to hold the same kind of values and to refer to the same; then a name, a place
/// among the others and a default speak for one column. `is_only` says that no other column of the type goes or comes.
pub(super) fn columns(schemas: Pair<&PgSchema>, ids: Pair<ColumnId>, is_only: bool) -> Option<u32> {
    let tables = Pair::new(
        schemas.previous.table_at(ids.previous.table),
        schemas.next.table_at(ids.next.table),
    );
    let columns = Pair::new(
        &tables.previous.columns[ids.previous.column],
        &tables.next.columns[ids.next.column],
    );
    let changes = column_changes(schemas, columns);
    let ty = match changes.ty {
        None => 40,
        Some(TypeChange::Safe) => 25,
        Some(TypeChange::Risky) => 10,
        Some(TypeChange::NotCastable) => return None,
    };
    let is_list = columns.map(|column| column.arity == Arity::List);
    // To the diff, one type that it does not know is like another.
    let are_unknown = matches!(
        (&columns.previous.ty, &columns.next.ty),
        (ColumnType::Unsupported(previous), ColumnType::Unsupported(next)) if previous != next
    );
    if is_list.differs()
        || are_unknown
        || changes.autoincrement
        || columns.map(|column| column.generated.is_some()).differs()
        || tables.zip(columns).map(|(table, column)| is_in_key(table, column)).differs()
    {
        return None;
    }
    let referenced = tables.zip(columns).map(|(table, column)| referenced(table, column));
    let refers = match (referenced.previous, referenced.next) {
        (Some(previous), Some(next)) if same_name(Pair::new(previous, next), schemas) => true,
        (None, None) => false,
        _ => return None,
    };
    let arity = match (columns.previous.arity, columns.next.arity) {
        (Arity::Nullable, Arity::Required) => 0,
        (previous, next) => {
            if previous == next {
                15
            } else {
                10
            }
        }
    };
    let place = points(15, is_in_one_place(ids, tables));
    let default = points(10, !changes.default);
    let name = similarity(columns.map(|column| column.name.as_str())) * 40 / 100;
    Some(ty + arity + default + name + place + points(15, refers) + points(10, is_only))
}

fn is_in_key(table: &Table, column: &Column) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name))
}

fn referenced<'a>(table: &'a Table, column: &Column) -> Option<&'a ObjectName> {
    let key = table.foreign_keys.iter().find(|key| key.columns.contains(&column.name))?;
    Some(&key.referenced_table)
}

/// After the same column, or before the same.
fn is_in_one_place(ids: Pair<ColumnId>, tables: Pair<&Table>) -> bool {
    let places = ids.map(|id| id.column);
    let neighbours = |step: fn(usize) -> Option<usize>| {
        let name = |place, table: &Table| Some(table.columns.get(step(place)?)?.name.clone());
        Pair::new(name(places.previous, tables.previous), name(places.next, tables.next))
    };
    !neighbours(|place| place.checked_sub(1)).differs()
        || !neighbours(|place| place.checked_add(1)).differs()
}

/// Tables of one namespace. Columns of one name and type speak for one table, the more so the fewer other tables have
/// such a column; that both are called alike is not enough by itself.
#[derive(Debug)]
pub(super) struct Tables<'a> {
    schemas: Pair<&'a PgSchema>,
    /// How many tables have a column of the name, in the schema where they are more.
    columns: HashMap<&'a str, usize>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(schemas: Pair<&'a PgSchema>) -> Self {
        let mut columns: HashMap<&str, usize> = HashMap::new();
        for schema in [schemas.previous, schemas.next] {
            let mut here: HashMap<&str, usize> = HashMap::new();
            for column in schema.tables.iter().flat_map(|table| &table.columns) {
                *here.entry(&column.name).or_default() += 1;
            }
            for (name, count) in here {
                let most = columns.entry(name).or_default();
                *most = count.max(*most);
            }
        }
        Self { schemas, columns }
    }

    pub(super) fn likeness(&self, ids: Pair<TableId>) -> Option<u32> {
        let schemas = self.schemas;
        let tables =
            Pair::new(schemas.previous.table_at(ids.previous), schemas.next.table_at(ids.next));
        let joined = Pair::new(
            joined_names(tables.previous, schemas.previous),
            joined_names(tables.next, schemas.next),
        );
        match (joined.previous, joined.next) {
            (Some([a, b]), Some([c, d])) => {
                let same = |previous, next| same_name(Pair::new(previous, next), schemas);
                let is_one = (same(a, c) && same(b, d)) || (same(a, d) && same(b, c));
                return is_one.then_some(100);
            }
            (None, None) => {}
            _ => return None,
        }
        let weight = |column: &Column| 1000 / self.columns.get(column.name.as_str()).unwrap_or(&1);
        let is_shared = |column: &&Column| {
            tables.next.column(&column.name).is_some_and(|next| {
                let columns = Pair::new(*column, next);
                column_changes(schemas, columns).ty.is_none() || are_of_enums(schemas, columns)
            })
        };
        let shared: usize = tables.previous.columns.iter().filter(is_shared).map(weight).sum();
        let all: usize =
            tables.previous.columns.iter().chain(&tables.next.columns).map(weight).sum();
        let names = tables.map(|table| table.name.name.as_str());
        let name = similarity(names) * 35 / 100;
        Some(share(shared, all) * 85 / 100 + name + points(15, have_one_referrer(schemas, tables)))
    }
}

/// Whether the enums may be one: of names that the other schema does not have.
fn are_of_enums(schemas: Pair<&PgSchema>, columns: Pair<&Column>) -> bool {
    match (&columns.previous.ty, &columns.next.ty) {
        (ColumnType::Enum(previous), ColumnType::Enum(next)) => {
            schemas.next.enum_id(previous).is_none() && schemas.previous.enum_id(next).is_none()
        }
        _ => false,
    }
}

/// Whether some table refers to the one before and to the other afterwards.
fn have_one_referrer(schemas: Pair<&PgSchema>, tables: Pair<&Table>) -> bool {
    let referrers = schemas.zip(tables).map(|(schema, referenced)| {
        let refers = move |table: &&Table| {
            let mut keys = table.foreign_keys.iter();
            let is_it =
                |name| same_name(Pair::new(name, &referenced.name), Pair::new(schema, schema));
            table.name != referenced.name && keys.any(|key| is_it(&key.referenced_table))
        };
        schema.tables.iter().filter(refers).map(|table| &table.name)
    });
    let next: Vec<&ObjectName> = referrers.next.collect();
    let mut previous = referrers.previous;
    previous.any(|name| next.iter().any(|next| same_name(Pair::new(name, next), schemas)))
}

fn joined_names<'a>(table: &Table, schema: &'a PgSchema) -> Option<[&'a ObjectName; 2]> {
    Some(join::joined(table, schema)?.map(|id| &schema.table_at(id).name))
}

/// Enums of one namespace: by their values, by a column that goes from the one to the other, and a little by name.
pub(super) fn enums(schemas: Pair<&PgSchema>, ids: Pair<EnumId>) -> u32 {
    let enums = Pair::new(schemas.previous.enum_at(ids.previous), schemas.next.enum_at(ids.next));
    let shared =
        enums.previous.values.iter().filter(|value| enums.next.values.contains(value)).count();
    let all = enums.previous.values.len() + enums.next.values.len();
    let names = enums.map(|e| e.name.name.as_str());
    share(shared, all) * 75 / 100
        + similarity(names) * 35 / 100
        + points(40, have_one_user(schemas, enums))
}

/// Whether a column of some table is of the one before and of the other afterwards.
fn have_one_user(schemas: Pair<&PgSchema>, enums: Pair<&Enum>) -> bool {
    let users = |schema: &PgSchema, of: &Enum| -> Vec<(String, String)> {
        let columns = schema
            .tables
            .iter()
            .flat_map(|table| table.columns.iter().map(move |column| (&table.name.name, column)));
        columns
            .filter(|(_, column)| {
                matches!(&column.ty, ColumnType::Enum(name) if same_name(Pair::new(name, &of.name), Pair::new(schema, schema)))
            })
            .map(|(table, column)| (table.clone(), column.name.clone()))
            .collect()
    };
    let next = users(schemas.next, enums.next);
    users(schemas.previous, enums.previous).iter().any(|user| next.contains(user))
}

/// Values of one enum: by name and place, or for want of others. `is_only` says that one goes and one comes.
pub(super) fn enum_values(schemas: Pair<&PgSchema>, ids: Pair<EnumValueId>, is_only: bool) -> u32 {
    let before = |schema: &PgSchema, id: EnumValueId| {
        let values = &schema.enum_at(id.enumeration).values;
        id.value.checked_sub(1).map(|before| values[before].clone())
    };
    let is_in_one_place = ids.previous.value == ids.next.value
        || before(schemas.previous, ids.previous) == before(schemas.next, ids.next);
    let names = Pair::new(schemas.previous.value_at(ids.previous), schemas.next.value_at(ids.next));
    similarity(names) * 90 / 100 + points(40, is_in_one_place) + points(35, is_only)
}

/// How much two names have in common, as a share of 100: pairs of letters, whatever their case.
fn similarity(names: Pair<&str>) -> u32 {
    let pairs = names.map(|name| {
        let letters: Vec<char> =
            name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    });
    let mut left = pairs.next.clone();
    let shared = pairs.previous.iter().filter(|pair| {
        let found = left.iter().position(|other| other == *pair);
        found.map(|at| left.swap_remove(at)).is_some()
    });
    share(shared.count(), pairs.previous.len() + pairs.next.len())
}

/// Twice `shared` of `all`, in percent.
fn share(shared: usize, all: usize) -> u32 {
    let percent = (200 * shared).checked_div(all).unwrap_or(0);
    u32::try_from(percent).unwrap_or(100).min(100)
}

fn points(points: u32, are_given: bool) -> u32 {
    if are_given { points } else { 0 }
}
