//! Index types and operator classes fit the columns' types.
//!
//! A column without `ops:` needs a type that the index type has a default class for; one with a class needs a type that
//! the class is for. `raw("…")` is the way around it.

use super::Ctx;
use crate::diagnostic::Diagnostic;
use crate::native_type::{NativeType, NativeTypeError};
use crate::schema::{Arity, IndexAlgorithm, OperatorClass, ScalarFieldType, ScalarType};
use crate::walkers::{IndexWalker, ScalarFieldWalker};

pub(super) fn check(index: IndexWalker<'_>, ctx: &mut Ctx<'_, '_, '_>) {
    let algorithm = index.algorithm().unwrap_or(IndexAlgorithm::BTree);
    for (column, field) in index.columns().iter().zip(index.fields()) {
        let class = match &column.ops {
            Some(OperatorClass::Raw(_)) => continue,
            Some(OperatorClass::Known(class)) => Some(class.as_str()),
            None => None,
        };
        let attribute = ctx.origins().scalar_field(field.id()).native_type;
        let native = attribute.and_then(|attribute| {
            let name = attribute.name.text.split_once('.').map_or("", |(_, name)| name);
            match NativeType::parse(attribute.name.text, &attribute.arguments) {
                Ok(ty) => Some(Native { name, ty: Some(ty) }),
                Err(NativeTypeError::Unknown) => Some(Native { name, ty: None }),
                // Arguments where none may be are not looked at.
                Err(NativeTypeError::TooManyArguments { allowed: 0, .. }) => {
                    Some(Native { name, ty: NativeType::from_parts(name, &[]).ok() })
                }
                // With arguments that are wrong it is as if it were not there.
                Err(_) => None,
            }
        });
        let is_composite = ctx.origins().scalar_field(field.id()).composite_type.is_some();
        if let Some(message) = column_error(algorithm, class, native, field, is_composite) {
            let diagnostic: Diagnostic = ctx.in_index("index-type", index, message);
            ctx.push(diagnostic.label(field.span(), "the column"));
        }
    }
}

/// `@db.…`: its name as written, and the type if there is one of that name.
struct Native<'a> {
    name: &'a str,
    ty: Option<NativeType>,
}

fn column_error(
    algorithm: IndexAlgorithm,
    class: Option<&str>,
    native: Option<Native<'_>>,
    field: ScalarFieldWalker<'_>,
    is_composite: bool,
) -> Option<String> {
    let index_type = algorithm.as_str();
    let name = field.name();
    if let Some(class) = class.filter(|class| !algorithm_of(class).contains(&algorithm)) {
        let class = in_messages(class);
        return Some(format!(
            "The given operator class `{class}` is not supported with the `{index_type}` index type."
        ));
    }
    if matches!(algorithm, IndexAlgorithm::BTree | IndexAlgorithm::Hash) {
        return None;
    }
    let is_list = field.arity() == Arity::List;
    let ty = native.as_ref().and_then(|native| native.ty);
    let fits = match (ty, class) {
        (_, Some("ArrayOps")) if !is_list => {
            return Some(format!(
                "The given operator class `ArrayOps` expects the type of field `{name}` to be an array."
            ));
        }
        (_, Some("ArrayOps")) => true,
        // Arrays of anything have a class of their own.
        (_, None) if algorithm == IndexAlgorithm::Gin && is_list => true,
        (Some(ty), Some(class)) => is_for(class, ty, algorithm),
        (Some(ty), None) => has_default_class(ty, algorithm),
        (None, Some(class)) => match scalar_of(class) {
            Some(scalar) if field.scalar_type() != Some(scalar) => {
                return Some(format!(
                    "The given operator class `{class}` points to the field `{name}` that is not of {scalar} type."
                ));
            }
            scalar => scalar.is_some(),
        },
        // A native type that is none, which is told elsewhere, is no string for GiST.
        (None, None) => {
            !is_composite
                && supports(algorithm, field)
                && !(native.is_some() && algorithm == IndexAlgorithm::Gist)
        }
    };
    if fits {
        return None;
    }
    Some(match (native.map(|native| native.name), class.map(in_messages)) {
        (Some(native), Some(class)) => {
            format!(
                "The given operator class `{class}` does not support native type `{native}` of field `{name}`."
            )
        }
        (Some(native), None) => {
            format!("The {index_type} index field type `{native}` has no default operator class.")
        }
        (None, Some(class)) => {
            format!(
                "The given operator class `{class}` expects the field `{name}` to define a valid native type."
            )
        }
        (None, None) => {
            format!("The {index_type} index type does not support the type of the field `{name}`.")
        }
    })
}

/// The index types that have a class.
fn algorithm_of(class: &str) -> &'static [IndexAlgorithm] {
    match class {
        "InetOps" => &[IndexAlgorithm::Gist, IndexAlgorithm::SpGist],
        "JsonbOps" | "JsonbPathOps" | "ArrayOps" => &[IndexAlgorithm::Gin],
        "TextOps" => &[IndexAlgorithm::SpGist],
        _ => &[IndexAlgorithm::Brin],
    }
}

/// Whether a class is for columns of a native type.
fn is_for(class: &str, native: NativeType, algorithm: IndexAlgorithm) -> bool {
    match algorithm {
        IndexAlgorithm::Gist => class == "InetOps" && native == NativeType::Inet,
        IndexAlgorithm::Gin => native == NativeType::JsonB,
        IndexAlgorithm::SpGist => match native {
            NativeType::Inet => class == "InetOps",
            NativeType::Text | NativeType::VarChar(_) | NativeType::Char(_) => class == "TextOps",
            _ => false,
        },
        _ => {
            // BRIN's classes are called after the type, then what is kept of it.
            let kept = ["MinMaxMultiOps", "MinMaxOps", "BloomOps", "InclusionOps"];
            let family = kept.into_iter().find_map(|kept| class.strip_suffix(kept));
            family.is_some() && family == brin_family(native)
        }
    }
}

fn brin_family(native: NativeType) -> Option<&'static str> {
    Some(match native {
        NativeType::Bit(_) => "Bit",
        NativeType::VarBit(_) => "VarBit",
        NativeType::Char(_) => "Bpchar",
        NativeType::Date => "Date",
        NativeType::Real => "Float4",
        NativeType::DoublePrecision => "Float8",
        NativeType::Inet => "Inet",
        NativeType::SmallInt => "Int2",
        NativeType::Integer => "Int4",
        NativeType::BigInt => "Int8",
        NativeType::Decimal(_) => "Numeric",
        NativeType::Oid => "Oid",
        NativeType::ByteA => "Bytea",
        NativeType::Text | NativeType::VarChar(_) => "Text",
        NativeType::Timestamp(_) => "Timestamp",
        NativeType::Timestamptz(_) => "TimestampTz",
        NativeType::Time(_) => "Time",
        NativeType::Timetz(_) => "TimeTz",
        NativeType::Uuid => "Uuid",
        _ => return None,
    })
}

fn has_default_class(native: NativeType, algorithm: IndexAlgorithm) -> bool {
    match algorithm {
        IndexAlgorithm::Gin => native == NativeType::JsonB,
        IndexAlgorithm::SpGist => {
            matches!(
                native,
                NativeType::Inet | NativeType::Text | NativeType::VarChar(_) | NativeType::Char(_)
            )
        }
        IndexAlgorithm::Brin => brin_family(native).is_some(),
        _ => false,
    }
}

/// The type that a field without a native type must have for a class; none where the class needs a native type.
fn scalar_of(class: &str) -> Option<ScalarType> {
    Some(match class {
        "JsonbOps" | "JsonbPathOps" => ScalarType::Json,
        "TextOps" | "TextBloomOps" | "TextMinMaxOps" => ScalarType::String,
        "ByteaBloomOps" | "ByteaMinMaxOps" => ScalarType::Bytes,
        class if class.starts_with("Float8") => ScalarType::Float,
        class if class.starts_with("Int4") => ScalarType::Int,
        class if class.starts_with("Int8") => ScalarType::BigInt,
        class if class.starts_with("Numeric") => ScalarType::Decimal,
        class if class.starts_with("Timestamp") && !class.starts_with("TimestampTz") => {
            ScalarType::DateTime
        }
        _ => return None,
    })
}

/// Whether an index type has a default class for a field without a native type.
fn supports(algorithm: IndexAlgorithm, field: ScalarFieldWalker<'_>) -> bool {
    if matches!(field.ty(), ScalarFieldType::Unsupported(_)) {
        return true;
    }
    let scalar = field.scalar_type();
    match algorithm {
        IndexAlgorithm::BTree | IndexAlgorithm::Hash => true,
        IndexAlgorithm::Gist | IndexAlgorithm::SpGist => scalar == Some(ScalarType::String),
        IndexAlgorithm::Gin => scalar == Some(ScalarType::Json) || field.arity() == Arity::List,
        IndexAlgorithm::Brin => {
            !matches!(scalar, None | Some(ScalarType::Boolean | ScalarType::Json))
        }
    }
}

/// The reference calls one class by another's name.
fn in_messages(class: &str) -> &str {
    if class == "UuidMinMaxMultiOps" { "BitMinMaxOps" } else { class }
}

impl IndexAlgorithm {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BTree => "BTree",
            Self::Hash => "Hash",
            Self::Gist => "Gist",
            Self::Gin => "Gin",
            Self::SpGist => "SpGist",
            Self::Brin => "Brin",
        }
    }
}
