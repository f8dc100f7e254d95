//! What came of the rules, as a value and as text or JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::rule::{Kind, Rule};

/// What came of all rules, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// One for each rule.
    pub outcomes: Vec<Outcome>,
}

/// What came of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The rule.
    pub rule: Rule,
    /// What it found, or why it could not be checked.
    pub result: Result<Findings, String>,
}

/// The rows that break a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// How many there are.
    pub count: i64,
    /// The ids of the first.
    pub ids: Vec<String>,
}

impl Outcome {
    /// Whether the rule was checked and is kept.
    pub fn is_kept(&self) -> bool {
        self.result.as_ref().is_ok_and(|findings| findings.count == 0)
    }
}

impl Report {
    /// Whether every rule was checked and is kept.
    pub fn is_clean(&self) -> bool {
        self.outcomes.iter().all(Outcome::is_kept)
    }

    /// The rules that are broken or could not be checked.
    pub fn broken(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|outcome| !outcome.is_kept())
    }

    /// A line for each rule; those that follow from the schema in one line a kind as long as they are kept.
    pub fn to_text(&self) -> String {
        let mut errors = self.outcomes.iter().map(|outcome| outcome.result.as_ref().err());
        // A database without tables: the same thing is not told once for each rule.
        if let Some(Some(first)) = errors.next()
            && errors.all(|error| error.is_some())
        {
            let rules = self.outcomes.len();
            return format!(
                "✘ none of the {rules} rules could be checked, the first because: {first}\n\n\
                 Is the schema there? cargo xtask migrate status\n"
            );
        }
        let mut text = String::new();
        for kind in [Kind::Orphan, Kind::Tenant] {
            let kept = self
                .outcomes
                .iter()
                .filter(|outcome| outcome.rule.kind == kind && outcome.is_kept())
                .count();
            let what = match kind {
                Kind::Orphan => "relations lead to rows that exist",
                Kind::Tenant | Kind::Business => "relations stay within their school",
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "✔ {kept} {what}");
            let broken = self.broken().filter(|outcome| outcome.rule.kind == kind);
            broken.for_each(|outcome| text.push_str(&lines(outcome)));
        }
        let business = self.outcomes.iter().filter(|outcome| outcome.rule.kind == Kind::Business);
        business.for_each(|outcome| text.push_str(&lines(outcome)));
        let broken = self.broken().count();
        let rules = self.outcomes.len();
        let _ = match broken {
            0 => writeln!(text, "\nAll {rules} rules are kept."),
            1 => writeln!(text, "\n1 of {rules} rules is not kept."),
            broken => writeln!(text, "\n{broken} of {rules} rules are not kept."),
        };
        text
    }

    /// `{clean, rules: [{id, kind, severity, meaning, fix, status, count, ids, error}]}`, where `status` is `kept`,
    /// `broken` or `unchecked`.
    pub fn to_json(&self) -> Value {
        let outcomes: Vec<Value> = self.outcomes.iter().map(outcome_json).collect();
        json!({ "clean": self.is_clean(), "rules": outcomes })
    }
}

fn lines(Outcome { rule, result }: &Outcome) -> String {
    match result {
        Ok(Findings { count: 0, .. }) => format!("✔ {}\n", rule.id),
        Ok(Findings { count, ids }) => {
            let rows = if *count == 1 { "row" } else { "rows" };
            let more = if i64::try_from(ids.len()).is_ok_and(|shown| shown < *count) {
                ", …"
            } else {
                ""
            };
            format!(
                "✘ {} ({}): {count} {rows}: {}{more}\n    {}\n    {}\n",
                rule.id,
                rule.severity.word(),
                ids.join(", "),
                rule.meaning,
                rule.fix
            )
        }
        Err(error) => format!("✘ {}: could not be checked: {error}\n", rule.id),
    }
}

fn outcome_json(outcome: &Outcome) -> Value {
    let mut json = outcome.rule.to_json();
    let status = match &outcome.result {
        Ok(findings) if findings.count == 0 => "kept",
        Ok(_) => "broken",
        Err(_) => "unchecked",
    };
    json["status"] = status.into();
    match &outcome.result {
        Ok(findings) => {
            json["count"] = findings.count.into();
            json["ids"] = findings.ids.as_slice().into();
        }
        Err(error) => json["error"] = error.as_str().into(),
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(id: &'static str, result: Result<Findings, String>) -> Outcome {
        Outcome { rule: Rule::error(id, "It is so.", "Make it so.", "SELECT 1"), result }
    }

    fn report() -> Report {
        let ids = || vec!["a".to_owned(), "b".to_owned()];
        Report {
            outcomes: vec![
                outcome("kept", Ok(Findings::default())),
                outcome("broken", Ok(Findings { count: 7, ids: ids() })),
                outcome("unchecked", Err("no such table".to_owned())),
            ],
        }
    }

    #[test]
    fn text_tells_each_rule_with_what_it_found() {
        let expected = "✔ 0 relations lead to rows that exist\n✔ 0 relations stay within their school\n✔ kept\n\
                        ✘ broken (error): 7 rows: a, b, …\n    It is so.\n    Make it so.\n\
                        ✘ unchecked: could not be checked: no such table\n\n2 of 3 rules are not kept.\n";
        assert_eq!(report().to_text(), expected);
    }

    #[test]
    fn where_nothing_could_be_checked_the_reason_is_told_once() {
        let unchecked = || outcome("unchecked", Err("no such table".to_owned()));
        let expected = "✘ none of the 2 rules could be checked, the first because: no such table\n\n\
                        Is the schema there? cargo xtask migrate status\n";
        assert_eq!(Report { outcomes: vec![unchecked(), unchecked()] }.to_text(), expected);
    }

    #[test]
    fn a_rule_that_could_not_be_checked_is_not_kept() {
        assert!(!report().is_clean());
        let unchecked = Report { outcomes: vec![outcome("unchecked", Err("no".to_owned()))] };
        assert!(!unchecked.is_clean());
        let kept = Report { outcomes: vec![outcome("kept", Ok(Findings::default()))] };
        assert!(kept.is_clean());
    }

    #[test]
    fn json_tells_the_same() {
        let json = report().to_json();
        assert_eq!(json["clean"], false);
        assert_eq!(json["rules"][0]["status"], "kept");
        assert_eq!(json["rules"][1]["count"], 7);
        assert_eq!(json["rules"][1]["ids"], json!(["a", "b"]));
        assert_eq!(json["rules"][2]["error"], "no such table");
    }
}
