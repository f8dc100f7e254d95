//! The variants of prisma-client-rust's parameters, where a project's code names them: those of columns as variants, those of
//! relations as functions.
//!
//! They say again what fields say, so that a client has them only then.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use psl::{
    Arity, ModelWalker, RelationFieldWalker, ScalarFieldType, ScalarFieldWalker, ScalarType, Schema,
};
use quote::quote;

use crate::fields::{self, Field};
use crate::{Chosen, Options, column, names, types};

/// The three parameters.
struct Parameters<'c> {
    conditions: Named<'c>,
    values: Named<'c>,
    orders: Named<'c>,
}

/// What a parameter can be, by names of which the first of two stays, and only those that are wanted.
struct Named<'c> {
    chosen: &'c Chosen<String>,
    names: BTreeSet<Ident>,
    variants: Vec<TokenStream>,
    functions: Vec<TokenStream>,
}

/// What a model has more than through its fields.
pub(crate) fn items(
    model: ModelWalker<'_>,
    chosen: &Chosen<String>,
    options: &Options,
) -> TokenStream {
    let [conditions, values, orders] = [(); 3].map(|()| Named::of(chosen));
    let mut parameters = Parameters { conditions, values, orders };
    // Conditions have these in any client.
    for (variant, function) in [("And", "and"), ("Or", "or"), ("Not", "not")] {
        let (variant, function) = (names::parameter("", variant, ""), names::snake(function));
        parameters.conditions.names.insert(variant.clone());
        let function = quote!(::prisma_client_rust::operator::#function);
        parameters.conditions.variants.push(quote!(#variant: Vec<WhereParam>, #function;));
    }
    for field in fields::all(model) {
        match field {
            Field::Column(field, _) => parameters.column(field, options),
            Field::Relation(field, position) => parameters.relation(field, position),
        }
    }
    let Parameters { conditions, values, orders } = parameters;
    let items = [
        conditions.items(&quote!(WhereParam), &quote!(Filter)),
        values.items(&quote!(SetParam), &quote!(Set)),
        orders.items(&quote!(OrderByParam), &quote!(Order)),
    ];
    quote!(#(#items)*)
}

/// The filters of prisma-client-rust, those of the schema's enums among them.
pub(crate) fn read_filters(schema: &Schema) -> TokenStream {
    let enums = schema.enums().map(|walker| {
        let ty = names::enumeration(walker);
        let (required, optional) = (
            names::parameter("", walker.name(), "Filter"),
            names::parameter("", walker.name(), "NullableFilter"),
        );
        quote! {
            pub type #required = ReadFilter<super::#ty, super::#ty>;
            pub type #optional = ReadFilter<Option<super::#ty>, super::#ty>;
        }
    });
    quote! {
        #[doc = " The filters that variants of `WhereParam` hold."]
        pub mod read_filters {
            pub use ::prisma_client_rust::variants::read_filters::*;

            #(#enums)*
        }
    }
}

impl Parameters<'_> {
    fn column(&mut self, field: ScalarFieldWalker<'_>, options: &Options) {
        let name = names::field(field.model(), field.name());
        let (base, ty) = (column::base_type(field), column::rust_type(field));
        let called = |before: &str| names::parameter(before, field.name(), "");
        let is = |types: &[ScalarType]| matches!(field.ty(), ScalarFieldType::Scalar(ty) if types.contains(ty));
        let is_list = field.arity() == Arity::List;
        let variant = called("");
        if !is_list && !is(&[ScalarType::Json]) {
            let of = types::is_named(field, options).then(|| quote!(::Field));
            let ty = quote!(Read<#name #of>);
            self.conditions.variant(variant.clone(), &ty, &quote!(filtered::<#name #of>));
        }
        let mut set = |called: Ident, ty: &TokenStream, function: TokenStream| {
            self.values.variant(called, ty, &quote!(#name::#function));
        };
        set(called("Set"), &ty, quote!(set));
        set(called(""), &ty, quote!(set));
        if is_list {
            set(called("Push"), &ty, quote!(push));
        } else if is(&[ScalarType::Int, ScalarType::BigInt, ScalarType::Float, ScalarType::Decimal])
        {
            for operation in ["Increment", "Decrement", "Multiply", "Divide"] {
                let function = names::snake(operation);
                set(called(operation), &base, quote!(#function));
            }
        }
        let ty = quote!(::prisma_client_rust::SortOrder);
        self.orders.variant(variant, &ty, &quote!(#name::order));
    }

    fn relation(&mut self, field: RelationFieldWalker<'_>, position: usize) {
        let name = names::field(field.model(), field.name());
        let (related, position) =
            (fields::path(field.related_model()), Literal::usize_unsuffixed(position));
        let called = |before: &str, after: &str| names::parameter(before, field.name(), after);
        let is_list = field.arity() == Arity::List;
        let conditions: &[&str] =
            if is_list { &["Some", "Every", "None"] } else { &["Is", "IsNot"] };
        for condition in conditions {
            let (called, function) = (called("", condition), names::snake(condition));
            let condition = quote!(pub fn #called(filters: Vec<#related::WhereParam>) -> Self { #name::#function(filters) });
            self.conditions.add(called, condition);
        }
        let changes: &[&str] =
            if is_list { &["Connect", "Disconnect", "Set"] } else { &["Connect"] };
        for change in changes {
            let (called, function) = (called(change, ""), names::snake(change));
            let ty = if is_list {
                quote!(Vec<#related::UniqueWhereParam>)
            } else {
                quote!(#related::UniqueWhereParam)
            };
            let change = quote!(pub fn #called(rows: #ty) -> Self { #name::#function(rows) });
            self.values.add(called, change);
        }
        let order = called("", "");
        if is_list {
            let by = quote!(pub fn #order(orders: Vec<#related::OrderByRelationAggregateParam>) -> Self { #name::order(orders) });
            self.orders.add(order, by);
            return;
        }
        let by = quote!(pub fn #order(orders: Vec<#related::OrderByParam>) -> Self { #name::order(orders) });
        self.orders.add(order, by);
        if fields::is_optional(field) {
            let (null, disconnect) = (called("", "IsNull"), called("Disconnect", ""));
            let condition = quote!(pub const #null: Self = Self::__made(without(#position)););
            self.conditions.add(null, condition);
            let change =
                quote!(pub const #disconnect: Self = Self::__made(disconnected(#position)););
            self.values.add(disconnect, change);
        }
    }
}

impl<'c> Named<'c> {
    fn of(chosen: &'c Chosen<String>) -> Self {
        Self { chosen, names: BTreeSet::new(), variants: Vec::new(), functions: Vec::new() }
    }

    /// Whether something is to have this name, which it then has.
    fn takes(&mut self, name: Ident) -> bool {
        let is_chosen = self.chosen.has(&name.to_string());
        self.names.insert(name) && is_chosen
    }

    /// A variant, and what makes the runtime's parameter of what it holds.
    fn variant(&mut self, name: Ident, ty: &TokenStream, function: &TokenStream) {
        let variant = quote!(#name: #ty, #function;);
        if self.takes(name) {
            self.variants.push(variant);
        }
    }

    fn add(&mut self, name: Ident, function: TokenStream) {
        if self.takes(name) {
            self.functions.push(function);
        }
    }

    fn items(self, name: &TokenStream, inner: &TokenStream) -> TokenStream {
        let Self { variants, functions, .. } = self;
        let functions = (!functions.is_empty()).then(|| {
            quote! {
                #[allow(non_snake_case, non_upper_case_globals, reason = "names of variants upstream")]
                impl #name {
                    #(#functions)*
                }
            }
        });
        quote! {
            varied! { #name #inner { #(#variants)* } }
            #functions
        }
    }
}
