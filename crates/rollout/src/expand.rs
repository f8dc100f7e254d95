//! The planner: from what is there and what the schema file asks for to the scripts of a rollout.
//!
//! Pure: nothing is asked of a database or a clock. What no phases can do is a [`Refusal`], with what to say or to do
//! instead; what needs none (it only adds, or changes nothing) is no plan at all, and an ordinary migration will do.

mod models;
mod request;

use pg_schema::{Pair, PgSchema, Rename};

pub use models::{Model, Relation, models};
pub use request::{CheckEntry, Reason, Refusal, Using};

use crate::Document;

/// What is to be planned.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What the migrations make (as a server describes it), and what the schema file asks for.
    pub schemas: Pair<&'a PgSchema>,
    /// Things that are one under two names, as a person has confirmed.
    pub renames: &'a [Rename],
    /// `--using`, in the order given.
    pub usings: &'a [Using],
    /// `--check`, in the order given.
    pub checks: &'a [CheckEntry],
    /// What models and fields are called in the database, by the schema file: [`models`].
    pub models: &'a [Model],
    /// The 14 digits that the name of the migration's folder begins with.
    pub digits: &'a str,
}

/// A rollout, as its files say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// `migration.sql`: the expand, one transaction.
    pub migration: String,
    /// `down.sql`: takes the expand back.
    pub down: String,
    /// `contract.sql`: from there to the schema file. Its first statement is the guard, a `DO` that raises where the
    /// database is not ready; it changes nothing.
    pub contract: String,
    /// `rollout.toml`. Its `summary` says what changes, a line each.
    pub document: Document,
}

/// The rollout that leads from one schema to the other; none where nothing of what changes needs phases.
///
/// ```
/// use pg_schema::{Pair, PgSchema};
/// use rollout::{Request, plan};
///
/// let schema = PgSchema::default();
/// let request = Request {
///     schemas: Pair::new(&schema, &schema),
///     renames: &[],
///     usings: &[],
///     checks: &[],
///     models: &[],
///     digits: "20261128101112",
/// };
/// assert_eq!(plan(&request), Ok(None));
/// ```
///
/// Fails with all that is missing or impossible at once.
pub fn plan(request: &Request<'_>) -> Result<Option<Plan>, Refusal> {
    if pg_schema::diff(request.schemas).is_empty() && request.checks.is_empty() {
        return Ok(None);
    }
    Err(Refusal {
        reasons: vec![Reason {
            what: "No change can be made in phases yet.".to_owned(),
            help: "make an ordinary migration: cargo xtask migrate dev".to_owned(),
        }],
    })
}
