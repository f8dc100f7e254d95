//! What the doctor says: a line for each thing that was found, below it what mends it; or all of it as JSON.
//!
//! Every text passes through [`hide`], since it may quote a URL, a statement or the server.

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::secrets::hide;
use crate::terminal::{say, write_result};

/// What is looked at, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    Schema,
    Url,
    Dns,
    Port,
    Tls,
    Server,
    Password,
    Database,
    Version,
    Pooler,
    Rights,
    Shadow,
    History,
    Drift,
    Extensions,
    LeftOvers,
    Slow,
    Indexes,
    Client,
}

impl Check {
    const ALL: [Self; 19] = [
        Self::Schema,
        Self::Url,
        Self::Dns,
        Self::Port,
        Self::Tls,
        Self::Server,
        Self::Password,
        Self::Database,
        Self::Version,
        Self::Pooler,
        Self::Rights,
        Self::Shadow,
        Self::History,
        Self::Drift,
        Self::Extensions,
        Self::LeftOvers,
        Self::Slow,
        Self::Indexes,
        Self::Client,
    ];

    /// Its name for programs, and for people.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Schema => ("schema", "Schema"),
            Self::Url => ("url", "URL"),
            Self::Dns => ("dns", "DNS"),
            Self::Port => ("port", "Port"),
            Self::Tls => ("tls", "TLS"),
            Self::Server => ("server", "Server"),
            Self::Password => ("password", "Password"),
            Self::Database => ("database", "Database"),
            Self::Version => ("version", "Version"),
            Self::Pooler => ("pooler", "Pooler"),
            Self::Rights => ("rights", "Rights"),
            Self::Shadow => ("shadow", "Shadow"),
            Self::History => ("history", "History"),
            Self::Drift => ("drift", "Drift"),
            Self::Extensions => ("extensions", "Extensions"),
            Self::LeftOvers => ("left_overs", "Left-overs"),
            Self::Slow => ("slow_statements", "Slow queries"),
            Self::Indexes => ("indexes", "Indexes"),
            Self::Client => ("client", "Client"),
        }
    }
}

/// How wide names for people are.
const WIDTH: usize = 12;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Well,
    /// Worth a look; nothing fails by it today.
    Hint,
    Wrong,
    /// Something before it is in the way.
    Skipped,
}

impl State {
    /// Its name for programs, and its sign for people: those of `health`.
    fn names(self) -> (&'static str, char) {
        match self {
            Self::Well => ("ok", '✔'),
            Self::Hint => ("hint", '!'),
            Self::Wrong => ("wrong", '✘'),
            Self::Skipped => ("skipped", '–'),
        }
    }
}

#[derive(Debug)]
struct Finding {
    check: Check,
    state: State,
    message: String,
    /// Commands and SQL, or words where there are neither.
    advice: Vec<String>,
}

/// What was found; as text it is told at once.
#[derive(Debug)]
pub(super) struct Report {
    is_text: bool,
    findings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(is_text: bool) -> Self {
        Self { is_text, findings: Vec::new() }
    }

    pub(super) fn well(&mut self, check: Check, message: impl Into<String>) {
        self.tell(check, State::Well, message, [""; 0]);
    }

    pub(super) fn hint(
        &mut self,
        check: Check,
        message: impl Into<String>,
        advice: impl IntoIterator<Item = impl Into<String>>,
    ) {
        self.tell(check, State::Hint, message, advice);
    }

    pub(super) fn wrong(
        &mut self,
        check: Check,
        message: impl Into<String>,
        advice: impl IntoIterator<Item = impl Into<String>>,
    ) {
        self.tell(check, State::Wrong, message, advice);
    }

    /// A check that could not be carried through: the failure's own words and help.
    pub(super) fn failed(&mut self, check: Check, failure: &Failure) {
        let code = failure.code.as_deref().map(|code| format!("{code}: ")).unwrap_or_default();
        let help = failure.help.as_deref().map(one_line);
        self.wrong(check, format!("{code}{}", one_line(&failure.message)), help);
    }

    pub(super) fn skip(&mut self, checks: &[Check], why: &str) {
        for check in checks {
            self.tell(*check, State::Skipped, format!("skipped: {why}"), [""; 0]);
        }
    }

    /// Skips all that nothing was told of.
    pub(super) fn skip_rest(&mut self, why: &str) {
        self.skip_untold(&Check::ALL, why);
    }

    /// As [`Self::skip_rest`], of those that take a database.
    pub(super) fn skip_database(&mut self, why: &str) {
        let takes_one =
            |check: &Check| !matches!(check, Check::Schema | Check::Url | Check::Client);
        let checks: Vec<Check> = Check::ALL.into_iter().filter(takes_one).collect();
        self.skip_untold(&checks, why);
    }

    fn skip_untold(&mut self, checks: &[Check], why: &str) {
        let untold: Vec<Check> =
            checks.iter().copied().filter(|check| self.is_untold(*check)).collect();
        self.skip(&untold, why);
    }

    /// Whether nothing was told of a check yet.
    pub(super) fn is_untold(&self, check: Check) -> bool {
        self.findings.iter().all(|finding| finding.check != check)
    }

    /// Whether there are hints at most.
    pub(super) fn is_good(&self) -> bool {
        self.count(State::Wrong) == 0
    }

    /// Says how many of each there are, or all of it, as JSON. A person is told that the commands need a flag, too.
    pub(super) fn end(&self, is_named_by_flag: bool) -> Result<()> {
        if !self.is_text {
            return write_result(&format!("{:#}\n", self.to_json()));
        }
        let (wrong, hints) = (self.count(State::Wrong), self.count(State::Hint));
        let hints = match hints {
            0 => String::new(),
            1 => " There is 1 hint.".to_owned(),
            _ => format!(" There are {hints} hints."),
        };
        match wrong {
            0 => say!("\nNothing is wrong.{hints}"),
            1 => say!("\n1 thing is wrong.{hints}"),
            _ => say!("\n{wrong} things are wrong: mend the first one first.{hints}"),
        }
        if is_named_by_flag {
            say!("The commands above take the same --database-url.");
        }
        Ok(())
    }

    fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }

    fn tell(
        &mut self,
        check: Check,
        state: State,
        message: impl Into<String>,
        advice: impl IntoIterator<Item = impl Into<String>>,
    ) {
        let message = hide(&message.into());
        let advice: Vec<String> = advice.into_iter().map(|line| hide(&line.into())).collect();
        if self.is_text {
            let ((_, name), (_, sign)) = (check.names(), state.names());
            say!("{sign} {name:WIDTH$}  {message}");
            for line in &advice {
                say!("{:1$}→ {line}", "", WIDTH + 4);
            }
        }
        self.findings.push(Finding { check, state, message, advice });
    }

    /// `{ok, wrong, hints, checks: [{id, name, state, message, advice}]}`; a check may have several.
    fn to_json(&self) -> Value {
        let finding = |finding: &Finding| {
            let ((id, name), (state, _)) = (finding.check.names(), finding.state.names());
            json!({"id": id, "name": name, "state": state, "message": finding.message, "advice": finding.advice})
        };
        json!({
            "ok": self.is_good(),
            "wrong": self.count(State::Wrong),
            "hints": self.count(State::Hint),
            "checks": self.findings.iter().map(finding).collect::<Vec<Value>>(),
        })
    }
}

/// A text of several lines as one, cut off where it is long.
pub(super) fn one_line(text: &str) -> String {
    const LENGTH: usize = 300;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LENGTH) {
        Some((at, _)) => format!("{} …", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_place_and_a_name_that_fits() {
        for (at, check) in Check::ALL.iter().enumerate() {
            assert_eq!(*check as usize, at, "the order is told once");
            let (id, name) = check.names();
            assert!(name.len() <= WIDTH && !id.contains(' '), "{name}");
        }
    }

    #[test]
    fn what_was_told_is_not_skipped_and_no_password_is_kept() {
        let mut report = Report::new(false);
        report.wrong(Check::Schema, "postgresql://u:s3cr3t@h/d", ["PASSWORD 's3cr3t'"]);
        report.skip_rest("nothing to begin with");
        assert_eq!(report.findings.len(), Check::ALL.len());
        assert!(!report.is_good());
        let json = report.to_json();
        assert!(!json.to_string().contains("s3cr3t"), "{json}");
        assert_eq!((&json["wrong"], &json["checks"][1]["state"]), (&json!(1), &json!("skipped")));
    }
}
