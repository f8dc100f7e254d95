//! Statements whose very purpose is to write a table anew.

use sql::statement::{ActionKind, Kind};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "rewrites-table",
    about: "CLUSTER, VACUUM FULL, SET LOGGED, SET UNLOGGED, SET TABLESPACE, REFRESH that keeps readers away",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let (word, safe) = match &ctx.statement.kind {
        Kind::Cluster { table } => {
            let table = table.as_ref().map(written).unwrap_or_default();
            ("CLUSTER", format!("-- pg_repack --table {table} does it beside the readers and writers"))
        }
        Kind::Vacuum(vacuum) if vacuum.full => {
            ("VACUUM FULL", "-- pg_repack gives the space back beside the readers and writers; a plain VACUUM lets it be used again".to_owned())
        }
        Kind::Refresh { view, concurrently: false } => (
            "REFRESH MATERIALIZED VIEW",
            format!("-- with a unique index on it:\nREFRESH MATERIALIZED VIEW CONCURRENTLY {};", written(view)),
        ),
        Kind::AlterTable(alter) => {
            let is_such = |kind: &ActionKind| {
                matches!(kind, ActionKind::SetLogged | ActionKind::SetUnlogged | ActionKind::SetTablespace { .. } | ActionKind::SetAccessMethod { .. })
            };
            if !alter.actions.iter().any(|action| is_such(&action.kind)) {
                return;
            }
            ("this", "-- make a new table that way, fill it in batches, and switch".to_owned())
        }
        _ => return,
    };
    if ctx.effect.touches.is_empty() {
        findings.push(Finding {
            rule: RULE.id,
            severity: Severity::Error,
            range: ctx.statement.range.clone(),
            message: format!("{word} writes every table anew"),
            why: "ACCESS EXCLUSIVE blocks all reads and writes of each while it is written"
                .to_owned(),
            lock: None,
            safe: Some(safe),
            fix: None,
        });
        return;
    }
    let rewritten =
        ctx.effect.touches.iter().filter(|touch| touch.in_use && touch.work == Work::Rewrite);
    for touch in rewritten {
        let what = format!("{word} writes {} anew", shown(&touch.table));
        let mut finding =
            ctx.finding(RULE.id, Severity::Error, &ctx.statement.range, &touch.table, &what);
        finding.safe = Some(safe.clone());
        findings.push(finding);
    }
}
