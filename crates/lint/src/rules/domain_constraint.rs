//! A condition of a domain is looked for in the rows of every table that has the domain, also in a column that has just come;
//! a default that is not the same for every row is written to each.

use sql::statement::{
    Action, ActionKind, AlterTable, Column, Constraint, ConstraintKind, DomainAction, Kind, Name,
};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "domain-constraint",
    about: "ALTER DOMAIN that reads every row of the tables with it, a new column of one with conditions or a volatile default",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    match &ctx.statement.kind {
        Kind::AlterDomain { name, action } => altered(ctx, name, action, findings),
        Kind::AlterTable(alter)
            if ctx.worked_on(&alter.table).is_some_and(|(_, work)| work == Work::Rewrite) =>
        {
            for action in &alter.actions {
                let ActionKind::AddColumn { column, .. } = &action.kind else { continue };
                added(ctx, alter, action, column, findings);
            }
        }
        _ => {}
    }
}

fn altered(ctx: &Ctx<'_>, name: &Name, action: &DomainAction, findings: &mut Vec<Finding>) {
    let read = ctx.effect.touches.iter().find(|touch| touch.in_use && touch.work == Work::Scan);
    let Some(touch) = read else { return };
    let what = format!("each row of {} is read for a condition of its domain", shown(&touch.table));
    let mut finding =
        ctx.finding(RULE.id, Severity::Error, &ctx.statement.range, &touch.table, &what);
    finding.safe = Some(match action {
        DomainAction::AddConstraint(_) => format!(
            "{} NOT VALID;\n-- new values fulfil it then; validated, the domain's tables are read with writers kept out",
            ctx.sql()
        ),
        _ => format!(
            "-- a CHECK of each column of {}, NOT VALID and validated in a migration after it, keeps nobody out",
            shown(name)
        ),
    });
    findings.push(finding);
}

/// That a column with nothing in it fulfils the conditions is found out row by row, and a default that is not the same for
/// every row is written to each.
fn added(
    ctx: &Ctx<'_>,
    alter: &AlterTable,
    action: &Action,
    column: &Column,
    findings: &mut Vec<Finding>,
) {
    let is_default = |it: &Constraint| matches!(it.kind, ConstraintKind::Default(_));
    let has_own = column.constraints.iter().any(is_default);
    let (with, then) = if ctx.catalog.is_strict(&column.ty) {
        ("conditions", "its conditions as a CHECK, NOT VALID and validated in a migration after it")
    } else if !has_own && ctx.catalog.has_volatile_default(&column.ty) {
        (
            "a default that is not the same for every row",
            "its default by SET DEFAULT after it, then the rows that are there in batches",
        )
    } else {
        return;
    };
    let what =
        format!("each row of {} is written anew, for a domain with {with}", shown(&alter.table));
    let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
    finding.safe = Some(format!(
        "ALTER TABLE {} ADD COLUMN {} {};\n-- with {then}",
        written(&alter.table),
        Name::new(column.name.as_str()),
        ctx.catalog.without_conditions(&column.ty)
    ));
    findings.push(finding);
}
