//! What the checks found, as a value and as text, JSON or metrics.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Failure;

/// How things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It cannot be told here, for want of an extension or a right.
    Unknown,
    /// Well.
    Ok,
    /// Worth a look.
    Warn,
    /// Worth getting up for; also a check that failed.
    Critical,
}

/// What all checks found, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One for each check.
    pub outcomes: Vec<Outcome>,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its name for programs.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What the value of the finding is: `seconds`, `percent`, …
    pub unit: &'static str,
    /// How long it took.
    pub took: Duration,
    /// What it found, or why it failed.
    pub result: Result<Finding, Failure>,
}

/// What there is to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// How bad it is.
    pub state: State,
    /// The worst value, in the unit of the check; none where nothing was measured.
    pub value: Option<f64>,
    /// For people: a line, or one for each subject.
    pub message: String,
    /// What to do about it: SQL, or words.
    pub advice: Vec<String>,
    /// For programs: the figures in the message, and those that had no room there.
    pub figures: Value,
}

impl Finding {
    /// All is well.
    pub(crate) fn well(value: Option<f64>, message: String, figures: Value) -> Self {
        Self { state: State::Ok, value, message, advice: Vec::new(), figures }
    }

    /// It cannot be told, for this reason.
    pub(crate) fn unknown(reason: String) -> Self {
        Self {
            state: State::Unknown,
            value: None,
            message: reason,
            advice: Vec::new(),
            figures: json!({}),
        }
    }
}

impl Outcome {
    /// How bad it is: a check that failed is critical.
    pub fn state(&self) -> State {
        self.result.as_ref().map_or(State::Critical, |finding| finding.state)
    }

    fn advice(&self) -> &[String] {
        match &self.result {
            Ok(finding) => &finding.advice,
            Err(failure) => &failure.advice,
        }
    }

    fn message(&self) -> &str {
        match &self.result {
            Ok(finding) => &finding.message,
            Err(failure) => &failure.reason,
        }
    }
}

impl State {
    fn sign(self) -> char {
        match self {
            Self::Unknown => '?',
            Self::Ok => '✔',
            Self::Warn => '!',
            Self::Critical => '✘',
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Critical => "critical",
        }
    }
}

impl Report {
    /// The worst of all checks.
    pub fn state(&self) -> State {
        self.outcomes.iter().map(Outcome::state).max().unwrap_or(State::Ok)
    }

    /// Whether nothing is as bad as this.
    pub fn passes(&self, gate: State) -> bool {
        self.state() < gate
    }

    /// A line for each check, with what to do below it.
    pub fn to_text(&self) -> String {
        let width = self.outcomes.iter().map(|outcome| outcome.name.chars().count()).max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        for outcome in &self.outcomes {
            let (sign, message) = (outcome.state().sign(), continued(outcome.message(), width));
            // Writing to a string does not fail.
            let _ = writeln!(text, "{sign} {:width$}  {message}", outcome.name);
            for advice in outcome.advice() {
                let _ = writeln!(text, "{:indent$}→ {advice}", "", indent = width + 4);
            }
        }
        text
    }

    /// `{healthy, state, checks: [{id, name, state, ok, value, unit, message, advice, figures, milliseconds}]}`.
    pub fn to_json(&self) -> Value {
        let check = |outcome: &Outcome| {
            let mut json = json!({
                "id": outcome.id,
                "name": outcome.name,
                "state": outcome.state().name(),
                "ok": outcome.state() <= State::Ok,
                "message": outcome.message(),
                "milliseconds": outcome.took.as_secs_f64() * 1_000.0,
                "advice": outcome.advice(),
            });
            if let Ok(finding) = &outcome.result {
                json["value"] = json!(finding.value);
                json["unit"] = json!(outcome.unit);
                json["figures"] = finding.figures.clone();
            }
            json
        };
        json!({
            "healthy": self.passes(State::Critical),
            "state": self.state().name(),
            "checks": self.outcomes.iter().map(check).collect::<Vec<Value>>(),
        })
    }

    /// The text format of Prometheus: state, value and time of each check.
    pub fn to_prometheus(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, help: &str, value: &dyn Fn(&Outcome) -> Option<f64>| {
            let _ = writeln!(text, "# HELP driveflow_health_{name} {help}");
            let _ = writeln!(text, "# TYPE driveflow_health_{name} gauge");
            for outcome in &self.outcomes {
                let Some(value) = value(outcome) else { continue };
                let unit = if name == "value" {
                    format!(",unit=\"{}\"", outcome.unit)
                } else {
                    String::new()
                };
                let _ = writeln!(
                    text,
                    "driveflow_health_{name}{{check=\"{}\"{unit}}} {value}",
                    outcome.id
                );
            }
        };
        family("state", "How a check is: -1 unknown, 0 ok, 1 warn, 2 critical.", &|outcome| {
            Some(match outcome.state() {
                State::Unknown => -1.0,
                State::Ok => 0.0,
                State::Warn => 1.0,
                State::Critical => 2.0,
            })
        });
        family("value", "The worst value that a check found.", &|outcome| {
            outcome.result.as_ref().ok().and_then(|finding| finding.value)
        });
        family("duration_seconds", "How long a check took.", &|outcome| {
            Some(outcome.took.as_secs_f64())
        });
        text
    }
}

/// A message of several lines, the further ones below the first; blank ones left out.
fn continued(message: &str, width: usize) -> String {
    let lines: Vec<&str> = message.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.join(&format!("\n{:indent$}", "", indent = width + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &'static str, result: Result<Finding, Failure>) -> Outcome {
        Outcome { id: "some", name, unit: "count", took: Duration::from_millis(2), result }
    }

    fn report() -> Report {
        let well = Finding::well(Some(2.0), "2 bookings".to_owned(), json!({ "bookings": 2 }));
        let warned = Finding {
            state: State::Warn,
            advice: vec!["DROP INDEX a".to_owned()],
            ..Finding::well(Some(1.0), "a".to_owned(), json!({}))
        };
        Report {
            outcomes: vec![
                outcome("Bookings", Ok(well)),
                outcome("Indexes", Ok(warned)),
                outcome(
                    "Tables",
                    Err(Failure::new("one is missing\n\nand another", Some("make it"))),
                ),
                outcome("Slow", Ok(Finding::unknown("no extension".to_owned()))),
            ],
        }
    }

    #[test]
    fn each_check_has_a_line_and_what_to_do_below() {
        assert_eq!(
            report().to_text(),
            "✔ Bookings  2 bookings\n! Indexes   a\n            → DROP INDEX a\n✘ Tables    one is missing\n            \
             and another\n            → make it\n? Slow      no extension\n"
        );
    }

    #[test]
    fn a_gate_lets_through_what_is_less_bad() {
        let mut report = report();
        assert!(!report.passes(State::Critical));
        report.outcomes.remove(2);
        assert!(report.passes(State::Critical) && !report.passes(State::Warn));
        report.outcomes.remove(1);
        assert!(report.passes(State::Warn), "what cannot be told fails nothing");
    }

    #[test]
    fn json_tells_the_same() {
        let json = report().to_json();
        assert_eq!((&json["healthy"], &json["state"]), (&json!(false), &json!("critical")));
        let first = json!({
            "id": "some", "name": "Bookings", "state": "ok", "ok": true, "message": "2 bookings", "milliseconds": 2.0,
            "value": 2.0, "unit": "count", "advice": [], "figures": { "bookings": 2 },
        });
        assert_eq!(json["checks"][0], first);
        assert_eq!(json["checks"][2]["message"], "one is missing\n\nand another");
    }

    #[test]
    fn metrics_have_a_line_for_what_was_measured() {
        let text = report().to_prometheus();
        assert!(text.contains("driveflow_health_state{check=\"some\"} 2\n"), "{text}");
        assert!(
            text.contains("driveflow_health_value{check=\"some\",unit=\"count\"} 2\n"),
            "{text}"
        );
        assert_eq!(text.matches("driveflow_health_value{").count(), 2, "{text}");
        assert_eq!(text.matches("# TYPE").count(), 3, "{text}");
    }
}
