//! `ALTER TABLE`, action by action, and `CREATE TABLE`.

use sql::statement::{
    Action, ActionKind as A, AlterTable, Constraint, ConstraintKind as C, CreateTable,
    LockMode as L, Name,
};

use super::{Build, Work};
use crate::catalog::{ConstraintKind, Table};
use crate::expression::proves_not_null;

impl Build<'_> {
    pub(super) fn alter(&mut self, alter: &AlterTable) {
        self.only = alter.only;
        // The table is locked once, by the strongest of what its actions need.
        let (first, rest): (Vec<&Action>, Vec<&Action>) =
            alter.actions.iter().partition(|action| action.kind.drops());
        for action in &first {
            self.action(&alter.table, &action.kind);
        }
        let after;
        let catalog = if !first.is_empty() && !rest.is_empty() {
            after = self.catalog.without_dropped(alter);
            &after
        } else {
            self.catalog
        };
        let effect = std::mem::take(&mut self.effect);
        let mut later = Build { catalog, version: self.version, only: self.only, effect };
        for action in rest {
            later.action(&alter.table, &action.kind);
        }
        self.effect = later.effect;
    }

    #[expect(clippy::too_many_lines, reason = "one table, action by action")]
    fn action(&mut self, table: &Name, action: &A) {
        match action {
            A::AddColumn { column, if_not_exists } => {
                let is_there = self.column(table, &column.name).is_some();
                let work = if *if_not_exists && is_there {
                    Work::None
                } else {
                    self.parents_of(&column.constraints, table);
                    self.added(column)
                };
                self.touch_all(table, L::AccessExclusive, work);
            }
            A::AddConstraint(constraint) => {
                self.constraint(table, constraint);
                if self.version >= 18 {
                    // Whatever it is, what is below is locked first.
                    let is_key = matches!(constraint.kind, C::ForeignKey { .. });
                    let lock = if is_key { L::ShareRowExclusive } else { L::AccessExclusive };
                    self.touch_all(table, lock, Work::None);
                }
            }
            A::ValidateConstraint { name } => self.validate(table, name),
            A::DropConstraint { name, cascade } => {
                let known = self.catalog.table(table).and_then(|table| table.constraints.get(name));
                match known.map(|constraint| constraint.kind.clone()) {
                    Some(ConstraintKind::ForeignKey { parent, .. }) => {
                        self.touch(table, L::AccessExclusive, Work::None);
                        self.touch(&parent, L::AccessExclusive, Work::None);
                    }
                    _ => self.touch_all(table, L::AccessExclusive, Work::None),
                }
                // The keys of others that go by it are dropped with it.
                if *cascade {
                    for other in self.catalog.referring(table) {
                        self.touch(&other, L::AccessExclusive, Work::None);
                    }
                }
            }
            A::SetNotNull { column } => {
                let work = match self.catalog.table(table) {
                    Some(known) if self.is_never_null(known, column) => Work::None,
                    _ => Work::Scan,
                };
                self.touch_all(table, L::AccessExclusive, work);
            }
            A::SetType { column, ty, collation, using } => {
                let work = self.changed(table, column, (ty, collation.as_ref()), using.as_deref());
                self.touch_all(table, L::AccessExclusive, work);
                // Keys of others that go by the column, and those that it goes by, are made again.
                for other in self.keyed_by(table, column) {
                    self.touch(&other, L::AccessExclusive, Work::None);
                }
            }
            A::SetExpression { column } => {
                let is_virtual = self.column(table, column).is_some_and(|known| known.is_virtual);
                let work = if is_virtual { Work::None } else { Work::Rewrite };
                self.touch_all(table, L::AccessExclusive, work);
            }
            A::SetLogged | A::SetUnlogged => {
                let wanted = *action == A::SetUnlogged;
                let known = self.catalog.table(table).map(|known| known.is_unlogged);
                let work = if known == Some(wanted) { Work::None } else { Work::Rewrite };
                self.touch(table, L::AccessExclusive, work);
            }
            A::DropColumn { column, .. } => {
                self.touch_all(table, L::AccessExclusive, Work::None);
                // The keys that go by it are dropped too.
                for other in self.keyed_by(table, column) {
                    self.touch(&other, L::AccessExclusive, Work::None);
                }
            }
            A::SetTablespace { .. } | A::SetAccessMethod { .. } => {
                let is_there =
                    self.catalog.table(table).is_some_and(|known| is_kept_so(known, action));
                let work = if is_there { Work::None } else { Work::Rewrite };
                self.touch(table, L::AccessExclusive, work);
            }
            A::AttachPartition { partition, bounds } => {
                self.touch(table, L::ShareUpdateExclusive, Work::None);
                let work = self.attached(table, partition, bounds);
                self.touch_all(partition, L::AccessExclusive, work);
                self.empty_of_others(table, bounds);
            }
            A::DetachPartition { partition, concurrently, finalize } => {
                let eases = *concurrently || *finalize;
                let lock = if eases { L::ShareUpdateExclusive } else { L::AccessExclusive };
                self.touch(table, lock, Work::None);
                // Before 14 whoever uses the partition itself went on.
                let own =
                    if self.version < 14 { L::ShareUpdateExclusive } else { L::AccessExclusive };
                if self.version < 14 || eases {
                    self.touch(partition, own, Work::None);
                } else {
                    self.touch_all(partition, own, Work::None);
                }
                if let Some(default) = self.catalog.default_partition(table) {
                    self.touch(&default, L::AccessExclusive, Work::None);
                }
            }
            A::SetOptions { names } => {
                let is_special = names.iter().any(|name| name == "user_catalog_table");
                let lock = if is_special { L::AccessExclusive } else { L::ShareUpdateExclusive };
                self.touch(table, lock, Work::None);
            }
            A::SetStatistics { .. } | A::SetColumnOptions { .. } => {
                self.touch_all(table, L::ShareUpdateExclusive, Work::None);
            }
            A::ClusterOn | A::SetWithoutCluster => {
                self.touch(table, L::ShareUpdateExclusive, Work::None);
            }
            A::Trigger => self.touch_all(table, L::ShareRowExclusive, Work::None),
            A::Inherit { parent } => {
                self.touch(table, L::AccessExclusive, Work::None);
                self.touch(parent, L::ShareUpdateExclusive, Work::None);
            }
            A::NoInherit { parent } => {
                self.touch(table, L::AccessExclusive, Work::None);
                self.touch(parent, L::AccessShare, Work::None);
            }
            A::RenameColumn { .. }
            | A::RenameConstraint { .. }
            | A::DropNotNull { .. }
            | A::SetDefault { .. }
            | A::DropDefault { .. }
            | A::SetStorage { .. }
            | A::AddIdentity { .. }
            | A::AlterIdentity { .. }
            | A::DropExpression { .. } => self.touch_all(table, L::AccessExclusive, Work::None),
            A::Other => {
                self.effect.is_opaque = true;
                self.touch(table, L::AccessExclusive, Work::None);
            }
            A::AlterConstraint { name, enforced } => self.alter_constraint(table, name, *enforced),
            A::SetSchema { .. }
            | A::Rule
            | A::RowSecurity
            | A::ReplicaIdentity
            | A::OwnerTo
            | A::OfType => self.touch(table, L::AccessExclusive, Work::None),
        }
    }

    fn constraint(&mut self, table: &Name, constraint: &Constraint) {
        let scan = if constraint.not_valid { Work::None } else { Work::Scan };
        match &constraint.kind {
            C::ForeignKey { parent, .. } => {
                self.touch_divided(table, L::ShareRowExclusive, L::ShareRowExclusive, scan);
                self.touch(parent, L::ShareRowExclusive, Work::None);
            }
            C::Check(_) => self.touch_all(table, L::AccessExclusive, scan),
            C::NotNull(column) => {
                let known = self.catalog.table(table).zip(column.as_deref());
                let is_proven =
                    known.is_some_and(|(known, column)| self.is_never_null(known, column));
                self.touch_all(
                    table,
                    L::AccessExclusive,
                    if is_proven { Work::None } else { scan },
                );
            }
            C::PrimaryKey { index: Some(index), .. } => {
                let index = Name { schema: table.schema.clone(), name: index.clone() };
                let columns = self.catalog.index(&index).map(|index| index.columns.clone());
                let known = self.catalog.table(table);
                let is_proven = known.zip(columns).is_some_and(|(known, columns)| {
                    !columns.is_empty()
                        && columns.iter().all(|column| self.is_never_null(known, column))
                });
                let work = if is_proven { Work::None } else { Work::Scan };
                self.touch(table, L::AccessExclusive, work);
            }
            C::Unique { index: Some(_), .. } => self.touch(table, L::AccessExclusive, Work::None),
            C::PrimaryKey { columns, .. } => {
                let known = self.catalog.table(table);
                let is_required = |column: &String| {
                    known.and_then(|known| known.columns.get(column)).is_some_and(|it| it.not_null)
                };
                // Where it is what makes them so, partitions are changed too.
                let all = columns.iter().all(is_required);
                let of_partitions = if all { L::Share } else { L::AccessExclusive };
                self.touch_divided(table, L::AccessExclusive, of_partitions, Work::Index);
            }
            _ => self.touch_divided(table, L::AccessExclusive, L::Share, Work::Index),
        }
    }

    /// A table and its partitions, which get keys of their own. Heirs get none.
    fn touch_divided(&mut self, table: &Name, lock: L, of_partitions: L, work: Work) {
        self.touch(table, lock, work);
        if !self.only && self.catalog.table(table).is_some_and(|table| table.is_partitioned) {
            let work = if self.catalog.hides_partitions(table) { Work::None } else { work };
            for partition in self.catalog.descendants(table) {
                self.touch(&partition, of_partitions, work);
            }
        }
    }

    /// A foreign key that is enforced from now on is looked up as if it were new, and gets or loses its triggers at both ends.
    fn alter_constraint(&mut self, table: &Name, name: &str, enforced: Option<bool>) {
        let known = self.catalog.table(table).and_then(|table| table.constraints.get(name));
        let parent = known.and_then(|known| match &known.kind {
            ConstraintKind::ForeignKey { parent, .. } => Some(parent.clone()),
            _ => None,
        });
        let work = if enforced == Some(true) { Work::Scan } else { Work::None };
        self.touch(table, L::AccessExclusive, work);
        if let (Some(parent), Some(enforced)) = (parent, enforced) {
            let lock = if enforced { L::ShareRowExclusive } else { L::AccessExclusive };
            self.touch(&parent, lock, Work::None);
        }
    }

    fn validate(&mut self, table: &Name, name: &str) {
        let known = self.catalog.table(table).and_then(|table| table.constraints.get(name));
        let work = if known.is_some_and(|known| known.is_valid) { Work::None } else { Work::Scan };
        let parent = known.and_then(|known| match &known.kind {
            ConstraintKind::ForeignKey { parent, .. } => Some(parent.clone()),
            _ => None,
        });
        match parent {
            Some(parent) => {
                self.touch(table, L::ShareUpdateExclusive, work);
                if work != Work::None {
                    self.touch(&parent, L::RowShare, Work::None);
                }
            }
            None => self.touch_all(table, L::ShareUpdateExclusive, work),
        }
    }

    /// The tables that the constraints refer to.
    fn parents_of(&mut self, constraints: &[Constraint], table: &Name) {
        for constraint in constraints {
            if let C::ForeignKey { parent, .. } = &constraint.kind
                && parent != table
            {
                self.touch(parent, L::ShareRowExclusive, Work::None);
            }
        }
    }

    /// Whether no row can have a null there, as the server sees it without looking.
    pub(super) fn is_never_null(&self, table: &Table, column: &str) -> bool {
        let is_declared = table.columns.get(column).is_some_and(|column| column.not_null);
        let is_checked = table.constraints.values().any(|constraint| {
            constraint.is_valid
                && matches!(&constraint.kind, ConstraintKind::Check(condition) if proves_not_null(condition, column))
        });
        is_declared || (is_checked && self.version >= 12)
    }

    pub(super) fn column(&self, table: &Name, column: &str) -> Option<&crate::catalog::Column> {
        self.catalog.table(table)?.columns.get(column)
    }

    /// The tables that are tied to this one by a foreign key of the column.
    fn keyed_by(&self, table: &Name, column: &str) -> Vec<Name> {
        let Some(known) = self.catalog.table(table) else { return Vec::new() };
        let mut others: Vec<Name> = known
            .constraints
            .values()
            .filter_map(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey { columns, parent }
                    if columns.iter().any(|own| own == column) =>
                {
                    Some(parent.clone())
                }
                _ => None,
            })
            .collect();
        // A key of another table goes by one of this one's, or by a unique index.
        let mut indexes = self.catalog.indexes_of(table);
        let is_key =
            indexes.any(|index| index.unique && index.columns.iter().any(|own| own == column));
        if is_key {
            others.extend(self.catalog.referring(table));
        }
        others
    }

    pub(super) fn create_table(&mut self, table: &CreateTable) {
        let own = table.columns.iter().flat_map(|column| &column.constraints);
        for constraint in own.chain(&table.constraints) {
            if let C::ForeignKey { parent, .. } = &constraint.kind
                && *parent != table.name
            {
                self.touch(parent, L::ShareRowExclusive, Work::None);
            }
        }
        if let Some(parent) = &table.partition_of {
            self.touch(parent, L::AccessExclusive, Work::None);
            for referred in self.catalog.referred(parent) {
                self.touch(&referred, L::ShareRowExclusive, Work::None);
            }
            if let Some(bounds) = &table.bounds {
                self.empty_of_others(parent, bounds);
            }
        }
        for parent in &table.inherits {
            self.touch(parent, L::ShareUpdateExclusive, Work::None);
        }
        for like in &table.like {
            self.touch(like, L::AccessShare, Work::None);
        }
    }
}

/// Whether a table is in the tablespace, or kept by the method, that it is given. Where nothing was said, it is PostgreSQL's own.
fn is_kept_so(table: &Table, action: &A) -> bool {
    let (has, given, usual) = match action {
        A::SetTablespace { tablespace } => {
            (&table.storage.tablespace, Some(tablespace), "pg_default")
        }
        A::SetAccessMethod { method } => (&table.storage.method, method.as_ref(), "heap"),
        _ => return false,
    };
    let of = |name: Option<&String>| name.map_or(usual.to_owned(), String::clone);
    table.is_made && of(has.as_ref()) == of(given)
}
