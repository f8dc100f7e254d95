//! The module of one model.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use psl::{
    Arity, FieldWalker, IndexWalker, ModelWalker, RelationFieldWalker, ScalarFieldId,
    ScalarFieldWalker,
};
use quote::quote;

use crate::tenant::Members;
use crate::{
    Arguments, Options, Variants, column, data, documentation, names, new_row, types, variants,
};

/// A field that the client has, with its position among its kind.
#[derive(Clone, Copy)]
pub(crate) enum Field<'s> {
    Column(ScalarFieldWalker<'s>, usize),
    Relation(RelationFieldWalker<'s>, usize),
}

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
    let aliases = fields(model).into_iter().map(|field| match field {
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
        descriptor(model, members),
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

/// The fields that the client has, in source order.
pub(crate) fn fields(model: ModelWalker<'_>) -> Vec<Field<'_>> {
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
                (names::field(field.model(), field.name()), path(field.related_model()));
            let kind = match field.arity() {
                Arity::List => quote!(Many),
                _ if data::is_optional(field) => quote!(OptionalOne),
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

fn descriptor(model: ModelWalker<'_>, members: &Members<'_>) -> TokenStream {
    let (name, table) = (model.name(), model.database_name());
    let schema = column::option(model.namespace());
    let columns = column::all(model);
    let descriptors = columns.iter().map(|field| {
        let (line, tenant) = (column::descriptor(*field), members.column(*field));
        quote!(#line #tenant)
    });
    let relations = self::relations(model).into_iter().filter_map(|field| {
        let (line, tenant) = (relation(model, field)?, members.relation(field));
        Some(quote!(#line #tenant))
    });
    let id = model
        .unique_criteria()
        .find(|index| {
            !index.is_partial() && index.fields().all(|field| field.arity() == Arity::Required)
        })
        .map(|index| positions(&columns, index.fields()))
        .unwrap_or_default();
    let uniques = model.unique_criteria().filter(|index| !index.is_partial()).map(|index| {
        let key = positions(&columns, index.fields());
        quote!(&[#(#key),*])
    });
    quote! {
        pub(super) static DESCRIPTOR: Descriptor = Descriptor {
            name: #name,
            table: #table,
            schema: #schema,
            columns: &[#(#descriptors),*],
            relations: &[#(#relations),*],
            id: &[#(#id),*],
            uniques: &[#(#uniques),*],
            fetched: fetched::<Model>,
        };
    }
}

fn relation(model: ModelWalker<'_>, field: RelationFieldWalker<'_>) -> Option<TokenStream> {
    let (name, related) = (field.name(), field.related_model());
    let target = path(related);
    let (mine, theirs) = (column::all(model), column::all(related));
    let relation = field.relation()?;
    if let Some((a, _)) = relation.many_to_many() {
        let (here, there) = if a.id() == field.id() { ("A", "B") } else { ("B", "A") };
        let table = relation.join_table_name()?;
        let schema = column::option(a.model().namespace());
        let from = positions(&mine, model.primary_key()?.fields()).into_iter().next()?;
        let to = positions(&theirs, related.primary_key()?.fields()).into_iter().next()?;
        return Some(quote! {
            Relation::through(#name, &#target::DESCRIPTOR, Link::Table {
                table: #table, schema: #schema, from_column: #here, to_column: #there, from: #from, to: #to,
            })
        });
    }
    let forward = relation.forward()?;
    let (constructor, from, to) = if field.is_forward() {
        (
            quote!(belongs_to),
            positions(&mine, forward.fields()),
            positions(&theirs, forward.references()),
        )
    } else {
        let constructor =
            if field.arity() == Arity::List { quote!(has_many) } else { quote!(has_one) };
        (constructor, positions(&mine, forward.references()), positions(&theirs, forward.fields()))
    };
    let (first, other) = (from.first()?, to.first()?);
    let several = (from.len() > 1).then(|| quote!(.by(&[#(#from),*], &[#(#to),*])));
    Some(quote!(Relation::#constructor(#name, &#target::DESCRIPTOR, #first, #other) #several))
}

fn positions<'s>(
    columns: &[ScalarFieldWalker<'s>],
    fields: impl Iterator<Item = ScalarFieldWalker<'s>>,
) -> Vec<Literal> {
    fields
        .filter_map(|field| columns.iter().position(|column| column.id() == field.id()))
        .map(Literal::usize_unsuffixed)
        .collect()
}
