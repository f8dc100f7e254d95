//! What earlier pending statements do to rows that are there, as far as that can be told for certain: what a query says of the
//! rows now holds later only for what none of them touches.

use std::collections::{BTreeMap, BTreeSet};

use postgres::Connection;
use sql::Statement;
use sql::statement::{ActionKind, Kind, Name, Object, Verb};

use super::text::{calls, is_upsert, stays_empty, updated};
use crate::Error;

/// What is known not to be as it is now.
#[derive(Debug, Default)]
pub(super) struct Changes {
    own_schema: String,
    tables: BTreeMap<Name, Changed>,
    ties: Vec<Tie>,
    /// Tables whose triggers or rules may do anything.
    coded: BTreeSet<Name>,
    /// Whether anything may be otherwise.
    is_all: bool,
}

#[derive(Debug, Clone, Default)]
struct Changed {
    /// Whether rows went, or anything of them may be another.
    is_other: bool,
    /// Whether rows came.
    is_grown: bool,
    /// Columns that have other values, or are other ones.
    columns: BTreeSet<String>,
    /// New columns in which no row has a value.
    empty: BTreeSet<String>,
}

#[derive(Debug)]
enum Tie {
    /// The child's rows change with the parent's.
    Key { parent: Name, child: Name, on_update: bool, on_delete: bool, columns: Vec<String> },
    /// The rows of the one are the other's.
    Heir { parent: Name, child: Name },
}

impl Changes {
    /// Nothing is changed yet; how tables hang together, the database says.
    pub(super) async fn none(connection: &Connection) -> Result<Self, Error> {
        let mut changes =
            Self { own_schema: connection.url().schema().to_owned(), ..Self::default() };
        for row in connection.query(include_str!("ties.sql"), &[]).await? {
            let name = |at: usize| Name { schema: row.get(at), name: row.get(at + 1) };
            match row.get::<_, &str>(0) {
                "key" => changes.ties.push(Tie::Key {
                    parent: name(1),
                    child: name(3),
                    on_update: row.get(5),
                    on_delete: row.get(6),
                    columns: row.get::<_, Option<Vec<String>>>(7).unwrap_or_default(),
                }),
                "heir" => changes.ties.push(Tie::Heir { parent: name(1), child: name(3) }),
                _ => _ = changes.coded.insert(name(1)),
            }
        }
        Ok(changes)
    }

    /// Whether what a query says of these columns will still be so; `columns` says which ones a changed one is among.
    pub(super) fn keeps(&self, table: &Name, is_asked: impl Fn(&str) -> bool) -> bool {
        if self.is_all {
            return false;
        }
        match self.tables.get(&self.full(table)) {
            None => true,
            Some(changed) => {
                !changed.is_other && !changed.columns.iter().any(|column| is_asked(column))
            }
        }
    }

    /// Whether no row came either.
    pub(super) fn keeps_whole(&self, table: &Name, is_asked: impl Fn(&str) -> bool) -> bool {
        let is_grown = self.tables.get(&self.full(table)).is_some_and(|changed| changed.is_grown);
        self.keeps(table, is_asked) && !is_grown
    }

    /// Whether a column has come in which no row has a value, and nothing has filled it.
    pub(super) fn is_empty(&self, table: &Name, column: &str) -> bool {
        let changed = self.tables.get(&self.full(table));
        changed.is_some_and(|changed| {
            !self.is_all && !changed.is_other && changed.empty.contains(column)
        })
    }

    fn full(&self, name: &Name) -> Name {
        let schema = name.schema.clone().unwrap_or_else(|| self.own_schema.clone());
        Name { schema: Some(schema), name: name.name.clone() }
    }

    /// Takes the columns as added that a statement adds beside what else it does.
    pub(super) fn begin(&mut self, statement: &Statement) {
        if let Kind::AlterTable(alter) = &statement.kind {
            for action in &alter.actions {
                if matches!(action.kind, ActionKind::AddColumn { .. }) {
                    self.acts(&alter.table, &action.kind);
                }
            }
        }
    }

    /// Takes a statement as done; `text` is its own.
    pub(super) fn after(&mut self, statement: &Statement, text: &str) {
        match &statement.kind {
            Kind::Write(write) => match write.verb {
                Verb::Insert if !is_upsert(text) => self.grows(&write.table),
                Verb::Copy => self.grows(&write.table),
                Verb::Update => self.updates(&write.table, updated(text).as_deref()),
                Verb::Delete => self.loses(&write.table),
                _ => self.is_other(&write.table),
            },
            Kind::AlterTable(alter) => {
                for action in &alter.actions {
                    self.acts(&alter.table, &action.kind);
                }
            }
            Kind::Truncate { tables, cascade } => {
                for table in tables {
                    self.loses(table);
                }
                self.is_all |= cascade;
            }
            Kind::Drop(drop) => match drop.object {
                Object::Table => drop.names.iter().for_each(|table| self.is_other(table)),
                Object::Schema | Object::Type | Object::Domain => self.is_all |= drop.cascade,
                _ => {}
            },
            Kind::Rename(rename) if rename.object == Object::Table => {
                let to = Name { schema: rename.from.schema.clone(), name: rename.to.clone() };
                self.is_other(&rename.from);
                self.is_other(&to);
            }
            Kind::Define { object: Object::Trigger | Object::Rule, table: Some(table), .. } => {
                let table = self.full(table);
                self.coded.insert(table);
            }
            Kind::Set(set) => self.is_all |= set.name == "search_path",
            Kind::Code(code) => {
                for inner in &code.statements {
                    let start = inner.range.start - statement.range.start;
                    let end = inner.range.end - statement.range.start;
                    self.after(inner, text.get(start..end).unwrap_or_default());
                }
                self.is_all |= !code.is_whole();
            }
            Kind::Query => self.is_all |= calls(text),
            Kind::Unknown => self.is_all = true,
            _ => {}
        }
    }

    fn acts(&mut self, table: &Name, action: &ActionKind) {
        match action {
            ActionKind::AddColumn { column, .. } => {
                let is_empty = stays_empty(column);
                let changed = self.changed(table);
                changed.columns.insert(column.name.clone());
                if is_empty {
                    changed.empty.insert(column.name.clone());
                }
            }
            ActionKind::RenameColumn { from, to } => {
                self.changes_columns(table, &[from.clone(), to.clone()]);
            }
            ActionKind::DropColumn { column, .. }
            | ActionKind::SetType { column, .. }
            | ActionKind::AddIdentity { column }
            | ActionKind::SetExpression { column } => {
                self.changes_columns(table, std::slice::from_ref(column));
            }
            ActionKind::AttachPartition { partition, .. }
            | ActionKind::DetachPartition { partition, .. }
            | ActionKind::Inherit { parent: partition }
            | ActionKind::NoInherit { parent: partition } => {
                self.is_other(table);
                self.is_other(partition);
            }
            ActionKind::SetSchema { .. } | ActionKind::Other => self.is_other(table),
            ActionKind::Trigger | ActionKind::Rule => {
                let table = self.full(table);
                self.coded.insert(table);
            }
            _ => {}
        }
    }

    fn changed(&mut self, table: &Name) -> &mut Changed {
        let table = self.full(table);
        self.tables.entry(table).or_default()
    }

    /// A table with those whose rows are its own, or whose own they are.
    fn family(&self, table: &Name) -> BTreeSet<Name> {
        let mut family = BTreeSet::from([self.full(table)]);
        loop {
            let before = family.len();
            for tie in &self.ties {
                if let Tie::Heir { parent, child } = tie
                    && (family.contains(parent) || family.contains(child))
                {
                    family.extend([parent.clone(), child.clone()]);
                }
            }
            if family.len() == before {
                return family;
            }
        }
    }

    fn runs_code(&mut self, family: &BTreeSet<Name>) {
        self.is_all |= family.iter().any(|table| self.coded.contains(table));
    }

    fn grows(&mut self, table: &Name) {
        let family = self.family(table);
        self.runs_code(&family);
        for table in family {
            self.tables.entry(table).or_default().is_grown = true;
        }
    }

    /// None of `columns` is any.
    fn updates(&mut self, table: &Name, columns: Option<&[String]>) {
        let Some(columns) = columns else { return self.is_other(table) };
        let family = self.family(table);
        self.runs_code(&family);
        let ties = self.ties.iter().filter_map(|tie| match tie {
            Tie::Key { parent, child, on_update: true, columns: by, .. }
                if family.contains(parent) && by.iter().any(|by| columns.contains(by)) =>
            {
                Some(child.clone())
            }
            _ => None,
        });
        let children: Vec<Name> = ties.collect();
        for table in &family {
            self.changes_columns(table, columns);
        }
        for child in &children {
            self.spoil(child);
        }
    }

    fn changes_columns(&mut self, table: &Name, columns: &[String]) {
        for table in self.family(table) {
            let changed = self.tables.entry(table).or_default();
            changed.columns.extend(columns.iter().cloned());
            changed.empty.retain(|column| !columns.contains(column));
        }
    }

    fn loses(&mut self, table: &Name) {
        let family = self.family(table);
        let ties = self.ties.iter().filter_map(|tie| match tie {
            Tie::Key { parent, child, on_delete: true, .. } if family.contains(parent) => {
                Some(child.clone())
            }
            _ => None,
        });
        let children: Vec<Name> = ties.collect();
        self.is_other(table);
        for child in &children {
            self.spoil(child);
        }
    }

    fn is_other(&mut self, table: &Name) {
        let family = self.family(table);
        self.runs_code(&family);
        for table in &family {
            self.spoil(table);
        }
    }

    /// Also what hangs on it in turn: keys of keys.
    fn spoil(&mut self, table: &Name) {
        let mut open = vec![self.full(table)];
        while let Some(table) = open.pop() {
            if self.coded.contains(&table) {
                self.is_all = true;
            }
            let changed = self.tables.entry(table.clone()).or_default();
            if std::mem::replace(&mut changed.is_other, true) {
                continue;
            }
            open.extend(self.family(&table));
            open.extend(self.ties.iter().filter_map(|tie| match tie {
                Tie::Key { parent, child, on_update, on_delete, .. }
                    if *parent == table && (*on_update || *on_delete) =>
                {
                    Some(child.clone())
                }
                _ => None,
            }));
        }
    }
}
