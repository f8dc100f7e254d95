//! Keys and indexes as attributes: `@id` and `@unique` of a field, `@@id`, `@@unique` and `@@index` of a block.

use pg_schema::{ColumnType, Index, IndexAlgorithm, IndexKey};
use psl::constraint_names;
use psl::{
    IndexKind, IndexWalker, OPERATOR_CLASSES, OperatorClass, ScalarFieldWalker, string_literal,
};

use super::block::{Call, list};
use super::keys::{Key, KeyColumn, KeyKind};
use super::pairs::TablePair;
use crate::operator_class::op_class;

/// `@id` of a column that is the primary key by itself.
pub(super) fn id_of_field(table: &TablePair<'_>, column: usize) -> Option<Call> {
    let key = table.keys.iter().find(|key| key.kind == KeyKind::Primary && key.is_only(column))?;
    Some(Call::new("@id").named_text("map", mapped_name(table, key)))
}

/// `@unique` of a column. Of several unique indexes on it, Prisma writes the first.
pub(super) fn unique_of_field(table: &TablePair<'_>, column: usize) -> Option<Call> {
    let is_it = |key: &&Key<'_>| key.kind == KeyKind::Unique && key.is_only(column);
    let key = table.keys.iter().find(is_it)?;
    let mut call = Call::new("@unique").named_text("map", mapped_name(table, key));
    if key.columns.iter().any(is_descending) {
        call = call.named("sort", "Desc");
    }
    Some(with_predicate(call, key.index))
}

/// `@@id`, where the primary key has several columns.
pub(super) fn id_of_block(table: &TablePair<'_>) -> Option<Call> {
    let key = table.keys.iter().find(|key| key.kind == KeyKind::Primary)?;
    if key.columns.len() < 2 {
        return None;
    }
    let columns = key.columns.iter().map(|column| &table.columns[column.column].named.name);
    Some(
        Call::new("@@id")
            .value(list(columns))
            .named_text("name", id_name(table))
            .named_text("map", mapped_name(table, key)),
    )
}

/// The client's name of the primary key, which only a schema can know.
pub(super) fn id_name<'a>(table: &TablePair<'a>) -> Option<&'a str> {
    table.previous?.primary_key()?.data().client_name.as_deref()
}

/// `@@unique`s and `@@index`es: those of the schema before in its order, then the others by name.
pub(super) fn of_block(table: &TablePair<'_>) -> Vec<Call> {
    let is_in_field = |key: &Key<'_>| key.kind == KeyKind::Unique && key.columns.len() == 1;
    let mut calls: Vec<_> = table
        .keys
        .iter()
        .filter_map(|key| Some((key, key.index?)))
        .filter(|(key, _)| !is_in_field(key))
        .map(|(key, index)| {
            let previous = previous(table, key);
            let place = previous.map(|previous| previous.data().span.start);
            (place.is_none(), place, of_index(table, key, index, previous))
        })
        .collect();
    calls.sort_by_key(|&(is_new, place, _)| (is_new, place));
    calls.into_iter().map(|(_, _, call)| call).collect()
}

/// The index of the schema before that has the key's name in the database.
pub(super) fn previous<'a>(table: &TablePair<'a>, key: &Key<'_>) -> Option<IndexWalker<'a>> {
    let is_it = |index: &IndexWalker<'a>| {
        // `name:` once was what `map:` is.
        let data = index.data();
        let was_named = data.mapped_name.is_none() && data.client_name.as_deref() == Some(key.name);
        was_named || index.database_name() == key.name
    };
    table.previous?.indexes().find(is_it)
}

/// An attribute as the schema had it before, of a view: the database knows nothing of those.
pub(super) fn copied(index: IndexWalker<'_>) -> Call {
    let is_unique = index.kind() == IndexKind::Unique;
    let data = index.data();
    let fields = list(index.fields().map(ScalarFieldWalker::name));
    let call = Call::new(if is_unique { "@@unique" } else { "@@index" })
        .value(fields)
        .named_text("name", data.client_name.as_deref())
        .named_text("map", data.mapped_name.as_deref());
    match index.algorithm() {
        None | Some(psl::IndexAlgorithm::BTree) => call,
        Some(algorithm) => call.named("type", format_args!("{algorithm:?}")),
    }
}

fn of_index(
    table: &TablePair<'_>,
    key: &Key<'_>,
    index: &Index,
    previous: Option<IndexWalker<'_>>,
) -> Call {
    let has_classes = !matches!(
        index.algorithm,
        IndexAlgorithm::BTree | IndexAlgorithm::Hash | IndexAlgorithm::Other(_)
    );
    let columns = key.columns.iter().map(|column| {
        let mut call = Call::new(table.columns[column.column].named.name.as_ref());
        if is_descending(column) {
            call = call.named("sort", "Desc");
        }
        // Of texts, and of types it does not know, Prisma takes it that any class may be there.
        let is_judged = !matches!(
            table.columns[column.column].column.ty,
            ColumnType::Text | ColumnType::Unsupported(_) | ColumnType::Enum(_)
        );
        match column.key.and_then(|part| class(part, index, is_judged)) {
            Some(class) if has_classes => call.named("ops", class),
            _ => call,
        }
    });
    let call = Call::new(if index.unique { "@@unique" } else { "@@index" })
        .value(list(columns))
        .named_text("name", previous.and_then(|index| index.data().client_name.as_deref()))
        .named_text("map", mapped_name(table, key));
    let call = match algorithm(&index.algorithm) {
        Some(algorithm) => call.named("type", algorithm),
        None => call,
    };
    with_predicate(call, Some(index))
}

fn with_predicate(call: Call, index: Option<&Index>) -> Call {
    match index.and_then(|index| index.predicate.as_deref()) {
        Some(predicate) => call.named("where", Call::new("raw").text(predicate)),
        None => call,
    }
}

/// The name in the database, where it is not the one that Prisma gives.
fn mapped_name<'k>(table: &TablePair<'_>, key: &Key<'k>) -> Option<&'k str> {
    let columns: Vec<&str> = key
        .columns
        .iter()
        .map(|column| table.columns[column.column].column.name.as_str())
        .collect();
    let kind = match key.kind {
        KeyKind::Primary => IndexKind::PrimaryKey,
        KeyKind::Unique => IndexKind::Unique,
        KeyKind::Normal => IndexKind::Normal,
    };
    let own = constraint_names::index(&table.table.name.name, &columns, kind);
    (key.name != own).then_some(key.name)
}

fn is_descending(column: &KeyColumn<'_>) -> bool {
    column.key.is_some_and(IndexKey::is_descending)
}

fn algorithm(algorithm: &IndexAlgorithm) -> Option<&'static str> {
    match algorithm {
        IndexAlgorithm::BTree | IndexAlgorithm::Other(_) => None,
        IndexAlgorithm::Hash => Some("Hash"),
        IndexAlgorithm::Gist => Some("Gist"),
        IndexAlgorithm::Gin => Some("Gin"),
        IndexAlgorithm::SpGist => Some("SpGist"),
        IndexAlgorithm::Brin => Some("Brin"),
    }
}

/// The operator class where it is not the server's own choice, or is one by an extension only: without it, the schema
/// would be told that no such index can be.
fn class(key: &IndexKey, index: &Index, is_judged: bool) -> Option<String> {
    let class = key.ops.as_ref()?;
    let known = OPERATOR_CLASSES.into_iter().find(|known| {
        op_class(&OperatorClass::Known((*known).to_owned()), &index.algorithm).name == class.name
    });
    Some(match known {
        _ if class.is_default && (known.is_some() || !is_judged) => return None,
        Some(known) => known.to_owned(),
        None => format!("raw({})", string_literal(&class.name)),
    })
}
