//! What leads from one schema to another: in words and as SQL.

use pg_schema::{Pair, PgSchema, diff, drift_summary, render};

/// What leads from one schema to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// How many steps it takes.
    pub steps: usize,
    /// In words, a part for each kind of thing.
    pub summary: String,
    /// As SQL; a comment where there is nothing to do.
    pub script: String,
}

impl Difference {
    pub(crate) fn between(schemas: Pair<&PgSchema>) -> Self {
        let steps = diff(schemas);
        Self {
            steps: steps.len(),
            summary: drift_summary(&steps, schemas),
            script: render(&steps, schemas),
        }
    }

    /// From one that a server has to another; partial indexes count only where the schema file could name them.
    pub(crate) fn drift(schemas: Pair<&PgSchema>, desired: &PgSchema) -> Self {
        let schemas = schemas.map(|schema| comparable(schema, desired));
        Self::between(Pair::new(&schemas.previous, &schemas.next))
    }

    pub fn is_empty(&self) -> bool {
        self.steps == 0
    }
}

/// What is looked at for drift: what a schema file such as this one cannot express is nobody's business.
pub(crate) fn comparable(schema: &PgSchema, desired: &PgSchema) -> PgSchema {
    let mut schema = schema.clone();
    if !desired.names_partial_indexes {
        for table in &mut schema.tables {
            table.indexes.retain(|index| index.predicate.is_none());
        }
    }
    schema
}
