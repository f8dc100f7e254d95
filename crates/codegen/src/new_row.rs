//! `Create` and `CreateUnchecked`: the required values of a new row.

use proc_macro2::{Literal, TokenStream};
use psl::{Arity, ModelWalker, ScalarFieldType, ScalarFieldWalker};
use quote::quote;

use crate::fields::{self, Field};
use crate::{Arguments, column, names};

/// The structs and the functions that make them.
///
/// A view has none, nor has a model with a required column that the client cannot write: its rows come from SQL.
pub(crate) fn items(walker: ModelWalker<'_>, arguments: Arguments) -> TokenStream {
    let unwritable = walker.scalar_fields().any(|field| {
        let hidden = field.is_ignored() || matches!(field.ty(), ScalarFieldType::Unsupported(_));
        hidden && column::is_required(field)
    });
    if unwritable || walker.is_view() {
        return TokenStream::new();
    }
    let (checked, unchecked) = (checked(walker), unchecked(walker));
    let given = given(arguments);
    quote! {
        new_row! { Create, create #given { #(#checked)* } }
        new_row! { CreateUnchecked, create_unchecked #given { #(#unchecked)* } }
    }
}

/// Required values where relations are named by a row, in source order.
fn checked(walker: ModelWalker<'_>) -> Vec<TokenStream> {
    let relations = fields::relations(walker);
    let keys: Vec<_> =
        relations.into_iter().flat_map(|field| field.fields().map(ScalarFieldWalker::id)).collect();
    fields::all(walker)
        .into_iter()
        .filter_map(|field| match field {
            Field::Column(field, position)
                if column::is_required(field) && !keys.contains(&field.id()) =>
            {
                Some(scalar(field, position))
            }
            Field::Relation(field, _)
                if field.arity() == Arity::Required && field.fields().any(column::is_required) =>
            {
                let (name, related) = (
                    names::field(field.model(), field.name()),
                    fields::path(field.related_model()),
                );
                Some(quote!(#name: #related::UniqueWhereParam, connect;))
            }
            Field::Column(..) | Field::Relation(..) => None,
        })
        .collect()
}

/// Required values where relations are named by their keys, in source order.
fn unchecked(walker: ModelWalker<'_>) -> Vec<TokenStream> {
    let columns = column::all(walker).into_iter().enumerate();
    columns
        .filter(|(_, field)| column::is_required(*field))
        .map(|(position, field)| scalar(field, position))
        .collect()
}

fn scalar(field: ScalarFieldWalker<'_>, position: usize) -> TokenStream {
    let (name, ty) = (names::field(field.model(), field.name()), column::rust_type(field));
    let position = Literal::usize_unsuffixed(position);
    quote!(#name: #ty, #position;)
}

/// How values are given, for the runtime's macros.
pub(crate) fn given(arguments: Arguments) -> TokenStream {
    match arguments {
        Arguments::Converted => quote!(converted),
        Arguments::Mixed => quote!(mixed),
        Arguments::Exact => quote!(exact),
    }
}
