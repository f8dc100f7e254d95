//! Primary keys, uniques and plain indexes.

use super::value::Object;
use crate::schema::{IndexAlgorithm, IndexColumn, IndexKind, OperatorClass, SortOrder};
use crate::walkers::{IndexWalker, ModelWalker, ScalarFieldWalker};

/// The primary key, then all others.
pub(super) fn all_of(model: ModelWalker<'_>) -> impl Iterator<Item = IndexWalker<'_>> {
    model.primary_key().into_iter().chain(model.indexes())
}

pub(super) fn index(index: IndexWalker<'_>) -> Object<'_> {
    let kind = match index.kind() {
        IndexKind::PrimaryKey => "id",
        IndexKind::Unique => "unique",
        IndexKind::Normal => "normal",
    };
    let effective_name = (!index.model().is_view()).then(|| index.database_name());
    Object::new()
        .key("model", index.model().name())
        .key("type", kind)
        .key("isDefinedOnField", index.data().on_field)
        .optional("name", index.data().client_name.as_ref())
        .optional("dbName", index.data().mapped_name.as_ref())
        .optional("algorithm", index.algorithm().map(IndexAlgorithm::as_str))
        .list("fields", index.columns().iter().zip(index.fields()), column)
        .key("effectiveDbName", effective_name)
        .optional("where", index.predicate())
}

fn column<'s>((column, field): (&'s IndexColumn, ScalarFieldWalker<'s>)) -> Object<'s> {
    let sort_order = column.sort.map(|sort| match sort {
        SortOrder::Asc => "asc",
        SortOrder::Desc => "desc",
    });
    let operator_class = column.ops().map(|class| match class {
        OperatorClass::Known(name) | OperatorClass::Raw(name) => name,
    });
    Object::new()
        .key("name", field.name())
        .optional("sortOrder", sort_order)
        .optional("operatorClass", operator_class)
}
