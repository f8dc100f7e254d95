//! A required column without a default: it fails as soon as there is a row.

use sql::statement::{ActionKind, ConstraintKind, Kind, Name};

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};
use crate::types::Type;

pub(super) const RULE: Rule =
    Rule { id: "required-column", about: "ADD COLUMN … NOT NULL without a default", check };

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    for action in &alter.actions {
        let ActionKind::AddColumn { column, .. } = &action.kind else { continue };
        let has = |wanted: fn(&ConstraintKind) -> bool| {
            column.constraints.iter().any(|c| wanted(&c.kind))
        };
        let is_filled = Type::read(&column.ty).is_serial()
            || has(|kind| {
                matches!(
                    kind,
                    ConstraintKind::Default(_)
                        | ConstraintKind::Identity
                        | ConstraintKind::Generated { .. }
                )
            });
        let is_required = has(|kind| {
            matches!(kind, ConstraintKind::NotNull(_) | ConstraintKind::PrimaryKey { .. })
        });
        if !is_required || is_filled || !ctx.in_use(&alter.table) {
            continue;
        }
        let what = format!(
            "`{}` is required and has no default, which fails if {} has rows",
            column.name,
            shown(&alter.table)
        );
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        "no row that is there has a value for it".clone_into(&mut finding.why);
        let (table, name) = (written(&alter.table), Name::new(column.name.as_str()));
        let (_, required) = super::set_not_null::unproven(ctx, &alter.table, &column.name);
        finding.safe = Some(format!(
            "ALTER TABLE {table} ADD COLUMN {name} {};\n\
             -- fill it in batches, then in a migration after that:\n\
             {required}",
            column.ty
        ));
        findings.push(finding);
    }
}
