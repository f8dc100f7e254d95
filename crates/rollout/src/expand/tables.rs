//! Whole tables: those that come, those that go, and those that are called otherwise.

use std::collections::BTreeSet;

use pg_schema::{NameChange, ObjectName, Pair, Partitioning, TableId, quote};

use super::names::{full, idents};
use super::planner::Planner;

impl Planner<'_> {
    /// A table has its new name from the expand on. Under the old one there is a view of it, which takes writes too.
    pub(super) fn find_table_names(&mut self) {
        let mut seen: BTreeSet<ObjectName> = BTreeSet::new();
        for change in self.names.clone() {
            let NameChange::Table { from, to } = change else { continue };
            let new = from.sibling(&to);
            let is_taken = self.next.table_id(&from).is_some();
            if is_taken || !seen.insert(from.clone()) || seen.contains(&new) {
                let what =
                    format!("The name {} changes hands: a view is to have it.", self.shown(&from));
                self.refuse(what, "do it in two rollouts: give the one table its new name first");
                continue;
            }
            let Some(id) = self.base.table_id(&new) else { continue };
            let table = self.base.table_at(id);
            if table.partitioning == Partitioning::Partition {
                continue;
            }
            let columns: Vec<&str> = table.columns.iter().map(|it| it.name.as_str()).collect();
            let (view, of) = (full(&from, &self.base), full(&new, &self.base));
            self.summary.push(format!(
                "rename table {} to {}",
                self.shown(&from),
                quote::ident(&to)
            ));
            self.retires.push(format!("view {}", self.shown(&from)));
            self.own.push(format!("CREATE VIEW {view} AS SELECT {} FROM {of}", idents(&columns)));
            self.own.push(rights(&view, &of));
            self.undo.insert(0, format!("DROP VIEW {view}"));
        }
    }

    /// Names with the views that stand for them: the old name and the table.
    pub(super) fn views(&self) -> Vec<(ObjectName, TableId)> {
        let changes = self.names.iter().filter_map(|change| match change {
            NameChange::Table { from, to } => Some((from, to)),
            _ => None,
        });
        changes
            .filter_map(|(from, to)| Some((from.clone(), self.base.table_id(&from.sibling(to))?)))
            .collect()
    }

    /// What comes and is in nobody's way: schemas, extensions, tables. Columns are added table by table.
    pub(super) fn find_additions(&mut self) {
        for namespace in &self.next.namespaces {
            if !self.expanded.namespaces.contains(namespace) {
                self.expanded.namespaces.push(namespace.clone());
            }
        }
        for extension in &self.next.extensions {
            if self.base.extensions.iter().all(|known| known.name != extension.name) {
                self.expanded.extensions.push(extension.clone());
            }
        }
        for at in 0..self.next.tables.len() {
            let mut table = self.next.tables[at].clone();
            if self.base.table_id(&table.name).is_some() {
                continue;
            }
            for column in &table.columns {
                if self.shrunk(&column.ty).is_some() {
                    let what = format!(
                        "The new table {} has a column {} of an enum that loses values.",
                        self.shown(&table.name),
                        quote::ident(&column.name)
                    );
                    self.reasons.push(super::Reason {
                        what,
                        help: "make the table in a migration of its own, before this one or after its contract"
                            .to_owned(),
                    });
                }
            }
            // Each key finds its place once it is known what it refers to.
            table.foreign_keys.clear();
            self.expanded.tables.push(table);
        }
    }

    pub(super) fn find_dropped_tables(&mut self, pairs: &[Pair<TableId>]) {
        let staying: BTreeSet<TableId> = pairs.iter().map(|ids| ids.previous).collect();
        for id in self.base.table_ids() {
            let table = self.table(id);
            if staying.contains(&id) || table.partitioning == Partitioning::Partition {
                continue;
            }
            let name = self.shown(&table.name);
            self.summary.push(format!("drop table {name}"));
            self.retires.push(format!("table {name}"));
            self.dropped_tables.push(id);
        }
    }
}

/// The view is for whoever the table is for, and no way around its policies. Where views have no rights of their own
/// (before PostgreSQL 15), a table with policies gets none.
fn rights(view: &str, table: &str) -> String {
    let (view, table) = (quote::literal(view).to_string(), quote::literal(table).to_string());
    let sql =
        include_str!("rights.sql").trim_end().replace(":view", &view).replace(":table", &table);
    format!("-- lint: allow work-under-lock because it looks at rights, and at no row\n{sql}")
}
