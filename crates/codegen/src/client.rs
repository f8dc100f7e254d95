//! The client with a method for each model, the enums, and the question whether all this is stale.

use proc_macro2::{Literal, TokenStream};
use psl::{EnvOr, ModelWalker, Schema};
use quote::quote;

use crate::tenant::{self, Members};
use crate::{Format, Options, Variants, enumeration, fingerprint::fingerprint, names, variants};

/// What is around the models.
pub(crate) fn module(
    schema: &Schema,
    models: &[ModelWalker<'_>],
    members: &Members<'_>,
    options: &Options,
) -> TokenStream {
    let modules: Vec<_> = models.iter().map(|model| names::module(*model)).collect();
    let files = if options.format == Format::Folder { &modules[..] } else { &[] };
    let enums = schema.enums().map(enumeration::item);
    let freshness = freshness(schema, options);
    let builder = builder(schema);
    let enumeration = (schema.enums().next().is_some()).then(|| quote!(, enumeration));
    let migrations = migrations(options);
    let tenant = tenant::item(schema, members, options);
    let read_filters =
        matches!(options.variants, Variants::Named(_)).then(|| variants::read_filters(schema));
    let tenant_items = tenant.is_some().then(|| quote!(, tenant_items));
    quote! {
        #![doc = " The typed client of the schema: [`PrismaClient`], a module for each model, the enums."]
        #![allow(
            dead_code, missing_docs, non_camel_case_types, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction,
            reason = "names, comments and what of all this is used are the schema's and its users' choice"
        )]

        #(pub mod #files;)*

        use ::prisma_client_rust::generated::{client_items, migrations #tenant_items #enumeration};

        #freshness

        client_items! { #builder; #(#modules;)* }

        #tenant

        #migrations

        #read_filters

        #(#enums)*
    }
}

/// What a program that brings its own database along has inside: nothing without the runtime's feature `migrations`.
fn migrations(options: &Options) -> TokenStream {
    let schema = &options.schema_paths;
    let folder = options.migrations.iter().map(|path| format!("$CARGO_MANIFEST_DIR/{path}"));
    quote!(migrations! { PrismaClient; #(#schema)*; #(#folder)* })
}

/// An assertion that the files still are what this was generated from.
fn freshness(schema: &Schema, options: &Options) -> TokenStream {
    if options.schema_paths.is_empty() {
        return TokenStream::new();
    }
    let texts: Vec<&[u8]> = schema.files().iter().map(|file| file.text().as_bytes()).collect();
    let hash: Literal =
        format!("0x{:016x}", fingerprint(&texts)).parse().expect("a hexadecimal literal");
    let paths = &options.schema_paths;
    quote! {
        const _: () = assert!(
            ::prisma_client_rust::schema_hash(&[#(include_bytes!(#paths)),*]) == #hash,
            "the schema has changed since its client was generated: run cargo xtask generate"
        );
    }
}

/// The variable that the client reads. A URL that stands in the schema itself stays there: it has a password, and
/// what is generated is committed.
fn builder(schema: &Schema) -> TokenStream {
    let variable = match schema.datasource().and_then(|datasource| datasource.url.as_ref()) {
        Some(EnvOr::Env(variable)) => variable,
        Some(EnvOr::Literal(_)) | None => "DATABASE_URL",
    };
    quote!(::prisma_client_rust::Builder::new(#variable))
}
