//! Fields that are stored in columns.

use super::{EnumWalker, ModelWalker, ScalarFieldWalker};
use crate::native_type::NativeType;
use crate::schema::{Arity, DefaultValue, ScalarField, ScalarFieldType, ScalarType};
use crate::source::Span;

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
