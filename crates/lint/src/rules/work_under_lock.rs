//! More work after a lock that keeps readers or writers away, in the same transaction.

use sql::statement::Kind;

use super::Rule;
use crate::ctx::{Ctx, shown};
use crate::effect::lock_name;
use crate::finding::{Finding, Severity};
use crate::{Blocks, Touch, Work};

pub(super) const RULE: Rule = Rule {
    id: "work-under-lock",
    about: "rows are read or written while the transaction keeps others from another statement's table",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    // What keeps others away itself has its own finding.
    let works = |touch: &&Touch, others: Blocks| {
        touch.in_use && touch.work > Work::None && Blocks::of(touch.lock) < others
    };
    let touches = &ctx.effect.touches;
    let mut before = ctx.state.held.iter().filter(|(.., by)| *by < ctx.at);
    let is_code = matches!(&ctx.statement.kind, Kind::Code(code) if !code.is_whole());
    // Readers are kept from a table by whatever is done then; writers alone are so as a rule, but for long from what is gone
    // through itself.
    let found = before.find_map(|(held, lock, by)| {
        if Blocks::of(*lock) == Blocks::Reads {
            let worked = touches.iter().find(|touch| works(touch, Blocks::Reads));
            return (worked.is_some() || is_code).then_some((held, *lock, *by, worked));
        }
        let itself = touches.iter().find(|touch| touch.table == *held);
        let worked = itself.filter(|touch| works(touch, Blocks::Writes))?;
        Some((held, *lock, *by, Some(worked)))
    });
    let Some((held, lock, by, worked)) = found else { return };
    let line = ctx.text[..ctx.statements[by].range.start].matches('\n').count() + 1;
    let work = worked.map_or_else(
        || "code runs".to_owned(),
        |touch| format!("rows of {} are gone through", shown(&touch.table)),
    );
    let who = if Blocks::of(lock) == Blocks::Reads { "everybody" } else { "all writers" };
    findings.push(Finding {
        rule: RULE.id,
        severity: Severity::Error,
        range: ctx.statement.range.clone(),
        message: format!("{work} while {} is kept from {who}", shown(held)),
        why: format!(
            "the statement in line {line} took {}, which lasts to the end of the transaction",
            lock_name(lock)
        ),
        lock: Some((lock, held.clone())),
        safe: Some(format!("-- in a migration of its own:\n{};", ctx.sql())),
        fix: None,
    });
}
