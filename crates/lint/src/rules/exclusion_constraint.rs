//! `ADD EXCLUDE` builds its index while nobody gets at the table, and there is no other way to add it.

use sql::statement::{ActionKind, ConstraintKind, Kind};

use super::Rule;
use crate::ctx::{Ctx, shown};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule =
    Rule { id: "exclusion-constraint", about: "ADD EXCLUDE on a table in use", check };

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    for action in &alter.actions {
        let ActionKind::AddConstraint(constraint) = &action.kind else { continue };
        if constraint.kind != ConstraintKind::Exclude || !ctx.in_use(&alter.table) {
            continue;
        }
        let what =
            format!("EXCLUDE builds its index on {} while it may be in use", shown(&alter.table));
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        finding.safe = Some(
            "-- PostgreSQL has no way to add it to rows in use: make a new table with it, fill that in batches, and switch"
                .to_owned(),
        );
        findings.push(finding);
    }
}
