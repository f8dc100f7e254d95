//! `SET NOT NULL` reads every row while nobody gets at the table, unless a valid CHECK tells it already. So does a column that is
//! computed when it is read and may not be null.

use sql::statement::{ActionKind, Column, ConstraintKind, Kind, Name};

use super::Rule;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "set-not-null",
    about: "SET NOT NULL, or a primary key of a nullable column, without a CHECK that proves it",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    let Some((of, _)) = ctx.worked_on(&alter.table) else { return };
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
            ActionKind::AddColumn { column, .. } if is_required_and_virtual(column) => {
                vec![column.name.clone()]
            }
            _ => continue,
        };
        let known = ctx.catalog.table(&alter.table);
        let nullable = columns.iter().filter(|column| {
            known.and_then(|table| table.columns.get(*column)).is_none_or(|column| !column.not_null)
        });
        for column in nullable {
            let what =
                format!("each row of {} is read to see that `{column}` is not null", shown(&of));
            let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &of, &what);
            let first = match &action.kind {
                ActionKind::AddColumn { column, .. } => without_not_null(&alter.table, column),
                _ => String::new(),
            };
            finding.safe = Some(first + &safe(ctx, &alter.table, column));
            findings.push(finding);
        }
    }
}

/// How a column that is there becomes required without a scan under a strong lock.
fn safe(ctx: &Ctx<'_>, table: &Name, column: &str) -> String {
    let unsure = ctx.catalog.table(table).and_then(|known| {
        known.constraints.iter().find(|(_, constraint)| constraint.is_not_null_of(column))
    });
    let to = written(table);
    if let Some((name, _)) = unsure {
        let name = Name::new(name.as_str());
        return format!("ALTER TABLE {to} VALIDATE CONSTRAINT {name};");
    }
    let (name, added) = unproven(ctx, table, column);
    let column = Name::new(column);
    let proven = format!(
        "{added}\n\
         -- in a migration after this one:\n\
         ALTER TABLE {to} VALIDATE CONSTRAINT {name};"
    );
    if ctx.version >= 18 {
        return proven;
    }
    format!(
        "{proven}\n\
         -- and in one after that, without a scan since PostgreSQL 12:\n\
         ALTER TABLE {to} ALTER COLUMN {column} SET NOT NULL;\n\
         ALTER TABLE {to} DROP CONSTRAINT {name};"
    )
}

/// The name of a constraint that no new row has a null there, and the statement that adds it without a look at the others.
pub(super) fn unproven(ctx: &Ctx<'_>, table: &Name, column: &str) -> (Name, String) {
    let name = Name::new(format!("{}_{column}_not_null", table.name));
    let (to, column) = (written(table), Name::new(column));
    let condition = if ctx.version >= 18 {
        format!("NOT NULL {column}")
    } else {
        format!("CHECK ({column} IS NOT NULL)")
    };
    let added = format!("ALTER TABLE {to} ADD CONSTRAINT {name} {condition} NOT VALID;");
    (name, added)
}

/// What is kept in the row is written for all of them anyway.
fn is_required_and_virtual(column: &Column) -> bool {
    let has = |wanted: fn(&ConstraintKind) -> bool| {
        column.constraints.iter().any(|constraint| wanted(&constraint.kind))
    };
    has(|kind| matches!(kind, ConstraintKind::NotNull(_)))
        && has(|kind| matches!(kind, ConstraintKind::Generated { stored: false, .. }))
}

fn without_not_null(table: &Name, column: &Column) -> String {
    let expression = column.constraints.iter().find_map(|constraint| match &constraint.kind {
        ConstraintKind::Generated { expression, .. } => Some(expression.as_str()),
        _ => None,
    });
    format!(
        "ALTER TABLE {} ADD COLUMN {} {} GENERATED ALWAYS AS ({}) VIRTUAL;\n",
        written(table),
        Name::new(column.name.as_str()),
        column.ty,
        expression.unwrap_or("…")
    )
}
