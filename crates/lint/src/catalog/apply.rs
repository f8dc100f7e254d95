//! What a statement makes of the schema.

use sql::Statement;
use sql::statement::{
    self as read, ActionKind as A, AlterTable, Bounds, Code, ConstraintKind as Read, CreateTable,
    Kind, Name, Object, Transaction, Verb,
};

use super::constraints::free;
use super::{Catalog, Column, ConstraintKind, Index, Table};
use crate::expression::names;

impl Catalog {
    /// Takes a statement as done.
    pub fn apply(&mut self, statement: &Statement) {
        match &statement.kind {
            Kind::CreateTable(table) => self.create(table),
            Kind::AlterTable(alter) => {
                let table = self.resolve(&alter.table);
                let heirs = if alter.only { Vec::new() } else { self.descendants(&table) };
                for action in &alter.actions {
                    for heir in heirs.iter().filter(|_| is_inherited(&action.kind)) {
                        self.act(heir, &action.kind);
                    }
                    self.act(&table, &action.kind);
                }
            }
            Kind::Rename(rename) => self.rename(rename),
            Kind::CreateIndex(index) => {
                let table = self.resolve(&index.table);
                let of = |name: &str| Name { schema: table.schema.clone(), name: name.to_owned() };
                let given = || {
                    let given = format!("{}_{}_idx", table.name, index.columns.join("_"));
                    free(&given, |name| self.indexes.contains_key(&of(name)))
                };
                let name = of(&index.name.as_ref().map_or_else(given, |name| name.name.clone()));
                let made = Index {
                    table,
                    columns: index.columns.clone(),
                    sorted: index.sorted.clone(),
                    unique: index.unique,
                    terms: index.terms.clone(),
                };
                self.indexes.entry(name).or_insert(made);
            }
            Kind::DropIndex(drop) => {
                for name in &drop.names {
                    let name = self.resolve_index(name);
                    self.indexes.remove(&name);
                }
            }
            Kind::Drop(drop) => self.drop(drop),
            Kind::Define {
                verb: Verb::Create,
                object: Object::MaterializedView,
                name: Some(name),
                ..
            } => {
                let view = Table { is_new: true, ..Table::default() };
                let name = self.made(name, false);
                self.fresh.push(name.clone());
                self.tables.insert(name, view);
            }
            Kind::Truncate { tables, .. } => {
                for table in tables {
                    let name = self.resolve(table);
                    if let Some(table) = self.tables.get_mut(&name) {
                        table.is_emptied = true;
                        self.fresh.push(name);
                    }
                }
            }
            Kind::Write(write) => {
                // What was empty is not any more.
                for write in write.all() {
                    let table = self.resolve(&write.table);
                    if let Some(table) = self.tables.get_mut(&table) {
                        table.is_emptied = false;
                        table.rows = table.rows.filter(|rows| *rows > 0);
                    }
                }
            }
            Kind::CreateEnum { name, .. }
            | Kind::Define { verb: Verb::Create, object: Object::Type, name: Some(name), .. } => {
                self.make_type(name);
            }
            Kind::CreateDomain { name, ty, constraints } => {
                self.make_domain(name, ty, constraints);
            }
            Kind::AlterDomain { name, action } => self.alter_domain(name, action),
            Kind::Function(function) => self.define_function(function),
            Kind::Set(set) if set.name == "search_path" => self.set_path(set),
            Kind::Transaction(Transaction::Commit | Transaction::Rollback) => {
                self.end_transaction();
            }
            Kind::Code(code) => {
                for statement in &code.statements {
                    self.apply_perhaps(statement);
                }
                self.end_code(code);
            }
            _ => {}
        }
    }

    /// The schema as it is once what a statement drops is gone.
    pub(crate) fn without_dropped(&self, alter: &AlterTable) -> Catalog {
        let mut after = self.clone();
        let table = self.resolve(&alter.table);
        for action in alter.actions.iter().filter(|action| action.kind.drops()) {
            after.act(&table, &action.kind);
        }
        after
    }

    /// What else code may have done than the statements that are read in it.
    pub(crate) fn end_code(&mut self, code: &Code) {
        if !code.is_whole() {
            for table in self.tables.values_mut() {
                table.may_hide_partitions |= table.is_partitioned;
            }
        }
    }

    /// Takes a statement of code as done, as it mostly is: a table that it makes may have been there before.
    pub(crate) fn apply_perhaps(&mut self, statement: &Statement) {
        match &statement.kind {
            Kind::CreateTable(table) if !table.temporary => {
                self.create(&CreateTable { if_not_exists: true, ..table.clone() });
            }
            _ => self.apply(statement),
        }
    }

    fn create(&mut self, made: &CreateTable) {
        let name = self.made(&made.name, made.temporary);
        if made.if_not_exists && self.tables.contains_key(&name) {
            return;
        }
        let parents = made.partition_of.iter().chain(&made.inherits);
        let parents: Vec<Name> = parents.map(|parent| self.resolve(parent)).collect();
        let mut table = Table {
            // One that may be there already may be in use too.
            is_new: !made.if_not_exists,
            is_made: !made.if_not_exists,
            is_partitioned: made.is_partitioned,
            partition_key: made.partition_key.clone(),
            is_default_partition: made.bounds == Some(Bounds::Default),
            is_unlogged: made.unlogged,
            storage: made.storage.clone(),
            ..Table::default()
        };
        let like: Vec<Name> = made.like.iter().map(|like| self.resolve(like)).collect();
        for from in like.into_iter().chain(parents.iter().cloned()) {
            if let Some(from) = self.tables.get(&from) {
                table.columns.extend(from.columns.clone());
                let checks = from
                    .constraints
                    .iter()
                    .filter(|(_, constraint)| matches!(constraint.kind, ConstraintKind::Check(_)));
                table.constraints.extend(checks.map(|(name, check)| (name.clone(), check.clone())));
            }
        }
        self.has_heirs |= !parents.is_empty();
        self.has_temporary |= made.temporary;
        self.fresh.push(name.clone());
        table.parents = parents;
        self.tables.insert(name.clone(), table);
        for column in &made.columns {
            self.add_column(&name, column);
        }
        for constraint in &made.constraints {
            self.constrain(&name, constraint, None);
        }
    }

    fn add_column(&mut self, table: &Name, column: &read::Column) {
        let serial = crate::types::Type::read(&column.ty).is_serial();
        let is_virtual = column
            .constraints
            .iter()
            .any(|constraint| matches!(constraint.kind, Read::Generated { stored: false, .. }));
        let collation = sorting(column.collation.as_ref());
        let made = Column { ty: self.type_of(&column.ty), collation, not_null: serial, is_virtual };
        let into = self.tables.entry(table.clone()).or_default();
        into.columns.insert(column.name.clone(), made);
        for constraint in &column.constraints {
            self.constrain(table, constraint, Some(&column.name));
        }
    }

    fn act(&mut self, name: &Name, action: &A) {
        match action {
            A::AddColumn { column, if_not_exists } => {
                let is_there = self
                    .tables
                    .get(name)
                    .is_some_and(|table| table.columns.contains_key(&column.name));
                if !(*if_not_exists && is_there) {
                    self.add_column(name, column);
                }
                return;
            }
            A::AddConstraint(constraint) => return self.constrain(name, constraint, None),
            A::SetNotNull { column } | A::AddIdentity { column } => {
                return self.set_not_null(name, column, true);
            }
            A::DropNotNull { column } => {
                self.set_not_null(name, column, false);
                let table = self.tables.entry(name.clone()).or_default();
                table.constraints.retain(|_, constraint| !constraint.is_not_null_of(column));
                return;
            }
            A::AttachPartition { partition, bounds } => {
                let partition = self.resolve(partition);
                let partition = self.tables.entry(partition).or_default();
                partition.parents.push(name.clone());
                self.has_heirs = true;
                partition.is_default_partition = *bounds == Bounds::Default;
                return;
            }
            A::DetachPartition { partition, .. } => {
                let partition = self.resolve(partition);
                let partition = self.tables.entry(partition).or_default();
                partition.parents.retain(|parent| parent != name);
                partition.is_default_partition = false;
                return;
            }
            A::SetSchema { schema } => {
                let to = Name { schema: Some(schema.clone()), name: name.name.clone() };
                return self.move_table(name, to);
            }
            A::SetType { column, ty, collation, .. } => {
                let ty = self.type_of(ty);
                let table = self.tables.entry(name.clone()).or_default();
                if let Some(column) = table.columns.get_mut(column) {
                    column.ty = ty;
                    column.collation = sorting(collation.as_ref());
                }
                return;
            }
            A::RenameColumn { from, to } => return self.rename_column(name, from, to),
            A::Inherit { parent } => {
                let parent = self.resolve(parent);
                self.tables.entry(name.clone()).or_default().parents.push(parent);
                self.has_heirs = true;
                return;
            }
            A::NoInherit { parent } => {
                let parent = self.resolve(parent);
                let table = self.tables.entry(name.clone()).or_default();
                table.parents.retain(|other| *other != parent);
                return;
            }
            A::DropConstraint { name: constraint, .. } => {
                self.drop_constraint(name, constraint);
                return;
            }
            A::RenameConstraint { from, to } => return self.rename_constraint(name, from, to),
            _ => {}
        }
        let table = self.tables.entry(name.clone()).or_default();
        match action {
            A::DropColumn { column, .. } => {
                table.columns.remove(column);
                table.constraints.retain(|_, constraint| !constraint.is_of(column));
                self.indexes.retain(|_, index| {
                    index.table != *name
                        || !(index.sorted.contains(column) || names(&index.terms, column))
                });
            }
            A::ValidateConstraint { name } | A::AlterConstraint { name, enforced: Some(true) } => {
                let Some(constraint) = table.constraints.get_mut(name) else { return };
                constraint.is_valid = true;
                if let ConstraintKind::NotNull(column) = &constraint.kind
                    && let Some(column) = table.columns.get_mut(column)
                {
                    column.not_null = true;
                }
            }
            A::AlterConstraint { name, enforced: Some(false) } => {
                if let Some(constraint) = table.constraints.get_mut(name) {
                    constraint.is_valid = false;
                }
            }
            A::SetLogged => table.is_unlogged = false,
            A::SetUnlogged => table.is_unlogged = true,
            A::SetTablespace { tablespace } => table.storage.tablespace = Some(tablespace.clone()),
            A::SetAccessMethod { method } => table.storage.method.clone_from(method),
            _ => {}
        }
    }

    fn drop(&mut self, drop: &read::Drop) {
        match drop.object {
            Object::Table | Object::MaterializedView => {
                for name in &drop.names {
                    let name = self.resolve(name);
                    for table in self.tables.values_mut() {
                        table.constraints.retain(|_, constraint| {
                            !matches!(&constraint.kind, ConstraintKind::ForeignKey { parent, .. } if *parent == name)
                        });
                    }
                    self.tables.remove(&name);
                    self.indexes.retain(|_, index| index.table != name);
                }
            }
            Object::Function => drop.names.iter().for_each(|name| self.drop_function(name)),
            Object::Type | Object::Domain => {
                for name in &drop.names {
                    let name = self.resolve_type(name);
                    self.types.remove(&name);
                }
            }
            Object::Schema => {
                for schema in &drop.names {
                    let is_in = |name: &Name| name.schema.as_ref() == Some(&schema.name);
                    self.tables.retain(|name, _| !is_in(name));
                    self.indexes.retain(|name, _| !is_in(name));
                }
            }
            _ => {}
        }
    }
}

/// By what is sorted what says so; none for what everything is sorted by anyway.
pub(crate) fn sorting(collation: Option<&Name>) -> Option<Name> {
    let collation = collation.filter(|collation| collation.name != "default")?;
    let schema = collation.schema.clone().filter(|schema| schema != "pg_catalog");
    Some(Name { schema, name: collation.name.clone() })
}

/// Whether partitions and heirs have it done to them too.
fn is_inherited(action: &A) -> bool {
    match action {
        A::AddColumn { .. }
        | A::DropColumn { .. }
        | A::RenameColumn { .. }
        | A::SetType { .. }
        | A::SetNotNull { .. }
        | A::DropNotNull { .. }
        | A::ValidateConstraint { .. }
        | A::DropConstraint { .. }
        | A::RenameConstraint { .. } => true,
        A::AddConstraint(constraint) => {
            matches!(constraint.kind, Read::Check(_) | Read::NotNull(_))
        }
        _ => false,
    }
}
