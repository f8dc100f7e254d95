//! What refuses a transaction, inside a transaction that the script opens.

use super::Rule;
use crate::ctx::Ctx;
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "concurrently-in-transaction",
    about: "a statement that PostgreSQL refuses inside a transaction, between BEGIN and COMMIT",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    if !ctx.state.in_block || ctx.statement.is_transactional(ctx.version) {
        return;
    }
    let words: Vec<&str> = ctx.statement.words.iter().take(3).map(String::as_str).collect();
    findings.push(Finding {
        rule: RULE.id,
        severity: Severity::Error,
        range: ctx.statement.range.clone(),
        message: format!("{} is refused inside a transaction", words.join(" ")),
        why: "the script has opened one with BEGIN, so the server stops here and takes all of it back".to_owned(),
        lock: None,
        safe: Some(format!("COMMIT;\n{};\nBEGIN;", ctx.sql())),
        fix: None,
    });
}
