//! What relations and their fields are called where no schema says so.
//!
//! A field has the name of the model that it leads to. Where two relations are between the same two models, or the field
//! would have the name of one of its own columns, the relation gets a name, and the fields hold it. The names are made
//! of the database's alone: what a schema calls tables and columns has no part in it, save where nothing of the
//! database's can be written, and save that a relation says its name where the models' would give it another.

use std::collections::{HashMap, HashSet};
use std::iter;

use super::names::Named;
use super::pairs::{ForeignKeyPair, RelationNames, TablePair};

/// Names the relations of all foreign keys, but for those that say what another one says.
pub(super) fn infer(tables: &mut [TablePair<'_>]) {
    let ambiguous = ambiguous(tables);
    for table in 0..tables.len() {
        if tables[table].is_join_table {
            continue;
        }
        let mut said = HashSet::new();
        for key in 0..tables[table].foreign_keys.len() {
            let pair = &tables[table].foreign_keys[key];
            let is_new = said.insert((
                pair.columns.clone(),
                pair.referenced,
                pair.referenced_columns.clone(),
            ));
            if is_new {
                let is_ambiguous = ambiguous.contains(&sorted(table, pair.referenced));
                let names = of_key(tables, table, pair, is_ambiguous);
                tables[table].foreign_keys[key].names = Some(names);
            }
        }
    }
    tell_apart(tables);
}

/// Gives another name to what would be a second relation of one name between two tables. Prisma writes both, which is no
/// valid schema.
fn tell_apart(tables: &mut [TablePair<'_>]) {
    let mut taken: HashSet<([usize; 2], String)> = HashSet::new();
    for (table, pair) in tables.iter().enumerate() {
        if let (true, Some([a, b])) = (pair.is_join_table, pair.joined())
            && let Some(names) = of_join_table(tables, table)
        {
            let between = sorted(a, b);
            taken.insert((between, full_name(tables, between, &names.relation)));
        }
        let known = pair.foreign_keys.iter().filter(|key| key.is_called_as_before());
        taken.extend(known.map(|key| {
            let between = sorted(table, key.referenced);
            (between, full_name(tables, between, key.relation_name().unwrap_or_default()))
        }));
    }
    for table in 0..tables.len() {
        for key in 0..tables[table].foreign_keys.len() {
            let pair = &tables[table].foreign_keys[key];
            let Some(names) = pair.names.as_ref().filter(|_| !pair.is_called_as_before()) else {
                continue;
            };
            let between = sorted(table, pair.referenced);
            if taken.insert((between, full_name(tables, between, &names.relation))) {
                continue;
            }
            let stem = of_key(tables, table, pair, true).relation;
            let numbered = (2..).map(|number| format!("{stem}_{number}"));
            let free = iter::once(stem.clone())
                .chain(numbered)
                .find(|name| taken.insert((between, name.clone())));
            let names = free.map(|name| called(tables, table, pair, name));
            tables[table].foreign_keys[key].names = names;
        }
    }
}

/// The names of the relation that a join table stands for.
pub(super) fn of_join_table(tables: &[TablePair<'_>], table: usize) -> Option<RelationNames> {
    let joined = tables[table].joined()?;
    let default = joined.map(|place| tables[place].named.name.as_ref()).join("To");
    let [first, second] = sorted(joined[0], joined[1]);
    let is_self = first == second;
    let is_ambiguous = is_ambiguous_join_table(tables, table, [first, second]);
    let database_name = tables[table].table.name.name.as_str();
    let (first, second) = (block_name(&tables[first]), block_name(&tables[second]));
    let bare = database_name.get(1..).unwrap_or_default();
    // Prisma looks at the tables' names alone, and not at those of renamed models, after which the relation is called.
    let needs_name =
        is_ambiguous || is_self || bare != format!("{first}To{second}") || bare != default;
    let suffix = if is_ambiguous { database_name } else { "" };
    let side = |letter: &'static str| if is_self { letter } else { "" };
    Some(RelationNames {
        relation: if needs_name { bare.to_owned() } else { String::new() },
        forward: format!("{second}{suffix}{}", side("_A")),
        back: format!("{first}{suffix}{}", side("_B")),
    })
}

/// A relation's name, or the one that a relation without a name has by its models.
fn full_name(tables: &[TablePair<'_>], between: [usize; 2], relation: &str) -> String {
    if !relation.is_empty() {
        return relation.to_owned();
    }
    let mut names = between.map(|table| &*tables[table].named.name);
    names.sort_unstable();
    names.join("To")
}

fn of_key(
    tables: &[TablePair<'_>],
    table: usize,
    key: &ForeignKeyPair<'_>,
    is_ambiguous: bool,
) -> RelationNames {
    let own = block_name(&tables[table]);
    let referenced = block_name(&tables[key.referenced]);
    let is_self = table == key.referenced;
    let other = if is_self { "other_" } else { "" };
    if !is_ambiguous {
        let relation = if is_self { format!("{own}To{referenced}") } else { String::new() };
        return RelationNames { relation, back: format!("{other}{own}"), forward: referenced };
    }
    let column_name = |(name, place): (&String, &usize)| {
        let name = Named::of_column(name).name.into_owned();
        if name.is_empty() { tables[table].columns[*place].named.name.to_string() } else { name }
    };
    let columns: Vec<String> = key.key.columns.iter().zip(&key.columns).map(column_name).collect();
    called(tables, table, key, format!("{own}_{}To{referenced}", columns.join("_")))
}

/// The names of a relation that has one, and of its fields after it.
fn called(
    tables: &[TablePair<'_>],
    table: usize,
    key: &ForeignKeyPair<'_>,
    relation: String,
) -> RelationNames {
    let (own, referenced) = (block_name(&tables[table]), block_name(&tables[key.referenced]));
    let other = if table == key.referenced { "other_" } else { "" };
    RelationNames {
        forward: format!("{referenced}_{relation}"),
        back: format!("{other}{own}_{relation}"),
        relation,
    }
}

/// The pairs of tables between which a relation needs a name.
fn ambiguous(tables: &[TablePair<'_>]) -> HashSet<[usize; 2]> {
    let mut ambiguous = HashSet::new();
    let mut first_by_pair: HashMap<[usize; 2], (usize, &[usize])> = HashMap::new();
    let mut join_tables: HashSet<[usize; 2]> = HashSet::new();
    for (table, pair) in tables.iter().enumerate() {
        if pair.is_join_table {
            let Some([a, b]) = pair.joined() else { continue };
            if !join_tables.insert(sorted(a, b)) {
                ambiguous.insert(sorted(a, b));
            }
            continue;
        }
        for key in &pair.foreign_keys {
            let between = sorted(table, key.referenced);
            // Keys of the same columns count as one.
            let seen = *first_by_pair.entry(between).or_insert((table, &key.columns));
            let field = block_name(&tables[key.referenced]);
            let is_column =
                key.key.columns.iter().any(|column| Named::of_column(column).name == field);
            if seen != (table, &key.columns) || is_column {
                ambiguous.insert(between);
            }
        }
    }
    ambiguous.extend(join_tables.iter().filter(|pair| first_by_pair.contains_key(*pair)));
    ambiguous
}

fn is_ambiguous_join_table(tables: &[TablePair<'_>], table: usize, between: [usize; 2]) -> bool {
    let has_key = |from: usize| {
        let mut keys = tables[from].foreign_keys.iter();
        keys.any(|key| sorted(from, key.referenced) == between)
    };
    let other_joins = tables.iter().enumerate().any(|(other, pair)| {
        other != table
            && pair.is_join_table
            && pair.joined().is_some_and(|[a, b]| sorted(a, b) == between)
    });
    other_joins || between.into_iter().any(has_key)
}

fn block_name(pair: &TablePair<'_>) -> String {
    let name = Named::of_block(&pair.table.name.name).name.into_owned();
    if name.is_empty() { pair.named.name.to_string() } else { name }
}

fn sorted(a: usize, b: usize) -> [usize; 2] {
    [a.min(b), a.max(b)]
}
