//! What a guard has made sure of: that no release needs any more what a migration takes away.
//!
//! A rollout has its way to the end written down before it begins, and the migration that contracts it starts with a block
//! that raises while the old side is still in use. What it drops or renames as it was written down breaks no release.
//! Whatever else somebody has added to it is judged as anything is.

use std::collections::BTreeSet;

use sql::Statement;
use sql::statement::Kind;

use crate::Finding;

/// The rules about what a running release would miss.
const OF_RELEASES: [&str; 2] = ["drop-breaks-release", "rename-breaks-release"];

/// Takes out of the findings of `text` those about running releases that its guard has settled, as far as its statements
/// stand in `contract`, the end of the rollout as it was written down.
pub fn settle(text: &str, contract: &str, findings: &mut Vec<Finding>) {
    let statements = Statement::read(text);
    let is_guarded = statements.first().is_some_and(|first| {
        let block = &text[first.range.clone()];
        matches!(first.kind, Kind::Code(_)) && block.to_ascii_lowercase().contains("raise")
    });
    if !is_guarded {
        return;
    }
    let foreseen = Statement::read(contract);
    let foreseen: BTreeSet<&str> =
        foreseen.iter().map(|statement| &contract[statement.range.clone()]).collect();
    findings.retain(|finding| {
        let of = statements.iter().find(|one| one.range.contains(&finding.range.start));
        let is_foreseen = of.is_some_and(|one| foreseen.contains(&text[one.range.clone()]));
        !(is_foreseen && OF_RELEASES.contains(&finding.rule))
    });
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::{Source, check};

    const GUARD: &str = "DO $$ BEGIN IF true THEN RAISE EXCEPTION 'not yet'; END IF; END $$;\n";
    const WAY: &str = "ALTER TABLE t DROP COLUMN a;\nALTER TABLE t RENAME COLUMN b TO a;\n";

    fn rules(text: &str) -> Vec<&'static str> {
        let history = [
            Source {
                name: "1",
                text: "CREATE TABLE t (a int, b int, c int)",
                is_judged: false,
                is_pending: false,
            },
            Source { name: "2", text, is_judged: true, is_pending: false },
        ];
        let mut findings = check(&history, &[], 15).remove(0).findings;
        settle(text, &format!("{GUARD}{WAY}"), &mut findings);
        findings
            .into_iter()
            .map(|finding| finding.rule)
            .filter(|rule| rule.contains("release"))
            .collect()
    }

    #[test]
    fn what_the_guard_has_settled_is_no_finding_and_nothing_else() {
        let both = ["drop-breaks-release", "rename-breaks-release"];
        assert!(rules(&format!("{GUARD}{WAY}")).is_empty());
        assert_eq!(rules(WAY), both);
        assert_eq!(rules(&format!("DO $$ BEGIN END $$;\n{WAY}")), both);
        assert_eq!(rules(&format!("{GUARD}{WAY}ALTER TABLE t DROP COLUMN c;")), [both[0]]);
    }
}
