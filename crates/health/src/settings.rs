//! `prisma/health.toml`: which checks have other limits than those that are built in, exceptions, or are left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use toml::{Table, Value};

use crate::check::Check;
use crate::checks::ALL;
use crate::limits::{Exception, Limits};

/// What `health.toml` says of each check.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    limits: BTreeMap<String, Limits>,
    exceptions: BTreeMap<String, Vec<Exception>>,
    disabled: Vec<String>,
}

impl Settings {
    /// Reads the text of a `health.toml`: a table for each check, with `warn`, `critical` and `enabled`, and what it is
    /// not to tell of in `[[ID.except]]`, each a `subject` as the report names it and the `reason`.
    ///
    /// # Errors
    /// What is no TOML, names no check, or is no number; in a line that says where.
    ///
    /// # Example
    /// ```
    /// assert!(health::Settings::read("[connections]\nwarn = 70").is_ok());
    /// assert!(health::Settings::read("[conections]\nwarn = 70").is_err());
    /// ```
    pub fn read(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let mut settings = Self::default();
        for (id, values) in &table {
            let check = ALL.iter().find(|check| check.id == id);
            let check =
                check.ok_or_else(|| format!("[{id}]: there is no such check; {}", known()))?;
            settings.check(check, values)?;
        }
        Ok(settings)
    }

    /// The text of a `health.toml` that says what is built in, for whoever wants to change it.
    pub fn built_in() -> String {
        let mut text = "\
# From which value on `cargo xtask health` warns, and from which on it is critical. What is left out is as here;
# `enabled = false` leaves a check out. What it is not to tell of is excepted by its name in the report, with a reason:
#   [[duplicate_index.except]]
#   subject = \"Some_column_idx\"
#   reason = \"why it is to stay\"
"
        .to_owned();
        for check in ALL {
            let Limits { warn, critical } = check.limits;
            // Writing to a string does not fail.
            let _ = write!(text, "\n[{}] # {}\nwarn = {warn}\n", check.id, check.unit.name());
            if critical.is_finite() {
                let _ = writeln!(text, "critical = {critical}");
            }
        }
        text
    }

    fn check(&mut self, check: &Check, values: &Value) -> Result<(), String> {
        let id = check.id;
        let values =
            values.as_table().ok_or_else(|| format!("`{id}` is no table: write [{id}]"))?;
        let mut limits = check.limits;
        for (key, value) in values {
            match (key.as_str(), number(value), value.as_bool()) {
                ("warn", Some(number), _) => limits.warn = number,
                ("critical", Some(number), _) => limits.critical = number,
                ("enabled", _, Some(enabled)) => {
                    if !enabled {
                        self.disabled.push(id.to_owned());
                    }
                }
                ("except", ..) => {
                    let exceptions = exceptions(id, value)?;
                    self.exceptions.insert(id.to_owned(), exceptions);
                }
                ("warn" | "critical", ..) => return Err(format!("[{id}] {key}: not a number")),
                ("enabled", ..) => return Err(format!("[{id}] enabled: neither true nor false")),
                _ => {
                    return Err(format!(
                        "[{id}] {key}: there is no such key; it can be warn, critical, enabled or except"
                    ));
                }
            }
        }
        if limits.is_floor() != check.limits.is_floor() {
            let order = if check.limits.is_floor() { "lower" } else { "higher" };
            return Err(format!("[{id}]: critical is to be {order} than warn"));
        }
        self.limits.insert(id.to_owned(), limits);
        Ok(())
    }

    /// What a check is not to tell of.
    pub(crate) fn exceptions(&self, check: &Check) -> &[Exception] {
        self.exceptions.get(check.id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The limits of a check, unless it is not to be run.
    pub(crate) fn limits(&self, check: &Check) -> Option<Limits> {
        if self.disabled.iter().any(|id| id == check.id) {
            return None;
        }
        Some(self.limits.get(check.id).copied().unwrap_or(check.limits))
    }
}

/// Each with what it is about and why: an exception that nobody can account for is none.
fn exceptions(id: &str, value: &Value) -> Result<Vec<Exception>, String> {
    let form = || {
        format!(
            "[[{id}.except]]: subject, as the report names it, and reason, each a text and nothing else"
        )
    };
    let exceptions = value.as_array().ok_or_else(form)?;
    let read = |exception: &Value| {
        let table = exception.as_table().filter(|table| table.len() == 2)?;
        let text = |key: &str| table.get(key)?.as_str().filter(|text| !text.trim().is_empty());
        text("reason")?;
        Some(Exception { subject: text("subject")?.to_owned() })
    };
    exceptions.iter().map(|exception| read(exception).ok_or_else(form)).collect()
}

fn number(value: &Value) -> Option<f64> {
    // As text, since an integer of TOML has more digits than a float keeps.
    value
        .as_float()
        .or_else(|| value.as_integer().and_then(|number| number.to_string().parse().ok()))
}

fn known() -> String {
    let ids: Vec<&str> = ALL.iter().map(|check| check.id).collect();
    format!("they are {}", ids.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_changes_what_it_names_and_nothing_else() {
        let settings = Settings::read("[connections]\nwarn = 70\n[bloat]\nenabled = false")
            .expect("it is right");
        let limits = |id: &str| {
            let check = ALL.iter().find(|check| check.id == id).expect("a check");
            settings.limits(check)
        };
        assert_eq!(limits("connections"), Some(Limits::new(70.0, 90.0)));
        assert_eq!(limits("bloat"), None);
        assert_eq!(limits("blocking"), Some(Limits::new(5.0, 30.0)));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, message) in [
            ("[bloot]", "[bloot]: there is no such check; they are blocking, "),
            ("[bloat]\nwarm = 1", "[bloat] warm: there is no such key"),
            ("[bloat]\nwarn = \"much\"", "[bloat] warn: not a number"),
            ("[bloat]\nwarn = 60", "[bloat]: critical is to be higher than warn"),
            ("bloat = 3", "`bloat` is no table: write [bloat]"),
            (
                "[bloat]\nexcept = 1",
                "[[bloat.except]]: subject, as the report names it, and reason",
            ),
            ("[[bloat.except]]\nsubject = \"t\"", "[[bloat.except]]: subject"),
            ("[[bloat.except]]\nsubject = \"t\"\nreason = \"\"", "[[bloat.except]]: subject"),
        ] {
            let error = Settings::read(text).expect_err(text);
            assert!(error.starts_with(message), "{error}");
        }
    }
}
