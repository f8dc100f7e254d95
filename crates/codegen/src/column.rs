//! One stored field: its type in Rust, its field type, and its line of the table's description.

use proc_macro2::{Literal, TokenStream};
use psl::{
    Arity, DefaultValue, ModelWalker, NativeType, ScalarFieldType, ScalarFieldWalker, ScalarType,
};
use quote::{format_ident, quote};

use crate::names;

/// The fields that the client reads and writes, in source order. Their positions are the numbers of the generated code.
pub(crate) fn all(model: ModelWalker<'_>) -> Vec<ScalarFieldWalker<'_>> {
    model
        .scalar_fields()
        .filter(|field| {
            !field.is_ignored() && !matches!(field.ty(), ScalarFieldType::Unsupported(_))
        })
        .collect()
}

/// Whether a new row must name a value.
pub(crate) fn is_required(field: ScalarFieldWalker<'_>) -> bool {
    field.arity() == Arity::Required && field.default().is_none() && !field.is_updated_at()
}

/// The type in `Data`.
pub(crate) fn rust_type(field: ScalarFieldWalker<'_>) -> TokenStream {
    let base = base_type(field);
    match field.arity() {
        Arity::Required => base,
        Arity::Optional => quote!(Option<#base>),
        Arity::List => quote!(Vec<#base>),
    }
}

/// The alias behind `post::title`.
pub(crate) fn alias(field: ScalarFieldWalker<'_>, position: usize, exact: bool) -> TokenStream {
    let position = Literal::usize_unsuffixed(position);
    if field.arity() == Arity::List {
        let base = base_type(field);
        let list = if exact { quote!(ExactList) } else { quote!(List) };
        return quote!(#list<Model, #base, #position>);
    }
    let presence = match (field.arity() == Arity::Optional, field.is_unique()) {
        (false, false) => quote!(),
        (true, false) => quote!(, Optional),
        (false, true) => quote!(, Unique),
        (true, true) => quote!(, OptionalUnique),
    };
    let kind = match field.ty() {
        ScalarFieldType::Enum(_) => {
            let base = base_type(field);
            let kind = if exact { quote!(ExactEnum) } else { quote!(Enum) };
            return quote!(#kind<Model, #base, #position #presence>);
        }
        ScalarFieldType::Unsupported(_) => quote!(Text),
        ScalarFieldType::Scalar(scalar) => match scalar {
            ScalarType::Int => quote!(Int),
            ScalarType::BigInt => quote!(BigInt),
            ScalarType::Float => quote!(Float),
            ScalarType::Decimal => quote!(Decimal),
            ScalarType::Boolean => quote!(Boolean),
            ScalarType::String if exact => quote!(ExactText),
            ScalarType::String => quote!(Text),
            ScalarType::DateTime => quote!(DateTime),
            ScalarType::Json if exact => quote!(ExactJson),
            ScalarType::Json => quote!(Json),
            ScalarType::Bytes => quote!(Bytes),
        },
    };
    quote!(#kind<Model, #position #presence>)
}

/// The line of the table's description.
pub(crate) fn descriptor(field: ScalarFieldWalker<'_>) -> TokenStream {
    let constructor = constructor(field);
    let map = (field.database_name() != field.name()).then(|| {
        let mapped = field.database_name();
        quote!(.map(#mapped))
    });
    let arity = match field.arity() {
        Arity::Required => quote!(),
        Arity::Optional => quote!(.optional()),
        Arity::List => quote!(.list()),
    };
    let default = field.default().and_then(|default| match client_default(default) {
        Some(default) => Some(quote!(.default(ClientDefault::#default))),
        None => (field.arity() != Arity::Required).then(|| quote!(.defaulted())),
    });
    let updated_at = field.is_updated_at().then(|| quote!(.updated_at()));
    quote!(Column::#constructor #map #arity #default #updated_at)
}

/// The type without `Option` or `Vec`.
pub(crate) fn base_type(field: ScalarFieldWalker<'_>) -> TokenStream {
    if let Some(walker) = field.enum_type() {
        let name = names::enumeration(walker);
        return quote!(super::#name);
    }
    match field.scalar_type().unwrap_or(ScalarType::String) {
        ScalarType::Int => quote!(i32),
        ScalarType::BigInt => quote!(i64),
        ScalarType::Float => quote!(f64),
        ScalarType::Decimal => quote!(BigDecimal),
        // A field may have this name, and then hides the type in its module.
        ScalarType::Boolean
            if field.model().fields().any(|other| names::snake(other.name()) == "bool") =>
        {
            quote!(::core::primitive::bool)
        }
        ScalarType::Boolean => quote!(bool),
        ScalarType::String => quote!(String),
        ScalarType::DateTime => quote!(Moment),
        ScalarType::Json => quote!(JsonValue),
        ScalarType::Bytes => quote!(Vec<u8>),
    }
}

/// Defaults that the client computes; the database has the others.
fn client_default(default: &DefaultValue) -> Option<TokenStream> {
    Some(match default {
        DefaultValue::Now => quote!(Now),
        DefaultValue::Uuid { version: 7 } => quote!(Uuid7),
        DefaultValue::Uuid { .. } => quote!(Uuid4),
        DefaultValue::Cuid { version: 2 } => quote!(Cuid2),
        DefaultValue::Cuid { .. } => quote!(Cuid),
        DefaultValue::Ulid => quote!(Ulid),
        DefaultValue::Nanoid { length } => {
            let length = Literal::u8_unsuffixed(*length);
            quote!(Nanoid(#length))
        }
        DefaultValue::Literal(_)
        | DefaultValue::List(_)
        | DefaultValue::Autoincrement
        | DefaultValue::DbGenerated(_) => return None,
    })
}

/// The runtime's function for a column of this type, with its arguments.
fn constructor(field: ScalarFieldWalker<'_>) -> TokenStream {
    let field_name = field.name();
    if let Some(walker) = field.enum_type() {
        let (ty, name) = (names::enumeration(walker), walker.database_name());
        let schema = option(walker.namespace());
        return quote!(enumeration::<super::#ty>(#field_name, #name, #schema));
    }
    let (name, argument) = match field.native_type() {
        Some(native) => native_kind(native),
        None => match field.scalar_type().unwrap_or(ScalarType::String) {
            ScalarType::Int => ("int4", None),
            ScalarType::BigInt => ("int8", None),
            ScalarType::Float => ("float8", None),
            ScalarType::Decimal => ("numeric", None),
            ScalarType::Boolean => ("bool", None),
            ScalarType::String => ("text", None),
            // What Prisma makes of a DateTime without `@db`: TIMESTAMP(3).
            ScalarType::DateTime => ("timestamp", Some(Literal::u32_unsuffixed(3))),
            ScalarType::Json => ("jsonb", None),
            ScalarType::Bytes => ("bytes", None),
        },
    };
    let (name, argument) = (format_ident!("{name}"), argument.into_iter());
    quote!(#name(#field_name #(, #argument)*))
}

/// The name of the function for a native type, and what it asks for.
fn native_kind(native: NativeType) -> (&'static str, Option<Literal>) {
    let via = |name: &str| ("via", Some(Literal::string(name)));
    // PostgreSQL keeps six digits where none are given.
    let digits = |digits: Option<u32>| Some(Literal::u32_unsuffixed(digits.unwrap_or(6).min(6)));
    match native {
        NativeType::SmallInt => ("int2", None),
        NativeType::Integer => ("int4", None),
        NativeType::BigInt => ("int8", None),
        NativeType::Oid => ("oid", None),
        NativeType::Decimal(_) => ("numeric", None),
        NativeType::Money => ("money", None),
        NativeType::Real => ("float4", None),
        NativeType::DoublePrecision => ("float8", None),
        NativeType::VarChar(_) | NativeType::Text => ("text", None),
        NativeType::Char(_) => ("char", None),
        // `::bit` alone would cut to one bit.
        NativeType::Bit(_) | NativeType::VarBit(_) => via("varbit"),
        NativeType::Uuid => ("uuid", None),
        NativeType::Xml => via("xml"),
        NativeType::Inet => via("inet"),
        NativeType::Citext => via("citext"),
        NativeType::Boolean => ("bool", None),
        NativeType::ByteA => ("bytes", None),
        NativeType::Timestamp(precision) => ("timestamp", digits(precision)),
        NativeType::Timestamptz(precision) => ("timestamptz", digits(precision)),
        NativeType::Time(_) => ("time", None),
        NativeType::Timetz(_) => ("timetz", None),
        NativeType::Date => ("date", None),
        NativeType::Json => ("json", None),
        NativeType::JsonB => ("jsonb", None),
    }
}

/// `Some("x")` or `None`.
pub(crate) fn option(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
