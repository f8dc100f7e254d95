//! Where each thing of the schema was written. The lists stand beside the schema's own and have the same order.

use crate::ast::{Attribute, EnumBlock, Expr, Field, ModelBlock};
use crate::schema::{EnumId, IndexId, ModelId, RelationFieldId, ScalarFieldId};
use crate::source::Span;

#[derive(Debug, Default)]
pub(crate) struct Origins<'a> {
    pub models: Vec<&'a ModelBlock<'a>>,
    pub enums: Vec<&'a EnumBlock<'a>>,
    pub composite_types: Vec<&'a ModelBlock<'a>>,
    pub scalar_fields: Vec<ScalarFieldOrigin<'a>>,
    pub relation_fields: Vec<RelationFieldOrigin<'a>>,
    pub indexes: Vec<IndexOrigin<'a>>,
    /// Where `schemas = […]` stands in the datasource.
    pub schemas: Option<Span>,
    /// `extensions = […]` in the datasource.
    pub extensions: Option<Span>,
}

#[derive(Debug)]
pub(crate) struct ScalarFieldOrigin<'a> {
    pub field: &'a Field<'a>,
    /// The type is a composite one: a position in [`Origins::composite_types`].
    pub composite_type: Option<usize>,
    /// `@db.…`.
    pub native_type: Option<&'a Attribute<'a>>,
    pub default: Option<DefaultOrigin<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct DefaultOrigin<'a> {
    pub attribute: &'a Attribute<'a>,
    pub value: &'a Expr<'a>,
    pub mapped_name: Option<&'a str>,
}

#[derive(Debug)]
pub(crate) struct RelationFieldOrigin<'a> {
    pub field: &'a Field<'a>,
    /// `@relation`.
    pub attribute: Option<&'a Attribute<'a>>,
}

#[derive(Debug)]
pub(crate) struct IndexOrigin<'a> {
    pub attribute: &'a Attribute<'a>,
    /// `@@fulltext`, which PostgreSQL has no equal of.
    pub is_fulltext: bool,
    /// `clustered:`, of other databases.
    pub is_clustered: bool,
    /// A `length:`, of other databases.
    pub has_length: bool,
}

/// `@shardKey` or `@@shardKey`, which PostgreSQL has no equal of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShardKey<'a> {
    pub model: ModelId,
    pub attribute: &'a Attribute<'a>,
    /// The field that `@shardKey` is written on.
    pub field: Option<ScalarFieldId>,
    pub is_empty: bool,
}

impl<'a> Origins<'a> {
    pub(crate) fn model(&self, id: ModelId) -> &'a ModelBlock<'a> {
        self.models[id.index()]
    }

    pub(crate) fn enumeration(&self, id: EnumId) -> &'a EnumBlock<'a> {
        self.enums[id.index()]
    }

    pub(crate) fn scalar_field(&self, id: ScalarFieldId) -> &ScalarFieldOrigin<'a> {
        &self.scalar_fields[id.index()]
    }

    pub(crate) fn relation_field(&self, id: RelationFieldId) -> &RelationFieldOrigin<'a> {
        &self.relation_fields[id.index()]
    }

    pub(crate) fn index(&self, id: IndexId) -> &IndexOrigin<'a> {
        &self.indexes[id.index()]
    }
}
