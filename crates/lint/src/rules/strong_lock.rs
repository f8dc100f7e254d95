//! Statements that are done at once but wait for everybody before them, with everybody after them waiting too.

use sql::statement::{ActionKind, Kind, Object, Verb};

use super::Rule;
use crate::ctx::{Ctx, shown};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "strong-lock",
    about: "triggers, policies, row level security, replica identity on a table in use, without a short lock_timeout",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    if ctx.state.lock_timeout.is_some() {
        return;
    }
    let is_such = match &ctx.statement.kind {
        Kind::Define { verb: Verb::Create | Verb::Alter, object, .. } => {
            matches!(object, Object::Trigger | Object::Policy | Object::Rule)
        }
        Kind::Drop(drop) => matches!(drop.object, Object::Trigger | Object::Policy | Object::Rule),
        Kind::AlterTable(alter) => alter.actions.iter().any(|action| {
            matches!(
                action.kind,
                ActionKind::Trigger
                    | ActionKind::Rule
                    | ActionKind::RowSecurity
                    | ActionKind::ReplicaIdentity
            )
        }),
        _ => false,
    };
    let Some(touch) = ctx.effect.touches.iter().find(|touch| touch.in_use).filter(|_| is_such)
    else {
        return;
    };
    let what = format!(
        "{} is locked for a change that is brief, once it has the lock",
        shown(&touch.table)
    );
    let mut finding =
        ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, &touch.table, &what);
    finding.safe = Some(format!("SET LOCAL lock_timeout = '2s';\n{};", ctx.sql()));
    findings.push(finding);
}
