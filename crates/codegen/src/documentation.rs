//! `///` comments of the schema as rustdoc.

use proc_macro2::TokenStream;
use quote::quote;

/// Attributes for an item; nothing where there is no comment.
pub(crate) fn outer(documentation: Option<&str>) -> TokenStream {
    let lines = lines(documentation);
    quote! { #(#[doc = #lines])* }
}

/// Attributes for the module they stand in.
pub(crate) fn inner(documentation: &str) -> TokenStream {
    let lines = lines(Some(documentation));
    quote! { #(#![doc = #lines])* }
}

fn lines(documentation: Option<&str>) -> Vec<String> {
    let lines = documentation.into_iter().flat_map(str::lines);
    lines
        .map(|line| if line.is_empty() { String::new() } else { format!(" {}", line.trim_end()) })
        .collect()
}
