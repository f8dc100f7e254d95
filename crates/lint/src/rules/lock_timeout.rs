//! Without `lock_timeout` a statement waits for its lock as long as it takes, and everybody waits behind it.

use sql::statement::{Kind, Name};

use super::Rule;
use crate::ctx::{Ctx, shown};
use crate::finding::{Finding, Fix, Severity};
use crate::{Blocks, effect};

pub(super) const RULE: Rule = Rule {
    id: "lock-timeout",
    about: "a strong lock of a table in use, with no lock_timeout set (once a migration)",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let is_told = findings.iter().any(|finding| finding.rule == RULE.id);
    if ctx.state.lock_timeout.is_some() || is_told || matches!(ctx.statement.kind, Kind::Lock(_)) {
        return;
    }
    let strong = ctx
        .effect
        .touches
        .iter()
        .find(|touch| touch.in_use && Blocks::of(touch.lock) >= Blocks::Writes);
    let Some(touch) = strong else { return };
    let table: &Name = &touch.table;
    let what = format!("{} is waited for without an end", shown(table));
    let mut finding = ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, table, &what);
    finding.why = format!(
        "while it waits for {} behind one long query, everybody else waits behind it; `cargo xtask migrate deploy` \
         sets a timeout itself, other tools do not",
        effect::lock_name(touch.lock)
    );
    finding.safe = Some(format!("SET LOCAL lock_timeout = '2s';\n{};", ctx.sql()));
    let at = ctx.statement.range.start;
    let can_fix = ctx.statement.is_transactional(ctx.version);
    finding.fix =
        can_fix.then(|| Fix { range: at..at, text: "SET LOCAL lock_timeout = '2s';\n".to_owned() });
    findings.push(finding);
}
