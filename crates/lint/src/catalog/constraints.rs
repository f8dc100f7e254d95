//! What becomes of constraints, and of the indexes and columns that belong to them.

use sql::statement::{self as read, ConstraintKind as Read, Name};

use super::{Catalog, Constraint, ConstraintKind, Index};

impl Catalog {
    /// A constraint of a table, or of its column.
    pub(super) fn constrain(
        &mut self,
        name: &Name,
        constraint: &read::Constraint,
        column: Option<&str>,
    ) {
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
                let columns = match column {
                    Some(column) => vec![column.to_owned()],
                    None => self.only_column(name, condition),
                };
                (ConstraintKind::Check(condition.clone()), columns, "check")
            }
            Read::ForeignKey { columns, parent, .. } => {
                let columns = own(columns);
                let kind = ConstraintKind::ForeignKey {
                    columns: columns.clone(),
                    parent: self.resolve(parent),
                };
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
                self.set_not_null(name, of, !constraint.not_valid);
                if column.is_some() && constraint.name.is_none() {
                    return;
                }
                (ConstraintKind::NotNull(of.to_owned()), vec![of.to_owned()], "not_null")
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
        let given = free(&parts.collect::<Vec<_>>().join("_"), |own| {
            self.tables.get(name).is_some_and(|table| table.constraints.contains_key(own))
        });
        let taken_over = match &constraint.kind {
            Read::PrimaryKey { index, .. } | Read::Unique { index, .. } => index.clone(),
            _ => None,
        };
        if let Some(index) = &taken_over {
            // It gets the constraint's name.
            self.indexes.remove(&Name { schema: name.schema.clone(), name: index.clone() });
        }
        let own_name = constraint.name.clone().or(taken_over).unwrap_or(given);
        if matches!(kind, ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_)) {
            let columns = match &kind {
                ConstraintKind::PrimaryKey(columns) | ConstraintKind::Unique(columns) => {
                    columns.clone()
                }
                _ => Vec::new(),
            };
            let index = Name { schema: name.schema.clone(), name: own_name.clone() };
            let made = Index {
                table: name.clone(),
                sorted: columns.clone(),
                columns,
                unique: true,
                terms: String::new(),
            };
            self.indexes.insert(index, made);
        }
        let made = Constraint { kind, is_valid: !constraint.not_valid };
        self.tables.entry(name.clone()).or_default().constraints.insert(own_name, made);
    }

    /// The one column that a condition is about, by which the server names it.
    fn only_column(&self, table: &Name, condition: &str) -> Vec<String> {
        let columns = self.tables.get(table).into_iter().flat_map(|table| table.columns.keys());
        let named: Vec<&String> =
            columns.filter(|column| crate::expression::names(condition, column)).collect();
        match named.as_slice() {
            [only] => vec![(*only).clone()],
            _ => Vec::new(),
        }
    }

    pub(super) fn set_not_null(&mut self, table: &Name, column: &str, not_null: bool) {
        let table = self.tables.entry(table.clone()).or_default();
        for constraint in table.constraints.values_mut() {
            if constraint.is_not_null_of(column) {
                constraint.is_valid |= not_null;
            }
        }
        if let Some(column) = table.columns.get_mut(column) {
            column.not_null = not_null;
        }
    }

    pub(super) fn drop_constraint(&mut self, table: &Name, constraint: &str) {
        let known = self.tables.entry(table.clone()).or_default();
        match known.constraints.remove(constraint) {
            Some(gone) if gone.has_index() => {
                let index = Name { schema: table.schema.clone(), name: constraint.to_owned() };
                self.indexes.remove(&index);
            }
            Some(Constraint { kind: ConstraintKind::NotNull(column), .. }) => {
                self.set_not_null(table, &column, false);
            }
            Some(_) => {}
            // Since 18 NOT NULL has a name that the server gives.
            None => {
                let own = |column: &str| format!("{}_{column}_not_null", table.name) == constraint;
                let column = known.columns.iter_mut().find(|(column, _)| own(column));
                if let Some((_, column)) = column {
                    column.not_null = false;
                }
            }
        }
    }
}

/// A name that the server gives: with a number behind it where it has given the name before.
pub(super) fn free(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (1..).map(|number| format!("{name}{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

impl Constraint {
    /// Whether it is that a column is not null.
    pub(crate) fn is_not_null_of(&self, column: &str) -> bool {
        matches!(&self.kind, ConstraintKind::NotNull(of) if of == column)
    }

    pub(super) fn has_index(&self) -> bool {
        matches!(self.kind, ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_))
    }

    /// Whether it goes with the column.
    pub(crate) fn is_of(&self, column: &str) -> bool {
        match &self.kind {
            ConstraintKind::Check(condition) => crate::expression::names(condition, column),
            ConstraintKind::NotNull(_) => self.is_not_null_of(column),
            ConstraintKind::ForeignKey { columns, .. }
            | ConstraintKind::PrimaryKey(columns)
            | ConstraintKind::Unique(columns) => columns.iter().any(|own| own == column),
        }
    }
}
