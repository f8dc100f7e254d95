//! Prisma schema language: text in, [`Schema`] and diagnostics out. No IO.
//!
//! Data flows one way: files → tokens → syntax tree → names → types → attributes → relations → validation.
//! The result of the first half is [`schema`], plain data read through [`walkers`]; what a person got wrong is told
//! beside it and never stops the rest from being read.

pub mod constraint_names;
mod native_type;
mod schema;
mod source;
mod walkers;

pub use native_type::NativeType;
pub use schema::*;
pub use source::{FileId, SourceFile, Span};
pub use walkers::*;
