//! Prisma schema language: text in, [`Schema`] and diagnostics out. No IO.
//!
//! Data flows one way: files → tokens → syntax tree → names → types → attributes → relations → validation.
//! The result of the first half is a [`Schema`], plain data read through walkers; what a person got wrong is told
//! beside it and never stops the rest from being read.
//!
//! ```
//! let file = psl::SourceFile::new("schema.prisma", "model A {\n  id Int @id\n  b  Strin\n}\n");
//! let analysis = psl::analyze(vec![file]);
//! assert_eq!(analysis.diagnostics[0].help.as_deref(), Some("did you mean `String`?"));
//! ```

mod analyze;
mod ast;
pub mod constraint_names;
mod diagnostic;
mod fix;
mod format;
mod json;
pub mod lexer;
mod native_type;
mod render;
mod resolve;
mod scalar_type;
mod schema;
mod source;
mod suggest;
pub mod syntax;
#[cfg(test)]
mod tests;
mod validate;
mod walkers;

pub use analyze::{Analysis, analyze, analyze_configuration};
pub use ast::string_literal;
pub use diagnostic::{Diagnostic, Fix, Label, Severity};
pub use fix::{Applied, Fixed, apply_fixes, fix};
pub use format::{Formatted, format};
pub use json::to_json;
pub use native_type::NativeType;
pub use render::{Style, render, render_github, render_json};
pub use resolve::{OPERATOR_CLASSES, is_reserved};
pub use schema::*;
pub use source::{FileId, SourceFile, Span};
pub use suggest::nearest;
pub use walkers::*;
