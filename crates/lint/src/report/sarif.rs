//! SARIF 2.1.0, which code scanners and editors read (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/>).

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Judged, details, places};
use crate::{Finding, rules};

/// The findings as one run.
pub fn sarif(files: &[Judged<'_>]) -> String {
    let rule = |id: &str, about: &str| json!({ "id": id, "shortDescription": { "text": about } });
    let allow = rule("allow", "a comment that allows nothing");
    let known = rules::ALL.iter().map(|of| rule(of.id, of.about));
    let all =
        files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "xtask migrate lint",
                "rules": known.chain([allow]).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": all.map(|(file, finding)| result(file, finding)).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn result(file: &Judged<'_>, finding: &Finding) -> Value {
    let (start, end) = places(file, finding);
    let message = [vec![finding.message.clone()], details(finding)].concat().join("\n");
    json!({
        "ruleId": finding.rule,
        "level": finding.severity.word(),
        "message": { "text": message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(file.path) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        } }],
    })
}

/// A path as a relative URI.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
