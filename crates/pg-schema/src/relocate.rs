//! What is in one namespace, told as if it were in another.

use crate::{Column, ColumnDefault, ColumnType, ObjectName, PgSchema};

impl PgSchema {
    /// Gives everything that is in the namespace `from` the namespace `to`, also where it is referred to. Definitions
    /// and expressions are the server's text and stay as they are.
    pub fn move_namespace(&mut self, from: &str, to: &str) {
        let mv = |name: &mut ObjectName| {
            if name.namespace.as_deref() == Some(from) {
                name.namespace = Some(to.to_owned());
            }
        };
        let move_column = |column: &mut Column| {
            if let ColumnType::Enum(name) = &mut column.ty {
                mv(name);
            }
            if let Some(ColumnDefault::Autoincrement(Some(sequence))) = &mut column.default {
                mv(sequence);
            }
        };
        for namespace in &mut self.namespaces {
            if namespace == from {
                to.clone_into(namespace);
            }
        }
        self.enums.iter_mut().for_each(|enumeration| mv(&mut enumeration.name));
        for sequence in &mut self.sequences {
            mv(&mut sequence.name);
            if let Some(owner) = &mut sequence.owner {
                mv(&mut owner.table);
            }
        }
        for table in &mut self.tables {
            mv(&mut table.name);
            table.columns.iter_mut().for_each(move_column);
            table.foreign_keys.iter_mut().for_each(|key| mv(&mut key.referenced_table));
        }
        for view in &mut self.views {
            mv(&mut view.name);
            view.columns.iter_mut().for_each(move_column);
        }
    }
}
