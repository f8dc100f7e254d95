//! One stored field: its type in Rust, its field type, and its line of the table's description.

use proc_macro2::{Literal, TokenStream};
use psl::{
    Arity, DefaultValue, ModelWalker, NativeType, ScalarFieldType, ScalarFieldWalker, ScalarType,
};
use quote::quote;

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
    let (name, kind) = (field.name(), kind(field));
    let map = (field.database_name() != name).then(|| {
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
    let values = field.enum_type().map(|walker| {
        let name = names::enumeration(walker);
        quote!(.of::<super::#name>())
    });
    quote!(Column::new(#name, Kind::#kind) #values #map #arity #default #updated_at)
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

/// The variant of the runtime's `Kind`.
fn kind(field: ScalarFieldWalker<'_>) -> TokenStream {
    if let Some(walker) = field.enum_type() {
        let name = walker.database_name();
        let schema = option(walker.namespace());
        return quote!(Enum(#name, #schema));
    }
    if let Some(native) = field.native_type() {
        return native_kind(native);
    }
    match field.scalar_type().unwrap_or(ScalarType::String) {
        ScalarType::Int => quote!(Int4),
        ScalarType::BigInt => quote!(Int8),
        ScalarType::Float => quote!(Float8),
        ScalarType::Decimal => quote!(Numeric),
        ScalarType::Boolean => quote!(Bool),
        ScalarType::String => quote!(Text),
        // What Prisma makes of a DateTime without `@db`: TIMESTAMP(3).
        ScalarType::DateTime => quote!(Timestamp(3)),
        ScalarType::Json => quote!(JsonB),
        ScalarType::Bytes => quote!(Bytes),
    }
}

fn native_kind(native: NativeType) -> TokenStream {
    let via = |name: &str| quote!(Via(#name));
    // PostgreSQL keeps six digits where none are given.
    let digits = |digits: Option<u32>| Literal::u32_unsuffixed(digits.unwrap_or(6).min(6));
    match native {
        NativeType::SmallInt => quote!(Int2),
        NativeType::Integer => quote!(Int4),
        NativeType::BigInt => quote!(Int8),
        NativeType::Oid => quote!(Oid),
        NativeType::Decimal(_) => quote!(Numeric),
        NativeType::Money => quote!(Money),
        NativeType::Real => quote!(Float4),
        NativeType::DoublePrecision => quote!(Float8),
        NativeType::VarChar(_) | NativeType::Text => quote!(Text),
        NativeType::Char(_) => quote!(Char),
        // `::bit` alone would cut to one bit.
        NativeType::Bit(_) | NativeType::VarBit(_) => via("varbit"),
        NativeType::Uuid => quote!(Uuid),
        NativeType::Xml => via("xml"),
        NativeType::Inet => via("inet"),
        NativeType::Citext => via("citext"),
        NativeType::Boolean => quote!(Bool),
        NativeType::ByteA => quote!(Bytes),
        NativeType::Timestamp(precision) => {
            let digits = digits(precision);
            quote!(Timestamp(#digits))
        }
        NativeType::Timestamptz(precision) => {
            let digits = digits(precision);
            quote!(Timestamptz(#digits))
        }
        NativeType::Time(_) => quote!(Time),
        NativeType::Timetz(_) => quote!(Timetz),
        NativeType::Date => quote!(Date),
        NativeType::Json => quote!(Json),
        NativeType::JsonB => quote!(JsonB),
    }
}

/// `Some("x")` or `None`.
pub(crate) fn option(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
