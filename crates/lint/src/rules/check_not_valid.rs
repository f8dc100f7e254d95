//! `ADD CHECK` reads every row while nobody gets at the table.

use sql::statement::{ActionKind, ConstraintKind, Kind, Name};

use super::Rule;
use crate::ctx::{Ctx, constraint_name, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "check-not-valid",
    about: "ADD CHECK that is not NOT VALID, on a table in use",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    for action in &alter.actions {
        let (constraint, column) = match &action.kind {
            ActionKind::AddConstraint(constraint) => (Some(constraint), None),
            ActionKind::AddColumn { column, .. } => (
                column.constraints.iter().find(|c| matches!(c.kind, ConstraintKind::Check(_))),
                Some(column),
            ),
            _ => continue,
        };
        let Some(constraint) = constraint.filter(|constraint| !constraint.not_valid) else {
            continue;
        };
        let ConstraintKind::Check(condition) = &constraint.kind else { continue };
        let Some((of, _)) = ctx.worked_on(&alter.table) else { continue };
        let what = format!("CHECK is made sure of for every row of {}", shown(&of));
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &of, &what);
        let table = written(&alter.table);
        let own = column.map(|column| format!("{}_{}_check", alter.table.name, column.name));
        let name = constraint.name.clone().or(own);
        let name = Name::new(constraint_name(&alter.table, name.as_deref(), &constraint.kind));
        let first = column.map(|column| {
            format!(
                "ALTER TABLE {table} ADD COLUMN {} {};\n",
                Name::new(column.name.as_str()),
                column.ty
            )
        });
        finding.safe = Some(format!(
            "{}ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID;\n\
             -- in a migration after this one:\n\
             ALTER TABLE {table} VALIDATE CONSTRAINT {name};",
            first.unwrap_or_default()
        ));
        findings.push(finding);
    }
}
