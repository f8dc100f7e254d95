//! The module of one model.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use psl::{Arity, IndexWalker, ModelWalker, ScalarFieldWalker};
use quote::quote;

use crate::fields::{self, Field};
use crate::tenant::Members;
use crate::{
    Arguments, Options, Variants, column, data, descriptor, documentation, names, new_row, types,
    variants,
};

/// The file of a model.
pub(crate) fn module(
    model: ModelWalker<'_>,
    members: &Members<'_>,
    options: &Options,
) -> TokenStream {
    let documentation = documentation::inner(
        model.documentation().unwrap_or("A model without a comment in the schema."),
    );
    let name = model.name();
    let aliases = fields::all(model).into_iter().map(|field| match field {
        Field::Column(field, position) if types::is_named(field, options) => {
            types::module(field, position, options)
        }
        field => alias(field, options.arguments != Arguments::Converted),
    });
    let types = types::items(model, options);
    let compound = model
        .unique_criteria()
        .filter(|index| index.columns().len() > 1)
        .filter_map(|index| compound(model, index, options.arguments));
    let (descriptor, data, new_row) = (
        descriptor::item(model, members),
        data::items(model, options),
        new_row::items(model, options.arguments),
    );
    let (word, variants) = match &options.variants {
        Variants::None => (None, None),
        Variants::Keys => (Some(quote!(keys)), None),
        Variants::Named(chosen) => {
            (Some(quote!(variants)), Some(variants::items(model, chosen, options)))
        }
    };
    let keys = word.map(|word| {
        let keys = keys(model);
        quote!(, #word; #(#keys)*)
    });
    quote! {
        #documentation

        use ::prisma_client_rust::generated::*;

        model_items! { #name #keys }

        #(#aliases)*

        #types

        #(#compound)*

        #data
        #new_row
        #variants
        #descriptor
    }
}

fn alias(field: Field<'_>, exact: bool) -> TokenStream {
    match field {
        Field::Column(field, position) => {
            let documentation = documentation::outer(field.documentation());
            let (name, alias) =
                (names::field(field.model(), field.name()), column::alias(field, position, exact));
            quote!(#documentation pub type #name = #alias;)
        }
        Field::Relation(field, position) => {
            let documentation = documentation::outer(field.documentation());
            let (name, related) =
                (names::field(field.model(), field.name()), fields::path(field.related_model()));
            let kind = match field.arity() {
                Arity::List => quote!(Many),
                _ if fields::is_optional(field) => quote!(OptionalOne),
                _ => quote!(One),
            };
            let position = Literal::usize_unsuffixed(position);
            quote!(#documentation pub type #name = #kind<Model, #related::Model, #position>;)
        }
    }
}

/// `IdEquals(id)`, `UserIdOrgIdRoleEquals(a, b, c)`: the keys that name one row, as prisma-client-rust's enum has them.
fn keys(model: ModelWalker<'_>) -> Vec<TokenStream> {
    let mut names = BTreeSet::new();
    let keys = model.unique_criteria().filter_map(|index| {
        let name = names::unique(index);
        let key = key(model, index)?;
        names.insert(name.clone()).then(|| quote!(#name { #(#key;)* }))
    });
    keys.collect()
}

/// The fields of a key, with their types and positions: `org_id: String, 2`.
fn key(model: ModelWalker<'_>, index: IndexWalker<'_>) -> Option<Vec<TokenStream>> {
    let columns = column::all(model);
    let field = |field: ScalarFieldWalker<'_>| {
        let position = columns.iter().position(|column| column.id() == field.id())?;
        let (name, position) =
            (names::field(field.model(), field.name()), Literal::usize_unsuffixed(position));
        let ty = column::base_type(field);
        Some(quote!(#name: #ty, #position))
    };
    index.fields().map(field).collect()
}

/// `user_id_org_id_role(a, b, c)`: one row by a key of several columns.
fn compound(
    model: ModelWalker<'_>,
    index: IndexWalker<'_>,
    arguments: Arguments,
) -> Option<TokenStream> {
    let mut name = names::snake(&index.client_name());
    if name == "create" || name == "create_unchecked" {
        name = names::snake(&format!("{name}_"));
    }
    let key = key(model, index)?;
    let given = new_row::given(arguments);
    Some(quote!(compound_key! { #name #given { #(#key;)* } }))
}
