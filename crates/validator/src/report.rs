//! What came of the rules, as a value and as text or JSON; for CI systems: `ci`.

mod ci;

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::rule::{Kind, Rule, Severity};

/// What came of all rules, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// One for each rule.
    pub outcomes: Vec<Outcome>,
    /// How long all of them took, side by side.
    pub took: Duration,
}

/// What came of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The rule.
    pub rule: Rule,
    /// How long it took.
    pub took: Duration,
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

impl Findings {
    /// `7 rows: a, b, …`.
    fn to_text(&self) -> String {
        let Self { count, ids } = self;
        let rows = if *count == 1 { "row" } else { "rows" };
        if ids.is_empty() {
            return format!("{count} {rows}");
        }
        let all = i64::try_from(ids.len()).is_ok_and(|shown| shown >= *count);
        format!("{count} {rows}: {}{}", ids.join(", "), if all { "" } else { ", …" })
    }
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

    /// Whether no rule of this severity or a worse one is broken, and every rule was checked.
    pub fn passes(&self, severity: Severity) -> bool {
        self.broken().all(|outcome| outcome.result.is_ok() && outcome.rule.severity < severity)
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
            let next = if first.contains("permission denied") {
                "This user may not read the tables. As their owner: GRANT SELECT ON ALL TABLES IN SCHEMA public TO it"
            } else {
                "Is the schema there? cargo xtask migrate status, then cargo xtask migrate deploy"
            };
            let none = match rules {
                1 => "the rule could not be checked:".to_owned(),
                _ => format!("none of the {rules} rules could be checked, the first because:"),
            };
            return format!("✘ {none} {first}\n\n{next}\n");
        }
        let mut text = String::new();
        for kind in Kind::DERIVED {
            let of_kind = || self.outcomes.iter().filter(|outcome| outcome.rule.kind == kind);
            if of_kind().next().is_none() {
                continue;
            }
            let kept = of_kind().filter(|outcome| outcome.is_kept()).count();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "✔ {kept} {}", kind.kept());
            let broken = of_kind().filter(|outcome| !outcome.is_kept());
            broken.for_each(|outcome| text.push_str(&lines(outcome)));
        }
        let business = self.outcomes.iter().filter(|outcome| outcome.rule.kind == Kind::Business);
        business.for_each(|outcome| text.push_str(&lines(outcome)));
        let broken = self.broken().count();
        let rules = self.outcomes.len();
        let _ = match broken {
            0 if rules == 1 => writeln!(text, "\nThe rule is kept ({}).", time(self.took)),
            0 => writeln!(text, "\nAll {rules} rules are kept ({}).", time(self.took)),
            1 if rules == 1 => writeln!(text, "\nThe rule is not kept ({}).", time(self.took)),
            1 => writeln!(text, "\n1 of {rules} rules is not kept ({}).", time(self.took)),
            broken => {
                writeln!(text, "\n{broken} of {rules} rules are not kept ({}).", time(self.took))
            }
        };
        text
    }

    /// `{clean, milliseconds, rules: [{id, kind, model, severity, meaning, fix, milliseconds, status, count, ids,
    /// error}]}`, where `status` is `kept`, `broken` or `unchecked`.
    pub fn to_json(&self) -> Value {
        let outcomes: Vec<Value> = self.outcomes.iter().map(outcome_json).collect();
        json!({ "clean": self.is_clean(), "milliseconds": milliseconds(self.took), "rules": outcomes })
    }
}

fn lines(Outcome { rule, took, result }: &Outcome) -> String {
    match result {
        Ok(Findings { count: 0, .. }) => format!("✔ {}{}\n", rule.id, slow(*took)),
        Ok(findings) => format!(
            "{} {} ({}): {}{}\n    {}\n    {}\n",
            if rule.severity == Severity::Error { "✘" } else { "!" },
            rule.id,
            rule.severity.word(),
            findings.to_text(),
            slow(*took),
            rule.meaning,
            rule.fix
        ),
        Err(error) => format!("✘ {}: could not be checked: {error}\n", rule.id),
    }
}

/// The time of a rule that took some.
fn slow(took: Duration) -> String {
    if took >= Duration::from_secs(1) { format!(" ({})", time(took)) } else { String::new() }
}

fn time(took: Duration) -> String {
    if took >= Duration::from_secs(1) {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} ms", took.as_millis())
    }
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

fn outcome_json(outcome: &Outcome) -> Value {
    let mut json = outcome.rule.to_json();
    let status = match &outcome.result {
        Ok(findings) if findings.count == 0 => "kept",
        Ok(_) => "broken",
        Err(_) => "unchecked",
    };
    json["status"] = status.into();
    json["milliseconds"] = milliseconds(outcome.took).into();
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
        let rule = Rule::error(id, "Booking", "It is so.", "Make it so.", "SELECT 1");
        Outcome { rule, took: Duration::from_millis(3), result }
    }

    fn of(outcomes: Vec<Outcome>) -> Report {
        Report { outcomes, took: Duration::from_millis(7) }
    }

    pub(super) fn report() -> Report {
        let ids = || vec!["a".to_owned(), "b".to_owned()];
        of(vec![
            outcome("kept", Ok(Findings::default())),
            outcome("broken", Ok(Findings { count: 7, ids: ids() })),
            outcome("unchecked", Err("no such table".to_owned())),
        ])
    }

    #[test]
    fn text_tells_each_rule_with_what_it_found() {
        let expected = "✔ kept\n✘ broken (error): 7 rows: a, b, …\n    It is so.\n    Make it so.\n\
                        ✘ unchecked: could not be checked: no such table\n\n2 of 3 rules are not kept (7 ms).\n";
        assert_eq!(report().to_text(), expected);
    }

    #[test]
    fn where_nothing_could_be_checked_the_reason_is_told_once() {
        let unchecked = || outcome("unchecked", Err("no such table".to_owned()));
        let expected = "✘ none of the 2 rules could be checked, the first because: no such table\n\n\
                        Is the schema there? cargo xtask migrate status, then cargo xtask migrate deploy\n";
        assert_eq!(of(vec![unchecked(), unchecked()]).to_text(), expected);
    }

    #[test]
    fn a_rule_that_could_not_be_checked_is_not_kept() {
        assert!(!report().is_clean());
        let unchecked = of(vec![outcome("unchecked", Err("no".to_owned()))]);
        assert!(!unchecked.is_clean());
        let kept = of(vec![outcome("kept", Ok(Findings::default()))]);
        assert!(kept.is_clean());
    }

    #[test]
    fn a_warning_fails_only_who_asks_for_it() {
        let mut warning = outcome("broken", Ok(Findings { count: 1, ids: Vec::new() }));
        warning.rule.severity = Severity::Warning;
        let report = of(vec![warning]);
        assert!(report.passes(Severity::Error) && !report.passes(Severity::Warning));
        assert!(
            report.to_text().starts_with("! broken (warning): 1 row\n"),
            "{}",
            report.to_text()
        );
        let unchecked = of(vec![outcome("unchecked", Err("no".to_owned()))]);
        assert!(!unchecked.passes(Severity::Error));
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
