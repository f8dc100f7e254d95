//! `SET NOT NULL` reads every row while nobody gets at the table, unless a valid CHECK tells it already.

use sql::statement::{ActionKind, ConstraintKind, Kind, Name};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "set-not-null",
    about: "SET NOT NULL, or a primary key of a nullable column, without a CHECK that proves it",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    if ctx.work(&alter.table) < Work::Scan {
        return;
    }
    for action in &alter.actions {
        let columns = match &action.kind {
            ActionKind::SetNotNull { column } => vec![column.clone()],
            ActionKind::AddConstraint(constraint) => match &constraint.kind {
                ConstraintKind::NotNull(Some(column)) if !constraint.not_valid => {
                    vec![column.clone()]
                }
                ConstraintKind::PrimaryKey { index: Some(index), .. } => {
                    let index = Name { schema: alter.table.schema.clone(), name: index.clone() };
                    ctx.catalog.index(&index).map(|index| index.columns.clone()).unwrap_or_default()
                }
                _ => continue,
            },
            _ => continue,
        };
        let table = written(&alter.table);
        let known = ctx.catalog.table(&alter.table);
        let nullable = columns.iter().filter(|column| {
            known.and_then(|table| table.columns.get(*column)).is_none_or(|column| !column.not_null)
        });
        for column in nullable {
            let what = format!(
                "each row of {} is read to see that `{column}` is not null",
                shown(&alter.table)
            );
            let mut finding =
                ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
            let (name, column) = (
                Name::new(format!("{}_{column}_not_null", alter.table.name)),
                Name::new(column.as_str()),
            );
            finding.safe = Some(if ctx.version >= 18 {
                format!(
                    "ALTER TABLE {table} ADD CONSTRAINT {name} NOT NULL {column} NOT VALID;\n\
                     -- in a migration after this one:\n\
                     ALTER TABLE {table} VALIDATE CONSTRAINT {name};"
                )
            } else {
                format!(
                    "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID;\n\
                     -- in a migration after this one:\n\
                     ALTER TABLE {table} VALIDATE CONSTRAINT {name};\n\
                     -- and in one after that, without a scan since PostgreSQL 12:\n\
                     ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\n\
                     ALTER TABLE {table} DROP CONSTRAINT {name};"
                )
            });
            findings.push(finding);
        }
    }
}
