//! Keys and indexes by their columns, so that a relation is not compared with each of them.

use crate::schema::{IndexId, ModelId, ScalarFieldId, Schema};
use crate::walkers::{IndexWalker, ModelWalker};
use std::collections::{HashMap, HashSet};

pub(super) struct Keys {
    /// The columns of primary keys and unique indexes, sorted.
    unique: HashSet<(ModelId, Vec<ScalarFieldId>)>,
    by_first_column: HashMap<ScalarFieldId, Vec<IndexId>>,
}

impl Keys {
    pub(super) fn new(schema: &Schema) -> Self {
        let mut keys = Self { unique: HashSet::new(), by_first_column: HashMap::new() };
        for model in schema.models() {
            for index in model.unique_criteria() {
                let mut columns = columns(index);
                columns.sort_unstable();
                keys.unique.insert((model.id(), columns));
            }
            for index in model.primary_key().into_iter().chain(model.indexes()) {
                if let Some(first) = index.columns().first() {
                    keys.by_first_column.entry(first.field).or_default().push(index.id());
                }
            }
        }
        keys
    }

    /// Whether a primary key or unique index has exactly these columns, in any order.
    pub(super) fn is_unique(&self, model: ModelWalker<'_>, columns: &[ScalarFieldId]) -> bool {
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        self.unique.contains(&(model.id(), columns))
    }

    /// Whether a key or index starts with these columns.
    pub(super) fn is_indexed(&self, model: ModelWalker<'_>, start: &[ScalarFieldId]) -> bool {
        let Some(first) = start.first() else {
            return model.primary_key().is_some() || model.indexes().next().is_some();
        };
        let found = self.by_first_column.get(first).into_iter().flatten();
        found.into_iter().any(|id| columns(model.schema().walk(*id)).starts_with(start))
    }
}

fn columns(index: IndexWalker<'_>) -> Vec<ScalarFieldId> {
    index.columns().iter().map(|column| column.field).collect()
}
