//! What the runtime knows of a model: its table, columns, relations and keys.

use proc_macro2::{Literal, TokenStream};
use psl::{Arity, ModelWalker, RelationFieldWalker, ScalarFieldWalker};
use quote::quote;

use crate::tenant::Members;
use crate::{column, fields};

/// The static that queries of the model refer to.
pub(crate) fn item(model: ModelWalker<'_>, members: &Members<'_>) -> TokenStream {
    let (name, table) = (model.name(), model.database_name());
    let schema = column::option(model.namespace());
    let columns = column::all(model);
    let descriptors = columns.iter().map(|field| {
        let (line, tenant) = (column::descriptor(*field), members.column(*field));
        quote!(#line #tenant)
    });
    let relations = fields::relations(model).into_iter().filter_map(|field| {
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
    let target = fields::path(related);
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
