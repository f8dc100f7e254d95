//! For GitHub: workflow commands, which its runner turns into annotations beside the lines of a pull request.

use std::fmt::Write as _;

use super::{Judged, details, places};
use crate::{Finding, Severity};

/// A command for each finding, one a line; GitHub wants paths relative to the repository.
pub fn github(files: &[Judged<'_>]) -> String {
    let all =
        files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)));
    all.map(|(file, finding)| command(file, finding)).collect()
}

fn command(file: &Judged<'_>, finding: &Finding) -> String {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (start, end) = places(file, finding);
    let mut place =
        format!("file={},line={},endLine={}", property(file.path), start.line, end.line);
    // The runner knows columns only within a line.
    if start.line == end.line {
        let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
    }
    let message = [vec![finding.message.clone()], details(finding)].concat().join("\n");
    format!("::{kind} {place},title={}::{}\n", property(finding.rule), data(&message))
}

/// The runner decodes these three in a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// And these two more in a property, which they would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
