//! SQL files as PostgreSQL reads them: where their statements are and what these are.
//!
//! [`split`] cuts a file where the server does and knows each statement by its first words. Nothing here fails: what cannot be read is still cut,
//! and the server says what is wrong with it. What no server could be sent at all is told as a [`Refusal`].
//! No IO, and nothing of migrations, schemas or connections.
//!
//! ```
//! let file = sql::split("CREATE TABLE t (a int); VACUUM t;");
//! let alone: Vec<bool> = file.pieces.iter().map(|piece| !piece.runs_in_transaction()).collect();
//! assert_eq!(alone, [false, true]);
//! ```
#![deny(missing_docs)]

mod expression;
mod lexer;
mod piece;
mod place;
mod refusal;
mod split;
pub mod statement;
mod tokens;

pub use expression::{ColumnRef, Expression, Problem, Shape};
pub use piece::Piece;
pub use place::Place;
pub use refusal::Refusal;
pub use split::{Split, split};
pub use statement::Statement;
pub use tokens::{Token, is_outside, placed_tokens, tokens};

#[cfg(test)]
mod regress;
