//! Whether a DriveFlow database keeps the rules: those that follow from the schema, and those of the business.
//!
//! [`validate_migration`] checks all of them and gives a [`Report`]; nothing is changed. A rule that cannot be checked
//! (a table is missing, the connection is lost) is told as such and hides no other.
//!
//! # To add a rule
//! A rule of the business is a file in `rules` and its name in the list of `rules.rs`. The file has the rule (an id,
//! what it means, what to do, a query of the `id`s that break it) and a test that breaks seeded data and sees that
//! this rule, and no other, notices. Rules of relations follow from the schema and are never written: see
//! `schema_rules`.

pub mod list;
pub mod moment;

mod reach;
mod report;
mod rule;
mod rules;
mod run;
mod schema_rules;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use client::{MODELS, PrismaClient};

pub use reach::Reach;
pub use report::{Findings, Outcome, Report};
pub use rule::{Kind, Rule, Severity};
pub use run::{Options, explain};

/// Every rule: relations in the order of the schema, then the business.
pub fn rules() -> Vec<Rule> {
    let mut rules = schema_rules::rules(MODELS);
    rules.extend(rules::all());
    rules
}

/// Checks every rule.
///
/// # Example
/// ```no_run
/// # async fn example(client: &client::PrismaClient) {
/// let report = validator::validate_migration(client).await;
/// assert!(report.is_clean(), "{}", report.to_text());
/// # }
/// ```
pub async fn validate_migration(client: &PrismaClient) -> Report {
    check(client, rules(), &Options::default(), &|_, _, _| ()).await
}

/// Checks some rules, all of them on one snapshot; `progress` hears of each that is done, of how many are, and of how
/// many there are to do.
///
/// # Example
/// ```no_run
/// # async fn example(client: &client::PrismaClient) {
/// use validator::{Options, Reach, rules};
///
/// let reach = Reach { org: Some("b6a1…".to_owned()), since: None };
/// let options = Options { reach, ..Options::default() };
/// let report = validator::check(client, rules(), &options, &|_, _, _| ()).await;
/// # }
/// ```
pub async fn check(
    client: &PrismaClient,
    rules: Vec<Rule>,
    options: &Options,
    progress: &(dyn Fn(&Outcome, usize, usize) + Sync),
) -> Report {
    run::run(client, rules, options, progress).await
}
