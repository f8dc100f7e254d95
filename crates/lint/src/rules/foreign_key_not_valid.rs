//! `ADD FOREIGN KEY` looks up every row while nobody writes to either table.

use sql::statement::{ActionKind, ConstraintKind, Kind, Name};

use super::Rule;
use crate::check::{Ctx, constraint_name, shown, written};
use crate::finding::{Finding, Fix, Severity};

pub(super) const RULE: Rule = Rule {
    id: "foreign-key-not-valid",
    about: "ADD FOREIGN KEY that is not NOT VALID, on a table in use",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    for action in &alter.actions {
        let ActionKind::AddConstraint(constraint) = &action.kind else { continue };
        let ConstraintKind::ForeignKey { parent, .. } = &constraint.kind else { continue };
        if constraint.not_valid || !ctx.in_use(&alter.table) {
            continue;
        }
        let what = format!(
            "each row of {} is looked up in {} while both may be in use",
            shown(&alter.table),
            shown(parent)
        );
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        let table = written(&alter.table);
        let name = constraint_name(&alter.table, constraint.name.as_deref(), &constraint.kind);
        finding.safe = Some(format!(
            "ALTER TABLE {table} {} NOT VALID;\n\
             -- in a migration after this one:\n\
             ALTER TABLE {table} VALIDATE CONSTRAINT {};",
            &ctx.text[action.range.clone()],
            Name::new(name)
        ));
        let end = action.range.end;
        finding.fix = Some(Fix { range: end..end, text: " NOT VALID".to_owned() });
        findings.push(finding);
    }
}
