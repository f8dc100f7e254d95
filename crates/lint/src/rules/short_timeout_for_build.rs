//! A short `lock_timeout` ends what waits long by its nature: a concurrent build is left half done.

use sql::statement::{ActionKind, Kind};

use super::Rule;
use crate::ctx::Ctx;
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "short-timeout-for-build",
    about: "CONCURRENTLY or VALIDATE under a lock_timeout",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let (what, why) = match &ctx.statement.kind {
        Kind::CreateIndex(index) if index.concurrently => (
            "the build",
            "it waits for every transaction before it, and one that ends early leaves an index that is not valid",
        ),
        Kind::DropIndex(drop) if drop.concurrently => (
            "the drop",
            "it waits for every transaction before it, and one that ends early leaves an index that is not valid",
        ),
        Kind::Reindex(reindex) if reindex.concurrently => (
            "the build",
            "it waits for every transaction before it, and one that ends early leaves an index that is not valid",
        ),
        Kind::AlterTable(alter)
            if alter
                .actions
                .iter()
                .any(|action| matches!(action.kind, ActionKind::ValidateConstraint { .. })) =>
        {
            (
                "the validation",
                "its lock lets readers and writers go on, so that there is no harm in waiting for it",
            )
        }
        _ => return,
    };
    let Some(timeout) = &ctx.state.lock_timeout else { return };
    findings.push(Finding {
        rule: RULE.id,
        severity: Severity::Warning,
        range: ctx.statement.range.clone(),
        message: format!("{what} may end at a lock_timeout of {timeout}"),
        why: why.to_owned(),
        lock: None,
        safe: Some(format!("SET lock_timeout = 0;\n{};", ctx.sql())),
        fix: None,
    });
}
