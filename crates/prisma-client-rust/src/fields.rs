//! The types behind `post::title`: one generic for each kind of field.
//!
//! Generated code names a field as a type alias, `pub type title = Text<Model, 1>`, so nothing is generated for an
//! operation: `post::title::contains("x")` is an associated function here. The number is the position in the model's
//! [`Descriptor`](crate::model::Descriptor). The last parameter says whether the column may be null and whether it
//! names a row.

mod aggregate;
mod field;
mod given;
mod json;
mod list;
mod module;
mod presence;
mod relation;
mod scalar;

pub use aggregate::{Count, RelationCount};
pub use field::{Field, Named, Related, Stored};
pub use given::Given;
pub use json::{ExactJson, Json};
pub use list::{ExactList, List};
pub use presence::{Optional, OptionalUnique, Presence, Required, Unique};
pub use relation::{Many, One, OptionalOne};
pub use scalar::{
    BigInt, Boolean, Bytes, DateTime, Decimal, Enum, ExactEnum, ExactText, Float, Int, Text,
};
