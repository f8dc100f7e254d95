//! Enums of the schema.

use proc_macro2::TokenStream;
use psl::EnumWalker;
use quote::quote;

use crate::{documentation, names};

/// An enum, its names in the schema and the database, and its way from and to text.
pub(crate) fn item(walker: EnumWalker<'_>) -> TokenStream {
    let documentation = documentation::outer(walker.documentation());
    let (name, text) = (names::enumeration(walker), walker.name());
    let variants: Vec<_> =
        walker.values().iter().map(|value| names::variant(walker, value.name())).collect();
    let documents =
        walker.values().iter().map(|value| documentation::outer(value.documentation.as_deref()));
    let schema_names = walker.values().iter().map(psl::EnumValue::name);
    let database_names = walker.values().iter().map(psl::EnumValue::database_name);
    quote! {
        #documentation
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #name {
            #(#documents #variants,)*
        }

        enumeration! { #name, #text { #(#variants #schema_names #database_names;)* } }
    }
}
