//! The concrete syntax tree: every byte of a file, arranged.
//!
//! [`parse`] takes any text and gives a [`Tree`] whose tokens concatenate to that text. The tree says what was written,
//! not what it means: names, types and values are the abstract tree's and the resolver's. Formatting needs no more than this.

mod builder;
mod expressions;
mod kind;
mod parser;
mod tree;

pub use kind::SyntaxKind;
pub use parser::parse;
pub use tree::{Element, Node, Tree};
