//! `Data`: one row with the relations that were fetched, and what follows from its fields.

use proc_macro2::TokenStream;
use psl::{Arity, ModelWalker, RelationFieldWalker};
use quote::{format_ident, quote};

use crate::fields::{self, Field};
use crate::{Options, column, documentation, names, types};

/// The struct, and what follows from its fields.
pub(crate) fn items(walker: ModelWalker<'_>, options: &Options) -> TokenStream {
    let fields = fields::all(walker).into_iter().map(|field| match field {
        Field::Column(field, _) => {
            let documentation = documentation::outer(field.documentation());
            let (name, ty) = (names::field(field.model(), field.name()), column::rust_type(field));
            quote!(#documentation pub #name: #ty)
        }
        Field::Relation(field, _) => {
            let documentation = documentation::outer(field.documentation());
            let (name, related) =
                (names::field(field.model(), field.name()), fields::path(field.related_model()));
            let held = match (is_plain(field, options), field.arity()) {
                (true, Arity::List) => quote!(Vec<#related::Data>),
                (true, _) => quote!(Box<#related::Data>),
                (false, Arity::List) => quote!(Fetched<Vec<#related::Data>>),
                (false, _) => quote!(Fetched<#related::Data>),
            };
            let ty = if field.arity() == Arity::List || !fields::is_optional(field) {
                quote!(Option<#held>)
            } else {
                quote!(Option<Option<#held>>)
            };
            quote!(#documentation pub #name: #ty)
        }
    });
    let named = named(walker, options);
    let document = format!(" A row of `{}`, with its fetched relations.", walker.name());
    quote! {
        #[doc = #document]
        pub struct Data {
            #(#fields,)*
        }

        #named
    }
}

/// What follows from the names of the fields: decoding, accessors, the macros that select.
fn named(walker: ModelWalker<'_>, options: &Options) -> TokenStream {
    let columns =
        column::all(walker).into_iter().map(|field| names::field(field.model(), field.name()));
    let relations = fields::relations(walker).into_iter().map(|field| {
        let (name, target) =
            (names::field(field.model(), field.name()), names::module(field.related_model()));
        let kind = match field.arity() {
            Arity::List if is_plain(field, options) => quote!(plain),
            Arity::List => quote!(many),
            _ if fields::is_optional(field) => quote!(optional),
            _ => quote!(one),
        };
        quote!(#kind #name: #target;)
    });
    let module = names::module(walker);
    let path: Vec<_> = options.module_path().map(names::segment).collect();
    let fields_of = types::fields_of(walker, options).map(|name| quote!(::#name));
    let own = names::file(walker);
    // Macros are exported at the crate's root, where another client may have a model of the same name.
    let place: String = options.module_path().flat_map(|segment| [segment, "__"]).collect();
    let macros = ["select", "include", "partial_unchecked", "filter"]
        .map(|name| format_ident!("_{name}_{place}{own}"));
    let relations_of = format_ident!("relations_of_{own}");
    let boxed = walker
        .schema()
        .models()
        .flat_map(fields::relations)
        .any(|field| {
            field.related_model().id() == walker.id()
                && field.arity() != Arity::List
                && is_plain(field, options)
        })
        .then(|| quote!(boxed! { Data }));
    quote! {
        data_items! {
            $crate #(::#path)* ::#module #fields_of;
            #(#macros)* #relations_of;
            #(#columns)*;
            #(#relations)*
        }

        #boxed
    }
}

/// Whether rows hold what was fetched as it is.
fn is_plain(field: RelationFieldWalker<'_>, options: &Options) -> bool {
    options.plain.has(&names::field(field.model(), field.name()).to_string())
}
