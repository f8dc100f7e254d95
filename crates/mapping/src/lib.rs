//! Between Prisma's models and PostgreSQL's tables.
//!
//! [`desired_schema`] is what the models ask for. Both sides are plain data: nothing is read,
//! nothing can fail. What a model cannot say (checks, triggers, policies, comments) is not in the
//! result, and the diff looks past it.
//!
//! [`pull`](pull::pull) goes the other way: what a database has, as models.
//!
//! It does not know any database: how a server names and prints what it was given is for those
//! to find out who read one.

mod as_read;
mod column;
mod default;
mod desired;
mod index;
mod literal;
mod names;
mod operator_class;
mod printed;
pub mod pull;
mod relation;

pub use as_read::as_read;
pub use desired::{DEFAULT_NAMESPACE, desired_schema, desired_schema_in};
