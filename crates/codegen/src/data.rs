//! `Data`: one row with the relations that were fetched, its accessors, and its decoding.

use proc_macro2::{Literal, TokenStream};
use psl::{Arity, ModelWalker, RelationFieldWalker};
use quote::quote;

use crate::{column, documentation, model, names};

/// The struct and its accessors.
pub(crate) fn items(walker: ModelWalker<'_>) -> TokenStream {
    let fields = model::fields(walker).into_iter().map(|field| match field {
        model::Field::Column(field, _) => {
            let documentation = documentation::outer(field.documentation());
            let (name, ty) = (names::field(field.model(), field.name()), column::rust_type(field));
            quote!(#documentation pub #name: #ty)
        }
        model::Field::Relation(field, _) => {
            let documentation = documentation::outer(field.documentation());
            let (name, related) =
                (names::field(field.model(), field.name()), model::path(field.related_model()));
            let ty = match field.arity() {
                Arity::List => quote!(Option<Fetched<Vec<#related::Data>>>),
                Arity::Required if field.is_forward() => quote!(Option<Fetched<#related::Data>>),
                _ => quote!(Option<Option<Fetched<#related::Data>>>),
            };
            quote!(#documentation pub #name: #ty)
        }
    });
    let relations = model::relations(walker);
    let document =
        format!(" One row of `{}`, with the relations that were fetched.", walker.name());
    let accessors = relations.iter().map(|field| accessor(*field));
    let accessors = (!relations.is_empty()).then(|| quote!(accessors! { #(#accessors)* }));
    quote! {
        #[doc = #document]
        #[derive(Debug, Clone, PartialEq)]
        pub struct Data {
            #(#fields,)*
        }

        #accessors
    }
}

/// The body of `Model::read`.
pub(crate) fn read(walker: ModelWalker<'_>) -> TokenStream {
    let fields = model::fields(walker).into_iter().map(|field| match field {
        model::Field::Column(field, position) => {
            let (name, position) =
                (names::field(field.model(), field.name()), Literal::usize_unsuffixed(position));
            quote!(#name: row.get(#position)?)
        }
        model::Field::Relation(field, position) => {
            let (name, related) =
                (names::field(field.model(), field.name()), model::path(field.related_model()));
            let position = Literal::usize_unsuffixed(position);
            let method = reader_method(field);
            quote!(#name: row.#method::<#related::Model>(#position)?)
        }
    });
    quote!(Ok(Data { #(#fields,)* }))
}

/// Whether there may be no related row: the field says so, or the key is on the other side.
pub(crate) fn is_optional(field: RelationFieldWalker<'_>) -> bool {
    field.arity() == Arity::Optional || (field.arity() == Arity::Required && !field.is_forward())
}

fn accessor(field: RelationFieldWalker<'_>) -> TokenStream {
    let (name, related) =
        (names::field(field.model(), field.name()), model::path(field.related_model()));
    let method = reader_method(field);
    quote!(#method #name: #related::Data;)
}

/// `many`, `optional` or `one`.
fn reader_method(field: RelationFieldWalker<'_>) -> TokenStream {
    match field.arity() {
        Arity::List => quote!(many),
        _ if is_optional(field) => quote!(optional),
        _ => quote!(one),
    }
}
