//! A group of columns as a twin: what is new stands beside what is old.

use std::collections::BTreeSet;

use pg_schema::{
    Arity, Column, ColumnDefault, ColumnType, Pair, PgSchema, Table, TableId, column_type,
    default_expression, quote,
};

use super::columns::{Group, Sides};
use super::planner::{Key, Planner};
use super::unit::{Cell, New, Old, Twin, Unit, Unset};

impl Planner<'_> {
    pub(super) fn find_twin(&mut self, ids: Pair<TableId>, group: &Group, sides: &Sides) {
        let table = self.table(ids.previous).clone();
        let key = self.key(&table.name);
        if group.old.iter().any(|name| !self.can_go(ids.previous, name)) {
            return;
        }
        let one_to_one = sides.pairs.iter().find(|names| {
            group.old.len() == 1
                && group.new.len() == 1
                && group.old.contains(&names.previous)
                && group.new.contains(&names.next)
        });
        let tells_releases = one_to_one.is_none_or(Pair::differs);
        let interims: Vec<(Column, Column)> = group
            .new
            .iter()
            .filter_map(|name| {
                let column = self.next.table_at(ids.next).column(name)?;
                Some((column.clone(), self.interim_column(&table, &key, column, one_to_one)))
            })
            .collect();
        self.refuse_new_numbers(&table, &interims, one_to_one);
        for (column, interim) in &interims {
            self.add_column(&table.name, Column { comment: None, ..interim.clone() });
            self.take_along(ids.previous, &table, interim, one_to_one);
            self.takers.push((key.clone(), column.name.clone()));
        }
        let olds: Vec<Column> =
            group.old.iter().filter_map(|name| table.column(name)).cloned().collect();

        let new = self.new_sides(ids, &interims, one_to_one, &olds);
        let mut old = Vec::new();
        for column in &olds {
            let backward = self.backward(ids, column, one_to_one, &interims, &new);
            old.push(Old {
                cell: Cell::new(column, &column.name, unset(column, &self.base)),
                backward,
            });
        }
        let any_nullable = interims.iter().any(|(column, _)| column.arity == Arity::Nullable);
        for column in olds.iter().filter(|column| column.arity == Arity::Required && any_nullable) {
            self.relax(&table.name, &column.name);
        }
        self.tell_twin(&table.name, group, one_to_one, ids);
        let retired: BTreeSet<&str> = group.old.iter().map(String::as_str).collect();
        let coming: BTreeSet<&str> = interims.iter().map(|(_, it)| it.name.as_str()).collect();
        let inputs: BTreeSet<&str> = new
            .iter()
            .flat_map(|new| new.forward.inputs())
            .filter(|name| !retired.contains(name) && !coming.contains(name))
            .collect();
        let cell =
            |name: &&str| table.column(name).map(|column| Cell::new(column, name, Unset::Any));
        let inputs: Vec<Cell> = inputs.iter().filter_map(cell).collect();
        let removed = one_to_one
            .and_then(|names| self.columns(ids, names))
            .and_then(|columns| self.shrunk(&columns.next.ty))
            .map_or_else(Vec::new, |shrunk| shrunk.removed.clone());
        let removed = if tells_releases { Vec::new() } else { removed };
        let work = self.work(ids.previous);
        work.units.push(Unit::Twin(Twin { old, new, inputs, tells_releases, removed }));
        work.retired.extend(group.old.iter().cloned());
    }

    fn refuse_new_numbers(
        &mut self,
        table: &Table,
        interims: &[(Column, Column)],
        one_to_one: Option<&Pair<String>>,
    ) {
        for (column, _) in interims.iter().filter(|(column, _)| column.is_autoincrement()) {
            let old = one_to_one.and_then(|names| table.column(&names.previous));
            let is_numbered = old.is_some_and(|old| {
                matches!(old.default, Some(ColumnDefault::Autoincrement(Some(_))))
            });
            if !is_numbered {
                let what = format!(
                    "The column {}.{} is to number its rows, and changes in other ways too.",
                    self.shown(&table.name),
                    quote::ident(&column.name)
                );
                self.refuse(what, "make it number its rows in a migration after the contract");
            }
        }
    }

    fn new_sides(
        &mut self,
        ids: Pair<TableId>,
        interims: &[(Column, Column)],
        one_to_one: Option<&Pair<String>>,
        olds: &[Column],
    ) -> Vec<New> {
        let has_old_default =
            olds.iter().any(|old| old.default.is_some() || old.identity.is_some());
        let mut new = Vec::new();
        for (column, interim) in interims {
            let Some(forward) = self.forward(ids, column, interim, one_to_one, olds) else {
                continue;
            };
            // A value that is the new side's default counts as not set, and is then made of the old side's: that has to be
            // the same again.
            let key = self.key(&self.table(ids.previous).name);
            let is_derived = !self.has_using(&key, &column.name);
            let is_same = one_to_one
                .and_then(|names| self.columns(ids, names))
                .is_some_and(|columns| is_derived && !self.changes(columns).default);
            let is_carried = !has_old_default || is_same;
            let defaulted = Column { default: column.default.clone(), ..interim.clone() };
            let mut default = unset(&defaulted, &self.next);
            let mut late = None;
            if !matches!(default, Unset::Null | Unset::Constant(_))
                || (default != Unset::Null && !is_carried)
            {
                let expression = default_expression(column, &self.next);
                late = expression.filter(|_| column.arity == Arity::Required && !has_old_default);
                default = Unset::Null;
            }
            if let (Unset::Constant(_), Some(expression)) =
                (&default, default_expression(column, &self.next))
            {
                self.own.push(format!(
                    "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {expression}",
                    self.full(ids.previous),
                    quote::ident(&interim.name)
                ));
            }
            let is_required = column.arity == Arity::Required;
            if is_required {
                self.require(ids.previous, &interim.name, false);
            }
            let cell = Cell::new(interim, &interim.name, default);
            new.push(New { cell, forward, is_required, default: late });
        }
        new
    }

    fn interim_column(
        &self,
        table: &Table,
        key: &Key,
        column: &Column,
        one_to_one: Option<&Pair<String>>,
    ) -> Column {
        let mut interim = Column {
            name: self.interim(key, &column.name).to_owned(),
            default: None,
            arity: if column.arity == Arity::Required { Arity::Nullable } else { column.arity },
            ..column.clone()
        };
        if let Some(shrunk) = self.shrunk(&column.ty) {
            interim.ty = ColumnType::Enum(shrunk.interim.clone());
        }
        if let Some(old) = one_to_one.and_then(|names| table.column(&names.previous))
            && old.ty == column.ty
        {
            interim.collation.clone_from(&old.collation);
        }
        interim
    }

    /// What people have written about the old one is about the new one, and whoever may read and write it may here too.
    fn take_along(
        &mut self,
        id: TableId,
        table: &Table,
        interim: &Column,
        one_to_one: Option<&Pair<String>>,
    ) {
        let old = one_to_one.and_then(|names| table.column(&names.previous));
        let full = self.full(id);
        if let Some(old) = old {
            let literal = |text: &str| quote::literal(text).to_string();
            let sql = include_str!("column_rights.sql").trim_end();
            let sql = sql.replace(":table", &literal(&full)).replace(":old", &literal(&old.name));
            self.own.push(sql.replace(":new", &literal(&interim.name)));
        }
        if let Some(comment) = old.and_then(|old| old.comment.as_ref()) {
            self.own.push(format!(
                "COMMENT ON COLUMN {}.{} IS {}",
                self.full(id),
                quote::ident(&interim.name),
                quote::literal(comment)
            ));
        }
    }

    fn tell_twin(
        &mut self,
        table: &pg_schema::ObjectName,
        group: &Group,
        one_to_one: Option<&Pair<String>>,
        ids: Pair<TableId>,
    ) {
        let shown = self.shown(table);
        let list = |names: &BTreeSet<String>| {
            let names: Vec<String> = names.iter().map(|it| quote::ident(it).to_string()).collect();
            names.join(", ")
        };
        let line = match one_to_one.and_then(|names| self.columns(ids, names)) {
            Some(columns) => {
                let types = Pair::new(
                    column_type(columns.previous, &self.base),
                    column_type(columns.next, &self.next),
                );
                let name = quote::ident(&columns.previous.name);
                let is_renamed = columns.map(|column| &column.name).differs();
                let change = format!("from {} to {}", types.previous, types.next);
                match (is_renamed, types.differs()) {
                    (true, false) => {
                        format!("rename column {shown}.{name} to {}", list(&group.new))
                    }
                    (true, true) => {
                        format!("rename column {shown}.{name} to {}, {change}", list(&group.new))
                    }
                    (false, true) => format!("change type of column {shown}.{name} {change}"),
                    (false, false) => {
                        format!("move column {shown}.{name} to the enum's new values")
                    }
                }
            }
            None => format!("make {} of {} in {shown}", list(&group.new), list(&group.old)),
        };
        self.summary.push(line);
        for name in &group.old {
            let is_same = one_to_one.is_some_and(|names| !names.differs());
            let of = if is_same { "old values of column" } else { "column" };
            self.retires.push(format!("{of} {shown}.{}", quote::ident(name)));
        }
    }
}

/// What an INSERT without the column leaves in it.
pub(super) fn unset(column: &Column, schema: &PgSchema) -> Unset {
    if column.identity.is_some() {
        return Unset::Any;
    }
    match &column.default {
        None => Unset::Null,
        Some(ColumnDefault::Literal(_) | ColumnDefault::List(_)) => {
            match default_expression(column, schema) {
                Some(sql) => Unset::Constant(format!("({sql})::{}", column_type(column, schema))),
                None => Unset::Any,
            }
        }
        Some(ColumnDefault::Now) => Unset::Now {
            value: format!("CURRENT_TIMESTAMP::{}", column_type(column, schema)),
            is_zoned: matches!(column.ty, ColumnType::Timestamptz(_)),
        },
        Some(_) => Unset::Any,
    }
}
