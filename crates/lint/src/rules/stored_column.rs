//! A column that numbers or computes its values writes the whole table.

use sql::statement::{ActionKind, ConstraintKind, Kind, Name};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, shown, written};
use crate::finding::{Finding, Severity};
use crate::types::Type;

pub(super) const RULE: Rule = Rule {
    id: "stored-column",
    about: "ADD COLUMN of serial, identity or GENERATED … STORED, or a new expression of one",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    let is_rewritten = ctx.worked_on(&alter.table).is_some_and(|(_, work)| work == Work::Rewrite);
    for action in &alter.actions {
        let (name, ty, word) = match &action.kind {
            // One that no row has is computed anew when it is read.
            ActionKind::SetExpression { .. } if !is_rewritten => continue,
            ActionKind::SetExpression { column } => (column, "", "a new expression"),
            ActionKind::AddColumn { column, .. } => {
                let ty = Type::read(&column.ty);
                let has = |wanted: fn(&ConstraintKind) -> bool| {
                    column.constraints.iter().any(|c| wanted(&c.kind))
                };
                let number = if ty.name.starts_with("big") { "bigint" } else { "integer" };
                if ty.is_serial() {
                    (&column.name, number, "serial")
                } else if has(|kind| *kind == ConstraintKind::Identity) {
                    (&column.name, column.ty.as_str(), "identity")
                } else if has(|kind| matches!(kind, ConstraintKind::Generated { stored: true, .. }))
                {
                    (&column.name, column.ty.as_str(), "GENERATED … STORED")
                } else {
                    continue;
                }
            }
            _ => continue,
        };
        if !ctx.in_use(&alter.table) {
            continue;
        }
        let what =
            format!("every row of {} is written anew for `{name}`: {word}", shown(&alter.table));
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        let (table, column) = (written(&alter.table), Name::new(name.as_str()));
        let sequence = Name::new(format!("{}_{name}_seq", alter.table.name));
        finding.safe = Some(if matches!(word, "serial" | "identity") {
            format!(
                "CREATE SEQUENCE {sequence};\n\
                 ALTER TABLE {table} ADD COLUMN {column} {ty};\n\
                 ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT nextval('{sequence}');\n\
                 ALTER SEQUENCE {sequence} OWNED BY {table}.{column};\n\
                 -- then fill the rows that are there in batches"
            )
        } else {
            format!(
                "ALTER TABLE {table} ADD COLUMN {column} {};\n\
                 -- keep it by a trigger BEFORE INSERT OR UPDATE, and fill the rows that are there in batches",
                if ty.is_empty() { "…" } else { ty }
            )
        });
        if ty.is_empty() {
            finding.safe = Some(
                "-- add a column beside it, keep that by a trigger, fill it in batches, switch"
                    .to_owned(),
            );
        }
        findings.push(finding);
    }
}
