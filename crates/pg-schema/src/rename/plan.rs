//! In which order names change hands.
//!
//! A server makes one change at a time and has no two of one name. Chains (a to b, b to c) go from their free end;
//! where there is none (a to b, b to a), or a name is held by something that only goes later, the holder takes
//! a name of the moment.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{NameChange, Rename};
use crate::{EnumId, ObjectName, Pair, PgSchema, TableId};

/// The changes of tables and enums, which share their names' space: a table is a type too.
pub(super) fn objects(schemas: Pair<&PgSchema>, renames: &[Rename]) -> Vec<NameChange> {
    let mut scopes: BTreeMap<&str, Vec<(Object, String)>> = BTreeMap::new();
    for rename in renames {
        let (object, next) = match *rename {
            Rename::Table(ids) => {
                (Object::Table(ids.previous), &schemas.next.table_at(ids.next).name)
            }
            Rename::Enum(ids) => (Object::Enum(ids.previous), &schemas.next.enum_at(ids.next).name),
            Rename::EnumValue(_) | Rename::Column(_) => continue,
        };
        let namespace =
            object.name(schemas.previous).namespace_or(&schemas.previous.default_namespace);
        scopes.entry(namespace).or_default().push((object, next.name.clone()));
    }
    let mut changes = Vec::new();
    for (namespace, moves) in scopes {
        let taken: HashSet<&str> = [schemas.previous, schemas.next]
            .into_iter()
            .flat_map(|schema| schema.names_in(namespace))
            .collect();
        let held = Object::all(schemas.previous)
            .map(|object| (object.name(schemas.previous), object))
            .filter(|(name, _)| name.namespace_or(&schemas.previous.default_namespace) == namespace)
            .map(|(name, object)| (name.name.clone(), object))
            .collect();
        for (object, names) in one_by_one(held, moves, &taken) {
            let from = object.name(schemas.previous).sibling(names.previous);
            changes.push(match object {
                Object::Table(_) => NameChange::Table { from, to: names.next },
                Object::Enum(_) => NameChange::Enum { from, to: names.next },
            });
        }
    }
    changes
}

/// The changes of enums' values, once the enums have their names.
pub(super) fn enum_values(schemas: Pair<&PgSchema>, renames: &[Rename]) -> Vec<NameChange> {
    let mut scopes: BTreeMap<Pair<EnumId>, Vec<(usize, String)>> = BTreeMap::new();
    for rename in renames {
        if let Rename::EnumValue(ids) = rename {
            let value = schemas.next.value_at(ids.next).to_owned();
            scopes
                .entry(ids.map(|id| id.enumeration))
                .or_default()
                .push((ids.previous.value, value));
        }
    }
    let mut changes = Vec::new();
    for (ids, moves) in scopes {
        let enums =
            Pair::new(schemas.previous.enum_at(ids.previous), schemas.next.enum_at(ids.next));
        let taken = enums.previous.values.iter().chain(&enums.next.values).map(String::as_str);
        let held = enums.previous.values.iter().cloned().zip(0..).collect();
        for (_, names) in one_by_one(held, moves, &taken.collect()) {
            changes.push(NameChange::EnumValue {
                of: enums.previous.name.clone(),
                from: names.previous,
                to: names.next,
            });
        }
    }
    changes
}

/// The changes of columns, once the tables have their names.
pub(super) fn columns(schemas: Pair<&PgSchema>, renames: &[Rename]) -> Vec<NameChange> {
    let mut scopes: BTreeMap<Pair<TableId>, Vec<(usize, String)>> = BTreeMap::new();
    for rename in renames {
        if let Rename::Column(ids) = rename {
            let name = schemas.next.column_at(ids.next).name.clone();
            scopes.entry(ids.map(|id| id.table)).or_default().push((ids.previous.column, name));
        }
    }
    let mut changes = Vec::new();
    for (ids, moves) in scopes {
        let tables =
            Pair::new(schemas.previous.table_at(ids.previous), schemas.next.table_at(ids.next));
        let names = |table: &'_ crate::Table| -> Vec<String> {
            table.columns.iter().map(|column| column.name.clone()).collect()
        };
        let (previous, next) = (names(tables.previous), names(tables.next));
        let taken = previous.iter().chain(&next).map(String::as_str).collect();
        let held = previous.iter().cloned().zip(0..).collect();
        for (_, names) in one_by_one(held, moves, &taken) {
            changes.push(NameChange::Column {
                table: tables.previous.name.clone(),
                from: names.previous,
                to: names.next,
            });
        }
    }
    changes
}

/// A name that nothing has: `name_old`, or the first such with a number. Cut to the server's 63 bytes.
pub(super) fn aside(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let suffixes = std::iter::once("_old".to_owned()).chain((2..).map(|n: u32| format!("_old{n}")));
    let mut names = suffixes.map(|suffix| {
        let mut end = name.len().min(63 - suffix.len());
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        format!("{}{suffix}", &name[..end])
    });
    // There are more numbers than names.
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// What shares a namespace's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Object {
    Table(TableId),
    Enum(EnumId),
}

impl Object {
    fn all(schema: &PgSchema) -> impl Iterator<Item = Self> {
        let tables = (0..schema.tables.len()).map(|id| Self::Table(TableId(id)));
        tables.chain((0..schema.enums.len()).map(|id| Self::Enum(EnumId(id))))
    }

    fn name(self, schema: &PgSchema) -> &ObjectName {
        match self {
            Self::Table(id) => &schema.table_at(id).name,
            Self::Enum(id) => &schema.enum_at(id).name,
        }
    }
}

/// The moves in an order that works, with those to names of the moment between them. `held` says who has which name,
/// `taken` which names are not for the moment either.
pub(super) fn one_by_one<S: Copy + PartialEq>(
    mut held: HashMap<String, S>,
    mut moves: Vec<(S, String)>,
    taken: &HashSet<&str>,
) -> Vec<(S, Pair<String>)> {
    let mut done = Vec::new();
    moves.retain(|(who, to)| held.get(to) != Some(who));
    while let Some((_, first)) = moves.first() {
        let free = moves.iter().position(|(_, to)| !held.contains_key(to));
        let (who, to) = if let Some(free) = free {
            moves.remove(free)
        } else {
            let is_taken = |name: &str| taken.contains(name) || held.contains_key(name);
            (held[first], aside(first, is_taken))
        };
        let from = held.iter().find(|(_, holder)| **holder == who).map(|(name, _)| name.clone());
        let Some(from) = from else { continue };
        held.remove(&from);
        held.insert(to.clone(), who);
        done.push((who, Pair::new(from, to)));
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(names: &[&str], moves: &[(&str, &str)]) -> String {
        let held = names.iter().map(|name| ((*name).to_owned(), *name)).collect();
        let moves = moves.iter().map(|(from, to)| (*from, (*to).to_owned())).collect();
        let taken = names.iter().copied().collect();
        let done: Vec<String> = one_by_one(held, moves, &taken)
            .into_iter()
            .map(|(_, names)| format!("{}>{}", names.previous, names.next))
            .collect();
        done.join(" ")
    }

    #[test]
    fn names_change_hands_one_by_one() {
        assert_eq!(order(&["a"], &[("a", "b")]), "a>b");
        assert_eq!(order(&["a"], &[("a", "a")]), "");
        assert_eq!(order(&["a", "b", "c"], &[("a", "b"), ("b", "c"), ("c", "d")]), "c>d b>c a>b");
        assert_eq!(order(&["a", "b"], &[("a", "b"), ("b", "a")]), "b>b_old a>b b_old>a");
        assert_eq!(order(&["a", "b", "b_old"], &[("a", "b")]), "b>b_old2 a>b");
        assert_eq!(
            order(&["a", "b", "c"], &[("a", "b"), ("b", "c"), ("c", "a")]),
            "b>b_old a>b c>a b_old>c"
        );
    }

    #[test]
    fn names_of_the_moment_fit() {
        let long = "é".repeat(31);
        let name = aside(&long, |_| false);
        assert_eq!(name, format!("{}_old", "é".repeat(29)));
        assert!(aside(&"x".repeat(63), |name| name.ends_with("_old")).ends_with("_old2"));
    }
}
