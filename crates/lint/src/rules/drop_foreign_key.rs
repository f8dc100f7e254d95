//! `DROP CONSTRAINT` of a foreign key keeps everybody from both tables.

use sql::statement::{ActionKind, Kind};

use super::Rule;
use crate::catalog::ConstraintKind;
use crate::ctx::{Ctx, shown};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "drop-foreign-key",
    about: "DROP CONSTRAINT of a foreign key, without a short lock_timeout",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    if ctx.state.lock_timeout.is_some() || !ctx.in_use(&alter.table) {
        return;
    }
    for action in &alter.actions {
        let ActionKind::DropConstraint { name, .. } = &action.kind else { continue };
        let known = ctx.catalog.table(&alter.table).and_then(|table| table.constraints.get(name));
        let Some(ConstraintKind::ForeignKey { parent, .. }) = known.map(|known| &known.kind) else {
            continue;
        };
        let what = format!("{} and {} are locked together", shown(&alter.table), shown(parent));
        let mut finding =
            ctx.finding(RULE.id, Severity::Warning, &action.range, &alter.table, &what);
        finding.safe = Some(format!("SET LOCAL lock_timeout = '2s';\n{};", ctx.sql()));
        findings.push(finding);
    }
}
