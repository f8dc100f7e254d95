//! Rollouts: a breaking change of the schema in phases, so that old and new releases of an app run side by side.
//!
//! *Expand* adds what the new release needs beside what the old one has, with triggers that keep both sides equal. The
//! *fill* brings over the rows that were there, in batches. Then the apps *switch*, and once nothing writes the old side any
//! more, *contract* takes it away. What a rollout is about stands beside its expand migration in `rollout.toml`
//! ([`Document`]), and the way to its end in `contract.sql`.

pub mod abort;
pub mod backfill;
pub mod contract;
mod document;
mod expand;
pub mod partition;
pub mod report;
pub mod status;

pub use document::{Document, Error, Fill, Finish, FinishKind, ROLLOUT, SETTINGS, TableName};
pub use expand::{
    CheckEntry, Model, Plan, Reason, Refusal, Relation, Request, Using, models, plan,
};
