//! Where names lead: into the database as it is, and into what the schema asks for.

use pg_schema::{ColumnId, EnumId, EnumValueId, ObjectName, Pair, PgSchema, Rename, TableId};

/// Everything that names are looked up in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) schemas: Pair<&'a PgSchema>,
    pub(super) schema: &'a psl::Schema,
}

/// A table or an enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    Table(TableId),
    Enum(EnumId),
}

/// One side of a rename.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Object(Object),
    EnumValue(EnumValueId),
    Column(ColumnId),
}

impl Side {
    pub(super) fn previous(rename: Rename) -> Self {
        match rename {
            Rename::Table(ids) => Self::Object(Object::Table(ids.previous)),
            Rename::Enum(ids) => Self::Object(Object::Enum(ids.previous)),
            Rename::EnumValue(ids) => Self::EnumValue(ids.previous),
            Rename::Column(ids) => Self::Column(ids.previous),
        }
    }

    pub(super) fn next(rename: Rename) -> Self {
        match rename {
            Rename::Table(ids) => Self::Object(Object::Table(ids.next)),
            Rename::Enum(ids) => Self::Object(Object::Enum(ids.next)),
            Rename::EnumValue(ids) => Self::EnumValue(ids.next),
            Rename::Column(ids) => Self::Column(ids.next),
        }
    }
}

impl<'a> Names<'a> {
    /// By its name in the database; else by the name of a model or enum that has not got another one.
    pub(super) fn old(self, namespace: Option<&str>, name: &str) -> Option<Object> {
        let previous = self.schemas.previous;
        find(previous, namespace, name).or_else(|| at(previous, &self.mapped(namespace, name)?))
    }

    /// By the name of a model or enum; else by the name that it is to have in the database.
    pub(super) fn wanted(self, namespace: Option<&str>, name: &str) -> Option<Object> {
        let next = self.schemas.next;
        let mapped = self.mapped(namespace, name).and_then(|name| at(next, &name));
        mapped.or_else(|| find(next, namespace, name))
    }

    /// By the name of a field; else by its own.
    pub(super) fn new_column(self, table: TableId, name: &str) -> Option<ColumnId> {
        let next = self.schemas.next;
        let is_it = |model: &psl::ModelWalker<'_>| {
            at(next, &object(model.namespace(), model.database_name()))
                == Some(Object::Table(table))
        };
        let model = self.schema.models().find(is_it);
        let field =
            model.and_then(|model| model.scalar_fields().find(|field| field.name() == name));
        let name = field.map_or(name, |field| field.database_name());
        next.column_id(table, name)
    }

    /// By its name in the schema; else by its name in the database.
    pub(super) fn new_value(self, id: EnumId, name: &str) -> Option<EnumValueId> {
        let next = self.schemas.next;
        let is_it = |e: &psl::EnumWalker<'_>| {
            at(next, &object(e.namespace(), e.database_name())) == Some(Object::Enum(id))
        };
        let value = self
            .schema
            .enums()
            .find(is_it)
            .and_then(|e| e.values().iter().find(|value| value.name() == name));
        next.value_id(id, value.map_or(name, |value| value.database_name()))
    }

    /// Names of the database.
    pub(super) fn all_old(self) -> Vec<&'a str> {
        objects(self.schemas.previous)
    }

    /// Names of models and enums.
    pub(super) fn all_new(self) -> Vec<&'a str> {
        let models = self.schema.models().map(psl::ModelWalker::name);
        models.chain(self.schema.enums().map(psl::EnumWalker::name)).collect()
    }

    /// The names before and after, in the database.
    pub(super) fn of(self, rename: Rename) -> Pair<&'a str> {
        let Pair { previous, next } = self.schemas;
        match rename {
            Rename::Table(ids) => Pair::new(
                &previous.table_at(ids.previous).name.name,
                &next.table_at(ids.next).name.name,
            ),
            Rename::Enum(ids) => Pair::new(
                &previous.enum_at(ids.previous).name.name,
                &next.enum_at(ids.next).name.name,
            ),
            Rename::EnumValue(ids) => {
                Pair::new(previous.value_at(ids.previous), next.value_at(ids.next))
            }
            Rename::Column(ids) => {
                Pair::new(&previous.column_at(ids.previous).name, &next.column_at(ids.next).name)
            }
        }
    }

    /// The namespaces of a table or enum, of nothing otherwise.
    pub(super) fn namespaces(self, rename: Rename) -> Pair<&'a str> {
        let Pair { previous, next } = self.schemas;
        let names = match rename {
            Rename::Table(ids) => {
                Pair::new(&previous.table_at(ids.previous).name, &next.table_at(ids.next).name)
            }
            Rename::Enum(ids) => {
                Pair::new(&previous.enum_at(ids.previous).name, &next.enum_at(ids.next).name)
            }
            Rename::EnumValue(_) | Rename::Column(_) => return Pair::default(),
        };
        self.schemas.zip(names).map(|(schema, name)| name.namespace_or(&schema.default_namespace))
    }

    /// What has the old name afterwards.
    pub(super) fn old_in_next(self, rename: Rename) -> Option<Side> {
        let Pair { previous, next } = self.schemas;
        let name = self.of(rename).previous;
        match rename {
            Rename::Table(ids) => at(next, &previous.table_at(ids.previous).name).map(Side::Object),
            Rename::Enum(ids) => at(next, &previous.enum_at(ids.previous).name).map(Side::Object),
            Rename::EnumValue(ids) => {
                next.value_id(ids.next.enumeration, name).map(Side::EnumValue)
            }
            Rename::Column(ids) => next.column_id(ids.next.table, name).map(Side::Column),
        }
    }

    /// What has the new name before.
    pub(super) fn new_in_previous(self, rename: Rename) -> Option<Side> {
        let Pair { previous, next } = self.schemas;
        let name = self.of(rename).next;
        match rename {
            Rename::Table(ids) => at(previous, &next.table_at(ids.next).name).map(Side::Object),
            Rename::Enum(ids) => at(previous, &next.enum_at(ids.next).name).map(Side::Object),
            Rename::EnumValue(ids) => {
                previous.value_id(ids.previous.enumeration, name).map(Side::EnumValue)
            }
            Rename::Column(ids) => previous.column_id(ids.previous.table, name).map(Side::Column),
        }
    }

    /// Whether anything has the new name before: tables share theirs with much else.
    pub(super) fn is_taken(self, rename: Rename) -> bool {
        let namespace = self.namespaces(rename).previous;
        self.new_in_previous(rename).is_some()
            || (matches!(rename, Rename::Table(_) | Rename::Enum(_))
                && self.schemas.previous.has_name(namespace, self.of(rename).next))
    }

    /// What a model or enum of that name is called in the database.
    fn mapped(self, namespace: Option<&str>, name: &str) -> Option<ObjectName> {
        let model = self.schema.find_model(name);
        let model = model.map(|model| object(model.namespace(), model.database_name()));
        let enumeration = self.schema.find_enum(name);
        let enumeration = enumeration.map(|e| object(e.namespace(), e.database_name()));
        model
            .or(enumeration)
            .filter(|name| namespace.is_none() || name.namespace.as_deref() == namespace)
    }
}

/// In the namespace that is said; else in the default one; else wherever there is only one.
fn find(schema: &PgSchema, namespace: Option<&str>, name: &str) -> Option<Object> {
    if let Some(found) = at(schema, &object(namespace, name)) {
        return Some(found);
    }
    let tables = schema.tables.iter().map(|table| &table.name);
    let names = tables.chain(schema.enums.iter().map(|e| &e.name));
    let mut alike = names.filter(|other| namespace.is_none() && other.name == name);
    let first = alike.next()?;
    if alike.next().is_some() { None } else { at(schema, first) }
}

fn at(schema: &PgSchema, name: &ObjectName) -> Option<Object> {
    let table = schema.table_id(name).map(Object::Table);
    table.or_else(|| schema.enum_id(name).map(Object::Enum))
}

fn object(namespace: Option<&str>, name: &str) -> ObjectName {
    ObjectName { namespace: namespace.map(str::to_owned), name: name.to_owned() }
}

fn objects(schema: &PgSchema) -> Vec<&str> {
    let tables = schema.tables.iter().map(|table| table.name.name.as_str());
    tables.chain(schema.enums.iter().map(|e| e.name.name.as_str())).collect()
}
