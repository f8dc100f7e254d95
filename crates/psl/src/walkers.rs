//! Read-only walkers over a [`Schema`]: the way everything outside this crate looks at it.
//!
//! A walker is a schema and an id. Walkers are free to copy; they answer questions that need more than one item
//! (effective referential actions, constraint names, the other side of a relation), so that no one else repeats them.

use crate::constraint_names;
use crate::native_type::NativeType;
use crate::schema::{
    Arity, Datasource, DefaultValue, Enum, EnumId, EnumValue, FieldId, Generator, Index,
    IndexAlgorithm, IndexColumn, IndexId, IndexKind, Model, ModelId, OperatorClass,
    ReferentialAction, Relation, RelationField, RelationFieldId, RelationId, RelationKind,
    RelationMode, ScalarField, ScalarFieldId, ScalarFieldType, ScalarType, Schema, SortOrder,
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

impl<'s> ScalarFieldWalker<'s> {
    pub fn data(self) -> &'s ScalarField {
        &self.schema.scalar_fields[self.id.index()]
    }

    pub fn model(self) -> ModelWalker<'s> {
        self.at(self.data().model)
    }

    pub fn name(self) -> &'s str {
        &self.data().name.text
    }

    /// The column's name: `@map`, else the field's name.
    pub fn database_name(self) -> &'s str {
        self.data().mapped_name.as_deref().unwrap_or(self.name())
    }

    pub fn documentation(self) -> Option<&'s str> {
        self.data().documentation.as_deref()
    }

    pub fn arity(self) -> Arity {
        self.data().arity
    }

    pub fn ty(self) -> &'s ScalarFieldType {
        &self.data().ty
    }

    pub fn scalar_type(self) -> Option<ScalarType> {
        match self.ty() {
            ScalarFieldType::Scalar(scalar) => Some(*scalar),
            ScalarFieldType::Enum(_) | ScalarFieldType::Unsupported(_) => None,
        }
    }

    pub fn enum_type(self) -> Option<EnumWalker<'s>> {
        match self.ty() {
            ScalarFieldType::Enum(id) => Some(self.at(*id)),
            ScalarFieldType::Scalar(_) | ScalarFieldType::Unsupported(_) => None,
        }
    }

    pub fn native_type(self) -> Option<NativeType> {
        self.data().native_type
    }

    pub fn default(self) -> Option<&'s DefaultValue> {
        self.data().default.as_ref()
    }

    pub fn is_updated_at(self) -> bool {
        self.data().is_updated_at
    }

    pub fn is_ignored(self) -> bool {
        self.data().is_ignored
    }

    pub fn span(self) -> Span {
        self.data().span
    }

    /// Whether this column belongs to the model's primary key.
    pub fn is_in_primary_key(self) -> bool {
        self.model().primary_key().is_some_and(|key| key.fields().any(|field| field.id == self.id))
    }

    /// Whether a one-column primary key or unique index covers exactly this column.
    pub fn is_unique(self) -> bool {
        self.model()
            .unique_criteria()
            .any(|index| index.columns().len() == 1 && index.columns()[0].field == self.id)
    }
}

impl<'s> IndexWalker<'s> {
    pub fn data(self) -> &'s Index {
        &self.schema.indexes[self.id.index()]
    }

    pub fn model(self) -> ModelWalker<'s> {
        self.at(self.data().model)
    }

    pub fn kind(self) -> IndexKind {
        self.data().kind
    }

    pub fn columns(self) -> &'s [IndexColumn] {
        &self.data().columns
    }

    pub fn fields(self) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
        self.columns().iter().map(move |column| self.at(column.field))
    }

    pub fn algorithm(self) -> Option<IndexAlgorithm> {
        self.data().algorithm
    }

    pub fn predicate(self) -> Option<&'s str> {
        self.data().predicate.as_deref()
    }

    /// `name:`, else the fields' names joined by `_`: what the client calls a compound key.
    pub fn client_name(self) -> String {
        self.data().client_name.clone().unwrap_or_else(|| {
            self.fields().map(ScalarFieldWalker::name).collect::<Vec<_>>().join("_")
        })
    }

    /// `map:`, else the name Prisma derives.
    pub fn database_name(self) -> String {
        self.data().mapped_name.clone().unwrap_or_else(|| self.default_database_name())
    }

    /// The name Prisma derives from table and columns.
    pub fn default_database_name(self) -> String {
        let columns: Vec<&str> = self.fields().map(ScalarFieldWalker::database_name).collect();
        constraint_names::index(self.model().database_name(), &columns, self.kind())
    }
}

impl IndexColumn {
    pub fn ops(&self) -> Option<&OperatorClass> {
        self.ops.as_ref()
    }

    pub fn is_descending(&self) -> bool {
        self.sort == Some(SortOrder::Desc)
    }
}

impl<'s> RelationFieldWalker<'s> {
    pub fn data(self) -> &'s RelationField {
        &self.schema.relation_fields[self.id.index()]
    }

    pub fn model(self) -> ModelWalker<'s> {
        self.at(self.data().model)
    }

    pub fn name(self) -> &'s str {
        &self.data().name.text
    }

    pub fn documentation(self) -> Option<&'s str> {
        self.data().documentation.as_deref()
    }

    pub fn arity(self) -> Arity {
        self.data().arity
    }

    pub fn related_model(self) -> ModelWalker<'s> {
        self.at(self.data().related_model)
    }

    pub fn relation(self) -> Option<RelationWalker<'s>> {
        self.data().relation.map(|id| self.at(id))
    }

    /// The field at the other end, if it is written.
    pub fn opposite(self) -> Option<RelationFieldWalker<'s>> {
        let (one, other) = match self.relation()?.kind() {
            RelationKind::OneToOne { forward, back }
            | RelationKind::OneToMany { forward, back } => (forward, back?),
            RelationKind::ManyToMany { a, b } => (a, b),
        };
        Some(self.at(if one == self.id { other } else { one }))
    }

    /// Whether this side holds the foreign key (`fields:`).
    pub fn is_forward(self) -> bool {
        self.data().fields.is_some()
    }

    /// `fields:`: the columns of this model that hold the key.
    pub fn fields(self) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
        self.data().fields.iter().flatten().map(move |id| self.at(*id))
    }

    /// `references:`: the columns of the related model that the key names.
    pub fn references(self) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
        self.data().references.iter().flatten().map(move |id| self.at(*id))
    }

    pub fn span(self) -> Span {
        self.data().span
    }
}

impl<'s> RelationWalker<'s> {
    pub fn data(self) -> &'s Relation {
        &self.schema.relations[self.id.index()]
    }

    pub fn name(self) -> Option<&'s str> {
        self.data().name.as_deref()
    }

    pub fn kind(self) -> RelationKind {
        self.data().kind
    }

    /// The side that holds the key; `None` for an implicit many-to-many.
    pub fn forward(self) -> Option<RelationFieldWalker<'s>> {
        match self.kind() {
            RelationKind::OneToOne { forward, .. } | RelationKind::OneToMany { forward, .. } => {
                Some(self.at(forward))
            }
            RelationKind::ManyToMany { .. } => None,
        }
    }

    /// Both sides of an implicit many-to-many: the model that comes first by name, then the other.
    pub fn many_to_many(self) -> Option<(RelationFieldWalker<'s>, RelationFieldWalker<'s>)> {
        match self.kind() {
            RelationKind::ManyToMany { a, b } => Some((self.at(a), self.at(b))),
            RelationKind::OneToOne { .. } | RelationKind::OneToMany { .. } => None,
        }
    }

    /// What happens on DELETE of the referenced row: as written, else Restrict when a column of the key is required,
    /// `SetNull` when none is.
    pub fn on_delete(self) -> Option<ReferentialAction> {
        let forward = self.forward()?;
        Some(forward.data().on_delete.unwrap_or_else(|| {
            if forward.fields().any(|field| field.arity() == Arity::Required) {
                ReferentialAction::Restrict
            } else {
                ReferentialAction::SetNull
            }
        }))
    }

    /// What happens on UPDATE of the referenced key: as written, else Cascade.
    pub fn on_update(self) -> Option<ReferentialAction> {
        let forward = self.forward()?;
        Some(forward.data().on_update.unwrap_or(match self.schema.relation_mode() {
            RelationMode::ForeignKeys => ReferentialAction::Cascade,
            RelationMode::Prisma => ReferentialAction::NoAction,
        }))
    }

    /// The foreign key's name: `map:`, else the one Prisma derives.
    pub fn constraint_name(self) -> Option<String> {
        let forward = self.forward()?;
        Some(forward.data().mapped_name.clone().unwrap_or_else(|| {
            let columns: Vec<&str> =
                forward.fields().map(ScalarFieldWalker::database_name).collect();
            constraint_names::foreign_key(forward.model().database_name(), &columns)
        }))
    }

    /// The table of an implicit many-to-many: `_Name`, or `_AToB`.
    pub fn join_table_name(self) -> Option<String> {
        let (a, b) = self.many_to_many()?;
        Some(match self.name() {
            Some(name) => format!("_{name}"),
            None => format!("_{}To{}", a.model().name(), b.model().name()),
        })
    }
}
