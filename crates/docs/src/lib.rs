//! A schema as a document: for people who read it, and for tools that draw it.
//!
//! Everything is pure, and the same schema gives the same bytes: what is written may be committed and compared. Nothing of a
//! datasource is in it, so that no document holds a password.
//!
//! ```
//! let text = "model Note {\n  id   Int    @id\n  body String\n}";
//! let schema = psl::analyze(vec![psl::SourceFile::new("schema.prisma", text)]).schema;
//! assert!(docs::mermaid(&schema).contains("String body"));
//! assert!(docs::svg(&schema).starts_with("<svg "));
//! ```

mod dbml;
mod escape;
mod html;
mod layout;
mod markdown;
mod mermaid;
mod picture;
mod svg;
mod words;

pub use dbml::dbml;
pub use html::html;
pub use markdown::markdown;
pub use mermaid::mermaid;
pub use svg::{svg, svg_part};
pub use words::full_type;

#[cfg(test)]
mod tests;
