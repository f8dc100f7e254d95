//! What relations and their fields are called where no schema says so.
//!
//! A field has the name of the model that it leads to. Where two relations are between the same two models, or the field
//! would have the name of one of its own columns, the relation gets a name, and the fields hold it. The names are made
//! of the database's alone: what a schema calls tables and columns has no part in it, but that a relation says its name
//! where the models' would give it another.

use std::collections::{HashMap, HashSet};

use super::ctx::{ForeignKeyPair, TablePair};
use super::names::Named;

/// Of a relation: its own name, empty where it needs none, and those of its two fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RelationNames {
    pub(super) relation: String,
    /// In the table with the key; of a join table, in the table of column A.
    pub(super) forward: String,
    pub(super) back: String,
}

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
    let columns: Vec<String> =
        key.key.columns.iter().map(|column| Named::of_column(column).name.into_owned()).collect();
    let relation = format!("{own}_{}To{referenced}", columns.join("_"));
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
    Named::of_block(&pair.table.name.name).name.into_owned()
}

fn sorted(a: usize, b: usize) -> [usize; 2] {
    [a.min(b), a.max(b)]
}
