//! For programs: an array with an object for each finding, in the order of the history.
//!
//! Lines and columns are counted from 1, columns in characters; `start` and `end` are bytes of the file, counted from 0. `lock`,
//! `safe` and `fix` may be null.

use serde_json::{Value, json};

use super::{Judged, called, places};
use crate::Finding;
use crate::effect::{Blocks, lock_name};

/// The findings as a JSON array.
pub fn json(files: &[Judged<'_>]) -> String {
    let all =
        files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)));
    let all: Vec<Value> = all.map(|(file, finding)| object(file, finding)).collect();
    format!("{:#}\n", Value::Array(all))
}

fn object(file: &Judged<'_>, finding: &Finding) -> Value {
    let (start, end) = places(file, finding);
    let blocks = |mode| match Blocks::of(mode) {
        Blocks::Nothing => "nothing",
        Blocks::Changes => "changes",
        Blocks::Writes => "writes",
        Blocks::Reads => "reads and writes",
    };
    json!({
        "rule": finding.rule,
        "severity": finding.severity.word(),
        "message": finding.message,
        "migration": file.migration,
        "file": file.path,
        "line": start.line,
        "column": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "start": finding.range.start,
        "end": finding.range.end,
        "lock": finding.lock.as_ref().map(|(mode, table)| {
            json!({ "mode": lock_name(*mode), "table": called(table), "blocks": blocks(*mode) })
        }),
        "why": finding.why,
        "safe": finding.safe,
        "fix": finding.fix.as_ref().map(|fix| {
            json!({ "start": fix.range.start, "end": fix.range.end, "replacement": fix.text })
        }),
    })
}
