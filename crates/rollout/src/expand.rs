//! The planner: from what is there and what the schema file asks for to the scripts of a rollout.
//!
//! Pure: nothing is asked of a database or a clock. What no phases can do is a [`Refusal`], with what to say or to do
//! instead; what needs none (it only adds, or changes nothing) is no plan at all, and an ordinary migration will do.

mod checks;
mod columns;
mod dependents;
mod derive;
mod ending;
mod enums;
mod fills;
mod formula;
mod guard;
mod keys;
mod models;
mod names;
mod planner;
mod request;
mod resolve;
mod script;
mod single;
mod tables;
mod trigger;
mod twin;
mod unit;
mod values;

use pg_schema::{Pair, PgSchema, Rename, Step};

pub use models::{Model, Relation, models};
use planner::Planner;
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
    let (mut planner, last) = found(request, None);
    let bare = request.usings.iter().filter(|using| using.field.is_none()).count();
    let (planner, last) = match bare {
        0 => (planner, last),
        1 => {
            // The one that is missing; if none is, the one that can be said.
            let only = match (&planner.needs[..], &planner.takers[..]) {
                ([only], _) | ([], [only]) => only.clone(),
                _ => {
                    let many: Vec<String> = planner
                        .needs
                        .iter()
                        .chain(&planner.takers)
                        .map(|(table, column)| planner.field(table, column))
                        .collect();
                    planner.reasons.push(Reason {
                        what: "It cannot be told which column --using is for.".to_owned(),
                        help: format!("name it, --using Model.field=EXPR: {}", many.join(", ")),
                    });
                    return Err(Refusal { reasons: planner.reasons });
                }
            };
            found(request, Some(&only))
        }
        _ => {
            return Err(Refusal {
                reasons: vec![Reason {
                    what: "--using is given twice without a field.".to_owned(),
                    help: "name the fields: --using Model.field=EXPR".to_owned(),
                }],
            });
        }
    };
    if !planner.reasons.is_empty() {
        return Err(Refusal { reasons: planner.reasons });
    }
    Ok(planner.is_phased().then(|| planner.plan(last)))
}

fn found<'a>(
    request: &'a Request<'a>,
    bare: Option<&(planner::Key, String)>,
) -> (Planner<'a>, (Vec<Step>, PgSchema)) {
    let mut planner = Planner::new(request);
    planner.find(bare);
    planner.refuse_tables_without_key();
    let last = planner.last_steps();
    (planner, last)
}

#[cfg(test)]
mod tests;
