//! What the checks found, as a value and as text or JSON.

use serde_json::{Value, json};

/// What all checks found, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One for each check.
    pub checks: Vec<Check>,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What is checked.
    pub name: &'static str,
    /// What it found, or what is wrong.
    pub result: Result<Finding, String>,
}

/// What there is to say when all is well.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// For people, in a line.
    pub message: String,
    /// For programs: the figures in the message, and those that had no room there.
    pub figures: Value,
}

impl Report {
    /// Whether no check failed.
    pub fn is_healthy(&self) -> bool {
        self.checks.iter().all(|check| check.result.is_ok())
    }

    /// A line for each check.
    pub fn to_text(&self) -> String {
        let width = self.checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
        let line = |Check { name, result }: &Check| match result {
            Ok(finding) => format!("✔ {name:width$}  {}\n", finding.message),
            Err(error) => format!("✘ {name:width$}  {}\n", continued(error, width)),
        };
        self.checks.iter().map(line).collect()
    }

    /// `{healthy, checks: [{name, ok, message, figures}]}`; `figures` of those that are well.
    pub fn to_json(&self) -> Value {
        let check = |Check { name, result }: &Check| match result {
            Ok(Finding { message, figures }) => {
                json!({ "name": name, "ok": true, "message": message, "figures": figures })
            }
            Err(error) => json!({ "name": name, "ok": false, "message": error }),
        };
        json!({
            "healthy": self.is_healthy(),
            "checks": self.checks.iter().map(check).collect::<Vec<Value>>(),
        })
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

    fn report() -> Report {
        let finding =
            Finding { message: "2 bookings".to_owned(), figures: json!({ "bookings": 2 }) };
        Report {
            checks: vec![
                Check { name: "Bookings", result: Ok(finding) },
                Check { name: "Tables", result: Err("one is missing".to_owned()) },
            ],
        }
    }

    #[test]
    fn each_check_has_a_line() {
        assert_eq!(report().to_text(), "✔ Bookings  2 bookings\n✘ Tables    one is missing\n");
    }

    #[test]
    fn further_lines_of_a_message_stand_below_the_first() {
        let check =
            Check { name: "Tables", result: Err("one is missing\n\nand another".to_owned()) };
        let report = Report { checks: vec![check] };
        assert_eq!(report.to_text(), "✘ Tables  one is missing\n          and another\n");
    }

    #[test]
    fn one_failed_check_is_enough_to_be_unwell() {
        assert!(!report().is_healthy());
        let well = Report { checks: report().checks.into_iter().take(1).collect() };
        assert!(well.is_healthy());
    }

    #[test]
    fn json_tells_the_same() {
        let expected = json!({
            "healthy": false,
            "checks": [
                { "name": "Bookings", "ok": true, "message": "2 bookings", "figures": { "bookings": 2 } },
                { "name": "Tables", "ok": false, "message": "one is missing" },
            ],
        });
        assert_eq!(report().to_json(), expected);
    }
}
