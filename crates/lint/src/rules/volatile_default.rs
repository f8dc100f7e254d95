//! A default that differs row by row writes the whole table.

use sql::statement::{ActionKind, ConstraintKind, Kind, Name};

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "volatile-default",
    about: "ADD COLUMN with a default that is not the same for every row",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    for action in &alter.actions {
        let ActionKind::AddColumn { column, .. } = &action.kind else { continue };
        let default = column.constraints.iter().find_map(|constraint| match &constraint.kind {
            ConstraintKind::Default(expression) if !ctx.catalog.is_steady(expression) => {
                Some(expression)
            }
            _ => None,
        });
        let Some(default) = default.filter(|_| ctx.in_use(&alter.table)) else { continue };
        let what = format!(
            "every row of {} is written anew to get its own {default}",
            shown(&alter.table)
        );
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        let (table, name) = (written(&alter.table), Name::new(column.name.as_str()));
        finding.safe = Some(format!(
            "ALTER TABLE {table} ADD COLUMN {name} {};\n\
             ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};\n\
             -- then fill the rows that are there in batches",
            column.ty
        ));
        findings.push(finding);
    }
}
