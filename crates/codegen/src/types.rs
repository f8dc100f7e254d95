//! Types that prisma-client-rust's users name, and that a client has where they do: `user::email::Type`, for which the field
//! is a module in the place of an alias, `user::FindManyQuery<'_>` and `user::Types`.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use psl::{Arity, ModelWalker, ScalarFieldType, ScalarFieldWalker, ScalarType};
use quote::{format_ident, quote};

use crate::{Arguments, Options, column, documentation, names};

/// The queries whose types have names, with what each is in the runtime.
const QUERIES: [(&str, &str); 13] = [
    ("CountQuery", "Count"),
    ("CreateManyQuery", "CreateMany"),
    ("CreateQuery", "Create"),
    ("CreateUncheckedQuery", "Create"),
    ("DeleteManyQuery", "DeleteMany"),
    ("DeleteQuery", "Delete"),
    ("FindFirstQuery", "FindFirst"),
    ("FindManyQuery", "FindMany"),
    ("FindUniqueQuery", "FindUnique"),
    ("UpdateManyQuery", "UpdateMany"),
    ("UpdateQuery", "Update"),
    ("UpdateUncheckedQuery", "Update"),
    ("UpsertQuery", "Upsert"),
];

/// What stands for a model in code over any model.
const TYPES: &str = "Types";

/// Whether a model's module has a type of this name for those who name it.
pub(crate) fn is_known(name: &str) -> bool {
    name == TYPES || QUERIES.iter().any(|(query, _)| *query == name)
}

/// Whether the field is a module.
pub(crate) fn is_named(field: ScalarFieldWalker<'_>, options: &Options) -> bool {
    let name = names::field(field.model(), field.name()).to_string();
    options.types.has(&(names::module(field.model()).to_string(), name))
}

/// The field as a module.
pub(crate) fn module(
    field: ScalarFieldWalker<'_>,
    position: usize,
    options: &Options,
) -> TokenStream {
    let exact = options.arguments != Arguments::Converted;
    let documentation = documentation::outer(field.documentation());
    let name = names::field(field.model(), field.name());
    let (alias, ty, base) = (
        inside(column::alias(field, position, exact)),
        inside(column::rust_type(field)),
        inside(column::base_type(field)),
    );
    let (kind, of) = match field.ty() {
        _ if field.arity() == Arity::List => ("list", Some(base)),
        ScalarFieldType::Enum(_) => ("enumeration", Some(base)),
        ScalarFieldType::Unsupported(_) => ("text", None),
        ScalarFieldType::Scalar(scalar) => (kind(*scalar), None),
    };
    let presence = match (field.arity() == Arity::Optional, field.is_unique()) {
        (false, false) => "required",
        (true, false) => "optional",
        (false, true) => "unique",
        (true, true) => "optional_unique",
    };
    let is_converted = match kind {
        "text" | "json" | "list" => !exact,
        // A value is one of an `Option` too, as in a field that is an alias.
        "enumeration" => !exact && presence == "optional",
        _ => false,
    };
    let given = if is_converted { "into" } else { "exact" };
    let [kind, presence, given] = [kind, presence, given].map(|word| format_ident!("{word}"));
    quote! {
        #documentation
        pub mod #name {
            use super::*;

            pub type Field = #alias;
            pub type Type = #ty;

            field_functions! { #kind #presence #given #of }
        }
    }
}

fn kind(scalar: ScalarType) -> &'static str {
    match scalar {
        ScalarType::Int => "int",
        ScalarType::BigInt => "big_int",
        ScalarType::Float => "float",
        ScalarType::Decimal => "decimal",
        ScalarType::Boolean => "boolean",
        ScalarType::String => "text",
        ScalarType::DateTime => "date_time",
        ScalarType::Json => "json",
        ScalarType::Bytes => "bytes",
    }
}

/// What a model with such types has more: all its fields as types, for the macros, and the queries that are named.
pub(crate) fn items(model: ModelWalker<'_>, options: &Options) -> TokenStream {
    let modules = modules(model, options);
    let fields = (!modules.is_empty()).then(|| {
        let name = fields(model);
        quote! {
            #[doc = " The fields as types: for the macros."]
            #[doc(hidden)]
            pub mod #name {
                pub use super::*;
                #(pub type #modules = super::#modules::Field;)*
            }
        }
    });
    let own = names::module(model).to_string();
    let is_named = |name: &str| options.types.has(&(own.clone(), name.to_owned()));
    let queries = QUERIES.iter().filter(|(name, _)| is_named(name));
    let queries = queries.map(|(name, query)| {
        let [name, query] = [name, query].map(|word| format_ident!("{word}"));
        quote!(pub type #name<'a> = Lasting<'a, query::#query<Model>>;)
    });
    let types = is_named(TYPES).then(|| {
        quote!(
            pub type Types = Model;
        )
    });
    quote!(#fields #(#queries)* #types)
}

/// The module that has all fields of a model as types; nothing where they are so in the model's own.
pub(crate) fn fields_of(model: ModelWalker<'_>, options: &Options) -> Option<Ident> {
    (!modules(model, options).is_empty()).then(|| fields(model))
}

fn fields(model: ModelWalker<'_>) -> Ident {
    format_ident!("fields_of_{}", names::file(model))
}

fn modules(model: ModelWalker<'_>, options: &Options) -> Vec<Ident> {
    let columns = column::all(model).into_iter().filter(|field| is_named(*field, options));
    columns.map(|field| names::field(model, field.name())).collect()
}

/// Paths as they are one module further in.
fn inside(tokens: TokenStream) -> TokenStream {
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) if ident == "super" => quote!(super::super),
        TokenTree::Group(group) => {
            TokenTree::from(Group::new(group.delimiter(), inside(group.stream()))).into()
        }
        token => token.into(),
    });
    tokens.collect()
}
