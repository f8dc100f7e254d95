//! Columns that change where they are, and those that come or go alone.

use pg_schema::{Arity, Column, ColumnDefault, Pair, TableId, default_expression, quote};

use super::derive;
use super::planner::{Further, Later, Planner};
use super::twin::unset;
use super::unit::{Cell, Filler, Unit, Unset};
use crate::FinishKind;

impl Planner<'_> {
    /// What changes in a column where it is.
    pub(super) fn find_changes(&mut self, ids: Pair<TableId>, names: &Pair<String>) {
        let Some(columns) = self.columns(ids, names).map(|it| it.map(Clone::clone)) else { return };
        let columns = columns.as_ref();
        let changes = self.changes(columns);
        let next = columns.next.clone();
        if changes.arity && next.arity == Arity::Required {
            self.find_required(ids, columns);
        }
        let table = self.table(ids.previous).name.clone();
        let has_default = next.default.is_some() && !changes.autoincrement;
        let expanded = self.expanded.table_id(&table);
        let expanded = expanded.map(|id| self.expanded.table_at_mut(id));
        let Some(column) =
            expanded.and_then(|it| it.columns.iter_mut().find(|it| it.name == names.previous))
        else {
            return;
        };
        if changes.arity && next.arity == Arity::Nullable {
            column.arity = Arity::Nullable;
        }
        if changes.ty.is_some() {
            column.ty = next.ty;
        }
        if changes.default && has_default {
            column.default = next.default;
        }
    }

    pub(super) fn find_required(&mut self, ids: Pair<TableId>, columns: Pair<&Column>) {
        let table = self.table(ids.previous).name.clone();
        let key = self.key(&table);
        let name = &columns.next.name;
        let shown = format!("{}.{}", self.shown(&table), quote::ident(name));
        self.takers.push((key.clone(), name.clone()));
        if !self.has_using(&key, name) {
            let example =
                default_expression(columns.next, &self.next).unwrap_or_else(|| "EXPR".to_owned());
            let what = format!("The column {shown} is to be required: what do its NULLs become?");
            self.ask(&key, name, what, &example);
            return;
        }
        let Some(value) = self.given(ids, name, true) else { return };
        let value = derive::cast_to(value, columns.next, &self.next);
        self.summary.push(format!("make column {shown} required"));
        let default = unset(columns.previous, &self.base);
        let cell = Cell::new(columns.previous, &columns.previous.name, default);
        let filler = Filler { cell, value, is_old_style: true };
        self.work(ids.previous).units.push(Unit::Filler(filler));
        self.require(ids.previous, &columns.previous.name, true);
    }

    /// A check that says what NOT NULL says, which can come without a look at the rows.
    pub(super) fn require(&mut self, id: TableId, column: &str, is_there: bool) {
        let (table, check) = (self.full(id), self.own_name());
        let (name, quoted) = (quote::ident(column).to_string(), quote::ident(&check).to_string());
        self.own.push(format!(
            "ALTER TABLE {table} ADD CONSTRAINT {quoted} CHECK ({name} IS NOT NULL) NOT VALID"
        ));
        if is_there {
            self.undo.push(format!("ALTER TABLE {table} DROP CONSTRAINT {quoted}"));
        }
        let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {quoted}");
        self.finishes.push(Later {
            kind: FinishKind::Validate,
            table: id,
            name: check.clone(),
            sql: validate.clone(),
            again: validate,
        });
        self.required.push((id, column.to_owned(), check));
    }

    pub(super) fn find_added(&mut self, ids: Pair<TableId>, name: &str) {
        let table = self.table(ids.previous).name.clone();
        let key = self.key(&table);
        let Some(column) = self.next.table_at(ids.next).column(name).cloned() else { return };
        let shown = format!("{}.{}", self.shown(&table), quote::ident(name));
        if self.shrunk(&column.ty).is_some() {
            let what = format!("The new column {shown} is of an enum that loses values.");
            self.refuse(
                what,
                "add it in a migration of its own, before this one or after its contract",
            );
            return;
        }
        if column.is_autoincrement() {
            let what = format!(
                "The new column {shown} numbers its rows, which writes the whole table anew."
            );
            self.refuse(what, "add it as an optional column, and make it number its rows later");
            return;
        }
        let interim = self.interim(&key, name).to_owned();
        let is_steady = matches!(
            column.default,
            Some(ColumnDefault::Literal(_) | ColumnDefault::List(_) | ColumnDefault::Now)
        );
        let expression = default_expression(&column, &self.next);
        let is_required = column.arity == Arity::Required;
        let has_using = self.has_using(&key, name);
        let needs_fill =
            has_using || (is_required && !is_steady) || (expression.is_some() && !is_steady);
        let mut added = Column { name: interim.clone(), ..column.clone() };
        if needs_fill {
            added.default = None;
            added.arity = if is_required { Arity::Nullable } else { column.arity };
        }
        self.add_column(&table, added.clone());
        if !needs_fill {
            return;
        }
        self.takers.push((key.clone(), name.to_owned()));
        let value = if has_using {
            let Some(value) = self.given(ids, name, true) else { return };
            value
        } else if let Some(sql) = &expression {
            let Ok(value) = self.formula(ids, sql, true) else {
                let what = format!("The default of the new column {shown} cannot be read: {sql}.");
                self.refuse(
                    what,
                    "add the column without it, and the default in a later migration",
                );
                return;
            };
            value
        } else {
            let what = format!(
                "The new column {shown} is required and has no default: what is it in the rows that are there?"
            );
            self.ask(&key, name, what, "EXPR");
            return;
        };
        self.summary.push(format!("add column {shown}, filled"));
        if let Some(default) = &expression {
            self.own.push(format!(
                "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {default}",
                self.full(ids.previous),
                quote::ident(&interim)
            ));
        }
        // Left out on purpose is what has no default.
        let is_old_style = is_required && expression.is_none();
        let value = derive::cast_to(value, &column, &self.next);
        let cell = Cell::new(&added, &interim, Unset::Null);
        if is_required || expression.is_none() {
            self.work(ids.previous).units.push(Unit::Filler(Filler { cell, value, is_old_style }));
        } else {
            // Optional, with a default: what is NULL later is so on purpose.
            self.work(ids.previous).mends.push(Further {
                column: interim.clone(),
                value: value.over("t"),
                pending: format!("{} IS NULL", cell.of("t")),
                is_proven: false,
            });
        }
        if is_required {
            self.require(ids.previous, &interim, false);
        }
    }

    pub(super) fn add_column(&mut self, table: &pg_schema::ObjectName, column: Column) {
        if let Some(id) = self.expanded.table_id(table) {
            self.expanded.table_at_mut(id).columns.push(column);
        }
    }

    pub(super) fn find_dropped(&mut self, ids: Pair<TableId>, name: &str) {
        let table = self.table(ids.previous).clone();
        let key = self.key(&table.name);
        let Some(column) = table.column(name).cloned() else { return };
        let shown = format!("{}.{}", self.shown(&table.name), quote::ident(name));
        if !self.can_go(ids.previous, name) {
            return;
        }
        self.summary.push(format!("drop column {shown}"));
        self.retires.push(format!("column {shown}"));
        let is_key =
            table.primary_key.as_ref().is_some_and(|it| it.columns.iter().any(|it| it == name));
        let default = unset(&column, &self.base);
        let must_be_given = column.arity == Arity::Required && default == Unset::Null;
        if self.has_using(&key, name) {
            let Some(value) = self.given(ids, name, false) else { return };
            let value = derive::cast_to(value, &column, &self.base);
            let cell = Cell::new(&column, name, default.clone());
            self.work(ids.previous).units.push(Unit::Filler(Filler {
                cell,
                value,
                is_old_style: false,
            }));
        } else if must_be_given && is_key {
            let what = format!(
                "The column {shown} goes, but is part of the primary key until the contract: what do new rows have there?"
            );
            self.ask(&key, name, what, "EXPR");
        } else if must_be_given {
            self.relax(&table.name, name);
        }
        let cell = Cell::new(&column, name, default);
        let work = self.work(ids.previous);
        work.units.push(Unit::Watch(cell));
        work.retired.push(name.to_owned());
    }

    /// The new release does not know of it.
    pub(super) fn relax(&mut self, table: &pg_schema::ObjectName, column: &str) {
        let Some(id) = self.expanded.table_id(table) else { return };
        let columns = &mut self.expanded.table_at_mut(id).columns;
        if let Some(column) = columns.iter_mut().find(|it| it.name == column) {
            column.arity = Arity::Nullable;
        }
    }
}
