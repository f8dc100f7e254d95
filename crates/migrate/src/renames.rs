//! Which dropped and added things are one under two names: as a person says with `--rename`, or answers when asked.
//!
//! `--rename Student.phone:mobile` is [`Wanted`]; [`resolve`] finds what it means; [`Questions`] are about what may be
//! one besides. What renames come to is [`pg_schema::Renamed`].

mod questions;
mod resolve;
mod spelling;

pub use questions::{Question, Questions};
pub use resolve::{resolve, resolve_names};
pub use spelling::{Wanted, spell};
