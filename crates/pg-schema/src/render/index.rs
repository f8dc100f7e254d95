//! Statements about indexes.

use std::borrow::Cow;
use std::fmt::Write;

use super::{object, table_name};
use crate::{
    IndexAlgorithm, IndexConstraint, IndexId, IndexKey, IndexKeyPart, NullsOrder, Pair, PgSchema,
    SortOrder, quote,
};

pub(super) fn create(id: IndexId, schema: &PgSchema) -> String {
    let index = schema.index_at(id);
    let keys: Vec<String> = index.keys.iter().map(|it| key(it, schema.is_desired)).collect();
    let mut sql = format!(
        "CREATE {}INDEX {} ON {}{}({})",
        if index.unique { "UNIQUE " } else { "" },
        quote::ident(&index.name),
        table_name(schema.table_at(id.table), schema),
        using(&index.algorithm),
        keys.join(", ")
    );
    if !index.include.is_empty() {
        let _ = write!(sql, " INCLUDE ({})", quote::idents(&index.include, ", "));
    }
    if index.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        let _ = write!(sql, " WHERE {}", in_parentheses(predicate));
    }
    sql
}

/// As the reference has it: what begins and ends with parentheses gets none around it.
fn in_parentheses(predicate: &str) -> Cow<'_, str> {
    if predicate.starts_with('(') && predicate.ends_with(')') {
        predicate.into()
    } else {
        format!("({predicate})").into()
    }
}

/// The index of a constraint goes with it and not otherwise.
pub(super) fn drop(id: IndexId, schema: &PgSchema) -> String {
    let table = schema.table_at(id.table);
    let index = schema.index_at(id);
    match index.constraint {
        Some(IndexConstraint::Unique(_) | IndexConstraint::Exclusion) => {
            format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                table_name(table, schema),
                quote::ident(&index.name)
            )
        }
        None => format!("DROP INDEX {}", object(&table.name.sibling(&index.name), schema)),
    }
}

/// The new name cannot say a namespace: it is the old one's.
pub(super) fn rename(ids: Pair<IndexId>, schemas: Pair<&PgSchema>) -> String {
    let previous = schemas.previous;
    let name =
        previous.table_at(ids.previous.table).name.sibling(&previous.index_at(ids.previous).name);
    let next = &schemas.next.index_at(ids.next).name;
    format!("ALTER INDEX {} RENAME TO {}", object(&name, previous), quote::ident(next))
}

fn using(algorithm: &IndexAlgorithm) -> String {
    let name = match algorithm {
        // What the server takes when nothing is said.
        IndexAlgorithm::BTree => return String::new(),
        IndexAlgorithm::Hash => "HASH",
        IndexAlgorithm::Gist => "GIST",
        IndexAlgorithm::Gin => "GIN",
        IndexAlgorithm::SpGist => "SPGIST",
        IndexAlgorithm::Brin => "BRIN",
        IndexAlgorithm::Other(name) => name,
    };
    format!(" USING {name} ")
}

fn key(key: &IndexKey, is_desired: bool) -> String {
    let mut sql = match &key.part {
        IndexKeyPart::Column(name) => quote::ident(name).to_string(),
        IndexKeyPart::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &key.collation {
        let _ = write!(sql, " COLLATE {}", quote::ident(collation));
    }
    // A server says every class; only somebody who wants one says what goes without saying.
    if let Some(ops) = key.ops.as_ref().filter(|ops| is_desired || !ops.is_default) {
        sql.push(' ');
        sql.push_str(&ops.name);
    }
    match key.order {
        Some(SortOrder::Asc) => sql.push_str(" ASC"),
        Some(SortOrder::Desc) => sql.push_str(" DESC"),
        None => {}
    }
    match key.nulls {
        Some(NullsOrder::First) => sql.push_str(" NULLS FIRST"),
        Some(NullsOrder::Last) => sql.push_str(" NULLS LAST"),
        None => {}
    }
    sql
}
