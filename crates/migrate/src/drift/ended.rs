//! A database as it will be once the rollouts that are open there are contracted: what it has, with what their contracts
//! make of the migrations' end.
//!
//! No contract can be run on what a hand has made, so that their work is taken over thing by thing: what a contract leaves as
//! it is stays as the database has it.

use pg_schema::{Pair, PgSchema, Table};

/// Takes over what the contracts make; `change` is from what the migrations make to what they and the contracts make.
pub(super) fn take_contracts(actual: &mut PgSchema, change: Pair<&PgSchema>) {
    let Pair { previous, next } = change;
    take(&mut actual.enums, Pair::new(&previous.enums, &next.enums), |one| &one.name, replace);
    take(
        &mut actual.tables,
        Pair::new(&previous.tables, &next.tables),
        |one| &one.name,
        take_table,
    );
}

fn take_table(actual: &mut Table, Pair { previous, next }: Pair<&Table>) {
    take(
        &mut actual.columns,
        Pair::new(&previous.columns, &next.columns),
        |one| &one.name,
        replace,
    );
    take(
        &mut actual.indexes,
        Pair::new(&previous.indexes, &next.indexes),
        |one| &one.name,
        replace,
    );
    take(
        &mut actual.foreign_keys,
        Pair::new(&previous.foreign_keys, &next.foreign_keys),
        |one| &one.name,
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
fn take<T: Clone + PartialEq, N: PartialEq>(
    actual: &mut Vec<T>,
    change: Pair<&Vec<T>>,
    name: impl Fn(&T) -> &N,
    changed: impl Fn(&mut T, Pair<&T>),
) {
    let find = |all: &[T], one: &T| all.iter().position(|other| name(other) == name(one));
    let Pair { previous, next } = change;
    for gone in previous.iter().filter(|one| find(next, one).is_none()) {
        actual.retain(|one| name(one) != name(gone));
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
