//! What keeps a table from being put into partitions, and what to write into the schema then. Pure.

use pg_schema::{ColumnType, IndexKeyPart, ObjectName, Partitioning, PgSchema, Table};

use super::Wish;
use crate::Reason;

/// What keeps it from being one.
pub(super) fn obstacles(
    wish: &Wish<'_>,
    before: &Table,
    after: &Table,
    column: &str,
) -> Vec<Reason> {
    let mut found = Vec::new();
    let model = &wish.model.name;
    let field_of = |column: &String| {
        let field = wish.model.fields.iter().find(|(_, name)| name == column);
        field.map_or(column.as_str(), |(field, _)| field.as_str()).to_owned()
    };
    if before.partitioning != Partitioning::None {
        let help = "cargo xtask partition maintain\nmakes the partitions for the months ahead";
        found.push(reason(&format!("The table of {model} is partitioned already."), help));
        return found;
    }
    let is_time = before.column(column).is_some_and(|column| {
        matches!(
            column.ty,
            ColumnType::Timestamp(_) | ColumnType::Timestamptz(_) | ColumnType::Date
        )
    });
    if !is_time {
        found.push(reason(
            &format!("{model}.{} is no DateTime: there are no months of it.", wish.field),
            "choose a field of the type DateTime",
        ));
    }
    let key = after.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    if key.is_empty() || !key.iter().any(|name| name == column) {
        let old = before.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
        let fields: Vec<String> = old.iter().chain([&column.to_owned()]).map(field_of).collect();
        let without: Vec<String> = old.iter().map(field_of).collect();
        found.push(reason(
            &format!("The key of a partitioned table holds the field that its partitions are by: {}.", wish.field),
            &format!(
                "write into the schema, in the model {model}, and take @id away from {}:\n  @@id([{}])\nthen run this once more",
                without.join(", "),
                fields.join(", ")
            ),
        ));
    }
    for index in after.indexes.iter().filter(|index| index.unique) {
        if !index.keys.iter().any(|key| key.part == IndexKeyPart::Column(column.to_owned())) {
            found.push(reason(
                &format!(
                    "{} is unique without {}: that cannot be so over partitions.",
                    index.name, wish.field
                ),
                &format!("add {} to it in the schema, or make it an @@index", wish.field),
            ));
        }
    }
    for other in &wish.schemas.next.tables {
        for key in &other.foreign_keys {
            let referred = table_of(wish.schemas.next, &key.referenced_table);
            let refers = referred.is_some_and(|table| table.name == after.name);
            if refers && other.name != after.name {
                found.push(reason(
                    &format!(
                        "{} refers to it by its key, of which it has only a part.",
                        other.name.name
                    ),
                    "take the relation away, or give it the new key, in a migration before",
                ));
            }
        }
    }
    for column in before.columns.iter().filter(|column| column.identity.is_some()) {
        found.push(reason(
            &format!("{} is an identity column, which the copy would count anew.", column.name),
            "make it a serial one in a migration before",
        ));
    }
    found
}

/// A table by its name, whose namespace may go without saying.
pub(super) fn table_of<'a>(schema: &'a PgSchema, name: &ObjectName) -> Option<&'a Table> {
    let default = &schema.default_namespace;
    let is_it = |table: &&Table| {
        table.name.name == name.name
            && table.name.namespace_or(default) == name.namespace_or(default)
    };
    schema.tables.iter().find(is_it)
}

pub(super) fn reason(what: &str, help: &str) -> Reason {
    Reason { what: what.to_owned(), help: help.to_owned() }
}
