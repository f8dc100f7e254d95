//! A foreign key that comes with its column or its table: writers to the parent wait for the whole of it.

use sql::statement::{ActionKind, Constraint, ConstraintKind, Kind, Name};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "references-at-once",
    about: "a foreign key made together with its column or table, to a parent in use",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    match &ctx.statement.kind {
        Kind::AlterTable(alter) => {
            for action in &alter.actions {
                let ActionKind::AddColumn { column, .. } = &action.kind else { continue };
                let Some(parent) = parent(&column.constraints) else { continue };
                if !ctx.in_use(parent) && !ctx.in_use(&alter.table) {
                    continue;
                }
                let has_default =
                    column.constraints.iter().any(|c| matches!(c.kind, ConstraintKind::Default(_)));
                let is_work = has_default && ctx.work(&alter.table) > Work::None;
                let severity = if is_work { Severity::Error } else { Severity::Warning };
                let what = format!(
                    "{} is locked with {} while the column and its key are made",
                    shown(parent),
                    shown(&alter.table)
                );
                let mut finding =
                    ctx.finding(RULE.id, severity, &action.range, &alter.table, &what);
                let (table, name) = (written(&alter.table), Name::new(column.name.as_str()));
                let key = Name::new(format!("{}_{}_fkey", alter.table.name, column.name));
                finding.safe = Some(format!(
                    "ALTER TABLE {table} ADD COLUMN {name} {};\n\
                     -- in migrations after this one:\n\
                     ALTER TABLE {table} ADD CONSTRAINT {key} FOREIGN KEY ({name}) REFERENCES {} NOT VALID;\n\
                     ALTER TABLE {table} VALIDATE CONSTRAINT {key};",
                    column.ty,
                    written(parent)
                ));
                findings.push(finding);
            }
        }
        Kind::CreateTable(table) => {
            let own = table.columns.iter().flat_map(|column| &column.constraints);
            for constraint in own.chain(&table.constraints) {
                let ConstraintKind::ForeignKey { parent, .. } = &constraint.kind else { continue };
                if *parent == table.name || !ctx.in_use(parent) || ctx.state.lock_timeout.is_some()
                {
                    continue;
                }
                let what =
                    format!("writers to {} wait until the new table is committed", shown(parent));
                let mut finding =
                    ctx.finding(RULE.id, Severity::Warning, &constraint.range, parent, &what);
                finding.safe = Some(
                    "-- make the table without the key, and add it in a transaction of its own, after:\nSET LOCAL lock_timeout = '2s';"
                        .to_owned(),
                );
                findings.push(finding);
            }
        }
        _ => {}
    }
}

fn parent(constraints: &[Constraint]) -> Option<&Name> {
    constraints.iter().find_map(|constraint| match &constraint.kind {
        ConstraintKind::ForeignKey { parent, .. } => Some(parent),
        _ => None,
    })
}
