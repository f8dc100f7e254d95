//! What a statement makes of the schema.

use sql::Statement;
use sql::statement::{
    self as read, ActionKind as A, ConstraintKind as Read, CreateTable, Kind, Name, Object, Verb,
};

use super::{Catalog, Column, Constraint, ConstraintKind, Index, Table, full};

impl Catalog {
    /// Takes a statement as done.
    pub fn apply(&mut self, statement: &Statement) {
        match &statement.kind {
            Kind::CreateTable(table) => self.create(table),
            Kind::AlterTable(alter) => {
                let table = full(&alter.table);
                for action in &alter.actions {
                    self.act(&table, &action.kind);
                }
            }
            Kind::Rename(rename) => self.rename(rename),
            Kind::CreateIndex(index) => {
                let table = full(&index.table);
                let name = index.name.clone().unwrap_or_else(|| {
                    Name::new(format!("{}_{}_idx", table.name, index.columns.join("_")))
                });
                let name = Name { schema: table.schema.clone(), name: name.name };
                let made = Index { table, columns: index.columns.clone(), unique: index.unique };
                self.indexes.entry(name).or_insert(made);
            }
            Kind::DropIndex(drop) => {
                for name in &drop.names {
                    self.indexes.remove(&full(name));
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
                self.tables.insert(full(name), view);
            }
            Kind::Truncate { tables, .. } => {
                for table in tables {
                    if let Some(table) = self.tables.get_mut(&full(table)) {
                        table.is_emptied = true;
                    }
                }
            }
            Kind::Write(write) => {
                // What was empty is not any more.
                if let Some(table) = self.tables.get_mut(&full(&write.table)) {
                    table.is_emptied = false;
                    table.rows = table.rows.filter(|rows| *rows > 0);
                }
            }
            _ => {}
        }
    }

    fn create(&mut self, made: &CreateTable) {
        let name = full(&made.name);
        if made.if_not_exists && self.tables.contains_key(&name) {
            return;
        }
        let parents = made.partition_of.iter().chain(&made.inherits);
        let parents: Vec<Name> = parents.map(full).collect();
        let mut table = Table {
            // One that may be there already may be in use too.
            is_new: !made.if_not_exists,
            is_made: !made.if_not_exists,
            is_partitioned: made.is_partitioned,
            is_unlogged: made.unlogged,
            ..Table::default()
        };
        for from in made.like.iter().map(full).chain(parents.iter().cloned()) {
            if let Some(from) = self.tables.get(&from) {
                table.columns.extend(from.columns.clone());
                let checks = from
                    .constraints
                    .iter()
                    .filter(|(_, constraint)| matches!(constraint.kind, ConstraintKind::Check(_)));
                table.constraints.extend(checks.map(|(name, check)| (name.clone(), check.clone())));
            }
        }
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
        let into = self.tables.entry(table.clone()).or_default();
        let serial = crate::types::Type::read(&column.ty).is_serial();
        let made = Column { ty: column.ty.clone(), not_null: serial };
        into.columns.insert(column.name.clone(), made);
        for constraint in &column.constraints {
            self.constrain(table, constraint, Some(&column.name));
        }
    }

    /// A constraint of a table, or of its column.
    fn constrain(&mut self, name: &Name, constraint: &read::Constraint, column: Option<&str>) {
        let own = |columns: &[String]| match column {
            Some(column) if columns.is_empty() => vec![column.to_owned()],
            _ => columns.to_vec(),
        };
        let of_index = |catalog: &Self, index: &Option<String>| {
            let index = Name { schema: name.schema.clone(), name: index.clone()? };
            Some(catalog.indexes.get(&index)?.columns.clone())
        };
        let (kind, columns, suffix) = match &constraint.kind {
            Read::Check(condition) => {
                let columns = column.map(str::to_owned).into_iter().collect();
                (ConstraintKind::Check(condition.clone()), columns, "check")
            }
            Read::ForeignKey { columns, parent, .. } => {
                let columns = own(columns);
                let kind =
                    ConstraintKind::ForeignKey { columns: columns.clone(), parent: full(parent) };
                (kind, columns, "fkey")
            }
            Read::PrimaryKey { columns, index } => {
                let columns = of_index(self, index).unwrap_or_else(|| own(columns));
                (ConstraintKind::PrimaryKey(columns.clone()), Vec::new(), "pkey")
            }
            Read::Unique { columns, index } => {
                let columns = of_index(self, index).unwrap_or_else(|| own(columns));
                (ConstraintKind::Unique(columns.clone()), columns, "key")
            }
            Read::Exclude => (ConstraintKind::Unique(Vec::new()), Vec::new(), "excl"),
            Read::NotNull(of) => {
                let of = of.as_deref().or(column).unwrap_or_default();
                return self.set_not_null(name, of, !constraint.not_valid);
            }
            Read::Identity => return self.set_not_null(name, column.unwrap_or_default(), true),
            Read::Null | Read::Default(_) | Read::Generated { .. } => return,
        };
        if let ConstraintKind::PrimaryKey(columns) = &kind {
            for column in columns.clone() {
                self.set_not_null(name, &column, true);
            }
        }
        let parts = std::iter::once(name.name.as_str())
            .chain(columns.iter().map(String::as_str))
            .chain([suffix]);
        let given = parts.collect::<Vec<_>>().join("_");
        let own_name = constraint.name.clone().unwrap_or(given);
        if matches!(kind, ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_)) {
            let columns = match &kind {
                ConstraintKind::PrimaryKey(columns) | ConstraintKind::Unique(columns) => {
                    columns.clone()
                }
                _ => Vec::new(),
            };
            let index = Name { schema: name.schema.clone(), name: own_name.clone() };
            self.indexes.insert(index, Index { table: name.clone(), columns, unique: true });
        }
        let made = Constraint { kind, is_valid: !constraint.not_valid };
        self.tables.entry(name.clone()).or_default().constraints.insert(own_name, made);
    }

    fn set_not_null(&mut self, table: &Name, column: &str, not_null: bool) {
        let table = self.tables.entry(table.clone()).or_default();
        if let Some(column) = table.columns.get_mut(column) {
            column.not_null = not_null;
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
            A::DropNotNull { column } => return self.set_not_null(name, column, false),
            A::AttachPartition { partition } => {
                let partition = self.tables.entry(full(partition)).or_default();
                partition.parents.push(name.clone());
                return;
            }
            A::DetachPartition { partition, .. } => {
                let partition = self.tables.entry(full(partition)).or_default();
                partition.parents.retain(|parent| parent != name);
                return;
            }
            A::SetSchema { schema } => {
                let to = Name { schema: Some(schema.clone()), name: name.name.clone() };
                return self.move_table(name, to);
            }
            _ => {}
        }
        let table = self.tables.entry(name.clone()).or_default();
        match action {
            A::DropColumn { column, .. } => {
                table.columns.remove(column);
                table.constraints.retain(|_, constraint| !constraint.is_of(column));
                self.indexes
                    .retain(|_, index| index.table != *name || !index.columns.contains(column));
            }
            A::RenameColumn { from, to } => {
                if let Some(column) = table.columns.remove(from) {
                    table.columns.insert(to.clone(), column);
                }
            }
            A::ValidateConstraint { name } => {
                if let Some(constraint) = table.constraints.get_mut(name) {
                    constraint.is_valid = true;
                }
            }
            A::DropConstraint { name, .. } => {
                table.constraints.remove(name);
            }
            A::RenameConstraint { from, to } => {
                if let Some(constraint) = table.constraints.remove(from) {
                    table.constraints.insert(to.clone(), constraint);
                }
            }
            A::SetType { column, ty, .. } => {
                if let Some(column) = table.columns.get_mut(column) {
                    column.ty.clone_from(ty);
                }
            }
            A::SetLogged => table.is_unlogged = false,
            A::SetUnlogged => table.is_unlogged = true,
            A::Inherit { parent } => table.parents.push(full(parent)),
            A::NoInherit { parent } => table.parents.retain(|other| *other != full(parent)),
            _ => {}
        }
    }

    fn move_table(&mut self, from: &Name, to: Name) {
        for table in self.tables.values_mut() {
            for parent in table.parents.iter_mut().filter(|parent| *parent == from) {
                parent.clone_from(&to);
            }
            for constraint in table.constraints.values_mut() {
                if let ConstraintKind::ForeignKey { parent, .. } = &mut constraint.kind
                    && parent == from
                {
                    parent.clone_from(&to);
                }
            }
        }
        for index in self.indexes.values_mut().filter(|index| index.table == *from) {
            index.table.clone_from(&to);
        }
        if let Some(table) = self.tables.remove(from) {
            self.tables.insert(to, table);
        }
    }

    fn rename(&mut self, rename: &read::Rename) {
        let from = full(&rename.from);
        let to = Name { schema: from.schema.clone(), name: rename.to.clone() };
        match rename.object {
            Object::Table | Object::MaterializedView => self.move_table(&from, to),
            Object::Index => {
                if let Some(index) = self.indexes.remove(&from) {
                    self.indexes.insert(to, index);
                }
            }
            _ => {}
        }
    }

    fn drop(&mut self, drop: &read::Drop) {
        match drop.object {
            Object::Table | Object::MaterializedView => {
                for name in drop.names.iter().map(full) {
                    for table in self.tables.values_mut() {
                        table.constraints.retain(|_, constraint| {
                            !matches!(&constraint.kind, ConstraintKind::ForeignKey { parent, .. } if *parent == name)
                        });
                    }
                    self.tables.remove(&name);
                    self.indexes.retain(|_, index| index.table != name);
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

impl Constraint {
    /// Whether it goes with the column.
    pub(crate) fn is_of(&self, column: &str) -> bool {
        match &self.kind {
            ConstraintKind::Check(condition) => crate::expression::names(condition, column),
            ConstraintKind::ForeignKey { columns, .. }
            | ConstraintKind::PrimaryKey(columns)
            | ConstraintKind::Unique(columns) => columns.iter().any(|own| own == column),
        }
    }
}
