//! What a database holds once steps have been taken: the steps, taken on paper.
//!
//! It is not the schema that was asked for: what the diff looks past (views, checks, expression
//! indexes, names that it lets be) stays as it was. Whoever wants to take steps back compares this
//! with what was before, and finds nothing that the steps did not do.

use std::collections::HashMap;
use std::mem;

use crate::rename::names_column;
use crate::{
    AlterEnum, AlterExtension, AlterTable, Column, ColumnChanges, ColumnDefault, ColumnId, Enum,
    Index, IndexKeyPart, ObjectName, Pair, PgSchema, Step, Table, TableChange, render,
};

/// The previous schema after the steps that lead from it to the next.
///
/// ```
/// use pg_schema::{ObjectName, Pair, PgSchema, Table, diff, outcome};
///
/// let next = PgSchema { tables: vec![Table::new(ObjectName::bare("T"))], ..PgSchema::default() };
/// let previous = PgSchema::default();
/// let schemas = Pair::new(&previous, &next);
///
/// assert_eq!(outcome(&diff(schemas), schemas).tables, next.tables);
/// ```
pub fn outcome(steps: &[Step], schemas: Pair<&PgSchema>) -> PgSchema {
    let mut schema = schemas.previous.clone();
    let (tables, enums) = (mem::take(&mut schema.tables), mem::take(&mut schema.enums));
    let names = |name| key(name, schemas);
    let mut outcome = Outcome {
        schemas,
        tables: Named::new(schemas.previous.tables.iter().map(|table| names(&table.name)), tables),
        enums: Named::new(schemas.previous.enums.iter().map(|found| names(&found.name)), enums),
        schema,
    };
    for step in steps {
        outcome.take(step);
    }
    let Outcome { tables, enums, schema, .. } = outcome;
    PgSchema { tables: tables.left(), enums: enums.left(), ..schema }
}

struct Outcome<'a> {
    schemas: Pair<&'a PgSchema>,
    tables: Named<'a, Table>,
    enums: Named<'a, Enum>,
    /// All the rest.
    schema: PgSchema,
}

/// A name with its namespace, whether that was said or not.
type Key<'a> = (&'a str, &'a str);

/// Things that are found by their names, in an order of their own.
struct Named<'a, T> {
    things: Vec<Option<T>>,
    places: HashMap<Key<'a>, usize>,
}

impl<'a, T> Named<'a, T> {
    fn new(names: impl Iterator<Item = Key<'a>>, things: Vec<T>) -> Self {
        let places = names.enumerate().map(|(place, name)| (name, place)).collect();
        Self { things: things.into_iter().map(Some).collect(), places }
    }

    fn get(&mut self, name: Key<'a>) -> Option<&mut T> {
        self.things[*self.places.get(&name)?].as_mut()
    }

    fn add(&mut self, name: Key<'a>, thing: T) {
        self.places.insert(name, self.things.len());
        self.things.push(Some(thing));
    }

    fn remove(&mut self, name: Key<'a>) {
        if let Some(place) = self.places.remove(&name) {
            self.things[place] = None;
        }
    }

    fn left(self) -> Vec<T> {
        self.things.into_iter().flatten().collect()
    }
}

fn key<'a>(name: &'a ObjectName, schemas: Pair<&'a PgSchema>) -> Key<'a> {
    (name.namespace_or(&schemas.previous.default_namespace), &name.name)
}

impl<'a> Outcome<'a> {
    fn take(&mut self, step: &Step) {
        let Pair { previous, next } = self.schemas;
        match step {
            // The previous schema has the new names already.
            Step::Rename(_) => {}
            Step::CreateSchema(id) => {
                self.schema.namespaces.push(next.namespace_at(*id).to_owned());
            }
            Step::DropExtension(id) => {
                let name = &previous.extension_at(*id).name;
                self.schema.extensions.retain(|extension| extension.name != *name);
            }
            Step::CreateExtension(id) => {
                self.schema.extensions.push(next.extension_at(*id).clone());
            }
            Step::AlterExtension(alter) => self.alter_extension(*alter),
            Step::CreateEnum(id) => {
                let created = next.enum_at(*id);
                self.enums.add(self.key(&created.name), created.clone());
            }
            Step::DropEnum(id) => self.enums.remove(self.key(&previous.enum_at(*id).name)),
            Step::AlterEnum(alter) => self.alter_enum(alter),
            Step::CreateTable(id) => {
                // Its indexes and keys are steps of their own.
                let (indexes, foreign_keys) = (Vec::new(), Vec::new());
                let created = next.table_at(*id);
                let table = Table { indexes, foreign_keys, ..created.clone() };
                self.tables.add(self.key(&created.name), table);
            }
            Step::DropTable(id) => self.tables.remove(self.key(&previous.table_at(*id).name)),
            Step::AlterTable(alter) => self.alter_table(alter),
            Step::DropForeignKey(id) => {
                let name = &previous.foreign_key_at(*id).name;
                if let Some(table) = self.table(&previous.table_at(id.table).name) {
                    table.foreign_keys.retain(|other| other.name != *name);
                }
            }
            Step::AddForeignKey(id) => {
                if let Some(table) = self.table(&next.table_at(id.table).name) {
                    table.foreign_keys.push(next.foreign_key_at(*id).clone());
                }
            }
            Step::RenameForeignKey(ids) => {
                let names = Pair::new(
                    &previous.foreign_key_at(ids.previous).name,
                    &next.foreign_key_at(ids.next).name,
                );
                let keys = self.table(&previous.table_at(ids.previous.table).name);
                let keys = keys.into_iter().flat_map(|table| &mut table.foreign_keys);
                keys.filter(|other| other.name == *names.previous)
                    .for_each(|key| key.name.clone_from(names.next));
            }
            Step::DropIndex(id) => {
                let name = &previous.index_at(*id).name;
                if let Some(table) = self.table(&previous.table_at(id.table).name) {
                    table.indexes.retain(|other| other.name != *name);
                }
            }
            Step::CreateIndex(create) => {
                if let Some(table) = self.table(&next.table_at(create.index.table).name) {
                    table.indexes.push(next.index_at(create.index).clone());
                }
            }
            Step::RenameIndex(ids) => {
                let names =
                    Pair::new(&previous.index_at(ids.previous).name, &next.index_at(ids.next).name);
                let indexes = self.table(&previous.table_at(ids.previous.table).name);
                let indexes = indexes.into_iter().flat_map(|table| &mut table.indexes);
                indexes
                    .filter(|other| other.name == *names.previous)
                    .for_each(|index| index.name.clone_from(names.next));
            }
        }
    }

    fn alter_extension(&mut self, alter: AlterExtension) {
        let next = self.schemas.next.extension_at(alter.extensions.next);
        for extension in &mut self.schema.extensions {
            if extension.name == next.name {
                if alter.version {
                    extension.version.clone_from(&next.version);
                }
                if alter.schema {
                    extension.schema.clone_from(&next.schema);
                }
            }
        }
    }

    fn alter_enum(&mut self, alter: &AlterEnum) {
        let Pair { previous, next } = self.schemas;
        let name = self.key(&previous.enum_at(alter.enums.previous).name);
        let Some(found) = self.enums.get(name) else { return };
        if alter.removed.is_empty() {
            found.values.extend(alter.added.iter().cloned());
        } else {
            found.values.clone_from(&next.enum_at(alter.enums.next).values);
        }
    }

    fn alter_table(&mut self, alter: &AlterTable) {
        let Pair { previous, next } = self.schemas;
        let Some(table) = self.table(&previous.table_at(alter.tables.previous).name) else {
            return;
        };
        let next_key = &next.table_at(alter.tables.next).primary_key;
        for change in &alter.changes {
            match change {
                TableChange::DropPrimaryKey => table.primary_key = None,
                TableChange::RenamePrimaryKey | TableChange::AddPrimaryKey => {
                    table.primary_key.clone_from(next_key);
                }
                TableChange::DropColumn(id) => drop_column(table, &previous.column_at(*id).name),
                TableChange::AddColumn(id) => table.columns.push(next.column_at(*id).clone()),
                TableChange::RecreateColumn(ids, _) => {
                    drop_column(table, &previous.column_at(ids.previous).name);
                    table.columns.push(next.column_at(ids.next).clone());
                }
                TableChange::AlterColumn(ids, changes) => {
                    let name = &previous.column_at(ids.previous).name;
                    if changes.ty.is_some() {
                        forget_default_classes(table, name);
                    }
                    let altered = table.columns.iter_mut().find(|column| column.name == *name);
                    if let Some(column) = altered {
                        alter_column(column, ids.next, *changes, next);
                    }
                }
            }
        }
    }

    fn table(&mut self, name: &'a ObjectName) -> Option<&mut Table> {
        self.tables.get(self.key(name))
    }

    fn key(&self, name: &'a ObjectName) -> Key<'a> {
        key(name, self.schemas)
    }
}

/// The server drops with a column whatever is made of it, checks and parts of indexes that only mention it included.
fn drop_column(table: &mut Table, name: &str) {
    table.columns.retain(|column| column.name != name);
    table.indexes.retain(|index| !is_made_of(index, name));
    table.foreign_keys.retain(|key| !key.columns.iter().any(|column| column == name));
    table.checks.retain(|check| !names_column(&check.definition, name));
}

fn is_made_of(index: &Index, column: &str) -> bool {
    index.include.iter().any(|other| other == column)
        || index.predicate.as_ref().is_some_and(|predicate| names_column(predicate, column))
        || index.keys.iter().any(|key| match &key.part {
            IndexKeyPart::Column(name) => name == column,
            IndexKeyPart::Expression(expression) => names_column(expression, column),
        })
}

/// An index of a column with another type has that type's operator class, unless it named its own.
fn forget_default_classes(table: &mut Table, column: &str) {
    for key in table.indexes.iter_mut().flat_map(|index| &mut index.keys) {
        if key.as_column() == Some(column) && key.ops.as_ref().is_some_and(|ops| ops.is_default) {
            key.ops = None;
        }
    }
}

/// Only what was changed: the rest is as the server has it.
fn alter_column(column: &mut Column, id: ColumnId, changes: ColumnChanges, next: &PgSchema) {
    let wanted = next.column_at(id);
    if changes.arity {
        column.arity = wanted.arity;
    }
    if changes.ty.is_some() {
        column.ty.clone_from(&wanted.ty);
    }
    if changes.default || changes.autoincrement {
        column.default.clone_from(&wanted.default);
        column.identity = None;
    }
    if changes.autoincrement && wanted.is_autoincrement() {
        let sequence = render::added_sequence(id, next);
        column.default = Some(ColumnDefault::Autoincrement(Some(sequence)));
    }
}
