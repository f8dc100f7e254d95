//! The fields of a model, as the client has them: columns and relations, each kind with numbers of its own.

use proc_macro2::TokenStream;
use psl::{Arity, FieldWalker, ModelWalker, RelationFieldWalker, ScalarFieldId, ScalarFieldWalker};
use quote::quote;

use crate::{column, names};

/// A field that the client has, with its position among its kind.
#[derive(Clone, Copy)]
pub(crate) enum Field<'s> {
    Column(ScalarFieldWalker<'s>, usize),
    Relation(RelationFieldWalker<'s>, usize),
}

/// The fields that the client has, in source order.
pub(crate) fn all(model: ModelWalker<'_>) -> Vec<Field<'_>> {
    let columns = column::all(model);
    let relations = relations(model);
    model
        .fields()
        .filter_map(|field| match field {
            FieldWalker::Scalar(field) => columns
                .iter()
                .position(|column| column.id() == field.id())
                .map(|at| Field::Column(field, at)),
            FieldWalker::Relation(field) => relations
                .iter()
                .position(|relation| relation.id() == field.id())
                .map(|at| Field::Relation(field, at)),
        })
        .collect()
}

/// The relations that the client has: both ends are there, and so are the columns of the key.
pub(crate) fn relations(model: ModelWalker<'_>) -> Vec<RelationFieldWalker<'_>> {
    let has = |model: ModelWalker<'_>, id: ScalarFieldId| {
        column::all(model).iter().any(|column| column.id() == id)
    };
    model
        .relation_fields()
        .filter(|field| {
            let Some(relation) = field.relation() else { return false };
            let key = relation.forward().is_none_or(|forward| {
                forward.fields().all(|field| has(forward.model(), field.id()))
                    && forward.references().all(|field| has(forward.related_model(), field.id()))
            });
            !field.data().is_ignored && !field.related_model().is_ignored() && key
        })
        .collect()
}

/// The module of a model, as another model's file names it.
pub(crate) fn path(model: ModelWalker<'_>) -> TokenStream {
    let name = names::module(model);
    quote!(super::#name)
}

/// Whether there may be no related row: the field says so, or the key is on the other side.
pub(crate) fn is_optional(field: RelationFieldWalker<'_>) -> bool {
    field.arity() == Arity::Optional || (field.arity() == Arity::Required && !field.is_forward())
}
