//! `TRUNCATE … CASCADE` empties tables that the statement does not name.

use sql::statement::Kind;

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "truncate-cascade",
    about: "TRUNCATE … CASCADE, which empties what refers to the table too",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::Truncate { tables, cascade: true } = &ctx.statement.kind else { return };
    if !tables.iter().any(|table| ctx.in_use(table)) {
        return;
    }
    let named: Vec<_> = tables.iter().map(|table| ctx.catalog.resolve(table)).collect();
    let others: Vec<_> = ctx
        .effect
        .touches
        .iter()
        .map(|touch| &touch.table)
        .filter(|table| !named.contains(table))
        .collect();
    let what = if others.is_empty() {
        "whatever refers to the table is emptied too".to_owned()
    } else {
        let list: Vec<String> = others.iter().map(|table| shown(table)).collect();
        format!("{} are emptied too", list.join(", "))
    };
    let mut finding =
        ctx.finding(RULE.id, Severity::Warning, &ctx.statement.range, &tables[0], &what);
    let all: Vec<String> = ctx.effect.touches.iter().map(|touch| written(&touch.table)).collect();
    finding.safe = Some(format!("-- name all that is meant:\nTRUNCATE {};", all.join(", ")));
    findings.push(finding);
}
