//! What a new name changes: whatever says the old one says the new one then, as the server has it.

use sql::Token;
use sql::statement::{Name, Object, Rename};

use super::{Catalog, ConstraintKind};

impl Catalog {
    pub(super) fn rename_column(&mut self, table: &Name, from: &str, to: &str) {
        let rename = |columns: &mut Vec<String>| {
            for column in columns.iter_mut().filter(|column| *column == from) {
                to.clone_into(column);
            }
        };
        for index in self.indexes.values_mut().filter(|index| index.table == *table) {
            rename(&mut index.columns);
            rename(&mut index.sorted);
            index.terms = renamed(&index.terms, from, to);
        }
        let table = self.tables.entry(table.clone()).or_default();
        if let Some(column) = table.columns.remove(from) {
            table.columns.insert(to.to_owned(), column);
        }
        if let Some(key) = &mut table.partition_key {
            rename(&mut key.columns);
        }
        for constraint in table.constraints.values_mut() {
            match &mut constraint.kind {
                ConstraintKind::Check(condition) => *condition = renamed(condition, from, to),
                ConstraintKind::NotNull(column) if column == from => to.clone_into(column),
                ConstraintKind::NotNull(_) => {}
                ConstraintKind::ForeignKey { columns, .. }
                | ConstraintKind::PrimaryKey(columns)
                | ConstraintKind::Unique(columns) => rename(columns),
            }
        }
    }

    pub(super) fn rename_constraint(&mut self, table: &Name, from: &str, to: &str) {
        let known = self.tables.entry(table.clone()).or_default();
        let Some(constraint) = known.constraints.remove(from) else { return };
        if constraint.has_index() {
            let of = |name: &str| Name { schema: table.schema.clone(), name: name.to_owned() };
            if let Some(index) = self.indexes.remove(&of(from)) {
                self.indexes.insert(of(to), index);
            }
        }
        known.constraints.insert(to.to_owned(), constraint);
    }

    pub(super) fn move_table(&mut self, from: &Name, to: Name) {
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
            self.fresh.push(to.clone());
            self.tables.insert(to, table);
        }
    }

    pub(super) fn rename(&mut self, rename: &Rename) {
        match rename.object {
            Object::Table | Object::MaterializedView => {
                let from = self.resolve(&rename.from);
                let to = Name { schema: from.schema.clone(), name: rename.to.clone() };
                self.move_table(&from, to);
            }
            Object::Index => {
                let from = self.resolve_index(&rename.from);
                let to = Name { schema: from.schema.clone(), name: rename.to.clone() };
                let Some(index) = self.indexes.remove(&from) else { return };
                // The constraint that it stands behind has its name.
                if let Some(table) = self.tables.get_mut(&index.table)
                    && let Some(constraint) = table.constraints.remove(&from.name)
                {
                    table.constraints.insert(to.name.clone(), constraint);
                }
                self.indexes.insert(to, index);
            }
            Object::Function => self.rename_function(&rename.from, &rename.to),
            Object::Type | Object::Domain => self.rename_type(&rename.from, &rename.to),
            _ => {}
        }
    }
}

/// An expression with a column called otherwise.
fn renamed(expression: &str, from: &str, to: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    for (token, place) in sql::placed_tokens(expression) {
        let is_it = match &token {
            Token::Word(word) => word.to_lowercase() == from,
            Token::Name(name) => name == from,
            Token::Mark(_) => false,
        };
        // What is called with arguments is a function.
        if is_it && !expression[place.end..].trim_start().starts_with('(') {
            text.push_str(&expression[at..place.start]);
            text.push_str(&Name::new(to).to_string());
            at = place.end;
        }
    }
    text + &expression[at..]
}
