//! What the statements of a migration do to a database that is in use.
//!
//! [`Catalog`] is the schema as the statements so far make it, or what is known of it; [`effect()`](effect::effect) says of one more statement which tables it
//! locks and how, and whether it reads, indexes or writes them anew. `migrate plan` and the rules of `migrate lint` are built on both. No IO.
//!
//! ```
//! use lint::{Catalog, Work, effect};
//! use sql::{Statement, statement::LockMode};
//!
//! let mut catalog = Catalog::default();
//! let history = Statement::read("CREATE TABLE t (a int)");
//! catalog.apply(&history[0]);
//! catalog.begin_migration();
//! let statement = &Statement::read("ALTER TABLE t ALTER a TYPE bigint")[0];
//! let effect = effect(statement, &catalog, 15);
//! assert_eq!(effect.touches[0].lock, LockMode::AccessExclusive);
//! assert_eq!(effect.touches[0].work, Work::Rewrite);
//! ```
#![deny(missing_docs)]

mod allow;
mod bounds;
pub mod catalog;
pub mod check;
mod contracted;
mod ctx;
pub mod effect;
mod expression;
pub mod finding;
mod fix;
pub mod report;
pub mod rules;
mod steady;
mod types;

pub use catalog::{Catalog, Table};
pub use check::{Report, Source, check};
pub use contracted::settle;
pub use effect::{Blocks, Effect, Touch, Work, effect};
pub use finding::{Finding, Fix, Severity};
pub use fix::{Fixed, fix};

/// The oldest version of PostgreSQL that all of this is proven with, which is taken where no server says its own: what is safe
/// there is so on later ones.
pub const OLDEST: u32 = 13;

#[cfg(test)]
mod proof;

#[cfg(test)]
mod tests;
