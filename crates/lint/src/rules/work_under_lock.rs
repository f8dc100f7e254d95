//! More work after a lock that keeps readers away, in the same transaction.

use sql::statement::Kind;

use super::Rule;
use crate::ctx::{Ctx, shown};
use crate::finding::{Finding, Severity};
use crate::{Blocks, Work};

pub(super) const RULE: Rule = Rule {
    id: "work-under-lock",
    about: "rows are read or written while the transaction keeps readers from another statement's table",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Some((held, by)) = ctx.state.held.iter().find(|(_, by)| *by < ctx.at) else { return };
    // What keeps readers away itself has its own finding.
    let worked = ctx.effect.touches.iter().find(|touch| {
        touch.in_use && touch.work > Work::None && Blocks::of(touch.lock) != Blocks::Reads
    });
    let is_code = matches!(&ctx.statement.kind, Kind::Code(code) if !code.is_whole());
    if worked.is_none() && !is_code {
        return;
    }
    let line = ctx.text[..ctx.statements[*by].range.start].matches('\n').count() + 1;
    let work = worked.map_or_else(
        || "code runs".to_owned(),
        |touch| format!("rows of {} are gone through", shown(&touch.table)),
    );
    findings.push(Finding {
        rule: RULE.id,
        severity: Severity::Error,
        range: ctx.statement.range.clone(),
        message: format!("{work} while {} is kept from everybody", shown(held)),
        why: format!("the statement in line {line} took ACCESS EXCLUSIVE, which lasts to the end of the transaction"),
        lock: Some((sql::statement::LockMode::AccessExclusive, held.clone())),
        safe: Some(format!("-- in a migration of its own:\n{};", ctx.sql())),
        fix: None,
    });
}
