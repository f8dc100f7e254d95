//! `ADD PRIMARY KEY` and `ADD UNIQUE` build their index while nobody gets at the table.

use sql::statement::{ActionKind, Column, Constraint, ConstraintKind, Kind, Name};

use super::Rule;
use crate::Work;
use crate::ctx::{Ctx, constraint_name, shown, written};
use crate::finding::{Finding, Severity};

pub(super) const RULE: Rule = Rule {
    id: "key-on-table-in-use",
    about: "ADD PRIMARY KEY or UNIQUE that builds its index under the lock",
    check,
};

fn check(ctx: &Ctx<'_>, findings: &mut Vec<Finding>) {
    let Kind::AlterTable(alter) = &ctx.statement.kind else { return };
    // A table that is divided has no rows of its own.
    let is_of_no_rows = alter.only && ctx.work(&alter.table) == Work::None;
    if !ctx.in_use(&alter.table) || is_of_no_rows {
        return;
    }
    for action in &alter.actions {
        let found = match &action.kind {
            ActionKind::AddConstraint(constraint) => key(constraint, &alter.table, &[]),
            ActionKind::AddColumn { column, .. } => of_column(column, &alter.table),
            _ => None,
        };
        let Some((word, safe)) = found else { continue };
        let what =
            format!("{word} builds its index on {} while it may be in use", shown(&alter.table));
        let mut finding = ctx.finding(RULE.id, Severity::Error, &action.range, &alter.table, &what);
        finding.safe = Some(safe);
        findings.push(finding);
    }
}

fn of_column(column: &Column, table: &Name) -> Option<(&'static str, String)> {
    let own = std::slice::from_ref(&column.name);
    let (word, safe) =
        column.constraints.iter().find_map(|constraint| key(constraint, table, own))?;
    let plain = format!(
        "ALTER TABLE {} ADD COLUMN {} {};",
        written(table),
        quoted(&column.name),
        column.ty
    );
    Some((word, format!("{plain}\n{safe}")))
}

fn key(constraint: &Constraint, table: &Name, own: &[String]) -> Option<(&'static str, String)> {
    let (word, columns) = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, index: None } => ("PRIMARY KEY", columns),
        ConstraintKind::Unique { columns, index: None } => ("UNIQUE", columns),
        _ => return None,
    };
    let columns = if columns.is_empty() { own } else { columns };
    let name = constraint.name.clone().unwrap_or_else(|| match word {
        "UNIQUE" => format!("{}_{}_key", table.name, columns.join("_")),
        _ => constraint_name(table, None, &constraint.kind),
    });
    let list: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
    let (table, name) = (written(table), quoted(&name));
    Some((
        word,
        format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({});\n\
             ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {name};",
            list.join(", ")
        ),
    ))
}

fn quoted(name: &str) -> String {
    Name::new(name).to_string()
}
