//! A database as it will be once the rollouts that are open there are contracted: what it has, with what their contracts
//! make of the migrations' end.
//!
//! No contract can be run on what a hand has made, so that their work is taken over thing by thing: what a contract leaves as
//! it is stays as the database has it.

use pg_schema::{Pair, PgSchema, Table};

/// Takes over what the contracts make; `change` is from what the migrations make to what they and the contracts make.
pub(super) fn take_contracts(actual: &mut PgSchema, change: Pair<&PgSchema>) {
    let Pair { previous, next } = change;
    take(
        &mut actual.enums,
        Pair::new(&previous.enums, &next.enums),
        |one, other| one.name == other.name,
        replace,
    );
    let tables = with_new_names(change);
    for (before, table) in previous.tables.iter().zip(&tables) {
        if let Some(renamed) = actual.tables.iter_mut().find(|one| one.name == before.name) {
            renamed.name.clone_from(&table.name);
        }
    }
    take(
        &mut actual.tables,
        Pair::new(&tables, &next.tables),
        |one, other| one.name == other.name,
        take_table,
    );
}

/// The tables before the contracts, those with another name which these only rename.
fn with_new_names(change: Pair<&PgSchema>) -> Vec<Table> {
    let Pair { previous, next } = change;
    let mut tables = previous.tables.clone();
    let is_in = |tables: &[Table], table: &Table| tables.iter().any(|one| one.name == table.name);
    let names = |table: &Table| -> Vec<String> {
        table.columns.iter().map(|column| column.name.clone()).collect()
    };
    let mut made: Vec<&Table> =
        next.tables.iter().filter(|table| !is_in(&previous.tables, table)).collect();
    for table in tables.iter_mut().filter(|table| !is_in(&next.tables, table)) {
        if let Some(at) = made.iter().position(|one| names(one) == names(table)) {
            table.name.clone_from(&made.swap_remove(at).name);
        }
    }
    tables
}

fn take_table(actual: &mut Table, Pair { previous, next }: Pair<&Table>) {
    take(
        &mut actual.columns,
        Pair::new(&previous.columns, &next.columns),
        |one, other| one.name == other.name,
        replace,
    );
    take(
        &mut actual.indexes,
        Pair::new(&previous.indexes, &next.indexes),
        |one, other| one.name == other.name,
        replace,
    );
    take(
        &mut actual.foreign_keys,
        Pair::new(&previous.foreign_keys, &next.foreign_keys),
        |one, other| one.name == other.name,
        replace,
    );
    if previous.primary_key != next.primary_key {
        actual.primary_key.clone_from(&next.primary_key);
    }
    if previous.partitioning != next.partitioning {
        actual.partitioning = next.partitioning;
    }
}

fn replace<T: Clone>(actual: &mut T, change: Pair<&T>) {
    actual.clone_from(change.next);
}

/// What goes, goes; what changes, changes where it is there; what comes, comes.
fn take<T: Clone + PartialEq>(
    actual: &mut Vec<T>,
    change: Pair<&Vec<T>>,
    is_same: impl Fn(&T, &T) -> bool,
    changed: impl Fn(&mut T, Pair<&T>),
) {
    let find = |all: &[T], one: &T| all.iter().position(|other| is_same(other, one));
    let Pair { previous, next } = change;
    for gone in previous.iter().filter(|one| find(next, one).is_none()) {
        actual.retain(|one| !is_same(one, gone));
    }
    for to in next {
        match (find(previous, to), find(actual, to)) {
            (Some(from), Some(at)) if previous[from] != *to => {
                changed(&mut actual[at], Pair::new(&previous[from], to));
            }
            (None, Some(at)) => actual[at] = to.clone(),
            (None, None) => actual.push(to.clone()),
            (Some(_), _) => {}
        }
    }
}
