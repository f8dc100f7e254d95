//! The columns of a table that stays: which come and go, which get a twin beside them, which are to be NULL no more.
//!
//! Columns that are made of one another are one group: a rename is a group of one and one, a split of one and several. Each
//! group is a `Twin`; what is old in it goes at the contract, what is new takes its name then.

use std::collections::{BTreeMap, BTreeSet};

use pg_schema::{Arity, Column, ColumnChanges, Pair, Rename, TableId, column_changes};

use super::derive;
use super::formula::Formula;
use super::names;
use super::planner::{Key, Planner};

/// Columns by their names, in the one schema and in the other.
#[derive(Debug, Default)]
pub(super) struct Sides {
    pub(super) pairs: Vec<Pair<String>>,
    dropped: Vec<String>,
    added: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Group {
    pub(super) old: BTreeSet<String>,
    pub(super) new: BTreeSet<String>,
}

impl Planner<'_> {
    pub(super) fn sides(&self, ids: Pair<TableId>) -> Sides {
        let tables = Pair::new(self.table(ids.previous), self.next.table_at(ids.next));
        let renamed: BTreeMap<&str, &str> = self
            .request
            .renames
            .iter()
            .filter_map(|rename| match rename {
                Rename::Column(columns) if columns.previous.table == ids.previous => {
                    let names = Pair::new(
                        &self.base.column_at(columns.previous).name,
                        &self.next.column_at(columns.next).name,
                    );
                    Some((names.previous.as_str(), names.next.as_str()))
                }
                _ => None,
            })
            .collect();
        let mut sides = Sides::default();
        for column in &tables.previous.columns {
            let name = column.name.as_str();
            let is_new_name_of_another = renamed.values().any(|next| *next == name);
            match renamed.get(name) {
                Some(next) => sides.pairs.push(Pair::new(name.to_owned(), (*next).to_owned())),
                None if tables.next.column(name).is_some() && !is_new_name_of_another => {
                    sides.pairs.push(Pair::new(name.to_owned(), name.to_owned()));
                }
                None => sides.dropped.push(name.to_owned()),
            }
        }
        let has_pair = |name: &str| sides.pairs.iter().any(|pair| pair.next == name);
        let columns = tables.next.columns.iter().map(|column| column.name.clone());
        sides.added = columns.filter(|name| !has_pair(name)).collect();
        sides
    }

    pub(super) fn columns(
        &self,
        ids: Pair<TableId>,
        names: &Pair<String>,
    ) -> Option<Pair<&Column>> {
        Some(Pair::new(
            self.table(ids.previous).column(&names.previous)?,
            self.next.table_at(ids.next).column(&names.next)?,
        ))
    }

    pub(super) fn changes(&self, columns: Pair<&Column>) -> ColumnChanges {
        column_changes(Pair::new(&self.base, &self.next), columns)
    }

    /// Whether a column cannot become what it is to be where it is.
    fn needs_twin(&self, ids: Pair<TableId>, names: &Pair<String>) -> bool {
        let Some(columns) = self.columns(ids, names) else { return false };
        let is_list = columns.map(|column| column.arity == Arity::List);
        names.differs()
            || is_list.differs()
            || self.shrunk(&columns.next.ty).is_some()
            || (self.changes(columns).ty.is_some()
                && (columns.next.arity == Arity::List
                    || !derive::is_free(&columns.previous.ty, &columns.next.ty)
                    || self.is_in_key(ids.previous, &names.previous)))
    }

    /// Whether a key holds the column to its type.
    fn is_in_key(&self, id: TableId, column: &str) -> bool {
        let table = self.table(id);
        let has = |columns: &[String]| columns.iter().any(|name| name == column);
        table.primary_key.as_ref().is_some_and(|key| has(&key.columns))
            || table.foreign_keys.iter().any(|key| has(&key.columns))
            || self.base.tables.iter().flat_map(|table| &table.foreign_keys).any(|key| {
                self.key(&key.referenced_table) == self.key(&table.name)
                    && has(&key.referenced_columns)
            })
    }

    /// Names have to be known before any expression is read.
    pub(super) fn find_interim_names(&mut self, ids: Pair<TableId>) {
        let key = self.key(&self.table(ids.previous).name);
        for names in self.sides(ids).pairs {
            if !self.needs_twin(ids, &names) {
                continue;
            }
            let (old, new) = (self.table(ids.previous), self.next.table_at(ids.next));
            let taken = self.interim.get(&key);
            let is_taken = |name: &str| {
                old.column(name).is_some()
                    || taken.is_some_and(|taken| taken.values().any(|other| other == name))
            };
            let interim = if old.column(&names.next).is_some() {
                names::next(&names.next, |name| is_taken(name) || new.column(name).is_some())
            } else {
                names.next.clone()
            };
            self.twins
                .entry(key.clone())
                .or_default()
                .insert(names.previous.clone(), interim.clone());
            self.interim.entry(key.clone()).or_default().insert(names.next, interim);
        }
        // A name that a dropped column has is free at the contract only.
        for name in self.sides(ids).added {
            let (old, new) = (self.table(ids.previous), self.next.table_at(ids.next));
            let interim = if old.column(&name).is_some() {
                names::next(&name, |it| old.column(it).is_some() || new.column(it).is_some())
            } else {
                continue;
            };
            self.interim.entry(key.clone()).or_default().insert(name, interim);
        }
    }

    pub(super) fn find_columns(&mut self, ids: Pair<TableId>) {
        let sides = self.sides(ids);
        let groups = self.groups(ids, &sides);
        for names in &sides.pairs {
            if !groups.iter().any(|group| group.old.contains(&names.previous)) {
                self.find_changes(ids, names);
            }
        }
        for name in &sides.added {
            if !groups.iter().any(|group| group.new.contains(name)) {
                self.find_added(ids, name);
            }
        }
        for name in &sides.dropped {
            if !groups.iter().any(|group| group.old.contains(name)) {
                self.find_dropped(ids, name);
            }
        }
        for group in &groups {
            self.find_twin(ids, group, &sides);
        }
    }

    fn groups(&mut self, ids: Pair<TableId>, sides: &Sides) -> Vec<Group> {
        let key = self.key(&self.table(ids.previous).name);
        let twins: Vec<&Pair<String>> =
            sides.pairs.iter().filter(|names| self.needs_twin(ids, names)).collect();
        let mut groups: Vec<Group> = twins
            .iter()
            .map(|names| Group {
                old: BTreeSet::from([names.previous.clone()]),
                new: BTreeSet::from([names.next.clone()]),
            })
            .collect();
        let mut retired: BTreeSet<&String> = sides.dropped.iter().collect();
        retired.extend(twins.iter().map(|names| &names.previous));
        let mut coming: BTreeSet<&String> = sides.added.iter().collect();
        coming.extend(twins.iter().map(|names| &names.next));

        for new in &coming {
            if !self.has_using(&key, new) {
                continue;
            }
            let names = self.named(ids, &key, new, true);
            let old: BTreeSet<String> =
                names.into_iter().filter(|name| retired.contains(name)).collect();
            if !old.is_empty() {
                groups.push(Group { old, new: BTreeSet::from([(*new).clone()]) });
            }
        }
        for old in &sides.dropped {
            if !self.has_using(&key, old) {
                continue;
            }
            let names = self.named(ids, &key, old, false);
            let final_name = |name: &String| {
                let interim = self.interim.get(&key);
                let found = interim.and_then(|it| it.iter().find(|(_, interim)| *interim == name));
                found.map_or(name, |(next, _)| next).clone()
            };
            let new: BTreeSet<String> =
                names.iter().map(final_name).filter(|name| coming.contains(name)).collect();
            if !new.is_empty() {
                groups.push(Group { old: BTreeSet::from([old.clone()]), new });
            }
        }
        joined(groups)
    }

    /// The columns that the expression for a column names; none where it cannot be read, which is told elsewhere.
    fn named(
        &mut self,
        ids: Pair<TableId>,
        key: &Key,
        column: &str,
        is_of_old: bool,
    ) -> Vec<String> {
        let Some(sql) = self.using(key, column) else { return Vec::new() };
        let formula = self.formula(ids, sql, is_of_old);
        formula.map_or_else(|_| Vec::new(), |it| it.own().map(str::to_owned).collect())
    }

    /// A formula, or a reason why there is none.
    pub(super) fn given(
        &mut self,
        ids: Pair<TableId>,
        column: &str,
        is_of_old: bool,
    ) -> Option<Formula> {
        let key = self.key(&self.table(ids.previous).name);
        let sql = self.using(&key, column)?;
        match self.formula(ids, sql, is_of_old) {
            Ok(formula) => Some(formula),
            Err(problem) => {
                let field = self.field(&key, column);
                self.refuse(
                    format!("--using {field}={sql}: {problem}."),
                    "an expression is made of the columns of one row: \"a\" || ' ' || \"b\"; of a relation to one row: \
                     org.\"timeZone\"",
                );
                None
            }
        }
    }
}

/// Groups that share a column are one.
fn joined(groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::new();
    for mut group in groups {
        joined.retain_mut(|other| {
            let is_one = !other.old.is_disjoint(&group.old) || !other.new.is_disjoint(&group.new);
            if is_one {
                group.old.append(&mut other.old);
                group.new.append(&mut other.new);
            }
            !is_one
        });
        joined.push(group);
    }
    joined.sort_by(|a, b| a.old.cmp(&b.old));
    joined
}
