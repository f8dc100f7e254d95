//! `-- lint: allow RULE because …`: the only way to silence a finding.
//!
//! The comment stands before the statement that it is about, or at its side, and says why. One that names no rule or gives no reason is a
//! finding itself.

use std::ops::Range;

use sql::{Statement, is_outside};

use crate::{Finding, Severity, rules};

/// The allowances of a file, and what is wrong with some.
pub(crate) struct Allowed {
    pub allowances: Vec<Allowance>,
    pub mistakes: Vec<Finding>,
}

/// One rule, allowed for one statement.
pub(crate) struct Allowance {
    rule: String,
    statement: Range<usize>,
}

impl Allowance {
    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        finding.rule == self.rule
            && self.statement.start <= finding.range.start
            && finding.range.start <= self.statement.end
    }
}

const MARK: &str = "-- lint:";

pub(crate) fn read(text: &str, statements: &[Statement]) -> Allowed {
    let mut found = Allowed { allowances: Vec::new(), mistakes: Vec::new() };
    for (at, _) in text.match_indices(MARK).filter(|(at, _)| is_outside(text, *at)) {
        let line = text[at..].lines().next().unwrap_or_default();
        let range = at..at + line.len();
        let mistake = |message: String, why: &str| Finding {
            rule: "allow",
            severity: Severity::Error,
            range: range.clone(),
            message,
            why: why.to_owned(),
            lock: None,
            safe: Some("-- lint: allow RULE because REASON".to_owned()),
            fix: None,
        };
        let Some(rest) = line[MARK.len()..].trim().strip_prefix("allow ") else {
            found.mistakes.push(mistake(
                "this is no instruction for lint".to_owned(),
                "the only one is `-- lint: allow RULE because REASON`",
            ));
            continue;
        };
        let (rule, reason) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        if !rules::ALL.iter().any(|known| known.id == rule) {
            let close = rules::ALL
                .iter()
                .map(|rule| rule.id)
                .find(|id| id.contains(rule) || rule.contains(id));
            let message = format!("there is no rule `{rule}`");
            let hint = close.map_or_else(
                || "`cargo xtask migrate lint --list` names them all".to_owned(),
                |close| format!("is `{close}` meant?"),
            );
            found.mistakes.push(mistake(message, &hint));
            continue;
        }
        let reason = reason.trim().strip_prefix("because").map(str::trim).unwrap_or_default();
        if reason.is_empty() {
            found.mistakes.push(mistake(
                format!("`{rule}` is allowed without a reason"),
                "whoever reads it in a year wants to know why: end it with `because …`",
            ));
            continue;
        }
        // At the side of a statement it is about that one, else about the next.
        let beside = statements.iter().find(|statement| {
            statement.range.start < at
                && !text[statement.range.start..at].trim_end_matches([' ', '\t']).ends_with('\n')
                && (at <= statement.range.end || !text[statement.range.end..at].contains('\n'))
        });
        let next = || statements.iter().find(|statement| statement.range.end > at);
        if let Some(statement) = beside.or_else(next) {
            let statement = statement.range.clone();
            found.allowances.push(Allowance { rule: rule.to_owned(), statement });
        }
    }
    found
}
