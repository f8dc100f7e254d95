//! A column that may be null from now on surprises a release that does not expect it.

use sql::statement::{ActionKind, Kind};

use super::Rule;
use crate::ctx::{Ctx, shown};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule =
    Rule { id: "drop-not-null", about: "DROP NOT NULL of a column in use", check };

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    for action in &alter.actions {
        let ActionKind::DropNotNull { column } = &action.kind else { continue };
        if !ctx.in_use(&alter.table) {
            continue;
        }
        let what = format!("`{column}` of {} may be null from now on", shown(&alter.table));
        let mut finding =
            ctx.finding(RULE.id, Severity::Warning, &action.range, &alter.table, &what);
        "a release that reads it as required fails at the first null".clone_into(&mut finding.why);
        finding.safe =
            Some(format!("-- once all releases read `{column}` as optional:\n{};", ctx.sql()));
        findings.push(finding);
    }
}
