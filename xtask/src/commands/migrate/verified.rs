//! `migrate deploy --verify`: the data checked before and after, and what the migrations made of it.
//!
//! The rules are those of the code that is deployed: before, some of them may ask for what is not there yet. That is no
//! failure, unless it is still so afterwards.

use std::collections::BTreeMap;

use migrate::{Folder, Options};
use postgres::ConnectionUrl;
use serde_json::Value;

use super::deploy_to;
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::programs::{self, Program};
use crate::project::Project;
use crate::terminal::{Step, say};

pub(super) async fn deploy(
    project: &Project,
    folder: &Folder,
    database: &Database,
    options: &Options,
) -> Result<()> {
    Program::Validator.require_in(project)?;
    programs::build(project, &[Program::Validator]).await?;
    // A database that is not there yet has no data to check.
    let before = check(project, &database.url, BEFORE).await?.unwrap_or_default();
    deploy_to(folder, database, options).await?;
    let after = check(project, &database.url, AFTER).await?;
    let after = after.ok_or_else(|| {
        Failure::new("the migrations are applied, and the data could not be checked")
            .help("cargo xtask verify says why")
    })?;
    say!("\n{}", report(&before, &after));
    if is_worse(&before, &after) {
        return Err(Failure::new("the migrations are applied, and the data keep fewer rules than before")
            .help("see above; `cargo xtask migrate down --dry-run` shows what taking the last one back would lose"));
    }
    Ok(())
}

pub(super) const BEFORE: &str = "Checking the data before";
pub(super) const AFTER: &str = "Checking the data after";

/// What a rule found: a number of rows, or why it could not be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    result: std::result::Result<i64, String>,
    ids: Vec<String>,
    meaning: String,
    fix: String,
}

/// The rules by their id.
pub(super) type Findings = BTreeMap<String, Finding>;

/// What `verify` finds; nothing where it does not get to check anything.
pub(super) async fn check(
    project: &Project,
    url: &ConnectionUrl,
    what: &str,
) -> Result<Option<Findings>> {
    let step = Step::start(what);
    let url = url.expose();
    // Why it does not is told by `verify` itself.
    let said = programs::output(Program::Validator, project, &url, &["--format", "json"]).await?;
    drop(step);
    if said.trim().is_empty() { Ok(None) } else { read(&said).map(Some) }
}

/// Reads the JSON of `verify`.
fn read(said: &str) -> Result<Findings> {
    let unread = || Failure::new("what `verify --format json` said could not be read");
    let json: Value = serde_json::from_str(said).map_err(|_| unread())?;
    let rules = json["rules"].as_array().ok_or_else(unread)?;
    let text = |rule: &Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    let finding = |rule: &Value| Finding {
        result: rule["count"].as_i64().ok_or_else(|| text(rule, "error")),
        ids: rule["ids"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        meaning: text(rule, "meaning"),
        fix: text(rule, "fix"),
    };
    Ok(rules.iter().map(|rule| (text(rule, "id"), finding(rule))).collect())
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Mended,
    /// Broken before, and no more so now.
    AsBefore,
    Worse,
}

/// A rule that is, or was, not kept.
struct Change<'f> {
    kind: Kind,
    id: &'f str,
    before: Option<i64>,
    after: &'f Finding,
}

/// The rules that are not kept now or were not before.
fn changes<'f>(before: &Findings, after: &'f Findings) -> Vec<Change<'f>> {
    let change = |(id, after): (&'f String, &'f Finding)| {
        // What could not be checked before found nothing.
        let before = before.get(id).and_then(|before| before.result.as_ref().ok().copied());
        let kind = match (before.unwrap_or_default(), &after.result) {
            (0, Ok(0)) => return None,
            (_, Ok(0)) => Kind::Mended,
            (before, Ok(now)) if *now <= before => Kind::AsBefore,
            _ => Kind::Worse,
        };
        Some(Change { kind, id, before, after })
    };
    let mut changes: Vec<Change<'f>> = after.iter().filter_map(change).collect();
    changes.sort_by_key(|change| change.kind);
    changes
}

/// Whether a rule is broken that was kept, or broken by more.
pub(super) fn is_worse(before: &Findings, after: &Findings) -> bool {
    changes(before, after).iter().any(|change| change.kind == Kind::Worse)
}

/// A line for each rule that is, or was, not kept; what to do where it is worse.
pub(super) fn report(before: &Findings, after: &Findings) -> String {
    let changes = changes(before, after);
    if changes.is_empty() {
        return format!("✔ All {} rules are kept, as before.", after.len());
    }
    let lines = changes.iter().map(|Change { kind, id, before, after }| {
        let before = before.map_or_else(|| "?".to_owned(), |rows| rows.to_string());
        let now = match &after.result {
            Ok(rows) => format!("{before} → {rows} rows"),
            Err(error) => format!("could not be checked: {error}"),
        };
        match kind {
            Kind::Mended => format!("✔ {id}: {now}"),
            Kind::AsBefore => format!("! {id}: {now}, broken before"),
            Kind::Worse => {
                let ids = if after.ids.is_empty() {
                    String::new()
                } else {
                    format!(": {}", after.ids.join(", "))
                };
                format!("✘ {id}: {now}{ids}\n    {}\n    {}", after.meaning, after.fix)
            }
        }
    });
    lines.collect::<Vec<String>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rules: &[(&str, Option<i64>)]) -> String {
        let rule = |(id, count): &(&str, Option<i64>)| match count {
            Some(count) => serde_json::json!({
                "id": id, "count": count, "ids": ["a"], "meaning": "It is so.", "fix": "Make it so.",
            }),
            None => {
                serde_json::json!({ "id": id, "error": "no such column", "meaning": "It is so.", "fix": "Make it so." })
            }
        };
        serde_json::json!({ "rules": rules.iter().map(rule).collect::<Vec<_>>() }).to_string()
    }

    fn of(rules: &[(&str, Option<i64>)]) -> Findings {
        read(&said(rules)).expect("it is JSON")
    }

    #[test]
    fn each_rule_is_held_against_what_it_was() {
        let before = of(&[
            ("kept", Some(0)),
            ("mended", Some(3)),
            ("old", Some(2)),
            ("new", None),
            ("worse", Some(1)),
            ("gone", Some(0)),
        ]);
        let after = of(&[
            ("kept", Some(0)),
            ("mended", Some(0)),
            ("old", Some(2)),
            ("new", Some(0)),
            ("worse", Some(4)),
            ("gone", None),
        ]);
        assert_eq!(
            report(&before, &after),
            "✔ mended: 3 → 0 rows\n! old: 2 → 2 rows, broken before\n✘ gone: could not be checked: no such column\n    \
             It is so.\n    Make it so.\n✘ worse: 1 → 4 rows: a\n    It is so.\n    Make it so."
        );
    }

    #[test]
    fn a_rule_that_could_not_be_checked_before_may_be_broken_now() {
        let (before, after) = (of(&[("new", None)]), of(&[("new", Some(2))]));
        assert!(report(&before, &after).starts_with("✘ new: ? → 2 rows: a\n"));
    }

    #[test]
    fn where_nothing_is_wrong_little_is_said() {
        let rules = of(&[("a", Some(0)), ("b", Some(0))]);
        assert_eq!(report(&Findings::new(), &rules), "✔ All 2 rules are kept, as before.");
        assert!(read("nonsense").is_err());
    }
}
