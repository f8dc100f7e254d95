//! Models, enums and relations as tables, types and keys.
//!
//! Tables are in the order of the models, those that join two models after all others; this is
//! the order in which scripts create them.

use std::collections::BTreeSet;

use pg_schema::{Enum, Extension, PgSchema, Table};
use psl::{EnumWalker, ModelWalker, RelationMode, Schema};

use crate::names::{enum_name, table_name};
use crate::{column, index, relation};

/// Where unqualified names are when nobody says otherwise.
pub const DEFAULT_NAMESPACE: &str = "public";

/// The database that the models ask for, in `public` where they do not name a schema.
pub fn desired_schema(schema: &Schema) -> PgSchema {
    desired_schema_in(schema, DEFAULT_NAMESPACE)
}

/// The database that the models ask for, where the connection creates things in
/// `default_namespace`.
pub fn desired_schema_in(schema: &Schema, default_namespace: &str) -> PgSchema {
    let mut tables: Vec<Table> =
        schema.models().filter(|model| !model.is_view()).map(table).collect();
    tables.extend(relation::join_tables(schema));
    if schema.relation_mode() == RelationMode::Prisma {
        for table in &mut tables {
            table.foreign_keys.clear();
        }
    }
    PgSchema {
        default_namespace: default_namespace.to_owned(),
        names_in_full: false,
        is_desired: true,
        names_partial_indexes: schema.generators().iter().any(|generator| {
            generator.preview_features.iter().any(|feature| feature == "partialIndexes")
        }),
        namespaces: namespaces(schema, default_namespace),
        extensions: extensions(schema),
        enums: schema.enums().map(enumeration).collect(),
        sequences: Vec::new(),
        tables,
        views: Vec::new(),
    }
}

/// A model or field that the client ignores is in the database all the same.
fn table(model: ModelWalker<'_>) -> Table {
    let mut table = Table::new(table_name(model));
    table.columns = model.scalar_fields().map(column::column).collect();
    table.primary_key = model.primary_key().map(index::primary_key);
    table.indexes = model.indexes().map(index::index).collect();
    table.foreign_keys = relation::foreign_keys(model);
    table
}

fn enumeration(enumeration: EnumWalker<'_>) -> Enum {
    Enum {
        name: enum_name(enumeration),
        values: enumeration.values().iter().map(|value| value.database_name().to_owned()).collect(),
        comment: None,
    }
}

/// Those that the datasource names, by name; where it names none, the default one.
fn namespaces(schema: &Schema, default_namespace: &str) -> Vec<String> {
    let named = schema.datasource().into_iter().flat_map(|datasource| &datasource.schemas);
    let namespaces: BTreeSet<&str> = named.map(|name| name.text.as_str()).collect();
    if namespaces.is_empty() {
        return vec![default_namespace.to_owned()];
    }
    namespaces.into_iter().map(str::to_owned).collect()
}

/// In the order of the names that the schema gives them.
fn extensions(schema: &Schema) -> Vec<Extension> {
    let mut wanted: Vec<&psl::Extension> =
        schema.datasource().into_iter().flat_map(|datasource| &datasource.extensions).collect();
    wanted.sort_by_key(|extension| &extension.name.text);
    wanted
        .into_iter()
        .map(|extension| Extension {
            name: extension.mapped_name.clone().unwrap_or_else(|| extension.name.text.clone()),
            schema: extension.schema.clone(),
            version: extension.version.clone(),
            relocatable: false,
        })
        .collect()
}
