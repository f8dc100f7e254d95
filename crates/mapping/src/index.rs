//! Keys and indexes of a model. Uniques are unique indexes, never constraints.

use pg_schema::{Deferrable, Index, IndexAlgorithm, IndexKey, PrimaryKey, SortOrder};
use psl::{IndexColumn, IndexKind, IndexWalker};

use crate::operator_class;

pub(crate) fn primary_key(key: IndexWalker<'_>) -> PrimaryKey {
    PrimaryKey { name: key.database_name(), columns: columns(key), deferrable: Deferrable::No }
}

pub(crate) fn index(index: IndexWalker<'_>) -> Index {
    let mut out = Index::new(index.database_name(), &[]);
    out.unique = index.kind() == IndexKind::Unique;
    out.algorithm = match index.algorithm() {
        None | Some(psl::IndexAlgorithm::BTree) => IndexAlgorithm::BTree,
        Some(psl::IndexAlgorithm::Hash) => IndexAlgorithm::Hash,
        Some(psl::IndexAlgorithm::Gist) => IndexAlgorithm::Gist,
        Some(psl::IndexAlgorithm::Gin) => IndexAlgorithm::Gin,
        Some(psl::IndexAlgorithm::SpGist) => IndexAlgorithm::SpGist,
        Some(psl::IndexAlgorithm::Brin) => IndexAlgorithm::Brin,
    };
    out.predicate = index.predicate();
    out.keys = columns(index)
        .into_iter()
        .zip(index.columns())
        .map(|(name, column)| key(name, column, &out))
        .collect();
    out
}

fn key(name: String, column: &IndexColumn, index: &Index) -> IndexKey {
    let mut key = IndexKey::column(name);
    key.order = column.sort.map(|order| match order {
        psl::SortOrder::Asc => SortOrder::Asc,
        psl::SortOrder::Desc => SortOrder::Desc,
    });
    key.ops = column.ops().map(|ops| operator_class::op_class(ops, &index.algorithm));
    key
}

fn columns(index: IndexWalker<'_>) -> Vec<String> {
    index.fields().map(|field| field.database_name().to_owned()).collect()
}
