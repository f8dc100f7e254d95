//! The contract: from what is there after the expand and the fill to what the schema file asks for.
//!
//! What is old is taken away by hand, on the server and on paper; all that is left to do is then the ordinary difference.

use std::collections::{BTreeMap, BTreeSet};

use pg_schema::{
    Arity, Column, ColumnDefault, ColumnType, ObjectName, Pair, PgSchema, PrimaryKey, Rename,
    Renamed, Step, Table, TableChange, TableId, quote, render, statements,
};

use super::Reason;
use super::guard;
use super::names::full;
use super::planner::{Key, Planner};
use super::script::{Triggers, push};
use super::unit::{Unit, Unset};
use crate::{Document, FinishKind};

impl Planner<'_> {
    /// The last steps of the contract; what in them would keep people waiting is told.
    pub(super) fn last_steps(&mut self) -> (Vec<Step>, PgSchema) {
        let whole = self.contracted();
        let next = self.request.schemas.next;
        let renamed = Renamed::new(Pair::new(&whole, next), &self.last_renames(&whole));
        let steps = renamed.steps(next);
        let schemas = Pair::new(&renamed.previous, next);
        // What is refused already is not done, and would be told twice.
        let is_refused = !self.reasons.is_empty();
        for step in &steps {
            if !is_short(step) && !is_refused {
                let what = format!(
                    "Nothing is known of how to do this in phases: {}.",
                    statements(step, schemas).join("; ").replace('\n', " ")
                );
                self.reasons.push(Reason {
                    what,
                    help: "make this change by an ordinary migration: cargo xtask migrate dev"
                        .to_owned(),
                });
            }
        }
        (steps, renamed.previous)
    }

    pub(super) fn contract(
        &self,
        document: &Document,
        triggers: &Triggers,
        (steps, previous): (Vec<Step>, PgSchema),
    ) -> String {
        let mut script = format!(
            "-- Contract: what only the old release needs goes. It begins with a look at whether it may.\n{};\n",
            guard::statement(self, document)
        );
        // The strongest lock first: whoever gets one after the other may end in a deadlock with whoever reads and then
        // writes.
        let tables: BTreeSet<TableId> = self
            .tables
            .keys()
            .copied()
            .chain(self.finishes.iter().map(|later| later.table))
            .chain(self.dropped_tables.iter().copied())
            .chain(self.views().iter().map(|(_, id)| *id))
            .collect();
        let tables: Vec<String> = tables.into_iter().map(|id| self.full(id)).collect();
        if !tables.is_empty() {
            // Autovacuum gives way to whoever has waited for a second: better before others have to wait as well.
            let modes = ["SHARE UPDATE EXCLUSIVE", "ACCESS EXCLUSIVE"];
            let locks =
                modes.map(|mode| format!("LOCK TABLE {} IN {mode} MODE", tables.join(", ")));
            push(&mut script, "All that follows is done at once", &locks);
        }
        let allowed = |rules: &[&str], statement: &str| {
            let reason = "because it is done already where the table has rows, says the guard";
            let lines = rules.iter().map(|rule| format!("-- lint: allow {rule} {reason}\n"));
            lines.collect::<String>() + statement
        };
        let again = self.finishes.iter().map(|later| match later.kind {
            FinishKind::Index => {
                allowed(&["create-index-concurrently", "work-under-lock"], &later.again)
            }
            FinishKind::Constraint | FinishKind::Validate => {
                allowed(&["work-under-lock"], &later.again)
            }
        });
        let again: Vec<String> = again.collect();
        push(&mut script, "Done already on a database that was filled", &again);
        let mut required: Vec<String> = Vec::new();
        for (id, column, check) in &self.required {
            let (table, column) = (self.full(*id), quote::ident(column));
            required.push(format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"));
            required.push(format!("ALTER TABLE {table} DROP CONSTRAINT {}", quote::ident(check)));
        }
        push(&mut script, "The checks have shown it", &required);
        let mut gone = triggers.gone.clone();
        gone.extend(
            self.views().iter().map(|(name, _)| format!("DROP VIEW {}", full(name, &self.base))),
        );
        push(&mut script, "Nothing is kept equal any more", &gone);
        push(&mut script, "What is old goes", &self.last_drops());
        push(&mut script, "What is new gets its names", &self.renames);
        if !steps.is_empty() {
            script.push('\n');
            script.push_str(&render(&steps, Pair::new(&previous, self.request.schemas.next)));
        }
        script
    }

    /// Sequences that go on, keys, columns, types.
    fn last_drops(&self) -> Vec<String> {
        let mut drops = Vec::new();
        for (id, old, interim, next) in self.serials() {
            let Some(ColumnDefault::Autoincrement(Some(sequence))) = &old else { continue };
            let (table, column) = (self.full(id), quote::ident(&interim).to_string());
            let name = full(sequence, &self.base);
            drops.push(format!("ALTER SEQUENCE {name} OWNED BY {table}.{column}"));
            drops.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT nextval({})",
                quote::literal(&name)
            ));
            let ty = match next {
                ColumnType::BigInt => "bigint",
                ColumnType::SmallInt => "smallint",
                _ => "integer",
            };
            let is = self.base.sequence(sequence).map_or("", |it| it.data_type.as_str());
            if is != ty {
                drops.push(format!("ALTER SEQUENCE {name} AS {ty}"));
            }
        }
        for (id, key) in self.retired_keys() {
            let name = quote::ident(&key);
            drops.push(format!("ALTER TABLE {} DROP CONSTRAINT {name}", self.full(id)));
        }
        for (id, name) in &self.replaced {
            let indexes = &self.table(*id).indexes;
            if let Some(at) = indexes.iter().position(|index| index.name == *name) {
                let step = Step::DropIndex(id.index(at));
                drops.extend(statements(&step, Pair::new(&self.base, &self.base)));
            }
        }
        drops.extend(self.lookups.iter().map(|lookup| lookup.again.clone()));
        for (id, swap) in &self.primary_keys {
            let table = self.full(*id);
            if let Some(old) = &swap.old {
                drops.push(format!("ALTER TABLE {table} DROP CONSTRAINT {}", quote::ident(old)));
            }
            drops.push(format!(
                "ALTER TABLE {table} ADD CONSTRAINT {} PRIMARY KEY USING INDEX {}",
                quote::ident(&swap.name),
                quote::ident(&swap.index)
            ));
        }
        for (id, work) in &self.tables {
            if !work.retired.is_empty() {
                let columns: Vec<String> = work
                    .retired
                    .iter()
                    .map(|name| format!("DROP COLUMN {}", quote::ident(name)))
                    .collect();
                drops.push(format!("ALTER TABLE {} {}", self.full(*id), columns.join(",\n")));
            }
        }
        for (namespace, name) in self.enums.keys() {
            let name = ObjectName::qualified(namespace, name);
            drops.push(format!("DROP TYPE {}", quote::explicit(&name)));
        }
        drops
    }

    /// Twins whose rows are numbered by the old column: its default, the new column and its type.
    pub(super) fn serials(&self) -> Vec<(TableId, Option<ColumnDefault>, String, ColumnType)> {
        let mut found = Vec::new();
        for (key, twins) in &self.twins {
            let name = ObjectName::qualified(&key.0, &key.1);
            let (Some(id), Some(next)) = (self.base.table_id(&name), self.next.table_id(&name))
            else {
                continue;
            };
            for (old, interim) in twins {
                let names = self.interim.get(key).into_iter().flatten();
                let last = names.into_iter().find(|(_, it)| *it == interim).map(|(last, _)| last);
                let Some(column) = last.and_then(|last| self.next.table_at(next).column(last))
                else {
                    continue;
                };
                let old = self.table(id).column(old);
                if column.is_autoincrement() {
                    let default = old.and_then(|old| old.default.clone());
                    found.push((id, default, interim.clone(), column.ty.clone()));
                }
            }
        }
        found
    }

    /// Foreign keys of or to columns that go.
    fn retired_keys(&self) -> Vec<(TableId, String)> {
        let retired: BTreeMap<Key, BTreeSet<&str>> = self
            .tables
            .iter()
            .map(|(id, work)| {
                let columns = work.retired.iter().map(String::as_str).collect();
                (self.key(&self.table(*id).name), columns)
            })
            .collect();
        let goes = |table: &Key, columns: &[String]| {
            retired
                .get(table)
                .is_some_and(|gone| columns.iter().any(|it| gone.contains(it.as_str())))
        };
        let mut keys = Vec::new();
        for id in self.base.table_ids() {
            let table = self.table(id);
            for key in &table.foreign_keys {
                if goes(&self.key(&table.name), &key.columns)
                    || goes(&self.key(&key.referenced_table), &key.referenced_columns)
                {
                    keys.push((id, key.name.clone()));
                }
            }
        }
        keys
    }

    /// What is there once the contract has taken away what is old.
    fn contracted(&self) -> PgSchema {
        let mut whole = PgSchema { is_desired: false, ..self.expanded.clone() };
        for (id, name) in &self.replaced {
            whole.table_at_mut(*id).indexes.retain(|index| index.name != *name);
        }
        for (id, index) in &self.indexes {
            whole.table_at_mut(*id).indexes.push(index.clone());
        }
        for (id, name) in self.retired_keys() {
            whole.table_at_mut(id).foreign_keys.retain(|key| key.name != name);
        }
        for (id, key) in &self.keys {
            whole.table_at_mut(*id).foreign_keys.push(key.clone());
        }
        for (id, old, interim, _) in self.serials() {
            set(whole.table_at_mut(id), &interim, |column| column.default = old);
        }
        for unit in
            self.tables.iter().flat_map(|(id, work)| work.units.iter().map(move |it| (id, it)))
        {
            if let (id, Unit::Twin(twin)) = unit {
                for new in &twin.new {
                    if let Unset::Constant(_) = new.cell.default {
                        let default = self.wanted_default(*id, &new.cell.name);
                        set(whole.table_at_mut(*id), &new.cell.name, |column| {
                            column.default = default;
                        });
                    }
                }
            }
        }
        for (id, column, _) in &self.required {
            set(whole.table_at_mut(*id), column, |column| {
                column.arity = Arity::Required;
            });
        }
        for (id, work) in &self.tables {
            let table = whole.table_at_mut(*id);
            let is_gone = |name: &str| work.retired.iter().any(|it| it == name);
            table.columns.retain(|column| !is_gone(&column.name));
            table.indexes.retain(|index| {
                let mut columns = index.keys.iter().filter_map(|key| key.as_column());
                !columns.any(is_gone) && !index.include.iter().any(|name| is_gone(name))
            });
            if table
                .primary_key
                .as_ref()
                .is_some_and(|key| key.columns.iter().any(|it| is_gone(it)))
            {
                table.primary_key = None;
            }
        }
        for (id, swap) in &self.primary_keys {
            let columns: Vec<&str> = swap.columns.iter().map(String::as_str).collect();
            whole.table_at_mut(*id).primary_key = Some(PrimaryKey::new(&swap.name, &columns));
        }
        let shrunk: Vec<Key> = self.enums.keys().cloned().collect();
        whole.enums.retain(|it| !shrunk.contains(&self.key(&it.name)));
        whole
    }

    /// The default that the column has in the end.
    fn wanted_default(&self, id: TableId, interim: &str) -> Option<ColumnDefault> {
        let name = &self.table(id).name;
        let key = self.key(name);
        let next = self.next.table_id(name)?;
        let column = self
            .next
            .table_at(next)
            .columns
            .iter()
            .find(|column| self.interim(&key, &column.name) == interim)?;
        column.default.clone()
    }

    /// What has another name in between.
    fn last_renames(&self, whole: &PgSchema) -> Vec<Rename> {
        let next = self.request.schemas.next;
        let mut renames = Vec::new();
        for (key, names) in &self.interim {
            let name = ObjectName::qualified(&key.0, &key.1);
            let (Some(id), Some(next_id)) = (whole.table_id(&name), next.table_id(&name)) else {
                continue;
            };
            for (last, interim) in names.iter().filter(|(last, interim)| last != interim) {
                let ids = (whole.column_id(id, interim), next.column_id(next_id, last));
                if let (Some(is), Some(last)) = ids {
                    renames.push(Rename::Column(Pair::new(is, last)));
                }
            }
        }
        for (key, shrunk) in &self.enums {
            let name = ObjectName::qualified(&key.0, &key.1);
            if let (Some(is), Some(last)) = (whole.enum_id(&shrunk.interim), next.enum_id(&name)) {
                renames.push(Rename::Enum(Pair::new(is, last)));
            }
        }
        renames
    }
}

fn set(table: &mut Table, column: &str, change: impl FnOnce(&mut Column)) {
    if let Some(column) = table.columns.iter_mut().find(|it| it.name == column) {
        change(column);
    }
}

/// Whether a step waits for its locks and is done then.
fn is_short(step: &Step) -> bool {
    match step {
        Step::Rename(_)
        | Step::DropForeignKey(_)
        | Step::DropIndex(_)
        | Step::DropTable(_)
        | Step::DropEnum(_)
        | Step::DropExtension(_)
        | Step::RenameForeignKey(_)
        | Step::RenameIndex(_) => true,
        Step::AlterTable(alter) => alter.changes.iter().all(|change| match change {
            TableChange::DropPrimaryKey
            | TableChange::RenamePrimaryKey
            | TableChange::DropColumn(_) => true,
            TableChange::AlterColumn(_, changes) => changes.ty.is_none() && !changes.arity,
            _ => false,
        }),
        _ => false,
    }
}
