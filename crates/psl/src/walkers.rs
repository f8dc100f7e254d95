//! Read-only walkers over a [`Schema`]: the way everything outside this crate looks at it.
//!
//! A walker is a schema and an id. Walkers are free to copy; they answer questions that need more than one item
//! (effective referential actions, constraint names, the other side of a relation), so that no one else repeats them.

mod index;
mod relation;
mod scalar_field;

use crate::schema::{
    Datasource, Enum, EnumId, EnumValue, FieldId, Generator, IndexId, IndexKind, Model, ModelId,
    RelationFieldId, RelationId, RelationMode, ScalarFieldId, Schema,
};
use crate::source::{SourceFile, Span};

/// A schema and the id of something in it.
#[derive(Debug, Clone, Copy)]
pub struct Walker<'s, I> {
    schema: &'s Schema,
    id: I,
}

pub type ModelWalker<'s> = Walker<'s, ModelId>;
pub type EnumWalker<'s> = Walker<'s, EnumId>;
pub type ScalarFieldWalker<'s> = Walker<'s, ScalarFieldId>;
pub type RelationFieldWalker<'s> = Walker<'s, RelationFieldId>;
pub type IndexWalker<'s> = Walker<'s, IndexId>;
pub type RelationWalker<'s> = Walker<'s, RelationId>;

impl<I: PartialEq> PartialEq for Walker<'_, I> {
    /// Walkers are equal when they stand at the same item of the same schema value.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.schema, other.schema) && self.id == other.id
    }
}

impl<'s, I: Copy> Walker<'s, I> {
    pub fn id(self) -> I {
        self.id
    }

    pub fn schema(self) -> &'s Schema {
        self.schema
    }

    fn at<J>(self, id: J) -> Walker<'s, J> {
        Walker { schema: self.schema, id }
    }
}

fn ids<I>(len: usize, id: impl Fn(u32) -> I) -> impl Iterator<Item = I> {
    (0..u32::try_from(len).unwrap_or(u32::MAX)).map(id)
}

impl Schema {
    /// The files this was made of, in the order given.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    pub fn datasource(&self) -> Option<&Datasource> {
        self.datasource.as_ref()
    }

    pub fn generators(&self) -> &[Generator] {
        &self.generators
    }

    pub fn relation_mode(&self) -> RelationMode {
        self.datasource.as_ref().map(|datasource| datasource.relation_mode).unwrap_or_default()
    }

    /// Models and views in source order.
    pub fn models(&self) -> impl Iterator<Item = ModelWalker<'_>> {
        ids(self.models.len(), ModelId).map(|id| self.walk(id))
    }

    pub fn enums(&self) -> impl Iterator<Item = EnumWalker<'_>> {
        ids(self.enums.len(), EnumId).map(|id| self.walk(id))
    }

    pub fn relations(&self) -> impl Iterator<Item = RelationWalker<'_>> {
        ids(self.relations.len(), RelationId).map(|id| self.walk(id))
    }

    pub fn find_model(&self, name: &str) -> Option<ModelWalker<'_>> {
        self.models().find(|model| model.name() == name)
    }

    pub fn find_enum(&self, name: &str) -> Option<EnumWalker<'_>> {
        self.enums().find(|r#enum| r#enum.name() == name)
    }

    /// From an id to its walker.
    pub fn walk<I>(&self, id: I) -> Walker<'_, I> {
        Walker { schema: self, id }
    }
}

/// A field of either kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldWalker<'s> {
    Scalar(ScalarFieldWalker<'s>),
    Relation(RelationFieldWalker<'s>),
}

impl<'s> FieldWalker<'s> {
    pub fn name(self) -> &'s str {
        match self {
            Self::Scalar(field) => field.name(),
            Self::Relation(field) => field.name(),
        }
    }
}

impl<'s> ModelWalker<'s> {
    pub fn data(self) -> &'s Model {
        &self.schema.models[self.id.index()]
    }

    pub fn name(self) -> &'s str {
        &self.data().name.text
    }

    /// The table's name: `@@map`, else the model's name.
    pub fn database_name(self) -> &'s str {
        self.data().mapped_name.as_deref().unwrap_or(self.name())
    }

    /// `@@schema`, if given.
    pub fn namespace(self) -> Option<&'s str> {
        self.data().namespace.as_ref().map(|name| name.text.as_str())
    }

    pub fn documentation(self) -> Option<&'s str> {
        self.data().documentation.as_deref()
    }

    pub fn is_view(self) -> bool {
        self.data().is_view
    }

    pub fn is_ignored(self) -> bool {
        self.data().is_ignored
    }

    pub fn span(self) -> Span {
        self.data().span
    }

    /// All fields in source order.
    pub fn fields(self) -> impl Iterator<Item = FieldWalker<'s>> {
        self.data().fields.iter().map(move |field| match field {
            FieldId::Scalar(id) => FieldWalker::Scalar(self.at(*id)),
            FieldId::Relation(id) => FieldWalker::Relation(self.at(*id)),
        })
    }

    pub fn scalar_fields(self) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
        self.fields().filter_map(|field| match field {
            FieldWalker::Scalar(field) => Some(field),
            FieldWalker::Relation(_) => None,
        })
    }

    pub fn relation_fields(self) -> impl Iterator<Item = RelationFieldWalker<'s>> {
        self.fields().filter_map(|field| match field {
            FieldWalker::Relation(field) => Some(field),
            FieldWalker::Scalar(_) => None,
        })
    }

    pub fn primary_key(self) -> Option<IndexWalker<'s>> {
        self.data().primary_key.map(|id| self.at(id))
    }

    /// Uniques and plain indexes, not the primary key, in the order of [`Model::indexes`].
    pub fn indexes(self) -> impl Iterator<Item = IndexWalker<'s>> {
        self.data().indexes.iter().map(move |id| self.at(*id))
    }

    /// The primary key, then every unique index: the ways to name one row.
    pub fn unique_criteria(self) -> impl Iterator<Item = IndexWalker<'s>> {
        self.primary_key()
            .into_iter()
            .chain(self.indexes().filter(|index| index.kind() == IndexKind::Unique))
    }
}

impl<'s> EnumWalker<'s> {
    pub fn data(self) -> &'s Enum {
        &self.schema.enums[self.id.index()]
    }

    pub fn name(self) -> &'s str {
        &self.data().name.text
    }

    pub fn database_name(self) -> &'s str {
        self.data().mapped_name.as_deref().unwrap_or(self.name())
    }

    pub fn namespace(self) -> Option<&'s str> {
        self.data().namespace.as_ref().map(|name| name.text.as_str())
    }

    pub fn documentation(self) -> Option<&'s str> {
        self.data().documentation.as_deref()
    }

    pub fn values(self) -> &'s [EnumValue] {
        &self.data().values
    }
}

impl EnumValue {
    pub fn name(&self) -> &str {
        &self.name.text
    }

    pub fn database_name(&self) -> &str {
        self.mapped_name.as_deref().unwrap_or(&self.name.text)
    }
}
